//! Keeping versions, and looking at them.

use super::{
    model::{Content, NewVersion, SinceReview, Step, Version},
    store,
};
use crate::{
    access::{ProposalReader, Reviewer, Speaker},
    app::Callboard,
    db::{
        Conn, Tx,
        types::{AccountId, EventId, ProposalId},
    },
    error::{Error, Result},
    proposals::{self, organize},
    reviews,
};

/// Keeps what a proposal says now that it is submitted; once.
///
/// # Errors
/// When the database refuses it.
pub fn keep_first(tx: &mut Tx<'_>, event: EventId, by: Option<AccountId>, proposal: ProposalId) -> Result<()> {
    if store::latest(tx, event, proposal)?.is_some() {
        return Ok(());
    }
    let (content, _) = store::content(tx.conn(), event, proposal)?;
    let at = tx.now()?;
    let first = NewVersion { proposal, number: 1, by, content: &content, changed: &[], at };
    store::insert(tx, event, &first)
}

/// Keeps what a submitted proposal says after an edit; its row is locked by the caller. What was never kept before, such
/// as what came from elsewhere, is kept as it was too.
///
/// # Errors
/// When the database refuses it.
pub fn keep(
    tx: &mut Tx<'_>,
    event: EventId,
    by: Option<AccountId>,
    proposal: ProposalId,
    before: &Content,
) -> Result<()> {
    let (after, submitted_at) = store::content(tx.conn(), event, proposal)?;
    let changed = after.changed(before);
    if changed.is_empty() {
        return Ok(());
    }
    let now = tx.now()?;
    let latest = if let Some(latest) = store::latest(tx, event, proposal)? {
        latest
    } else {
        let at = submitted_at.unwrap_or(now);
        store::insert(tx, event, &NewVersion { proposal, number: 1, by: None, content: before, changed: &[], at })?;
        1
    };
    let (number, content, changed) = (latest + 1, &after, changed.as_slice());
    store::insert(tx, event, &NewVersion { proposal, number, by, content, changed, at: now })
}

pub async fn list_mine(app: &Callboard, who: Speaker, code: String) -> Result<Vec<Version>> {
    app.db
        .read(move |conn| {
            let proposal = proposals::store::find_own(conn, &who, &code)?.row.id;
            store::list(conn, who.event(), proposal)
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn show_mine(app: &Callboard, who: Speaker, code: String, number: i64) -> Result<Step> {
    step(list_mine(app, who, code).await?, number)
}

/// The version with this number beside the one before it.
fn step(versions: Vec<Version>, number: i64) -> Result<Step> {
    let mut before: Option<Version> = None;
    for version in versions {
        if version.number == number {
            let differences = before.map(|before| version.content.differences(&before.content));
            return Ok(Step { version, differences: differences.unwrap_or_default() });
        }
        before = Some(version);
    }
    Err(Error::not_found())
}

pub async fn list(app: &Callboard, who: ProposalReader, code: String) -> Result<Vec<Version>> {
    let (event, account, seen) = (who.event(), who.account(), code.clone());
    let list = move |conn: &mut Conn| {
        let proposal = organize::store::find(conn, &who, &code)?.row.id;
        store::list(conn, who.event(), proposal)
    };
    let versions = app.db.read(list).await?;
    app.reads.add(event, account, [seen]);
    Ok(versions)
}

/// As [`list`], without who wrote them, so nobody has read any name.
///
/// # Errors
/// `NotFound`.
pub async fn list_folded(app: &Callboard, who: ProposalReader, code: String) -> Result<Vec<Version>> {
    let list = move |conn: &mut Conn| {
        let proposal = organize::store::find(conn, &who, &code)?.row.id;
        store::list(conn, who.event(), proposal)
    };
    let mut versions = app.db.read(list).await?;
    for version in &mut versions {
        version.by = None;
    }
    Ok(versions)
}

/// # Errors
/// `NotFound`.
pub async fn show(app: &Callboard, who: ProposalReader, code: String, number: i64) -> Result<Step> {
    step(list(app, who, code).await?, number)
}

/// What changed in what reviewers see since the own review. Both sides are what they have seen or see.
///
/// # Errors
/// `NotFound` without an own review.
pub async fn since_review(app: &Callboard, who: Reviewer, reference: String) -> Result<SinceReview> {
    app.db
        .read(move |conn| {
            let proposal = reviews::queue_store::find_reviewable(conn, &who, &reference)?;
            let then = store::content_at_review(conn, &who, proposal)?;
            let (now, _) = store::content(conn, who.event(), proposal)?;
            let mut differences = now.differences(&then);
            differences.retain(|difference| difference.field.is_for_reviewers());
            Ok(SinceReview { differences })
        })
        .await
}
