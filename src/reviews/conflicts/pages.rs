//! A reviewer's own conflicts of interest in a browser.

use super::{
    actions,
    model::{Declare, DeclareByRef, Kind, Own},
};
use crate::{
    access::Reviewer,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::{Code, FieldErrors, Result},
    http::{
        input::RefPath,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    reviews::pages::{Forms, ReviewPage, go_on, screen},
};
use askama::Template;

#[derive(Template)]
#[template(path = "review/conflicts.html")]
pub struct MyConflicts {
    slug: String,
    zone: String,
    conflicts: Vec<Own>,
    form: FormState,
}

impl Screen for MyConflicts {
    fn title(&self) -> String {
        t("My conflicts of interest").into_owned()
    }
}

async fn page(app: &Callboard, who: &Reviewer, form: FormState) -> Result<MyConflicts> {
    let conflicts = actions::list_declared(app, who.clone()).await?;
    Ok(MyConflicts { slug: who.scope().slug.clone(), zone: who.scope().zone.clone(), conflicts, form })
}

pub async fn list_mine(who: Reviewer, (app,): (Callboard,)) -> Result<Page<MyConflicts>> {
    Ok(Page::new(page(&app, &who, FormState::default()).await?))
}

/// The kinds and what reviewers call them.
pub fn kinds() -> [(&'static str, &'static str); 3] {
    [
        (Kind::Own.as_str(), "It is my own"),
        (Kind::Close.as_str(), "By somebody close to me"),
        (Kind::Other.as_str(), "Another reason"),
    ]
}

const DECLARED: &str =
    "Noted: the proposal is not yours to review any more. You can take that back under My conflicts.";

pub async fn declare(
    who: Reviewer,
    (app, reference, form): (Callboard, RefPath, Form<Declare>),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let declared = match input {
        Ok(input) => actions::declare(&app, who.clone(), reference.0.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match declared {
        Ok(_) => Ok(go_on(&app, &who, &reference, DECLARED).await?.into()),
        Err(error) => {
            let forms = |form| Forms { conflict: Some(form), ..Forms::default() };
            sent.again(error, async |form| screen(&app, &who, &reference, forms(form)).await).await
        }
    }
}

pub async fn declare_by_ref(
    who: Reviewer,
    (app, form): (Callboard, Form<DeclareByRef>),
) -> Result<Outcome<MyConflicts>> {
    let Form { sent, input } = form;
    let declared = match input {
        Ok(DeclareByRef { reference, kind }) => {
            let declared = actions::declare(&app, who.clone(), reference.into_string(), Declare { kind }).await;
            declared.map_err(|error| match error.code() {
                Code::NotFound => FieldErrors::of("reference", "unknown", "names no proposal that you review").into(),
                _ => error,
            })
        }
        Err(errors) => Err(errors.into()),
    };
    match declared {
        Ok(_) => {
            let to = format!("/{}/review/conflicts", who.scope().slug);
            Ok(SeeOther::to(to).saying("Noted: the proposal is not yours to review any more.").into())
        }
        Err(error) => sent.again(error, async |form| page(&app, &who, form).await).await,
    }
}

pub async fn take_back(who: Reviewer, (app, reference, _): (Callboard, RefPath, Form<ButtonForm>)) -> Result<SeeOther> {
    let to = format!("/{}/review/conflicts", who.scope().slug);
    actions::take_back(&app, who, reference.0).await?;
    Ok(SeeOther::to(to).saying("Taken back: you can review the proposal again."))
}
