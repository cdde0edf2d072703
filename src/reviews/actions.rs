//! What reviewers and organizers do with reviews.

use super::{
    criteria,
    model::{Review, SignedReview, WriteReview},
    queue_model::{self, Author, BlindProposal, ListReviewing, Mine, Neighbors, Standing},
    queue_store::{self, Walk},
    store,
};
use crate::{
    access::{ProposalReader, Reviewer, phase::OthersReviews},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Turn, Tx, types::AccountId},
    error::{Code, Error, Result},
    http::once::IfMatch,
    ranking::model::{Summary, summarize},
    search::{self, model::Wanted},
};
use std::{cmp::Reverse, collections::HashMap};

/// A proposal as a reviewer may see it; authors only where the event shows them.
pub struct Shown {
    pub proposal: BlindProposal,
    pub standing: Standing,
    pub authors: Option<Vec<Author>>,
}

/// A page of a reviewer's list.
pub struct ShownPage {
    pub items: Vec<Shown>,
    pub next: Option<String>,
}

/// Own reviews by the reference of their proposal.
pub type OwnReviews = HashMap<String, Review>;

/// Somebody else's review. The pseudonym is theirs for this proposal only.
pub struct OthersReview {
    pub reviewer: String,
    pub review: Review,
}

/// The proposal with the fewest reviews of those that are left; ties fall differently for every reviewer. Nothing while
/// no reviews are written.
///
/// # Errors
/// When the database refuses it.
pub async fn next(app: &Callboard, who: Reviewer) -> Result<Option<Shown>> {
    let board = app.clone();
    app.db
        .read(move |conn| {
            if !who.may_score() {
                return Ok(None);
            }
            let Some(next) = queue_store::next(conn, &who, &begin(&board, &who))? else { return Ok(None) };
            let standing = queue_store::find_standing(conn, &who, &next)?;
            let next = shown(conn, &who, vec![standing])?;
            note_authors(&board, &who, &next);
            Ok(next.into_iter().next())
        })
        .await
}

/// Where a reviewer's lists begin. It says nothing about the proposals and is another place for every reviewer.
fn begin(app: &Callboard, who: &Reviewer) -> String {
    app.keys.begin(&who.order_key())
}

/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: Reviewer, input: ListReviewing) -> Result<ShownPage> {
    let board = app.clone();
    let after = input.cursor.as_deref().map(queue_model::after).transpose()?;
    let limit = input.limit.unwrap_or(50);
    app.db
        .read(move |conn| {
            let begin = begin(&board, &who);
            let mut standings = if let Some(q) = &input.q {
                search_standings(conn, &who, &Wanted::parse(q), input.mine, (&begin, after.as_deref()))?
            } else {
                let walk = Walk { begin: &begin, after: after.as_deref(), limit: i64::from(limit) + 1 };
                queue_store::list_standings(conn, &who, input.mine, &walk)?
            };
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let more = standings.len() > limit;
            standings.truncate(limit);
            let next = standings.last().filter(|_| more).map(|last| queue_model::cursor(&last.reference));
            let items = shown(conn, &who, standings)?;
            note_authors(&board, &who, &items);
            Ok(ShownPage { items, next })
        })
        .await
}

/// What is found, that with the most hits in the title first, and otherwise in the reviewer's own order; from `after` on.
fn search_standings(
    conn: &mut Conn,
    who: &Reviewer,
    wanted: &Wanted,
    mine: Option<Mine>,
    (begin, after): (&str, Option<&str>),
) -> Result<Vec<Standing>> {
    let hits = search::store::for_reviewer(conn, who, wanted)?;
    let place = |reference: &str| {
        let hits = hits.get(reference).copied().unwrap_or_default();
        (Reverse(hits), reference < begin, reference.to_owned())
    };
    let after = after.map(place);
    let walk = Walk { begin, after: None, limit: i64::MAX };
    let mut standings = queue_store::list_standings(conn, who, mine, &walk)?;
    standings.retain(|standing| hits.contains_key(&standing.reference));
    standings.retain(|standing| after.as_ref().is_none_or(|after| place(&standing.reference) > *after));
    standings.sort_by_cached_key(|standing| place(&standing.reference));
    Ok(standings)
}

