//! What reviewers and organizers do with reviews.

use super::{
    criteria_store,
    model::{
        self, Author, BlindProposal, Criterion, EditCriterion, ListReviewing, MOST_CRITERIA, Mine, NewCriterion,
        Review, ReviewState, SignedReview, Standing, WriteReview, check_scale,
    },
    store,
};
use crate::{
    access::{Organizer, ProposalReader, Reviewer, phase::OthersReviews},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Turn, Tx},
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
    ranking::model::{Summary, summarize},
};
use std::collections::HashMap;

/// How far a reviewer has come.
pub struct Progress {
    pub total: usize,
    pub done: usize,
    pub abstained: usize,
    pub blind: bool,
    pub criteria: Vec<Criterion>,
}

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

/// Somebody else's review. The pseudonym is theirs for this proposal only.
pub struct OthersReview {
    pub reviewer: String,
    pub review: Review,
}

/// # Errors
/// When the database refuses it.
pub async fn progress(app: &Callboard, who: Reviewer) -> Result<Progress> {
    app.db
        .read(move |conn| {
            let standings = store::list_standings(conn, &who)?;
            let mine = |state| standings.iter().filter(|standing| standing.mine == Some(state)).count();
            Ok(Progress {
                total: standings.len(),
                done: mine(ReviewState::Submitted),
                abstained: mine(ReviewState::Abstained),
                blind: who.sight().sees_authors().is_none(),
                criteria: criteria_store::list(conn, who.event())?,
            })
        })
        .await
}

/// The proposal with the fewest reviews of those that are left; ties fall differently for every reviewer.
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
            let order = order(&board, &who);
            let left = store::list_standings(conn, &who)?.into_iter().filter(|standing| standing.mine.is_none());
            let next = left.min_by_key(|standing| (standing.reviews, order(&standing.reference)));
            let next = shown(conn, &who, next.into_iter().collect())?;
            note_authors(&board, &who, &next);
            Ok(next.into_iter().next())
        })
        .await
}

/// The order of a reviewer's lists. It says nothing about the proposals and is another one for every reviewer.
fn order(app: &Callboard, who: &Reviewer) -> impl Fn(&str) -> (u64, String) + use<> {
    let (app, key) = (app.clone(), who.order_key());
    move |reference| (app.keys.order(&key, reference), reference.to_owned())
}

/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: Reviewer, input: ListReviewing) -> Result<ShownPage> {
    let board = app.clone();
    let after = input.cursor.as_deref().map(model::after).transpose()?;
    let limit = usize::try_from(input.limit.unwrap_or(50)).unwrap_or(usize::MAX);
    app.db
        .read(move |conn| {
            let order = order(&board, &who);
            let after = after.map(|reference| order(&reference));
            let mut standings = store::list_standings(conn, &who)?;
            standings.retain(|standing| match input.mine {
                None => true,
                Some(Mine::Done) => standing.mine.is_some(),
                Some(Mine::Left) => standing.mine.is_none(),
            });
            standings.sort_by_cached_key(|standing| order(&standing.reference));
            standings.retain(|standing| after.as_ref().is_none_or(|after| order(&standing.reference) > *after));
            let more = standings.len() > limit;
            standings.truncate(limit);
            let next = standings.last().filter(|_| more).map(|last| model::cursor(&last.reference));
            let items = shown(conn, &who, standings)?;
            note_authors(&board, &who, &items);
            Ok(ShownPage { items, next })
        })
        .await
}

