//! The page on which organizers enter a proposal for somebody without an account.

use super::{actions, model::NewEntry};
use crate::{
    access::{Besides, Organizer},
    app::Callboard,
    calls::{categories, parts},
    error::Result,
    http::{
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, filters, language::t, several::back},
    },
    proposals::organize::{actions::Shown, views::ForOrganizer},
};
use askama::Template;

/// How many speakers the form has room for.
const SPEAKERS: usize = 3;

/// The fields of a speaker.
struct Row {
    label: &'static str,
    name: String,
    email: String,
    affiliation: String,
    bio: String,
}

impl Row {
    fn new(row: usize) -> Row {
        let at = |name: &str| format!("speakers[{row}].{name}");
        let label = if row == 0 { "Speaker" } else { "Another speaker" };
        let (name, bio) = (at("profile.name"), at("profile.bio"));
        Row { label, name, email: at("email"), affiliation: at("profile.affiliation"), bio }
    }
}

#[derive(Template)]
#[template(path = "setup/enter.html")]
pub struct EnterPage {
    slug: String,
    form: FormState,
    speakers: Vec<Row>,
    formats: Vec<(String, String)>,
    tracks: Vec<(String, String)>,
    choices: Vec<(String, String)>,
}

impl Screen for EnterPage {
    fn title(&self) -> String {
        t("Enter a proposal").into_owned()
    }
}

async fn page(app: &Callboard, besides: &Besides, form: FormState) -> Result<EnterPage> {
    let reader = besides.to_read_proposals()?;
    let slug = reader.scope().slug.clone();
    let formats = parts::actions::list_formats(app, reader.clone()).await?;
    let tracks = parts::actions::list_tracks(app, reader.clone()).await?;
    let categories = categories::actions::list(app, reader).await?;
    let named = |category: &categories::model::Category| {
        let name = category.name.clone();
        let choices = category.choices.iter();
        choices.map(|choice| (choice.code.clone(), format!("{name}: {}", choice.name))).collect::<Vec<_>>()
    };
    Ok(EnterPage {
        slug,
        form: form.without_blank_rows("speakers", "profile.name"),
        speakers: (0..SPEAKERS).map(Row::new).collect(),
        formats: formats.into_iter().map(|format| (format.code, format.name)).collect(),
        tracks: tracks.into_iter().map(|track| (track.code, track.name)).collect(),
        choices: categories.iter().flat_map(named).collect(),
    })
}

pub async fn show(_: Organizer, (app, besides): (Callboard, Besides)) -> Result<Page<EnterPage>> {
    let form = FormState::new(&app).with("invite", "true");
    Ok(Page::new(page(&app, &besides, form).await?))
}

pub async fn enter(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewEntry>, Once, Besides),
) -> Result<Outcome<EnterPage>> {
    let scope = who.scope().clone();
    let go = move |shown: Shown| {
        let code = ForOrganizer::from(shown).facts.code;
        back(&scope, &format!("/proposals/{code}"), "The proposal is in.")
    };
    let done = async { actions::enter(&app, who.clone(), input?, once.then(go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, form).await).await,
    }
}
