//! SQL of reviews.

use super::{
    criteria::model::counted_weight,
    model::{Confidence, Judgment, Review, ReviewState, Score, SignedReview},
    queue_store::{find_reviewable, reviewable_by},
};
use crate::{
    access::{ProposalReader, Reviewer, store::in_tracks},
    db::{
        Conn, Tx,
        among::among,
        schema::{
            accounts, assignments, bids, conflicts, criteria, proposal_speakers, proposals, review_drafts,
            review_scores, review_skips, reviews, speakers,
        },
        types::{AccountId, CriterionId, EventId, ProposalId, ReviewId, Ts},
    },
    error::Result,
    on,
    proposals::model::Lifecycle,
};
use diesel::{dsl, prelude::*};
use std::collections::HashMap;

/// A review that counts: nobody has become known since to have a conflict of interest with what they reviewed.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn counted() -> _ {
    let conflicting = dsl::exists(
        conflicts::table
            .filter(conflicts::proposal_id.eq(reviews::proposal_id))
            .filter(conflicts::account_id.eq(reviews::account_id)),
    );
    let spoken = dsl::exists(
        proposal_speakers::table
            .inner_join(speakers::table)
            .filter(proposal_speakers::proposal_id.eq(reviews::proposal_id))
            .filter(speakers::account_id.eq(reviews::account_id.nullable())),
    );
    dsl::not(conflicting).and(dsl::not(spoken))
}

/// Counts the reviews of a proposal anew, after one came or went or ceased to count. Neither version nor time of the
/// proposal moves: its speakers see those.
pub fn recount(tx: &mut Tx<'_>, proposal: ProposalId) -> Result<()> {
    let of_proposal = reviews::table.filter(reviews::proposal_id.eq(proposal));
    let count: i64 = of_proposal.filter(counted()).count().get_result(tx.conn())?;
    diesel::update(proposals::table.find(proposal)).set(proposals::review_count.eq(count)).execute(tx.conn())?;
    Ok(())
}

type ReviewRow = (ReviewId, AccountId, ReviewState, String, String, Option<Confidence>, i64);

const REVIEW: (
    reviews::id,
    reviews::account_id,
    reviews::state,
    reviews::comment,
    reviews::feedback,
    reviews::confidence,
    reviews::version,
) = (
    reviews::id,
    reviews::account_id,
    reviews::state,
    reviews::comment,
    reviews::feedback,
    reviews::confidence,
    reviews::version,
);

fn review(row: ReviewRow, scores: &mut Scores) -> Review {
    let (id, account, state, comment, feedback, confidence, version) = row;
    let scores = scores.remove(&id).unwrap_or_default();
    Review { id, account, state, comment, feedback, confidence, version, scores }
}

type Scores = HashMap<ReviewId, Vec<Score>>;

fn scores_of(conn: &mut Conn, event: EventId, reviews: impl IntoIterator<Item = ReviewId>) -> Result<Scores> {
    let rows: Vec<(ReviewId, String, (f64, bool), i64)> = review_scores::table
        .inner_join(criteria::table)
        .filter(review_scores::event_id.eq(event))
        .filter(among(review_scores::review_id, reviews))
        .select((
            review_scores::review_id,
            criteria::code,
            (criteria::weight, criteria::independent),
            review_scores::score,
        ))
        .order((criteria::position, criteria::code))
        .load(conn)?;
    let mut scores = Scores::new();
    for (review, criterion, (weight, independent), score) in rows {
        let weight = counted_weight(weight, independent);
        scores.entry(review).or_default().push(Score { criterion, weight, score });
    }
    Ok(scores)
}

