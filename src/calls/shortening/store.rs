//! SQL of the drafts that lose time.

use super::model::Draft;
use crate::{
    db::{
        Conn,
        schema::{accounts, proposal_speakers, proposals, speakers},
        types::{AccountId, EventId, FormatId, ProposalId, TrackId},
    },
    error::Result,
    mail::Recipient,
    proposals::model::Lifecycle,
};
use diesel::prelude::*;

type Row = (ProposalId, String, FormatId, Option<TrackId>, (AccountId, String, String));

/// All drafts of an event whose owner has an account, one owner's after the other.
pub fn drafts(conn: &mut Conn, event: EventId) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = proposal_speakers::table
        .inner_join(proposals::table)
        .inner_join(speakers::table.inner_join(accounts::table))
        .filter(proposals::event_id.eq(event))
        .filter(proposals::lifecycle.eq(Lifecycle::Draft))
        .filter(proposal_speakers::owner.eq(true))
        .order((accounts::id, proposals::created_at, proposals::code))
        .select((
            proposals::id,
            proposals::title,
            proposals::format_id,
            proposals::track_id,
            (accounts::id, accounts::email, speakers::name),
        ))
        .load(conn)?;
    let draft = |(proposal, title, format, track, (account, address, name)): Row| {
        let owner = Recipient { account: Some(account), address, name };
        Draft { proposal, title, format, track, owner }
    };
    Ok(rows.into_iter().map(draft).collect())
}
