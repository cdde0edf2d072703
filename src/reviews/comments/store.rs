//! SQL of comments.

use super::model::{Comment, MOST_COMMENTS, Side};
use crate::{
    access::{Decider, store::in_tracks},
    db::{
        Conn, Tx,
        schema::{accounts, comments, conflicts, proposal_speakers, proposals, speakers},
        types::{AccountId, EventId, ProposalId, Ts},
    },
    error::{Error, Result},
    locked,
    proposals::model::Lifecycle,
};
use diesel::{dsl, prelude::*};

type Row = (String, AccountId, String, Side, String, Ts);

fn comment((code, account, name, side, text, created_at): Row) -> Comment {
    Comment { code, account, name, side, text, created_at }
}

macro_rules! said {
    ($proposal:expr) => {
        comments::table
            .inner_join(accounts::table)
            .filter(comments::proposal_id.eq($proposal))
            .order((comments::created_at, comments::id))
            .select((
                comments::code,
                comments::account_id,
                accounts::name,
                comments::side,
                comments::text,
                comments::created_at,
            ))
    };
}

/// Of a proposal that the caller has found for the reader, the oldest first.
pub fn list(conn: &mut Conn, proposal: ProposalId) -> Result<Vec<Comment>> {
    Ok(said!(proposal).load::<Row>(conn)?.into_iter().map(comment).collect())
}

/// The same for reviewers, who are not to be swayed by somebody with a conflict of interest, as by their reviews.
pub fn list_unbiased(conn: &mut Conn, proposal: ProposalId) -> Result<Vec<Comment>> {
    let conflicting = dsl::exists(
        conflicts::table
            .filter(conflicts::proposal_id.eq(comments::proposal_id))
            .filter(conflicts::account_id.eq(comments::account_id)),
    );
    let spoken = dsl::exists(
        proposal_speakers::table
            .inner_join(speakers::table)
            .filter(proposal_speakers::proposal_id.eq(comments::proposal_id))
            .filter(speakers::account_id.eq(comments::account_id.nullable())),
    );
    let unbiased = said!(proposal).filter(dsl::not(conflicting)).filter(dsl::not(spoken));
    Ok(unbiased.load::<Row>(conn)?.into_iter().map(comment).collect())
}

/// The proposal, locked, for somebody who decides about it.
pub fn lock_proposal(tx: &mut Tx<'_>, who: &Decider, code: &str) -> Result<ProposalId> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .select(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>)?)
}

/// By whom, as what, about what. The proposal is locked by the caller.
pub struct NewRow<'n> {
    pub event: EventId,
    pub proposal: ProposalId,
    pub account: AccountId,
    pub side: Side,
    pub text: &'n str,
}

/// Answers its code.
///
/// # Errors
/// `WrongState` when the proposal has as many as it may.
pub fn insert(tx: &mut Tx<'_>, new: &NewRow<'_>) -> Result<String> {
    let count: i64 = comments::table.filter(comments::proposal_id.eq(new.proposal)).count().get_result(tx.conn())?;
    if count >= MOST_COMMENTS {
        return Err(Error::wrong_state(format!("A proposal has at most {MOST_COMMENTS} comments.")));
    }
    let code = tx.random().code(10);
    let row = (
        comments::event_id.eq(new.event),
        comments::code.eq(&code),
        comments::proposal_id.eq(new.proposal),
        comments::account_id.eq(new.account),
        comments::side.eq(new.side),
        comments::text.eq(new.text),
        comments::created_at.eq(tx.now()?),
    );
    diesel::insert_into(comments::table).values(row).execute(tx.conn())?;
    Ok(code)
}
