//! The forms below the list of proposals that save and remove its views.

use super::{
    actions,
    model::{NewView, SavedView},
};
use crate::{
    access::{Besides, Organizer},
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, read_query},
        once::Once,
        pages::{
            Form, Outcome,
            several::{Returned, back},
        },
    },
    proposals::organize::{
        ask::Ask,
        pages::{ProposalsPage, page},
    },
};

pub async fn save(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewView>, Once, Besides),
) -> Result<Outcome<ProposalsPage>> {
    let scope = who.scope().clone();
    let shown = move |view: SavedView| back(&scope, &format!("/proposals?{}", view.query), "The view is saved.");
    let done = async { actions::add(&app, who, input?, once.then(shown)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => {
            let ask: Ask = read_query(sent.get("query")).unwrap_or_default();
            let again = async |form| page(&app, &besides, ask.clone(), Returned::one("view", form)).await;
            sent.again(error, again).await
        }
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, Form { sent, .. }, besides): (Callboard, CodePath, Form<ButtonForm>, Besides),
) -> Result<Outcome<ProposalsPage>> {
    let gone = back(who.scope(), "/proposals", "The view is removed.");
    match actions::remove(&app, who, code.0).await {
        Ok(()) => Ok(gone.into()),
        Err(error) => {
            let again = async |form| page(&app, &besides, Ask::default(), Returned::button(form)).await;
            sent.again(error, again).await
        }
    }
}
