//! Reviews and criteria over the API.

use super::{
    actions,
    model::{EditCriterion, ListReviewing, NewCriterion, WriteReview},
    views::{ByOther, Criterion, ForReviewer, Mine, Next, OfProposal, Progress},
};
use crate::{
    access::{Organizer, ProposalReader, Reviewer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, Query, RefPath},
        once::{Answered, IfMatch, Once},
        reply::{Created, Json, List, NoContent, Versioned},
    },
};

pub async fn progress(who: Reviewer, (app,): (Callboard,)) -> Result<Json<Progress>> {
    Ok(Json(actions::progress(&app, who).await?.into()))
}

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

pub async fn list_criteria(who: ProposalReader, (app,): (Callboard,)) -> Result<List<Criterion>> {
    Ok(List::whole(actions::list_criteria(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add_criterion(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewCriterion>, Once),
) -> Result<Answered<Created<Criterion>>> {
    let list = format!("/events/{}/criteria", who.scope().slug);
    let view = |criterion| Created::versioned(list, Criterion::from(criterion));
    actions::add_criterion(&app, who, input, once.then(view)).await
}

pub async fn edit_criterion(
    who: Organizer,
    (app, code, Body(input), version): (Callboard, CodePath, Body<EditCriterion>, IfMatch),
) -> Result<Versioned<Criterion>> {
    Ok(Versioned(actions::edit_criterion(&app, who, code.0, input, version).await?.into()))
}

pub async fn remove_criterion(
    who: Organizer,
    (app, code, version): (Callboard, CodePath, IfMatch),
) -> Result<NoContent> {
    actions::remove_criterion(&app, who, code.0, version).await?;
    Ok(NoContent)
}

pub async fn list_all(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<Json<OfProposal>> {
    Ok(Json(actions::list_all(&app, who, code.0).await?.into()))
}
