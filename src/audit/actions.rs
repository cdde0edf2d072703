//! Looking through what was noted.

use super::{
    model::Filter,
    store::{self, Noted},
};
use crate::{access::EventReader, app::Callboard, error::Result, http::cursor::Cursor};

/// One more than `limit` where there are more.
///
/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: EventReader, filter: Filter, limit: i64) -> Result<Vec<Noted>> {
    let after = filter.cursor.as_deref().map(Cursor::decode).transpose()?;
    app.db.read(move |conn| store::list(conn, &who, &filter, after.as_ref(), limit + 1)).await
}
