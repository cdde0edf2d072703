//! SQL of proposals and speakers.

use crate::{
    db::{
        Conn,
        schema::{accounts, proposal_speakers, speakers},
        types::{AccountId, EventId, ProposalId},
    },
    error::Result,
    mail::Recipient,
};
use diesel::prelude::*;

/// Who gets the mails about a proposal: its owner, if the owner has an account. The name is that of the event profile.
pub fn owner(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Option<Recipient>> {
    let found: Option<(AccountId, String, String)> = proposal_speakers::table
        .inner_join(speakers::table.inner_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .filter(proposal_speakers::owner.eq(true))
        .select((accounts::id, accounts::email, speakers::name))
        .first(conn)
        .optional()?;
    Ok(found.map(|(account, address, name)| Recipient { account: Some(account), address, name }))
}
