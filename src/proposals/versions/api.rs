//! Versions over the API.

use super::{
    actions,
    views::{SinceReviewView, StepView, VersionView},
};
use crate::{
    access::{ProposalReader, Reviewer, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, NumberPath, RefPath},
        reply::{Json, List},
    },
};

pub async fn list_mine(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<List<VersionView>> {
    Ok(List::whole(actions::list_mine(&app, who, code.0).await?.into_iter().map(Into::into)))
}

pub async fn show_mine(who: Speaker, (app, code, number): (Callboard, CodePath, NumberPath)) -> Result<Json<StepView>> {
    Ok(Json(actions::show_mine(&app, who, code.0, number.value()).await?.into()))
}

pub async fn list(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<List<VersionView>> {
    Ok(List::whole(actions::list(&app, who, code.0).await?.into_iter().map(Into::into)))
}

pub async fn show(
    who: ProposalReader,
    (app, code, number): (Callboard, CodePath, NumberPath),
) -> Result<Json<StepView>> {
    Ok(Json(actions::show(&app, who, code.0, number.value()).await?.into()))
}

pub async fn since_review(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Json<SinceReviewView>> {
    Ok(Json(actions::since_review(&app, who, reference.0).await?.into()))
}
