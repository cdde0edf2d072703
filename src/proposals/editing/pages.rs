//! The form in which a proposal is written: anew, also before one has signed in, and again.

use super::{
    actions::{self as editing, Edit},
    choosing::Choosing,
};
use crate::{
    access::{PublicEvent, Speaker},
    app::Callboard,
    calls,
    error::{Error, Result},
    http::{
        input::{Arrived, CodePath, Query},
        once::{IfMatch, Once},
        pages::{Form, FormState, Fragment, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    once::model::AsIs,
    proposals::{
        actions::{self, Mine},
        model::{EditProposal, Lifecycle, NewProposal},
        pages::{
            deeds::{back_to, submitted},
            standing::Own,
        },
    },
};
use askama::Template;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Names the button that was pressed in the form of a draft.
const THEN: &str = "_then";
const SUBMIT: &str = "submit";

/// With what a new proposal starts.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = proposals::Start)]
pub struct Start {
    /// The code of a title idea.
    #[validate(length(max = 6))]
    pub idea: Option<String>,
    /// The secret of a late link.
    #[validate(length(max = 64))]
    pub late: Option<String>,
    /// Whether to write although the call is closed.
    #[serde(default)]
    pub anyway: bool,
}

#[derive(Template)]
#[template(path = "speaker/submit.html")]
pub struct SubmitPage {
    slug: String,
    event_name: String,
    zone: String,
    choosing: Choosing,
    form: FormState,
    signed_in: bool,
    /// Closed, and nothing says that it is open for whoever looks.
    shut: bool,
}

impl Screen for SubmitPage {
    fn title(&self) -> String {
        t("Propose a talk").into_owned()
    }
}

async fn new_page(app: &Callboard, event: PublicEvent, form: FormState) -> Result<SubmitPage> {
    let (slug, zone, signed_in) = (event.slug().to_owned(), event.zone().to_owned(), event.is_signed_in());
    let event_name = event.name().to_owned();
    let choosing = Choosing { call: calls::actions::show_call(app, event).await?.into() };
    Ok(SubmitPage { slug, event_name, zone, choosing, form, signed_in, shut: false })
}

pub async fn show_new(event: PublicEvent, (app, Query(start)): (Callboard, Query<Start>)) -> Result<Page<SubmitPage>> {
    let mut page = new_page(&app, event, FormState::new(&app)).await?;
    if let Some(secret) = start.late.clone().filter(|secret| !secret.is_empty()) {
        page.form = page.form.with("late_link", secret);
    }
    page.shut = page.choosing.is_closed() && page.form.value("late_link").is_empty() && !start.anyway;
    if let Some(idea) = &start.idea {
        page.form = page.choosing.from_idea(page.form, idea);
    }
    Ok(Page::new(page))
}

pub async fn create(
    who: Speaker,
    (app, Form { sent, input }, arrived, once): (Callboard, Form<NewProposal>, Arrived, Once),
) -> Result<Outcome<SubmitPage>> {
    let mine = format!("/{}/mine", who.scope().slug);
    let created = move |done: Mine| {
        let (code, is_draft) = (done.proposal.row.code, done.proposal.row.lifecycle == Lifecycle::Draft);
        let go = SeeOther::to(format!("{mine}/{code}"));
        if is_draft { go.saying("Your draft is saved. Nobody sees it until you submit it.") } else { submitted(go) }
    };
    let done = match input {
        Ok(input) => actions::create(&app, who.clone(), input, arrived, once.then(created)).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(go) => Ok(go.into()),
        Err(error) => sent.again(error, async |form| new_page(&app, who.as_anyone(), form).await).await,
    }
}

#[derive(Template)]
#[template(path = "speaker/edit.html")]
pub struct EditPage {
    own: Own,
    choosing: Choosing,
    form: FormState,
}

impl Screen for EditPage {
    fn title(&self) -> String {
        t("Edit {}").replacen("{}", &self.own.view.title, 1)
    }
}

/// The form as it is stored; or as it came back: then, where what is stored now is shown beside it, to overwrite that.
async fn edit_page(app: &Callboard, who: &Speaker, code: &str, again: Option<FormState>) -> Result<EditPage> {
    let own = Own::of(actions::show(app, who.clone(), code.to_owned()).await?, app.clock.now());
    let choosing = Choosing { call: calls::actions::show_call(app, who.as_anyone()).await?.into() };
    let form = match again {
        Some(form) if form.is_stale() => form.version(own.view.version),
        Some(form) => form,
        None => choosing.filled(FormState::default(), &own.view).version(own.view.version),
    };
    Ok(EditPage { own, choosing, form })
}

pub async fn show_edit(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Page<EditPage>> {
    Ok(Page::new(edit_page(&app, &who, &code, None).await?))
}

pub async fn edit(
    who: Speaker,
    (app, code, form, version, arrived): (Callboard, CodePath, Form<EditProposal>, IfMatch, Arrived),
) -> Result<Outcome<EditPage>> {
    let Form { sent, input } = form;
    let saved = match input {
        Ok(input) => editing::edit(&app, who.clone(), code.0.clone(), Edit { input, version, arrived }).await,
        Err(errors) => Err(errors.into()),
    };
    let mine = match saved {
        Ok(mine) => mine,
        Err(error) => return sent.again(error, async |form| edit_page(&app, &who, &code, Some(form)).await).await,
    };
    if sent.get(THEN) != SUBMIT {
        return Ok(back_to(&who, &code).saying("Saved.").into());
    }
    match actions::submit(&app, who.clone(), code.0.clone(), arrived, AsIs).await {
        Ok(_) => Ok(submitted(back_to(&who, &code)).into()),
        // What was typed is stored by now.
        Err(error) => {
            let version = mine.proposal.row.version;
            let page = async |form: FormState| edit_page(&app, &who, &code, Some(form.version(version))).await;
            sent.again(error, page).await
        }
    }
}

/// Tells the script what is saved, and as what.
#[derive(Template)]
#[template(path = "speaker/saved.html")]
pub struct Saved {
    path: String,
    version: i64,
}

fn saved(who: &Speaker, mine: &Mine) -> Fragment<Saved> {
    let path = format!("/{}/mine/{}", who.scope().slug, mine.proposal.row.code);
    Fragment(Saved { path, version: mine.proposal.row.version })
}

/// The first time that a form saves itself it becomes a draft.
pub async fn autosave_new(
    who: Speaker,
    (app, form, arrived): (Callboard, Form<NewProposal>, Arrived),
) -> Result<Fragment<Saved>> {
    let input = NewProposal { submit: false, ..form.input? };
    let mine = actions::create(&app, who.clone(), input, arrived, AsIs).await?;
    Ok(saved(&who, &mine))
}

/// Drafts only: whatever is submitted is edited by a press of a button, so that each version is meant.
pub async fn autosave(
    who: Speaker,
    (app, code, form, version, arrived): (Callboard, CodePath, Form<EditProposal>, IfMatch, Arrived),
) -> Result<Fragment<Saved>> {
    let seen = actions::show(&app, who.clone(), code.0.clone()).await?;
    if seen.proposal.row.lifecycle != Lifecycle::Draft {
        return Err(Error::wrong_state("It is no draft. Save it by the button."));
    }
    let edit = Edit { input: form.input?, version, arrived };
    let mine = editing::edit(&app, who.clone(), code.0, edit).await?;
    Ok(saved(&who, &mine))
}
