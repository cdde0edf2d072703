//! SQL of drafts, and of what is put off.

use super::model::{Content, Draft};
use crate::{
    access::Reviewer,
    db::{
        Conn, Tx,
        schema::{review_drafts, review_skips},
        types::{AccountId, ProposalId},
    },
    error::{Error, Result},
    reviews::{model::Confidence, queue_store::find_reviewable},
};
use diesel::{dsl, prelude::*};

#[dsl::auto_type]
fn mine(who: &Reviewer, proposal: ProposalId) -> _ {
    let me: AccountId = who.account();
    review_drafts::table.filter(review_drafts::account_id.eq(me)).filter(review_drafts::proposal_id.eq(proposal))
}

type Row = (String, bool, String, String, Option<Confidence>, i64);

/// Of a proposal that the reviewer may review.
pub fn find_mine(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Draft> {
    let proposal = find_reviewable(conn, who, reference)?;
    find(conn, who, proposal)?.ok_or_else(Error::not_found)
}

/// `proposal` is one that the reviewer may review.
pub fn find(conn: &mut Conn, who: &Reviewer, proposal: ProposalId) -> Result<Option<Draft>> {
    let columns = (
        review_drafts::scores,
        review_drafts::abstain,
        review_drafts::comment,
        review_drafts::feedback,
        review_drafts::confidence,
        review_drafts::version,
    );
    let row: Option<Row> = mine(who, proposal).select(columns).first(conn).optional()?;
    let Some((scores, abstain, comment, feedback, confidence, version)) = row else { return Ok(None) };
    let scores = serde_json::from_str(&scores).map_err(Error::internal)?;
    Ok(Some(Draft { content: Content { scores, abstain, comment, feedback, confidence }, version }))
}

/// Keeps it in place of the one before. The proposal is locked by the caller: two at once would both insert.
pub fn save(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId, content: &Content) -> Result<()> {
    let content = (
        review_drafts::scores.eq(serde_json::to_string(&content.scores).map_err(Error::internal)?),
        review_drafts::abstain.eq(content.abstain),
        review_drafts::comment.eq(&content.comment),
        review_drafts::feedback.eq(&content.feedback),
        review_drafts::confidence.eq(content.confidence),
        review_drafts::updated_at.eq(tx.now()?),
    );
    let changed = diesel::update(mine(who, proposal))
        .set((content.clone(), review_drafts::version.eq(review_drafts::version + 1)))
        .execute(tx.conn())?;
    if changed == 0 {
        let new = (
            review_drafts::event_id.eq(who.event()),
            review_drafts::proposal_id.eq(proposal),
            review_drafts::account_id.eq(who.account()),
            content,
            review_drafts::version.eq(1),
        );
        diesel::insert_into(review_drafts::table).values(new).execute(tx.conn())?;
    }
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    diesel::delete(mine(who, proposal)).execute(tx.conn())?;
    Ok(())
}

/// Puts it off, again if it was before: then it comes after what was put off meanwhile. The proposal is locked by the
/// caller.
pub fn skip(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    unskip(tx, who, proposal)?;
    let row = (
        review_skips::event_id.eq(who.event()),
        review_skips::proposal_id.eq(proposal),
        review_skips::account_id.eq(who.account()),
        review_skips::skipped_at.eq(tx.now()?),
    );
    diesel::insert_into(review_skips::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn unskip(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    let mine = review_skips::table.filter(review_skips::account_id.eq(who.account()));
    diesel::delete(mine.filter(review_skips::proposal_id.eq(proposal))).execute(tx.conn())?;
    Ok(())
}