/// A page of the own reviews, each with its proposal.
///
/// # Errors
/// `BadCursor`.
pub async fn list_mine(app: &Callboard, who: Reviewer, cursor: Option<String>) -> Result<(ShownPage, OwnReviews)> {
    let done = ListReviewing { mine: Some(queue_model::Mine::Done), cursor, ..ListReviewing::default() };
    let page = list(app, who.clone(), done).await?;
    let references: Vec<String> = page.items.iter().map(|shown| shown.proposal.reference.clone()).collect();
    let read = move |conn: &mut Conn| {
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        store::list_mine(conn, &who, &references)
    };
    Ok((page, app.db.read(read).await?))
}

/// What stands before and after a proposal in the reviewer's lists.
///
/// # Errors
/// `Busy`.
pub async fn neighbors(app: &Callboard, who: Reviewer, reference: String) -> Result<Neighbors> {
    app.db.read(move |conn| queue_store::neighbors(conn, &who, &reference)).await
}

/// The proposals behind the standings, in their order.
fn shown(conn: &mut Conn, who: &Reviewer, standings: Vec<Standing>) -> Result<Vec<Shown>> {
    let references: Vec<&str> = standings.iter().map(|standing| standing.reference.as_str()).collect();
    let proposals = queue_store::for_review(conn, who, &references)?;
    let mut authors = match who.sight().sees_authors() {
        Some(sees) => Some(queue_store::authors(conn, &sees, &proposals)?),
        None => None,
    };
    let mut proposals: HashMap<String, BlindProposal> =
        proposals.into_iter().map(|proposal| (proposal.reference.clone(), proposal)).collect();
    let show = |standing: Standing| {
        let proposal = proposals.remove(&standing.reference)?;
        let authors = authors.as_mut().map(|authors| authors.remove(&proposal.id).unwrap_or_default());
        Some(Shown { proposal, standing, authors })
    };
    Ok(standings.into_iter().filter_map(show).collect())
}

/// # Errors
/// `NotFound` for whatever is not theirs to review.
pub async fn show(app: &Callboard, who: Reviewer, reference: String) -> Result<Shown> {
    let board = app.clone();
    app.db
        .read(move |conn| {
            let standing = queue_store::find_standing(conn, &who, &reference)?;
            let one = shown(conn, &who, vec![standing])?;
            note_authors(&board, &who, &one);
            one.into_iter().next().ok_or_else(Error::not_found)
        })
        .await
}

/// Where authors were shown, that they were.
fn note_authors(app: &Callboard, who: &Reviewer, shown: &[Shown]) {
    let named = shown.iter().filter(|shown| shown.authors.is_some());
    app.reads.add(who.event(), who.account(), named.map(|shown| shown.proposal.reference.clone()));
}

/// Whether a reviewer may see now what others wrote about a proposal.
pub(super) fn check_sight_of_others(who: &Reviewer, own_is_in: bool) -> Result<()> {
    match who.sees_reviews() {
        OthersReviews::Always => Ok(()),
        OthersReviews::AfterOwn if own_is_in => Ok(()),
        OthersReviews::AfterOwn => {
            let detail = "You see what others wrote once you have reviewed the proposal or abstained.";
            Err(Error::new(Code::OwnReviewFirst, detail))
        }
        OthersReviews::Never => {
            Err(Error::new(Code::NotInPhase, "What others wrote is not shown to reviewers in this phase."))
        }
    }
}