/// The proposals behind the standings, in their order.
fn shown(conn: &mut Conn, who: &Reviewer, standings: Vec<Standing>) -> Result<Vec<Shown>> {
    let references: Vec<&str> = standings.iter().map(|standing| standing.reference.as_str()).collect();
    let proposals = store::for_review(conn, who, &references)?;
    let mut authors = match who.sight().sees_authors() {
        Some(sees) => Some(store::authors(conn, &sees, &proposals)?),
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
            let standing = store::find_standing(conn, &who, &reference)?;
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
fn check_sight_of_others(who: &Reviewer, own_is_in: bool) -> Result<()> {
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
            // The same for every reader and as long as the proposal lives, so that "Reviewer K7QM" can be talked about.
            let place = format!("{}:{reference}", who.scope().slug);
            let pseudonym = |review: &Review| board.keys.pseudonym(&place, &review.account.0.to_string());
            reviews.retain(|review| review.account != who.account());
            reviews.sort_by_cached_key(pseudonym);
            let other = |review| OthersReview { reviewer: format!("Reviewer {}", pseudonym(&review)), review };
            Ok(reviews.into_iter().map(other).collect())
        })
        .await
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
            let changed_since = store::find_standing(conn, &who, &reference)?.changed;
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
    let proposal = store::lock_reviewable(tx, who, reference)?;
    who.check_scoring()?;
    version.check_or_new(store::version_of_mine(tx, who, proposal)?)?;
    let judged = input.judge(&criteria_store::hold_all(tx, who)?)?;
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
            let proposal = store::lock_reviewable(tx, who, &reference)?;
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
            let summary = summarize(reviews.iter().map(|signed| signed.review.total()));
            Ok((reviews, summary))
        })
        .await
}

/// # Errors
/// When the database refuses it.
pub async fn list_criteria(app: &Callboard, who: ProposalReader) -> Result<Vec<Criterion>> {
    app.db.read(move |conn| criteria_store::list(conn, who.event())).await
}

/// Reviews that are in keep the criteria they have.
///
/// # Errors
/// `Invalid`; `WrongState` when the event has as many as it may.
pub async fn add_criterion<R: Render<Criterion>>(
    app: &Callboard,
    who: Organizer,
    input: NewCriterion,
    render: R,
) -> Result<R::Out> {
    check_scale(input.lowest, input.highest)?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            if criteria_store::list(tx.conn(), who.event())?.len() >= MOST_CRITERIA {
                return Err(Error::wrong_state(format!("An event has at most {MOST_CRITERIA} criteria.")));
            }
            let added = criteria_store::insert(tx, who, &input)?;
            audit::record(
                tx,
                who,
                who.event(),
                &Entry::new(Action::CriterionAdded, Object::Criterion(added.code.clone())),
            )?;
            Ok(added)
        })
        .await
}

/// # Errors
/// `InUse` for another scale when reviews have scores on the old one.
pub async fn edit_criterion(
    app: &Callboard,
    who: Organizer,
    code: String,
    input: EditCriterion,
    version: IfMatch,
) -> Result<Criterion> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let before = criteria_store::lock(tx, who, &code)?;
            version.check(before.version)?;
            let (after, rescaled) = before.edited(input);
            check_scale(after.lowest, after.highest)?;
            if rescaled && criteria_store::is_used(tx.conn(), before.id)? {
                return Err(Error::new(
                    Code::InUse,
                    "Reviews have scores on its scale. Add another criterion instead.",
                ));
            }
            criteria_store::update(tx, who, &after)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::CriterionChanged, Object::Criterion(code)))?;
            Ok(Criterion { version: after.version + 1, ..after })
        })
        .await
}

/// # Errors
/// `InUse` when reviews have scores for it; `WrongState` for the last one.
pub async fn remove_criterion(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let criterion = criteria_store::lock(tx, who, &code)?;
            version.check_if_sent(criterion.version)?;
            if criteria_store::is_used(tx.conn(), criterion.id)? {
                return Err(Error::new(Code::InUse, "Reviews have scores for it. Lower its weight instead."));
            }
            if criteria_store::list(tx.conn(), who.event())?.len() <= 1 {
                return Err(Error::wrong_state("An event keeps at least one criterion."));
            }
            audit::record(tx, who, who.event(), &Entry::new(Action::CriterionRemoved, Object::Criterion(code)))?;
            criteria_store::delete(tx, who, criterion.id)
        })
        .await
}
