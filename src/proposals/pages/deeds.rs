//! What the buttons of a proposal's page do. What cannot be done leads back to the page, which says why.

use super::show::{ProposalPage, page};
use crate::{
    access::Speaker,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{Arrived, CodePath},
        once::{IfMatch, Once},
        pages::{Form, Outcome, SeeOther, Sent},
    },
    proposals::actions::{self, Mine},
};

type Button = Form<ButtonForm>;

/// On, or the proposal's page with what is wrong.
///
/// # Errors
/// Those that the page could say nothing about.
pub async fn or_again<T: Into<Outcome<ProposalPage>>>(
    app: &Callboard,
    who: &Speaker,
    code: &str,
    sent: Sent,
    done: Result<T>,
) -> Result<Outcome<ProposalPage>> {
    match done {
        Ok(go) => Ok(go.into()),
        Err(error) => sent.again(error, async |form| page(app, who, code, form).await).await,
    }
}

/// Back to the proposal's page.
pub fn back_to(who: &Speaker, code: &str) -> SeeOther {
    SeeOther::to(format!("/{}/mine/{code}", who.scope().slug))
}

/// What everybody who has just submitted is told.
pub fn submitted(go: SeeOther) -> SeeOther {
    go.saying("Submitted. The receipt is below, and on its way to you by mail.")
}

pub async fn submit(
    who: Speaker,
    (app, code, form, arrived, once): (Callboard, CodePath, Button, Arrived, Once),
) -> Result<Outcome<ProposalPage>> {
    let go = submitted(back_to(&who, &code));
    let done = actions::submit(&app, who.clone(), code.0.clone(), arrived, once.then(|_: Mine| go)).await;
    or_again(&app, &who, &code, form.sent, done).await
}

pub async fn withdraw(
    who: Speaker,
    (app, code, form, once): (Callboard, CodePath, Button, Once),
) -> Result<Outcome<ProposalPage>> {
    let go = back_to(&who, &code).saying("Withdrawn. The organizers know.");
    let done = actions::withdraw(&app, who.clone(), code.0.clone(), once.then(|_: Mine| go)).await;
    or_again(&app, &who, &code, form.sent, done).await
}

pub async fn undo_withdrawal(
    who: Speaker,
    (app, code, form, arrived, once): (Callboard, CodePath, Button, Arrived, Once),
) -> Result<Outcome<ProposalPage>> {
    let go = back_to(&who, &code).saying("It is submitted again. A new receipt is on its way to you by mail.");
    let done = actions::undo_withdrawal(&app, who.clone(), code.0.clone(), arrived, once.then(|_: Mine| go)).await;
    or_again(&app, &who, &code, form.sent, done).await
}

pub async fn delete(
    who: Speaker,
    (app, code, form, version): (Callboard, CodePath, Button, IfMatch),
) -> Result<Outcome<ProposalPage>> {
    let go = SeeOther::to(format!("/{}/mine", who.scope().slug)).saying("The draft is deleted.");
    let done = actions::delete(&app, who.clone(), code.0.clone(), version).await;
    or_again(&app, &who, &code, form.sent, done.map(|()| go)).await
}
