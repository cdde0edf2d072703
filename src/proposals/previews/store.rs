//! SQL of links that show a proposal.

use super::model::{Leads, Preview};
use crate::{
    db::{
        Conn, Tx,
        schema::{preview_links, proposal_speakers, proposals, speakers},
        types::{AccountId, EventId, PreviewLinkId, ProposalId, Ts},
    },
    error::{Error, Result},
    locked_or_skipped,
    proposals::model::Lifecycle,
};
use diesel::prelude::*;

macro_rules! of_proposal {
    ($event:expr, $proposal:expr) => {
        preview_links::table.filter(preview_links::event_id.eq($event)).filter(preview_links::proposal_id.eq($proposal))
    };
}

/// Those that work, the oldest first.
pub fn list(conn: &mut Conn, event: EventId, proposal: ProposalId, now: Ts) -> Result<Vec<Preview>> {
    let rows: Vec<(String, AccountId, Ts, Ts)> = of_proposal!(event, proposal)
        .filter(preview_links::expires_at.gt(now))
        .select((preview_links::code, preview_links::account_id, preview_links::created_at, preview_links::expires_at))
        .order((preview_links::created_at, preview_links::code))
        .load(conn)?;
    let preview = |(code, by, created_at, expires_at)| Preview { code, by, created_at, expires_at };
    Ok(rows.into_iter().map(preview).collect())
}

pub fn insert(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, new: &Preview, token_sha256: &[u8]) -> Result<()> {
    let row = (
        preview_links::event_id.eq(event),
        preview_links::code.eq(&new.code),
        preview_links::proposal_id.eq(proposal),
        preview_links::account_id.eq(new.by),
        preview_links::token_sha256.eq(token_sha256),
        preview_links::expires_at.eq(new.expires_at),
        preview_links::created_at.eq(new.created_at),
    );
    diesel::insert_into(preview_links::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `NotFound`.
pub fn delete(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, code: &str) -> Result<()> {
    let one = of_proposal!(event, proposal).filter(preview_links::code.eq(code));
    if diesel::delete(one).execute(tx.conn())? == 1 { Ok(()) } else { Err(Error::not_found()) }
}

/// Those that somebody made who speaks in it no more.
pub fn delete_by(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, account: AccountId) -> Result<()> {
    diesel::delete(of_proposal!(event, proposal).filter(preview_links::account_id.eq(account))).execute(tx.conn())?;
    Ok(())
}

/// Where a live link leads, as long as the proposal is one.
pub fn find(conn: &mut Conn, token_sha256: &[u8], now: Ts) -> Result<Option<Leads>> {
    let found: Option<(EventId, ProposalId, Ts)> = preview_links::table
        .inner_join(proposals::table)
        .filter(preview_links::token_sha256.eq(token_sha256))
        .filter(preview_links::expires_at.gt(now))
        .filter(proposals::lifecycle.eq_any([Lifecycle::Draft, Lifecycle::Submitted]))
        .select((preview_links::event_id, preview_links::proposal_id, preview_links::expires_at))
        .first(conn)
        .optional()?;
    Ok(found.map(|(event, proposal, expires_at)| Leads { event, proposal, expires_at }))
}

/// The names of those who speak.
pub fn names(conn: &mut Conn, leads: &Leads) -> Result<Vec<String>> {
    let query = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(leads.event))
        .filter(proposal_speakers::proposal_id.eq(leads.proposal))
        .select(speakers::name)
        .order((proposal_speakers::position, proposal_speakers::id));
    Ok(query.load(conn)?)
}

/// Deletes links that have run out; answers how many.
pub fn purge(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let old = preview_links::table
        .filter(preview_links::expires_at.le(now))
        .order(preview_links::expires_at)
        .limit(most)
        .select(preview_links::id);
    let ids = locked_or_skipped!(tx.conn(), old, load::<PreviewLinkId>)?;
    Ok(diesel::delete(preview_links::table.filter(preview_links::id.eq_any(ids))).execute(tx.conn())?)
}
