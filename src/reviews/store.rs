//! SQL of reviews and criteria.

use super::model::{Author, BlindProposal, Judgment, Review, ReviewState, Score, SignedReview, Standing};
use crate::{
    access::{
        ProposalReader, Reviewer, SeesAuthors, Tracks,
        phase::Sees,
        store::{InTracks, in_tracks},
    },
    db::{
        Conn, Tx,
        among::among,
        schema::{
            accounts, assignments, criteria, formats, proposal_speakers, proposals, review_scores, reviews, speakers,
            tracks,
        },
        types::{AccountId, CriterionId, EventId, ProposalId, ReviewId, Ts},
    },
    error::Result,
    locked, on,
    proposals::{
        choices::{self, model::Audience},
        model::Lifecycle,
        versions,
    },
};
use diesel::{dsl, expression::AsExpression, prelude::*, sql_types::Bool};
use std::collections::HashMap;

/// A proposal whose owner has an account and has not verified its address.
#[dsl::auto_type(type_case = "PascalCase")]
fn unverified(event: EventId) -> _ {
    dsl::exists(
        proposal_speakers::table
            .inner_join(speakers::table.inner_join(accounts::table))
            .filter(proposal_speakers::event_id.eq(event))
            .filter(proposal_speakers::proposal_id.eq(proposals::id))
            .filter(proposal_speakers::owner.eq(true))
            .filter(accounts::email_verified_at.is_null()),
    )
}

/// A proposal that the phase lets the reviewer see.
#[dsl::auto_type(type_case = "PascalCase")]
fn in_phase(who: &Reviewer) -> _ {
    let me: AccountId = who.account();
    let all: dsl::AsExprOf<bool, Bool> = AsExpression::<Bool>::as_expression(who.sees() == Sees::All);
    let assigned = assignments::table
        .filter(assignments::account_id.eq(me))
        .filter(assignments::released.eq(true))
        .select(assignments::proposal_id);
    all.or(proposals::id.eq_any(assigned))
}

/// The one rule of who may review what. To a reviewer, any other proposal does not exist: it is not shown, not counted
/// and not found.
#[dsl::auto_type]
fn reviewable_by(who: &Reviewer) -> _ {
    let event: EventId = who.event();
    let tracks: Tracks = who.tracks();
    let submitted: Lifecycle = Lifecycle::Submitted;
    let in_tracks: InTracks = in_tracks(event, tracks);
    let in_phase: InPhase = in_phase(who);
    let unverified: Unverified = unverified(event);
    proposals::event_id
        .eq(event)
        .and(proposals::lifecycle.eq(submitted))
        .and(proposals::invited.eq(false))
        .and(in_tracks)
        .and(in_phase)
        .and(dsl::not(unverified))
}

pub fn find_reviewable(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<ProposalId> {
    let query = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference));
    Ok(query.select(proposals::id).first(conn)?)
}

/// Locks the proposal: reviews of it are written one at a time, and while it stays submitted.
pub fn lock_reviewable(tx: &mut Tx<'_>, who: &Reviewer, reference: &str) -> Result<ProposalId> {
    let query = proposals::table.filter(reviewable_by(who)).filter(proposals::ref_.eq(reference)).select(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>)?)
}

/// All that the reviewer may review, in no order that means anything.
pub fn list_standings(conn: &mut Conn, who: &Reviewer) -> Result<Vec<Standing>> {
    let shown: Vec<(ProposalId, String)> = proposals::table
        .filter(reviewable_by(who))
        .select((proposals::id, proposals::ref_))
        .order(proposals::ref_)
        .load(conn)?;
    let of_event = reviews::event_id.eq(who.event());
    let counts: Vec<(ProposalId, i64)> = reviews::table
        .filter(of_event)
        .group_by(reviews::proposal_id)
        .select((reviews::proposal_id, dsl::count_star()))
        .load(conn)?;
    let mine: Vec<(ProposalId, ReviewState)> = reviews::table
        .filter(of_event)
        .filter(reviews::account_id.eq(who.account()))
        .select((reviews::proposal_id, reviews::state))
        .load(conn)?;
    let changed = versions::store::changed_since_review(conn, who)?;
    let (counts, mine): (HashMap<_, _>, HashMap<_, _>) = (counts.into_iter().collect(), mine.into_iter().collect());
    let standing = |(id, reference)| Standing {
        reference,
        reviews: counts.get(&id).copied().unwrap_or_default(),
        mine: mine.get(&id).copied(),
        changed: changed.contains(&id),
    };
    Ok(shown.into_iter().map(standing).collect())
}

