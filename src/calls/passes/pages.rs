//! The page of exceptions: late links, and deadlines of single people.

use super::{
    actions,
    model::{EditExtension, NewExtension, NewLateLink},
    views::{ExtensionView, LateLinkView},
};
use crate::{
    access::{Besides, EventReader, Organizer},
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls::{parts, time},
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

struct ExtensionRow {
    extension: ExtensionView,
    form: FormState,
    open: bool,
}

/// What a link is called, and the whole of it: shown when it is made, and never again.
struct Made {
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "setup/exceptions.html")]
pub struct ExceptionsPage {
    slug: String,
    /// Of the event.
    zone: String,
    made: Option<Made>,
    links: Vec<LateLinkView>,
    extensions: Vec<ExtensionRow>,
    formats: Vec<(String, String)>,
    tracks: Vec<(String, String)>,
    new_link: FormState,
    new_extension: FormState,
    button: FormState,
    zones: Vec<String>,
    manages: bool,
}

impl Screen for ExceptionsPage {
    fn title(&self) -> String {
        t("Exceptions").into_owned()
    }
}

/// What codes stand for, with commas between.
fn names(codes: &[String], known: &[(String, String)]) -> String {
    let name = |code: &String| known.iter().find(|(known, _)| known == code).map(|(_, name)| name.as_str());
    codes.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}

impl ExceptionsPage {
    /// Which proposals a link lets in; empty for all.
    fn only(&self, link: &LateLinkView) -> String {
        let both = [names(&link.formats, &self.formats), names(&link.tracks, &self.tracks)];
        both.into_iter().filter(|names| !names.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

const NEW_LINK: &str = "link";
const NEW_EXTENSION: &str = "extension";

fn row(extension: ExtensionView, returned: &Returned) -> Result<ExtensionRow> {
    let form = returned.form(&extension.code, FormState::of(&extension)?.version(extension.version));
    let open = returned.is(&extension.code);
    Ok(ExtensionRow { extension, form, open })
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<ExceptionsPage> {
    let reader = besides.to_read_event()?;
    let scope = reader.scope().clone();
    let (links, of_people) =
        (actions::list_links(app, reader.clone()).await?, actions::list_extensions(app, reader).await?);
    let formats = parts::actions::list_formats(app, besides.to_read_proposals()?).await?;
    let tracks = parts::actions::list_tracks(app, besides.to_read_proposals()?).await?;
    let of_people = of_people.into_iter().map(|extension| row(extension.into(), &returned));
    let empty = || FormState::new(app).with("deadline.zone", scope.zone.clone());
    Ok(ExceptionsPage {
        made: None,
        links: links.into_iter().map(Into::into).collect(),
        extensions: of_people.collect::<Result<_>>()?,
        formats: formats.into_iter().map(|format| (format.code, format.name)).collect(),
        tracks: tracks.into_iter().map(|track| (track.code, track.name)).collect(),
        new_link: returned.form(NEW_LINK, empty().with("uses", "1")),
        new_extension: returned.form(NEW_EXTENSION, empty()),
        button: returned.of_button(),
        zones: time::zones(),
        manages: besides.manages(),
        slug: scope.slug,
        zone: scope.zone,
    })
}

fn go(who: &Organizer, said: &str) -> SeeOther {
    back(who.scope(), "/exceptions", said)
}

pub async fn show(_: EventReader, (app, besides): (Callboard, Besides)) -> Result<Page<ExceptionsPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

/// The answer is the page itself: the link is kept nowhere, so no page after this one could show it.
pub async fn add_link(
    who: Organizer,
    (app, Form { sent, input }, besides): (Callboard, Form<NewLateLink>, Besides),
) -> Result<Outcome<ExceptionsPage>> {
    let done = async { actions::add_link(&app, who.clone(), input?).await };
    match done.await {
        Ok(made) => {
            let address = format!("{}/{}/submit?late={}", app.config.base_url, who.scope().slug, made.secret);
            let mut page = page(&app, &besides, Returned::default()).await?;
            page.made = Some(Made { name: made.link.name, address });
            Ok(Outcome::Page(Page::new(page)))
        }
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(NEW_LINK, form)).await).await,
    }
}

pub async fn revoke_link(
    who: Organizer,
    (app, code, Form { sent, .. }, besides): (Callboard, CodePath, Form<ButtonForm>, Besides),
) -> Result<Outcome<ExceptionsPage>> {
    match actions::revoke_link(&app, who.clone(), code.0).await {
        Ok(()) => Ok(go(&who, "The link no longer lets anything in. What came by it stays.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

pub async fn add_extension(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewExtension>, Once, Besides),
) -> Result<Outcome<ExceptionsPage>> {
    let go = go(&who, "They have until then. Tell them: no mail is sent.");
    let done = async { actions::add_extension(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => {
            sent.again(error, async |form| page(&app, &besides, Returned::one(NEW_EXTENSION, form)).await).await
        }
    }
}

pub async fn edit_extension(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditExtension>, IfMatch, Besides),
) -> Result<Outcome<ExceptionsPage>> {
    let done = async { actions::edit_extension(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The deadline is moved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(code.0, form)).await).await,
    }
}

pub async fn remove_extension(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<ExceptionsPage>> {
    match actions::remove_extension(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The call's deadline counts for them again.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}
