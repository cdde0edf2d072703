//! SQL of what somebody did as a reviewer.

use crate::{
    access::{SignedIn, store::spoken},
    assignment::{inputs::Expertise, model::Bid},
    db::{
        Conn,
        schema::{
            assignments, bids, comments, conflicts, criteria, events, proposals, review_drafts, review_scores,
            review_skips, reviews,
        },
        types::{ReviewId, Ts},
    },
    error::Result,
    privacy::data_store::Event,
    reviews::{
        conflicts::model::{Kind, Source},
        model::{Confidence, ReviewState},
    },
};
use diesel::{dsl, prelude::*};

/// A review that the person wrote; the proposal by the committee's reference, its texts are another's.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reviews)]
pub struct Review {
    pub id: ReviewId,
    pub state: ReviewState,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
}

pub fn reviews_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, Review)>> {
    let mine = reviews::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(reviews::account_id.eq(who.account()));
    Ok(mine.select((Event::as_select(), proposals::ref_, Review::as_select())).order(reviews::id).load(conn)?)
}

/// Review, name of the criterion, score.
pub fn scores_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(ReviewId, String, i64)>> {
    let mine = review_scores::table
        .inner_join(reviews::table)
        .inner_join(criteria::table)
        .filter(reviews::account_id.eq(who.account()));
    Ok(mine.select((reviews::id, criteria::name, review_scores::score)).order(review_scores::id).load(conn)?)
}

/// A review that the person began, with the committee's reference of the proposal; scores are JSON.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = review_drafts)]
pub struct Draft {
    pub scores: String,
    pub abstain: bool,
    pub comment: String,
    pub feedback: String,
    pub confidence: Option<Confidence>,
    pub version: i64,
    pub updated_at: Ts,
}

pub fn drafts_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, Draft)>> {
    let mine = review_drafts::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(review_drafts::account_id.eq(who.account()));
    let columns = (Event::as_select(), proposals::ref_, Draft::as_select());
    Ok(mine.select(columns).order(review_drafts::id).load(conn)?)
}

/// What the person put off, as [`assignments_of`].
pub fn skips_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, Ts)>> {
    let mine = review_skips::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(review_skips::account_id.eq(who.account()))
        .filter(dsl::not(review_skips::proposal_id.eq_any(spoken(who.account()))));
    let columns = (Event::as_select(), proposals::ref_, review_skips::skipped_at);
    Ok(mine.select(columns).order(review_skips::id).load(conn)?)
}

/// What the person said to committees.
pub fn comments_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, String, Ts)>> {
    let mine = comments::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(comments::account_id.eq(who.account()));
    let columns = (Event::as_select(), proposals::ref_, comments::text, comments::created_at);
    Ok(mine.select(columns).order(comments::id).load(conn)?)
}

/// What the person said about themselves, by the committee's reference. What organizers noted is about others too: it
/// would tell that a proposal is of somebody close.
pub fn conflicts_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, Kind, Ts)>> {
    let mine = conflicts::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(conflicts::account_id.eq(who.account()))
        .filter(conflicts::source.eq(Source::Reviewer));
    let columns = (Event::as_select(), proposals::ref_, conflicts::kind, conflicts::created_at);
    Ok(mine.select(columns).order(conflicts::id).load(conn)?)
}

/// What the person shall review; not what they speak in themselves, of which they may not know the reference.
pub fn assignments_of(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, Ts)>> {
    let mine = assignments::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(assignments::account_id.eq(who.account()))
        .filter(assignments::released.eq(true))
        .filter(dsl::not(assignments::proposal_id.eq_any(spoken(who.account()))));
    let columns = (Event::as_select(), proposals::ref_, assignments::created_at);
    Ok(mine.select(columns).order(assignments::id).load(conn)?)
}

pub type PlacedBid = (Event, String, Bid, Expertise, Ts);

/// What the person would like to review; not of what they speak in themselves.
pub fn bids_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<PlacedBid>> {
    let mine = bids::table
        .inner_join(proposals::table.inner_join(events::table))
        .filter(bids::account_id.eq(who.account()))
        .filter(dsl::not(bids::proposal_id.eq_any(spoken(who.account()))));
    let columns = (Event::as_select(), proposals::ref_, bids::bid, bids::expertise, bids::updated_at);
    Ok(mine.select(columns).order(bids::id).load(conn)?)
}
