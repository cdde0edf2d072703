//! What organizers do with proposals.

use super::store::{self, Proposal};
use crate::{
    access::Organizer,
    app::Callboard,
    db::{Turn, types::ProposalId},
    decisions,
    error::Result,
    http::cursor::Cursor,
    proposals::{
        self,
        model::{self, Filter, Lifecycle},
    },
    reviews::{self, model::Summary},
};
use std::collections::HashMap;

/// What reviewers say of each proposal in short; own proposals are left out.
pub type Summaries = HashMap<ProposalId, Summary>;

pub struct Listed {
    pub proposals: Vec<Proposal>,
    pub summaries: Summaries,
    pub next: Option<String>,
}

const PAGE: u32 = 50;

/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: Organizer, filter: Filter) -> Result<Listed> {
    let after = filter.cursor.as_deref().map(Cursor::decode).transpose()?;
    let limit = usize::try_from(filter.limit.unwrap_or(PAGE)).unwrap_or(usize::MAX);
    let one_more = i64::from(filter.limit.unwrap_or(PAGE)) + 1;
    app.db
        .read(move |conn| {
            let mut proposals = store::list(conn, &who, &filter, after.as_ref(), one_more)?;
            let more = proposals.len() > limit;
            proposals.truncate(limit);
            let last = proposals.last().filter(|_| more);
            let next = last.map(|last| Cursor { at: last.row.created_at, code: last.row.code.clone() }.encode());
            let summaries = reviews::store::summaries(conn, &who)?;
            Ok(Listed { proposals, summaries, next })
        })
        .await
}

pub async fn show(app: &Callboard, who: Organizer, code: String) -> Result<(Proposal, Summaries)> {
    app.db.read(move |conn| Ok((store::find(conn, &who, &code)?, reviews::store::summaries(conn, &who)?))).await
}

/// Takes it out of the running; mails about it that have not left are canceled.
///
/// # Errors
/// `WrongState` for what is not submitted.
pub async fn cancel(app: &Callboard, who: Organizer, code: String) -> Result<(Proposal, Summaries)> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let proposal = store::lock(tx, who, &code)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Submitted], "canceled")?;
            proposals::store::set_lifecycle(tx, proposal.row.id, Lifecycle::Submitted, Lifecycle::Canceled)?;
            decisions::actions::leave(tx, &board, who.scope(), proposal.row.id)?;
            Ok((store::find(tx.conn(), who, &code)?, reviews::store::summaries(tx.conn(), who)?))
        })
        .await
}

/// # Errors
/// `WrongState` for what is not canceled.
pub async fn reinstate(app: &Callboard, who: Organizer, code: String) -> Result<(Proposal, Summaries)> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let proposal = store::lock(tx, who, &code)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Canceled], "reinstated")?;
            proposals::store::set_lifecycle(tx, proposal.row.id, Lifecycle::Canceled, Lifecycle::Submitted)?;
            Ok((store::find(tx.conn(), who, &code)?, reviews::store::summaries(tx.conn(), who)?))
        })
        .await
}
