//! Reviews over the API.

use super::{
    actions,
    model::WriteReview,
    queue_model::ListReviewing,
    views::{ByOther, ForReviewer, Mine, Next, OfProposal},
};
use crate::{
    access::{ProposalReader, Reviewer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, Query, RefPath},
        once::IfMatch,
        reply::{Json, List, NoContent, Versioned},
    },
};

pub async fn next(who: Reviewer, (app,): (Callboard,)) -> Result<Json<Next>> {
    Ok(Json(Next { proposal: actions::next(&app, who).await?.map(Into::into) }))
}

pub async fn list(who: Reviewer, (app, Query(input)): (Callboard, Query<ListReviewing>)) -> Result<List<ForReviewer>> {
    let page = actions::list(&app, who, input).await?;
    Ok(List { items: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn show(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Json<ForReviewer>> {
    Ok(Json(actions::show(&app, who, reference.0).await?.into()))
}

pub async fn others(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<List<ByOther>> {
    Ok(List::whole(actions::others(&app, who, reference.0).await?.into_iter().map(Into::into)))
}

pub async fn show_mine(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Versioned<Mine>> {
    Ok(Versioned(actions::show_mine(&app, who, reference.0).await?.into()))
}

pub async fn write(
    who: Reviewer,
    (app, reference, Body(input), version): (Callboard, RefPath, Body<WriteReview>, IfMatch),
) -> Result<Versioned<Mine>> {
    let review = actions::write(&app, who, reference.0, input, version).await?;
    Ok(Versioned(actions::MyReview { review, changed_since: false }.into()))
}

pub async fn take_back(who: Reviewer, (app, reference, version): (Callboard, RefPath, IfMatch)) -> Result<NoContent> {
    actions::take_back(&app, who, reference.0, version).await?;
    Ok(NoContent)
}

pub async fn list_all(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<Json<OfProposal>> {
    Ok(Json(actions::list_all(&app, who, code.0).await?.into()))
}
