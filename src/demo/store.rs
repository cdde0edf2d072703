//! What the walkthrough asks of a database before it works there.

use crate::{
    db::{Conn, schema::events},
    error::Result,
};
use diesel::{dsl::exists, prelude::*};

/// Whether there are events whose slugs do not begin with `ours`.
pub fn has_other_events(conn: &mut Conn, ours: &str) -> Result<bool> {
    let others = events::table.filter(events::slug.not_like(format!("{ours}%")));
    Ok(diesel::select(exists(others)).get_result(conn)?)
}
