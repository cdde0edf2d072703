//! Keeping drafts and putting off. Nothing of this is noted in the audit: it is the reviewer's own affair.

use super::{
    model::{Draft, SaveDraft},
    store,
};
use crate::{
    access::Reviewer,
    app::Callboard,
    db::Turn,
    error::{Error, Result},
    http::once::IfMatch,
    reviews::{criteria, queue_store},
};

/// # Errors
/// `NotFound` when there is none.
pub async fn show(app: &Callboard, who: Reviewer, reference: String) -> Result<Draft> {
    app.db.read(move |conn| store::find_mine(conn, &who, &reference)).await
}

/// # Errors
/// `NotInPhase`; `Stale`; field errors for scores that no review could have.
pub async fn save(
    app: &Callboard,
    who: Reviewer,
    reference: String,
    input: SaveDraft,
    version: IfMatch,
) -> Result<Draft> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, track) = queue_store::lock_reviewable(tx, who, &reference)?;
            who.check_scoring()?;
            let before = store::find(tx.conn(), who, proposal)?;
            version.check_or_new(before.as_ref().map(|draft| draft.version))?;
            let mut criteria = criteria::store::list(tx.conn(), who.event())?;
            criteria.retain(|criterion| criterion.applies_to(track));
            let content = input.content(&criteria)?;
            // Pages save by themselves, mostly nothing new.
            match before {
                Some(before) if before.content == content => Ok(before),
                _ => {
                    store::save(tx, who, proposal, &content)?;
                    store::find(tx.conn(), who, proposal)?.ok_or_else(Error::not_found)
                }
            }
        })
        .await
}

/// # Errors
/// `NotFound` when there is none; `Stale`.
pub async fn discard(app: &Callboard, who: Reviewer, reference: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, _) = queue_store::lock_reviewable(tx, who, &reference)?;
            let draft = store::find(tx.conn(), who, proposal)?.ok_or_else(Error::not_found)?;
            version.check_if_sent(draft.version)?;
            store::delete(tx, who, proposal)
        })
        .await
}

/// # Errors
/// `NotFound` for whatever is not theirs to review.
pub async fn skip(app: &Callboard, who: Reviewer, reference: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, _) = queue_store::lock_reviewable(tx, who, &reference)?;
            store::skip(tx, who, proposal)
        })
        .await
}

/// # Errors
/// As [`skip`].
pub async fn unskip(app: &Callboard, who: Reviewer, reference: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, _) = queue_store::lock_reviewable(tx, who, &reference)?;
            store::unskip(tx, who, proposal)
        })
        .await
}
