//! SQL of where an event stands.

use super::model::{Reviewing, Row};
use crate::{
    access::{ProposalReader, store::in_tracks},
    db::{
        Conn,
        schema::{assignments, formats, proposals, reviews, tracks},
        types::Ts,
    },
    error::Result,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    reviews::model::ReviewState,
};
use diesel::{dsl, prelude::*};

type RowOf = (
    Lifecycle,
    Decision,
    Option<PublishedDecision>,
    Option<Ts>,
    Option<Confirmation>,
    Option<Ts>,
    bool,
    i64,
    String,
    Option<String>,
);

/// All proposals that the reader may know of; of drafts only that they are there.
pub fn rows(conn: &mut Conn, who: &ProposalReader) -> Result<Vec<Row>> {
    let rows = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(who.event()))
        .filter(in_tracks(who.event(), who.tracks()))
        .select((
            proposals::lifecycle,
            proposals::decision,
            proposals::published_decision,
            proposals::published_at,
            proposals::confirmation,
            proposals::decided_at,
            proposals::invited,
            proposals::review_count,
            formats::name,
            tracks::name.nullable(),
        ));
    let rows: Vec<RowOf> = rows.load(conn)?;
    let row = |row: RowOf| {
        let (lifecycle, decision, published, published_at, confirmation, submitted_at, invited, reviews, format, track) =
            row;
        Row {
            lifecycle,
            decision,
            published,
            published_at,
            confirmation,
            submitted_at,
            invited,
            reviews,
            format,
            track,
        }
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How far the reviewers are, with what is in the running.
pub fn reviewing(conn: &mut Conn, who: &ProposalReader) -> Result<Reviewing> {
    let in_the_running = || {
        proposals::table
            .filter(proposals::event_id.eq(who.event()))
            .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
            .filter(in_tracks(who.event(), who.tracks()))
            .select(proposals::id)
    };
    let finished = [ReviewState::Submitted, ReviewState::Abstained];
    let assigned = assignments::table
        .filter(assignments::released.eq(false))
        .filter(assignments::proposal_id.eq_any(in_the_running()));
    let done = dsl::exists(
        reviews::table
            .filter(reviews::proposal_id.eq(assignments::proposal_id))
            .filter(reviews::account_id.eq(assignments::account_id))
            .filter(reviews::state.eq_any(finished)),
    );
    let written = reviews::table
        .filter(reviews::proposal_id.eq_any(in_the_running()))
        .filter(reviews::state.eq(ReviewState::Submitted));
    Ok(Reviewing {
        assigned: assigned.count().get_result(conn)?,
        assigned_done: assigned.filter(done).count().get_result(conn)?,
        written: written.count().get_result(conn)?,
        reviewers: written.select(dsl::count(reviews::account_id).aggregate_distinct()).get_result(conn)?,
    })
}
