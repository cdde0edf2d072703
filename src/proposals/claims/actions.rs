//! Taking over a profile.

use super::store;
use crate::{
    db::{
        Tx,
        types::{AccountId, EventId, ProposalId, SpeakerId},
    },
    error::Result,
    proposals, reviews,
};

/// Makes the profile the account's, which is locked by the caller; answers what it speaks in. None when somebody else
/// was first.
///
/// # Errors
/// When the database refuses it.
pub fn take_over(
    tx: &mut Tx<'_>,
    event: EventId,
    speaker: SpeakerId,
    account: AccountId,
) -> Result<Option<Vec<ProposalId>>> {
    if !store::lock_unclaimed(tx, event, speaker)? {
        return Ok(None);
    }
    let spoken = store::lock_proposals(tx, event, speaker)?;
    if let Some(own) = proposals::profiles::store::profile_of(tx.conn(), event, account)? {
        for proposal in &spoken {
            store::merge_place(tx, event, *proposal, speaker, own.id)?;
        }
        store::move_keys(tx, speaker, own.id)?;
        store::delete_profile(tx, speaker)?;
    } else {
        store::update_account(tx, speaker, account)?;
    }
    for proposal in &spoken {
        // Nobody judges the own talk, not even from before it was theirs.
        reviews::store::delete_of_speaker(tx, event, *proposal, account)?;
    }
    Ok(Some(spoken))
}

/// Makes everything theirs that was entered for somebody's addresses, so that it can go with them.
///
/// # Errors
/// When the database refuses it.
pub fn take_over_all(tx: &mut Tx<'_>, account: AccountId, addresses: &[String]) -> Result<()> {
    for (event, speaker) in store::list_unclaimed(tx, addresses)? {
        take_over(tx, event, speaker, account)?;
    }
    Ok(())
}
