//! SQL of private decisions.

use super::model::Facts;
use crate::{
    access::{Decider, store::in_tracks},
    db::{
        Conn, Tx,
        schema::proposals,
        types::{EventId, ProposalId},
    },
    error::Result,
    locked,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    text::PublicCode,
};
use diesel::prelude::*;
use std::collections::HashMap;

type FactsRow = (ProposalId, String, Lifecycle, Decision, i64, Option<PublishedDecision>, Option<Confirmation>);

fn facts((id, code, lifecycle, decision, decision_version, published_decision, confirmation): FactsRow) -> Facts {
    Facts { id, code, lifecycle, decision, decision_version, published_decision, confirmation }
}

const FACTS: (
    proposals::id,
    proposals::code,
    proposals::lifecycle,
    proposals::decision,
    proposals::decision_version,
    proposals::published_decision,
    proposals::confirmation,
) = (
    proposals::id,
    proposals::code,
    proposals::lifecycle,
    proposals::decision,
    proposals::decision_version,
    proposals::published_decision,
    proposals::confirmation,
);

/// Text of another form names nothing, and PostgreSQL fails on some of it.
fn of_codes_form(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).filter(|code| PublicCode::new(code).is_ok()).collect()
}

/// The event's proposals of these codes, locked in the order everybody locks them. Who decides knows of no drafts.
pub fn lock_by_codes(tx: &mut Tx<'_>, who: &Decider, codes: &[String]) -> Result<Vec<Facts>> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq_any(of_codes_form(codes)))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .select(FACTS)
        .order(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, load::<FactsRow>)?.into_iter().map(facts).collect())
}

/// The same without a lock, to look at only.
pub fn list_by_codes(conn: &mut Conn, who: &Decider, codes: &[String]) -> Result<Vec<Facts>> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq_any(of_codes_form(codes)))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .select(FACTS)
        .order(proposals::id);
    Ok(query.load::<FactsRow>(conn)?.into_iter().map(facts).collect())
}

/// The titles of these proposals by their codes.
pub fn titles(conn: &mut Conn, who: &Decider, codes: &[String]) -> Result<HashMap<String, String>> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq_any(of_codes_form(codes)))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .select((proposals::code, proposals::title));
    Ok(query.load::<(String, String)>(conn)?.into_iter().collect())
}

/// Sets the private decision, which has a version of its own: neither version nor time of the proposal moves, because
/// its speakers see those.
pub fn update_decision(tx: &mut Tx<'_>, who: &Decider, ids: &[ProposalId], to: Decision) -> Result<usize> {
    let submitted = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::id.eq_any(ids))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(in_tracks(who.event(), who.tracks()));
    Ok(diesel::update(submitted)
        .set((proposals::decision.eq(to), proposals::decision_version.eq(proposals::decision_version + 1)))
        .execute(tx.conn())?)
}

/// Title and code, for mails.
pub fn title_and_code(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<(String, String)> {
    let query = proposals::table.filter(proposals::event_id.eq(event)).filter(proposals::id.eq(proposal));
    Ok(query.select((proposals::title, proposals::code)).first(conn)?)
}
