//! SQL of confirmations.

use super::model::Talk;
use crate::{
    access::Speaker,
    db::{
        Conn, Tx,
        schema::{proposal_speakers, proposals, publication_items, speakers},
        types::{EventId, ProposalId, PublicationId},
    },
    error::Result,
    locked,
    proposals::{
        model::{Confirmation, Lifecycle, PublishedDecision},
        store::touch_talk,
    },
};
use diesel::prelude::*;

type TalkRow =
    (ProposalId, String, String, Lifecycle, Option<PublishedDecision>, Option<PublicationId>, Option<Confirmation>);

fn talk((id, code, title, lifecycle, published, publication, confirmation): TalkRow) -> Talk {
    Talk { id, code, title, lifecycle, published, publication, confirmation }
}

const TALK: (
    proposals::id,
    proposals::code,
    proposals::title,
    proposals::lifecycle,
    proposals::published_decision,
    proposals::publication_id,
    proposals::confirmation,
) = (
    proposals::id,
    proposals::code,
    proposals::title,
    proposals::lifecycle,
    proposals::published_decision,
    proposals::publication_id,
    proposals::confirmation,
);

/// Of the owner, and of everybody who accepted to speak with them.
macro_rules! mine {
    ($who:expr, $code:expr) => {
        proposal_speakers::table
            .inner_join(speakers::table)
            .inner_join(proposals::table)
            .filter(proposals::event_id.eq($who.event()))
            .filter(proposals::code.eq($code))
            .filter(speakers::account_id.eq($who.account()))
            .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
    };
}

/// A proposal that I speak in, locked, and whether I own it.
///
/// # Errors
/// `NotFound`, also for who left it in this moment.
pub fn lock_mine(tx: &mut Tx<'_>, who: &Speaker, code: &str) -> Result<(Talk, bool)> {
    let id: ProposalId = mine!(who, code).select(proposals::id).first(tx.conn())?;
    let query = proposals::table.find(id).select(proposals::id);
    let _: ProposalId = locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>)?;
    let (row, owner): (TalkRow, bool) = mine!(who, code).select((TALK, proposal_speakers::owner)).first(tx.conn())?;
    Ok((talk(row), owner))
}

/// What a link of a mail is about.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Linked {
    pub event: EventId,
    pub proposal: ProposalId,
    pub publication: PublicationId,
}

/// The holder of the secret may answer: nothing else is needed to find it.
pub fn find_link(conn: &mut Conn, token_sha256: &[u8]) -> Result<Option<Linked>> {
    let query = publication_items::table.filter(publication_items::token_sha256.eq(token_sha256)).select((
        publication_items::event_id,
        publication_items::proposal_id,
        publication_items::publication_id,
    ));
    Ok(query.first(conn).optional()?)
}

pub fn find_linked(conn: &mut Conn, link: &Linked) -> Result<Talk> {
    let query = proposals::table.filter(proposals::event_id.eq(link.event)).filter(proposals::id.eq(link.proposal));
    Ok(talk(query.select(TALK).first(conn)?))
}

pub fn lock_linked(tx: &mut Tx<'_>, link: &Linked) -> Result<Talk> {
    let query = proposals::table
        .filter(proposals::event_id.eq(link.event))
        .filter(proposals::id.eq(link.proposal))
        .select(TALK);
    Ok(talk(locked!(tx.conn(), query, for_no_key_update, first::<TalkRow>)?))
}

/// Of a talk that this transaction has locked.
pub fn update_confirmation(tx: &mut Tx<'_>, event: EventId, talk: &Talk, to: Confirmation) -> Result<()> {
    let accepted = proposals::table
        .filter(proposals::event_id.eq(event))
        .filter(proposals::id.eq(talk.id))
        .filter(proposals::published_decision.eq(PublishedDecision::Accepted));
    diesel::update(accepted).set(proposals::confirmation.eq(to)).execute(tx.conn())?;
    touch_talk(tx, talk.id)
}
