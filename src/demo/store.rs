//! What the walkthrough asks of a database before it works there, and what the mailbox shows.

use crate::{
    db::{
        Conn,
        schema::{events, mails},
    },
    error::Result,
    mail::outbox::Mail,
};
use diesel::{dsl::exists, prelude::*};

/// Whether there are events whose slugs do not begin with `ours`.
pub fn has_other_events(conn: &mut Conn, ours: &str) -> Result<bool> {
    let others = events::table.filter(events::slug.not_like(format!("{ours}%")));
    Ok(diesel::select(exists(others)).get_result(conn)?)
}

/// The newest mails, whatever became of them.
pub fn mails(conn: &mut Conn, limit: i64) -> Result<Vec<Mail>> {
    Ok(mails::table.order(mails::id.desc()).limit(limit).select(Mail::as_select()).load(conn)?)
}
