//! Bids and plans over the API.

use super::{
    actions,
    inputs::{MakePlan, PlaceBid},
    views::{BidView, PlannedView, Released},
};
use crate::{
    access::{Decider, Reviewer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, RefPath},
        once::{Answered, Once},
        reply::{Json, List},
    },
};

pub async fn list_bids(who: Reviewer, (app,): (Callboard,)) -> Result<List<BidView>> {
    Ok(List::whole(actions::list_bids(&app, who).await?.into_iter().map(BidView::from)))
}

pub async fn show_bid(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Json<BidView>> {
    Ok(Json(actions::show_bid(&app, who, reference.0).await?.into()))
}

pub async fn place_bid(
    who: Reviewer,
    (app, reference, Body(input)): (Callboard, RefPath, Body<PlaceBid>),
) -> Result<Json<BidView>> {
    Ok(Json(actions::place_bid(&app, who, reference.0, input).await?.into()))
}

pub async fn make_plan(
    who: Decider,
    (app, Body(input), once): (Callboard, Body<MakePlan>, Once),
) -> Result<Answered<Json<PlannedView>>> {
    let (dry_run, with_task) = (input.dry_run, input.with_task);
    let view = move |planned| Json(PlannedView::of(dry_run, with_task, &planned));
    actions::make_plan(&app, who, input, once.then(view)).await
}

pub async fn release(who: Decider, (app, once): (Callboard, Once)) -> Result<Answered<Json<Released>>> {
    actions::release(&app, who, once.then(|count| Json(Released { count }))).await
}
