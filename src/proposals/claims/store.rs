//! SQL of taking over profiles.

use crate::{
    db::{
        Tx,
        schema::{import_keys, proposal_speakers, proposals, speakers},
        types::{AccountId, EventId, ProposalId, SpeakerId},
    },
    error::{Error, OnReferenced, Result},
    locked,
    proposals::store::touch_talk,
};
use diesel::prelude::*;

/// Locks a profile; `false` when somebody has taken it over.
pub fn lock_unclaimed(tx: &mut Tx<'_>, event: EventId, speaker: SpeakerId) -> Result<bool> {
    let query = speakers::table
        .filter(speakers::event_id.eq(event))
        .filter(speakers::id.eq(speaker))
        .filter(speakers::account_id.is_null())
        .select(speakers::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<SpeakerId>).optional()?.is_some())
}

/// What a profile speaks in, locked.
pub fn lock_proposals(tx: &mut Tx<'_>, event: EventId, speaker: SpeakerId) -> Result<Vec<ProposalId>> {
    let spoken = proposal_speakers::table
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::speaker_id.eq(speaker))
        .select(proposal_speakers::proposal_id);
    let query = proposals::table.filter(proposals::id.eq_any(spoken)).select(proposals::id).order(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, load::<ProposalId>)?)
}

/// The account's address counts from now on.
pub fn update_account(tx: &mut Tx<'_>, speaker: SpeakerId, account: AccountId) -> Result<()> {
    diesel::update(speakers::table.find(speaker))
        .set((
            speakers::account_id.eq(account),
            speakers::email.eq(None::<String>),
            speakers::email_key.eq(None::<String>),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Gives one profile the other's place in a proposal; where it has one already, it only takes over that it owns it.
pub fn merge_place(
    tx: &mut Tx<'_>,
    event: EventId,
    proposal: ProposalId,
    from: SpeakerId,
    to: SpeakerId,
) -> Result<()> {
    let of = |speaker: SpeakerId| {
        proposal_speakers::table
            .filter(proposal_speakers::event_id.eq(event))
            .filter(proposal_speakers::proposal_id.eq(proposal))
            .filter(proposal_speakers::speaker_id.eq(speaker))
    };
    let has_place: Option<bool> = of(to).select(proposal_speakers::owner).first(tx.conn()).optional()?;
    if has_place.is_none() {
        diesel::update(of(from)).set(proposal_speakers::speaker_id.eq(to)).execute(tx.conn())?;
        return touch_talk(tx, proposal);
    }
    let owns: bool = of(from).select(proposal_speakers::owner).first(tx.conn())?;
    diesel::delete(of(from)).execute(tx.conn())?;
    if owns {
        diesel::update(of(to)).set(proposal_speakers::owner.eq(true)).execute(tx.conn())?;
    }
    touch_talk(tx, proposal)
}

/// What was imported as one profile is the other from now on, so that the next import knows who it is.
pub fn move_keys(tx: &mut Tx<'_>, from: SpeakerId, to: SpeakerId) -> Result<()> {
    diesel::update(import_keys::table.filter(import_keys::speaker_id.eq(from)))
        .set(import_keys::speaker_id.eq(to))
        .execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `Busy` when it speaks in something more since this moment.
pub fn delete_profile(tx: &mut Tx<'_>, speaker: SpeakerId) -> Result<()> {
    diesel::delete(speakers::table.find(speaker)).execute(tx.conn()).on_referenced(Error::busy)?;
    Ok(())
}

/// The profiles that were entered with these addresses and that nobody has taken over.
pub fn list_unclaimed(tx: &mut Tx<'_>, addresses: &[String]) -> Result<Vec<(EventId, SpeakerId)>> {
    let query = speakers::table
        .filter(speakers::account_id.is_null())
        .filter(speakers::email_key.eq_any(addresses))
        .select((speakers::event_id, speakers::id))
        .order(speakers::id);
    Ok(query.load(tx.conn())?)
}