/// # Errors
/// `NotInPhase`; `OwnReviewFirst` until the own review or abstention is in.
pub async fn others(app: &Callboard, who: Reviewer, reference: String) -> Result<Vec<OthersReview>> {
    let board = app.clone();
    app.db
        .read(move |conn| {
            let mut reviews = store::list_reviews(conn, &who, &reference)?;
            check_sight_of_others(&who, reviews.iter().any(|review| review.account == who.account()))?;
            let pseudonym = |review: &Review| pseudonym(&board, &who, &reference, review.account);
            reviews.retain(|review| review.account != who.account());
            reviews.sort_by_cached_key(pseudonym);
            let other = |review| OthersReview { reviewer: pseudonym(&review), review };
            Ok(reviews.into_iter().map(other).collect())
        })
        .await
}

/// What a reviewer is called before the others: the same for every reader and as long as the proposal lives, so that
/// "Reviewer K7QM" can be talked about, and somebody else for the next proposal.
pub(super) fn pseudonym(app: &Callboard, who: &Reviewer, reference: &str, of: AccountId) -> String {
    let place = format!("{}:{reference}", who.scope().slug);
    format!("Reviewer {}", app.keys.pseudonym(&place, &of.0.to_string()))
}

/// The own review, and whether the proposal changed after it.
pub struct MyReview {
    pub review: Review,
    pub changed_since: bool,
}

/// # Errors
/// `NotFound` when there is none.
pub async fn show_mine(app: &Callboard, who: Reviewer, reference: String) -> Result<MyReview> {
    app.db
        .read(move |conn| {
            let review = store::find_mine(conn, &who, &reference)?;
            let changed_since = queue_store::find_standing(conn, &who, &reference)?.changed;
            Ok(MyReview { review, changed_since })
        })
        .await
}

/// Reviews or abstains, in place of what was there.
///
/// # Errors
/// `NotInPhase`; `Invalid` when it does not score every criterion within its scale.
pub async fn write(
    app: &Callboard,
    who: Reviewer,
    reference: String,
    input: WriteReview,
    version: IfMatch,
) -> Result<Review> {
    app.db.write_as(who, Turn::Plain, move |tx, who| write_in(tx, who, &reference, input, &version)).await
}

/// [`write()`], as a part of a transaction.
///
/// # Errors
/// As [`write()`].
pub fn write_in(
    tx: &mut Tx<'_>,
    who: &Reviewer,
    reference: &str,
    input: WriteReview,
    version: &IfMatch,
) -> Result<Review> {
    let (proposal, track) = queue_store::lock_reviewable(tx, who, reference)?;
    who.check_scoring()?;
    version.check_or_new(store::version_of_mine(tx, who, proposal)?)?;
    let mut criteria = criteria::store::hold_all(tx, who)?;
    criteria.retain(|criterion| criterion.applies_to(track));
    let judged = input.judge(&criteria)?;
    store::write_mine(tx, who, proposal, &judged)?;
    let written = Entry::new(Action::ReviewWritten, Object::Proposal(reference.to_owned()));
    audit::record(tx, who, who.event(), &written.with("state", judged.state.as_str()))?;
    store::find_mine(tx.conn(), who, reference)
}

/// # Errors
/// `NotFound` when there is none.
pub async fn take_back(app: &Callboard, who: Reviewer, reference: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, _) = queue_store::lock_reviewable(tx, who, &reference)?;
            who.check_scoring()?;
            version.check_if_sent(store::version_of_mine(tx, who, proposal)?.ok_or_else(Error::not_found)?)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::ReviewTakenBack, Object::Proposal(reference)))?;
            if store::delete_mine(tx, who, proposal)? { Ok(()) } else { Err(Error::not_found()) }
        })
        .await
}

/// # Errors
/// `NotFound`, also for the reader's own proposals: nobody reads reviews of the own talk.
pub async fn list_all(app: &Callboard, who: ProposalReader, code: String) -> Result<(Vec<SignedReview>, Summary)> {
    app.db
        .read(move |conn| {
            let proposal = store::find_for_reader(conn, &who, &code)?;
            let reviews = store::list_signed(conn, &who, proposal)?;
            let counted = reviews.iter().filter(|signed| signed.counted);
            let summary = summarize(counted.filter_map(|signed| signed.review.verdict()));
            Ok((reviews, summary))
        })
        .await
}
