//! Phases in a browser: added on the page of the reviewing, changed on one of their own.

use super::{
    actions,
    model::{PhaseForm, local_minute},
    views::PhaseView,
};
use crate::{
    access::{
        Organizer,
        phase::{OthersReviews, Sees},
    },
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::{Error, Result},
    http::{
        input::CodePath,
        once::{IfMatch, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters},
    },
    reviews::criteria::pages::{Forms, Reviewing, page, path},
};
use askama::Template;

/// Which proposals reviewers see, and what that is called.
pub fn sees() -> [(&'static str, &'static str); 2] {
    [
        (Sees::All.as_str(), "all proposals that are theirs to review"),
        (Sees::Assigned.as_str(), "only what is assigned to them"),
    ]
}

/// When reviewers see what others wrote, and what that is called.
pub fn others() -> [(&'static str, &'static str); 3] {
    [
        (OthersReviews::Never.as_str(), "never"),
        (OthersReviews::AfterOwn.as_str(), "after the own review"),
        (OthersReviews::Always.as_str(), "always"),
    ]
}

pub async fn add(who: Organizer, (app, form, once): (Callboard, Form<PhaseForm>, Once)) -> Result<Outcome<Reviewing>> {
    let Form { sent, input } = form;
    let to = path(&who);
    let said = once.then(|_| SeeOther::to(to).saying("The phase is added."));
    let new = input.map_err(Error::from).and_then(|input| input.new_phase(&who.scope().zone));
    let added = match new {
        Ok(new) => actions::add(&app, who.clone(), new, said).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let forms = |form| Forms { phase: Some(form), ..Forms::default() };
            sent.again(error, async |form| page(&app, &who, forms(form)).await).await
        }
    }
}

#[derive(Template)]
#[template(path = "review/phase.html")]
pub struct OnePhase {
    slug: String,
    zone: String,
    saved: PhaseView,
    form: FormState,
}

impl Screen for OnePhase {
    fn title(&self) -> String {
        self.saved.name.clone()
    }
}

async fn one(app: &Callboard, who: &Organizer, code: &str, form: Option<FormState>) -> Result<OnePhase> {
    let phases = actions::list(app, who.clone()).await?;
    let phase = phases.into_iter().find(|phase| phase.code == code).ok_or_else(Error::not_found)?;
    let (saved, zone) = (PhaseView::from(phase), who.scope().zone.clone());
    let form = match form {
        Some(form) if form.is_stale() => form.version(saved.version),
        Some(form) => form,
        None => {
            let form = FormState::of(&saved)?.with("starts.local", local_minute(saved.starts_at, &zone));
            form.version(saved.version)
        }
    };
    Ok(OnePhase { slug: who.scope().slug.clone(), zone, saved, form })
}

pub async fn show(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<Page<OnePhase>> {
    Ok(Page::new(one(&app, &who, &code, None).await?))
}

pub async fn edit(
    who: Organizer,
    (app, code, form, version): (Callboard, CodePath, Form<PhaseForm>, IfMatch),
) -> Result<Outcome<OnePhase>> {
    let Form { sent, input } = form;
    let edited = match input.map_err(Error::from).and_then(|input| input.edit(&who.scope().zone)) {
        Ok(edit) => actions::edit(&app, who.clone(), code.0.clone(), edit, version).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(_) => Ok(SeeOther::to(path(&who)).saying("The phase is changed.").into()),
        Err(error) => sent.again(error, async |form| one(&app, &who, &code, Some(form)).await).await,
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, _, version): (Callboard, CodePath, Form<ButtonForm>, IfMatch),
) -> Result<SeeOther> {
    let to = path(&who);
    actions::remove(&app, who, code.0, version).await?;
    Ok(SeeOther::to(to).saying("The phase is removed."))
}
