//! The page of formats and tracks.

use super::{
    actions,
    model::{EditFormat, EditTrack, NewFormat, NewTrack},
};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls::{
        time,
        views::{DeadlineView, FormatForOrganizer, TrackForOrganizer},
    },
    error::Result,
    http::{
        input::CodePath,
        once::{IfMatch, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, SeeOther, filters,
            language::t,
            several::{Returned, back},
        },
    },
};
use askama::Template;

/// A format or track, and the form that changes it.
struct Part {
    code: String,
    name: String,
    /// Of formats.
    minutes: Option<i64>,
    deadline: Option<DeadlineView>,
    form: FormState,
    open: bool,
}

#[derive(Template)]
#[template(path = "setup/parts_page.html")]
pub struct PartsPage {
    slug: String,
    formats: Vec<Part>,
    tracks: Vec<Part>,
    new_format: FormState,
    new_track: FormState,
    button: FormState,
    zones: Vec<String>,
    manages: bool,
}

impl Screen for PartsPage {
    fn title(&self) -> String {
        t("Formats and tracks").into_owned()
    }
}

const NEW_FORMAT: &str = "format";
const NEW_TRACK: &str = "track";

fn format(format: FormatForOrganizer, returned: &Returned) -> Result<Part> {
    let form = returned.form(&format.code, FormState::of(&format)?.version(format.version));
    let open = returned.is(&format.code);
    let FormatForOrganizer { code, name, minutes, deadline, .. } = format;
    Ok(Part { code, name, minutes: Some(minutes), deadline, form, open })
}

fn track(track: TrackForOrganizer, returned: &Returned) -> Result<Part> {
    let form = returned.form(&track.code, FormState::of(&track)?.version(track.version));
    let open = returned.is(&track.code);
    let TrackForOrganizer { code, name, deadline, .. } = track;
    Ok(Part { code, name, minutes: None, deadline, form, open })
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<PartsPage> {
    let reader = besides.to_read_proposals()?;
    let formats = actions::list_formats(app, reader.clone()).await?.into_iter();
    let tracks = actions::list_tracks(app, reader.clone()).await?.into_iter();
    let zone = reader.scope().zone.clone();
    let empty = || FormState::new(app).with("deadline.zone", zone.clone());
    Ok(PartsPage {
        slug: reader.scope().slug.clone(),
        formats: formats.map(|part| format(part.into(), &returned)).collect::<Result<_>>()?,
        tracks: tracks.map(|part| track(part.into(), &returned)).collect::<Result<_>>()?,
        new_format: returned.form(NEW_FORMAT, empty().with("minutes", "30")),
        new_track: returned.form(NEW_TRACK, empty()),
        button: returned.of_button(),
        zones: time::zones(),
        manages: besides.manages(),
    })
}

fn go(who: &Organizer, said: &str) -> SeeOther {
    back(who.scope(), "/parts", said)
}

pub async fn show(_: ProposalReader, (app, besides): (Callboard, Besides)) -> Result<Page<PartsPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

pub async fn add_format(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewFormat>, Once, Besides),
) -> Result<Outcome<PartsPage>> {
    let go = go(&who, "The format is added.");
    let done = async { actions::add_format(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(NEW_FORMAT, form)).await).await,
    }
}

pub async fn edit_format(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditFormat>, IfMatch, Besides),
) -> Result<Outcome<PartsPage>> {
    let done = async { actions::edit_format(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The format is saved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(code.0, form)).await).await,
    }
}

pub async fn remove_format(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<PartsPage>> {
    match actions::remove_format(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The format is removed.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

pub async fn add_track(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewTrack>, Once, Besides),
) -> Result<Outcome<PartsPage>> {
    let go = go(&who, "The track is added.");
    let done = async { actions::add_track(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(NEW_TRACK, form)).await).await,
    }
}

pub async fn edit_track(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditTrack>, IfMatch, Besides),
) -> Result<Outcome<PartsPage>> {
    let done = async { actions::edit_track(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The track is saved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(code.0, form)).await).await,
    }
}

pub async fn remove_track(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<PartsPage>> {
    match actions::remove_track(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The track is removed.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}
