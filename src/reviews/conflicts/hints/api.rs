//! Hints over the API.

use super::{actions, views::HintView};
use crate::{access::Organizer, app::Callboard, error::Result, http::reply::List};

pub async fn list(who: Organizer, (app,): (Callboard,)) -> Result<List<HintView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(HintView::from)))
}
