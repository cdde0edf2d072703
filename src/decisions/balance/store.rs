//! SQL of the balance.

use super::model::{Row, Speaker};
use crate::{
    access::{ProposalReader, store::in_tracks},
    db::{
        Conn,
        among::among,
        schema::{proposal_choices, proposal_speakers, proposals, speakers},
        types::{ChoiceId, ProposalId},
    },
    error::Result,
    proposals::model::{Decision, Lifecycle},
};
use diesel::prelude::*;

macro_rules! in_the_running {
    ($who:expr) => {
        proposals::table
            .filter(proposals::event_id.eq($who.event()))
            .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
            .filter(in_tracks($who.event(), $who.tracks()))
    };
}

/// What is in the running.
pub fn rows(conn: &mut Conn, who: &ProposalReader) -> Result<Vec<Row>> {
    let query = in_the_running!(who).select((
        proposals::id,
        proposals::code,
        proposals::format_id,
        proposals::track_id,
        proposals::decision.eq(Decision::Accepted),
    ));
    let rows = query.load(conn)?;
    let row = |(id, code, format, track, accepted)| Row { id, code, format, track, accepted };
    Ok(rows.into_iter().map(row).collect())
}

pub fn choices(conn: &mut Conn, who: &ProposalReader) -> Result<Vec<(ProposalId, ChoiceId)>> {
    let query = proposal_choices::table
        .filter(proposal_choices::proposal_id.eq_any(in_the_running!(who).select(proposals::id)))
        .select((proposal_choices::proposal_id, proposal_choices::choice_id));
    Ok(query.load(conn)?)
}

/// Who speaks in these, which come from [`rows`].
pub fn speakers(conn: &mut Conn, who: &ProposalReader, of: &[Row]) -> Result<Vec<Speaker>> {
    let query = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(who.event()))
        .filter(among(proposal_speakers::proposal_id, of.iter().map(|row| row.id)))
        .order((speakers::name, speakers::code))
        .select((proposal_speakers::proposal_id, speakers::code, speakers::name, speakers::affiliation));
    let rows = query.load(conn)?;
    let speaker = |(proposal, code, name, affiliation)| Speaker { proposal, code, name, affiliation };
    Ok(rows.into_iter().map(speaker).collect())
}