/// All reviews that count of a proposal that the reviewer may review, the own one too; without who wrote them or when.
pub fn list_reviews(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Vec<Review>> {
    let proposal = find_reviewable(conn, who, reference)?;
    let rows: Vec<ReviewRow> = reviews::table
        .filter(reviews::event_id.eq(who.event()))
        .filter(reviews::proposal_id.eq(proposal))
        .filter(counted())
        .select(REVIEW)
        .order(reviews::id)
        .load(conn)?;
    let mut scores = scores_of(conn, who.event(), rows.iter().map(|row| row.0))?;
    Ok(rows.into_iter().map(|row| review(row, &mut scores)).collect())
}

/// The reviewer's own review.
pub fn find_mine(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Review> {
    let proposal = find_reviewable(conn, who, reference)?;
    let row: ReviewRow = mine(who, proposal).select(REVIEW).first(conn)?;
    let mut scores = scores_of(conn, who.event(), [row.0])?;
    Ok(review(row, &mut scores))
}

/// The reviewer's own reviews of these proposals, by reference.
pub fn list_mine(conn: &mut Conn, who: &Reviewer, references: &[&str]) -> Result<HashMap<String, Review>> {
    let rows: Vec<(String, ReviewRow)> = reviews::table
        .inner_join(proposals::table)
        .filter(reviews::account_id.eq(who.account()))
        .filter(reviewable_by(who))
        .filter(proposals::ref_.eq_any(references))
        .select((proposals::ref_, REVIEW))
        .load(conn)?;
    let mut scores = scores_of(conn, who.event(), rows.iter().map(|(_, row)| row.0))?;
    Ok(rows.into_iter().map(|(reference, row)| (reference, review(row, &mut scores))).collect())
}

#[dsl::auto_type]
fn mine(who: &Reviewer, proposal: ProposalId) -> _ {
    let event: EventId = who.event();
    let me: AccountId = who.account();
    reviews::table
        .filter(reviews::event_id.eq(event))
        .filter(reviews::proposal_id.eq(proposal))
        .filter(reviews::account_id.eq(me))
}

#[derive(Insertable)]
#[diesel(table_name = review_scores, treat_none_as_default_value = false)]
struct NewScore {
    event_id: EventId,
    review_id: ReviewId,
    criterion_id: CriterionId,
    score: i64,
}

/// Writes the own review or replaces it. `proposal` comes from [`lock_reviewable`]: two at once would both insert.
pub fn write_mine(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId, judged: &Judgment) -> Result<()> {
    let now = tx.now()?;
    let event_id = who.event();
    let content = (
        reviews::state.eq(judged.state),
        reviews::comment.eq(&judged.comment),
        reviews::feedback.eq(&judged.feedback),
        reviews::confidence.eq(judged.confidence),
        reviews::updated_at.eq(now),
    );
    let before: Option<ReviewId> = diesel::update(mine(who, proposal))
        .set((content, reviews::version.eq(reviews::version + 1)))
        .returning(reviews::id)
        .get_result(tx.conn())
        .optional()?;
    let review_id = if let Some(id) = before {
        let before = review_scores::table.filter(review_scores::event_id.eq(event_id));
        diesel::delete(before.filter(review_scores::review_id.eq(id))).execute(tx.conn())?;
        id
    } else {
        let new = (
            reviews::event_id.eq(event_id),
            reviews::proposal_id.eq(proposal),
            reviews::account_id.eq(who.account()),
            content,
            reviews::version.eq(1),
            reviews::created_at.eq(now),
        );
        diesel::insert_into(reviews::table).values(new).returning(reviews::id).get_result(tx.conn())?
    };
    let score = |&(criterion_id, score): &(CriterionId, i64)| NewScore { event_id, review_id, criterion_id, score };
    let scores: Vec<NewScore> = judged.scores.iter().map(score).collect();
    on!(tx.conn(), c => diesel::insert_into(review_scores::table).values(&scores).execute(c))?;
    forget_draft(tx, who, proposal)?;
    recount(tx, proposal)
}

/// What was begun is handed in, and what was put off is done.
fn forget_draft(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    let drafts = review_drafts::table.filter(review_drafts::account_id.eq(who.account()));
    diesel::delete(drafts.filter(review_drafts::proposal_id.eq(proposal))).execute(tx.conn())?;
    let skips = review_skips::table.filter(review_skips::account_id.eq(who.account()));
    diesel::delete(skips.filter(review_skips::proposal_id.eq(proposal))).execute(tx.conn())?;
    Ok(())
}

/// The version of the own review, where there is one. `proposal` comes from [`lock_reviewable`].
pub fn version_of_mine(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<Option<i64>> {
    Ok(mine(who, proposal).select(reviews::version).first(tx.conn()).optional()?)
}

/// Whether the own review is in. `proposal` is one that the reviewer may review.
pub fn has_mine(conn: &mut Conn, who: &Reviewer, proposal: ProposalId) -> Result<bool> {
    Ok(diesel::select(dsl::exists(mine(who, proposal))).get_result(conn)?)
}

/// Deletes the own review; `false` when there is none.
pub fn delete_mine(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<bool> {
    let deleted = diesel::delete(mine(who, proposal)).execute(tx.conn())?;
    recount(tx, proposal)?;
    Ok(deleted > 0)
}

/// Deletes the review of a proposal by somebody who speaks in it now, and what was to become one.
pub fn delete_of_speaker(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, speaker: AccountId) -> Result<()> {
    macro_rules! forget {
        ($($table:ident)+) => {$(
            let theirs = $table::table.filter($table::account_id.eq(speaker)).filter($table::event_id.eq(event));
            diesel::delete(theirs.filter($table::proposal_id.eq(proposal))).execute(tx.conn())?;
        )+};
    }
    forget!(review_drafts review_skips bids assignments);
    let theirs = reviews::table
        .filter(reviews::event_id.eq(event))
        .filter(reviews::proposal_id.eq(proposal))
        .filter(reviews::account_id.eq(speaker));
    diesel::delete(theirs).execute(tx.conn())?;
    recount(tx, proposal)
}

/// Deletes the reviews by somebody that do not count: nothing would tell that any more once the person is forgotten.
pub fn delete_uncounted(tx: &mut Tx<'_>, by: AccountId) -> Result<()> {
    let uncounted = reviews::table.filter(reviews::account_id.eq(by)).filter(dsl::not(counted()));
    diesel::delete(uncounted).execute(tx.conn())?;
    Ok(())
}

/// The proposal for a reader who has no conflict of interest with it; drafts are their authors' own affair.
pub fn find_for_reader(conn: &mut Conn, who: &ProposalReader, code: &str) -> Result<ProposalId> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()));
    Ok(query.select(proposals::id).first(conn)?)
}

/// All reviews of a proposal from [`find_for_reader`], the oldest first.
pub fn list_signed(conn: &mut Conn, who: &ProposalReader, proposal: ProposalId) -> Result<Vec<SignedReview>> {
    let rows: Vec<(ReviewRow, String, Ts, bool)> = reviews::table
        .inner_join(accounts::table)
        .filter(reviews::event_id.eq(who.event()))
        .filter(reviews::proposal_id.eq(proposal))
        .select((REVIEW, accounts::name, reviews::updated_at, counted()))
        .order((reviews::created_at, accounts::code))
        .load(conn)?;
    let mut scores = scores_of(conn, who.event(), rows.iter().map(|(row, ..)| row.0))?;
    let signed = |(row, reviewer, updated_at, counted)| SignedReview {
        review: review(row, &mut scores),
        reviewer,
        updated_at,
        counted,
    };
    Ok(rows.into_iter().map(signed).collect())
}
