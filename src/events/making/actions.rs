//! What somebody can start from.

use crate::{
    access::EventCreator,
    app::Callboard,
    error::Result,
    events::{model::Event, store},
};

/// The events that somebody organizes, the latest first.
///
/// # Errors
/// `Busy`.
pub async fn organized(app: &Callboard, who: &EventCreator) -> Result<Vec<Event>> {
    let account = who.who().account();
    app.db.read(move |conn| store::list_organized(conn, account)).await
}
