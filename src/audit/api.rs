//! The audit over the API.

use super::{actions, model::Filter, views::EntryView};
use crate::{
    access::EventReader,
    app::Callboard,
    error::Result,
    http::{cursor::Cursor, input::Query, reply::List},
};

const PAGE: u32 = 50;

pub async fn list(who: EventReader, (app, Query(filter)): (Callboard, Query<Filter>)) -> Result<List<EntryView>> {
    let limit = i64::from(filter.limit.unwrap_or(PAGE));
    let noted = actions::list(&app, who, filter, limit).await?;
    let views: Vec<EntryView> = noted.into_iter().map(EntryView::from).collect();
    Ok(List::page(views, limit, |view| Cursor { at: view.at, code: view.id.clone() }, |view| view))
}
