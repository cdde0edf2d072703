//! Comments over the API.

use super::{
    actions,
    model::NewComment,
    views::{ForOrganizer, ForReviewer},
};
use crate::{
    access::{Decider, ProposalReader, Reviewer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, RefPath},
        once::{Answered, Once},
        reply::{Created, List},
    },
};

pub async fn list(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<List<ForReviewer>> {
    Ok(List::whole(actions::list(&app, who, reference.0).await?.into_iter().map(Into::into)))
}

pub async fn add(
    who: Reviewer,
    (app, reference, Body(input), once): (Callboard, RefPath, Body<NewComment>, Once),
) -> Result<Answered<Created<ForReviewer>>> {
    let list = format!("/events/{}/reviewing/proposals/{}/comments", who.scope().slug, reference.0);
    let view = |comment| Created::at(list, ForReviewer::from(comment));
    actions::add(&app, who, reference.0, input, once.then(view)).await
}

pub async fn list_signed(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<List<ForOrganizer>> {
    Ok(List::whole(actions::list_signed(&app, who, code.0).await?.into_iter().map(Into::into)))
}

pub async fn add_signed(
    who: Decider,
    (app, code, Body(input), once): (Callboard, CodePath, Body<NewComment>, Once),
) -> Result<Answered<Created<ForOrganizer>>> {
    let list = format!("/events/{}/proposals/{}/comments", who.scope().slug, code.0);
    let view = |comment| Created::at(list, ForOrganizer::from(comment));
    actions::add_signed(&app, who, code.0, input, once.then(view)).await
}
