//! The gap map over the API.

use super::{actions, views::GapsView};
use crate::{
    access::{ProposalReader, PublicEvent},
    app::Callboard,
    error::Result,
    http::reply::Json,
};

pub async fn show(who: PublicEvent, (app,): (Callboard,)) -> Result<Json<GapsView>> {
    Ok(Json(actions::show(&app, who).await?.into()))
}

pub async fn show_all(who: ProposalReader, (app,): (Callboard,)) -> Result<Json<GapsView>> {
    Ok(Json(actions::show_all(&app, who).await?.into()))
}
