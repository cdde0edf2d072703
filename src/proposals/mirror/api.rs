//! The mirror over the API.

use super::{actions, views::MirrorView};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{input::CodePath, reply::Json},
};

pub async fn show(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Json<MirrorView>> {
    Ok(Json(actions::show(&app, who, code.0).await?.into()))
}
