//! SQL of what a speaker has proposed before, in any event.

use crate::{
    access::Speaker,
    db::{
        Tx,
        schema::{events, proposal_speakers, proposals, speakers},
        types::{EventId, ProposalId, TextList},
    },
    error::Result,
    proposals::profiles::store::ProfileTexts,
};
use diesel::prelude::*;

/// An earlier proposal of mine, and how I appeared with it.
pub struct Earlier {
    pub event: EventId,
    pub proposal: ProposalId,
    pub profile: ProfileTexts,
}

/// # Errors
/// `NotFound` for whatever is not mine.
pub fn find(tx: &mut Tx<'_>, who: &Speaker, event: &str, code: &str) -> Result<Earlier> {
    type Row = (EventId, ProposalId, String, String, String, TextList);
    let (event, proposal, name, bio, affiliation, links): Row = proposal_speakers::table
        .inner_join(speakers::table)
        .inner_join(proposals::table.inner_join(events::table))
        .filter(speakers::account_id.eq(who.account()))
        .filter(events::slug.eq(event))
        .filter(proposals::code.eq(code))
        .select((
            proposals::event_id,
            proposals::id,
            speakers::name,
            speakers::bio,
            speakers::affiliation,
            speakers::links,
        ))
        .first(tx.conn())?;
    Ok(Earlier { event, proposal, profile: ProfileTexts { name, bio, affiliation, links } })
}