/// Where one proposal stands; `NotFound` for those the reviewer may not review.
pub fn find_standing(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Standing> {
    let id = find_reviewable(conn, who, reference)?;
    let of_proposal = reviews::table.filter(reviews::event_id.eq(who.event())).filter(reviews::proposal_id.eq(id));
    let states: Vec<(AccountId, ReviewState)> = of_proposal.select((reviews::account_id, reviews::state)).load(conn)?;
    let mine = states.iter().find(|(account, _)| *account == who.account()).map(|(_, state)| *state);
    let reviews = i64::try_from(states.len()).unwrap_or(i64::MAX);
    let changed = versions::store::has_changed(conn, who, id)?;
    Ok(Standing { reference: reference.to_owned(), reviews, mine, changed })
}

type BlindRow = (ProposalId, String, String, String, String, String, Option<String>);

/// The proposals of these references that the reviewer may review. No column about the authors is read.
pub fn for_review(conn: &mut Conn, who: &Reviewer, references: &[&str]) -> Result<Vec<BlindProposal>> {
    let rows: Vec<BlindRow> = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(reviewable_by(who))
        .filter(proposals::ref_.eq_any(references))
        .select((
            proposals::id,
            proposals::ref_,
            proposals::title,
            proposals::abstract_,
            proposals::description,
            formats::name,
            tracks::name.nullable(),
        ))
        .load(conn)?;
    let ids: Vec<ProposalId> = rows.iter().map(|row| row.0).collect();
    let mut choices = choices::store::of(conn, &ids, Audience::Reviewers)?;
    let proposal = |(id, reference, title, abstract_, description, format, track): BlindRow| BlindProposal {
        choices: choices.remove(&id).unwrap_or_default(),
        id,
        reference,
        title,
        abstract_,
        description,
        format,
        track,
    };
    Ok(rows.into_iter().map(proposal).collect())
}

/// Who wrote the proposals: the owner, then those who accepted to speak too.
pub fn authors(conn: &mut Conn, _: &SeesAuthors, of: &[BlindProposal]) -> Result<HashMap<ProposalId, Vec<Author>>> {
    let ids = of.iter().map(|proposal| proposal.id);
    let rows: Vec<(ProposalId, String, String, String)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(among(proposal_speakers::proposal_id, ids))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((proposal_speakers::proposal_id, speakers::name, speakers::affiliation, speakers::bio))
        .order((proposal_speakers::position, proposal_speakers::id))
        .load(conn)?;
    let mut authors: HashMap<_, Vec<Author>> = HashMap::new();
    for (proposal, name, affiliation, bio) in rows {
        authors.entry(proposal).or_default().push(Author { name, affiliation, bio });
    }
    Ok(authors)
}

type ReviewRow = (ReviewId, AccountId, ReviewState, String, String, i64);

const REVIEW: (
    reviews::id,
    reviews::account_id,
    reviews::state,
    reviews::comment,
    reviews::feedback,
    reviews::version,
) = (reviews::id, reviews::account_id, reviews::state, reviews::comment, reviews::feedback, reviews::version);

fn review((id, account, state, comment, feedback, version): ReviewRow, scores: &mut Scores) -> Review {
    let scores = scores.remove(&id).unwrap_or_default();
    Review { id, account, state, comment, feedback, version, scores }
}

type Scores = HashMap<ReviewId, Vec<Score>>;

fn scores_of(conn: &mut Conn, event: EventId, reviews: impl IntoIterator<Item = ReviewId>) -> Result<Scores> {
    let rows: Vec<(ReviewId, String, f64, i64)> = review_scores::table
        .inner_join(criteria::table)
        .filter(review_scores::event_id.eq(event))
        .filter(among(review_scores::review_id, reviews))
        .select((review_scores::review_id, criteria::code, criteria::weight, review_scores::score))
        .order((criteria::position, criteria::code))
        .load(conn)?;
    let mut scores = Scores::new();
    for (review, criterion, weight, score) in rows {
        scores.entry(review).or_default().push(Score { criterion, weight, score });
    }
    Ok(scores)
}

/// All reviews of a proposal that the reviewer may review, the own one too; without who wrote them or when.
pub fn list_reviews(conn: &mut Conn, who: &Reviewer, reference: &str) -> Result<Vec<Review>> {
    let proposal = find_reviewable(conn, who, reference)?;
    let rows: Vec<ReviewRow> = reviews::table
        .filter(reviews::event_id.eq(who.event()))
        .filter(reviews::proposal_id.eq(proposal))
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
    Ok(())
}

/// The version of the own review, where there is one. `proposal` comes from [`lock_reviewable`].
pub fn version_of_mine(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<Option<i64>> {
    Ok(mine(who, proposal).select(reviews::version).first(tx.conn()).optional()?)
}

/// Deletes the own review; `false` when there is none.
pub fn delete_mine(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<bool> {
    Ok(diesel::delete(mine(who, proposal)).execute(tx.conn())? > 0)
}

/// Deletes the review of a proposal by somebody who speaks in it now.
pub fn delete_of_speaker(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, speaker: AccountId) -> Result<()> {
    let theirs = reviews::table
        .filter(reviews::event_id.eq(event))
        .filter(reviews::proposal_id.eq(proposal))
        .filter(reviews::account_id.eq(speaker));
    diesel::delete(theirs).execute(tx.conn())?;
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
    let rows: Vec<(ReviewRow, String, Ts)> = reviews::table
        .inner_join(accounts::table)
        .filter(reviews::event_id.eq(who.event()))
        .filter(reviews::proposal_id.eq(proposal))
        .select((REVIEW, accounts::name, reviews::updated_at))
        .order((reviews::created_at, accounts::code))
        .load(conn)?;
    let mut scores = scores_of(conn, who.event(), rows.iter().map(|(row, ..)| row.0))?;
    let signed = |(row, reviewer, updated_at)| SignedReview { review: review(row, &mut scores), reviewer, updated_at };
    Ok(rows.into_iter().map(signed).collect())
}
