//! A reviewer's progress over the API.

use super::{actions, views::Progress};
use crate::{access::Reviewer, app::Callboard, error::Result, http::reply::Json};

pub async fn show(who: Reviewer, (app,): (Callboard,)) -> Result<Json<Progress>> {
    Ok(Json(actions::show(&app, who).await?.into()))
}
