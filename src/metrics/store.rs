//! What the metrics ask the database for: a few counts that an index answers.

use crate::{
    db::{
        Conn,
        schema::{leases, mails},
        types::Ts,
    },
    error::Result,
    mail::MailState,
};
use diesel::{dsl, prelude::*};

/// Those that are not at their end; what was sent or canceled only grows.
pub const OPEN: [MailState; 6] = [
    MailState::Held,
    MailState::Queued,
    MailState::Leased,
    MailState::Retrying,
    MailState::Ambiguous,
    MailState::Failed,
];

pub struct Stored {
    /// How many mails there are in each state that has some.
    pub mails: Vec<(MailState, i64)>,
    /// Since when the mail waits that has been due longest.
    pub oldest_due: Option<Ts>,
    /// When each periodic job was last done.
    pub jobs: Vec<(String, Option<Ts>)>,
}

pub fn read(conn: &mut Conn, now: Ts) -> Result<Stored> {
    let counted = mails::table.filter(mails::state.eq_any(OPEN)).group_by(mails::state);
    let due = mails::table
        .filter(mails::state.eq_any([MailState::Queued, MailState::Retrying]))
        .filter(mails::next_at.le(now));
    Ok(Stored {
        mails: counted.select((mails::state, dsl::count_star())).load(conn)?,
        oldest_due: due.select(mails::next_at).order(mails::next_at).first(conn).optional()?,
        jobs: leases::table.select((leases::name, leases::last_run_at)).load(conn)?,
    })
}
