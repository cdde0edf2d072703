//! Saved views over the API.

use super::{actions, model::NewView, views::SavedViewView};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, Once},
        reply::{Created, List, NoContent},
    },
};

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<SavedViewView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(SavedViewView::from)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewView>, Once),
) -> Result<Answered<Created<SavedViewView>>> {
    let list = format!("/events/{}/proposal-views", who.scope().slug);
    let view = |saved| Created::at(list, SavedViewView::from(saved));
    actions::add(&app, who, input, once.then(view)).await
}

pub async fn remove(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::remove(&app, who, code.0).await?;
    Ok(NoContent)
}
