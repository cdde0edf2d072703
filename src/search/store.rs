//! SQL of what is found.

use super::model::{Term, Wanted, folded};
use crate::{
    access::{ProposalReader, Reviewer, store::in_tracks},
    db::{
        Conn, Tx,
        portable::{Part, find_words, note_words},
        schema::{proposal_speakers, proposals, speakers},
        types::{EventId, ProposalId},
    },
    error::Result,
    proposals::model::Lifecycle,
};
use diesel::prelude::*;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// Makes a proposal findable by what it says now. Whoever submits one, or changes what is submitted, does this in the same
/// transaction.
pub fn note(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, talk: &str, description: &str) -> Result<()> {
    Ok(note_words(tx.conn(), (event, proposal), &folded(talk), &folded(description))?)
}

/// The proposals of an event in whose texts all terms stand; whoever asks shows of them what the viewer may see.
pub fn in_texts(conn: &mut Conn, event: EventId, wanted: &Wanted, part: Part) -> Result<HashSet<ProposalId>> {
    with_names(conn, event, wanted, part, |_| vec![])
}

/// As [`in_texts`], where each term may stand in what `named` finds instead.
pub fn with_names(
    conn: &mut Conn,
    event: EventId,
    wanted: &Wanted,
    part: Part,
    named: impl Fn(&Term) -> Vec<ProposalId>,
) -> Result<HashSet<ProposalId>> {
    let mut found: Option<HashSet<ProposalId>> = None;
    for term in &wanted.0 {
        let mut of_term: HashSet<ProposalId> =
            find_words(conn, event, &term.words, term.prefix, part)?.into_iter().collect();
        of_term.extend(named(term));
        found = Some(match found {
            None => of_term,
            Some(before) => &before & &of_term,
        });
    }
    Ok(found.unwrap_or_default())
}

/// What the committee finds by texts and by speakers' names: those with the most terms in their title first, then the newest.
pub fn for_committee(conn: &mut Conn, who: &ProposalReader, wanted: &Wanted) -> Result<Vec<ProposalId>> {
    let people: Vec<(ProposalId, String, String)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(who.event()))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((proposal_speakers::proposal_id, speakers::name, speakers::affiliation))
        .load(conn)?;
    // A name and an affiliation do not make a phrase together.
    let people: Vec<(ProposalId, [Vec<String>; 2])> =
        people.into_iter().map(|(id, name, from)| (id, [folded(&name), folded(&from)])).collect();
    let named = |term: &Term| {
        let theirs = people.iter().filter(|(_, texts)| texts.iter().any(|text| term.is_in(text)));
        theirs.map(|(id, _)| *id).collect()
    };
    let found = with_names(conn, who.event(), wanted, Part::Whole, named)?;
    let rows: Vec<(ProposalId, String)> = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(who.event(), who.tracks()))
        .order((proposals::created_at.desc(), proposals::code))
        .select((proposals::id, proposals::title))
        .load(conn)?;
    let mut ranked: Vec<(ProposalId, usize)> =
        rows.into_iter().filter(|row| found.contains(&row.0)).map(|(id, title)| (id, wanted.hits(&title))).collect();
    ranked.sort_by_key(|(_, hits)| Reverse(*hits));
    Ok(ranked.into_iter().map(|(id, _)| id).collect())
}

/// What a reviewer finds, by its reference, with how many terms stand in the title. No name is read, and of what is found
/// only what the reviewer may review is to be shown.
pub fn for_reviewer(conn: &mut Conn, who: &Reviewer, wanted: &Wanted) -> Result<HashMap<String, usize>> {
    let found = in_texts(conn, who.event(), wanted, Part::Whole)?;
    let rows: Vec<(ProposalId, String, String)> = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(in_tracks(who.event(), who.tracks()))
        .select((proposals::id, proposals::ref_, proposals::title))
        .load(conn)?;
    let seen = rows.into_iter().filter(|row| found.contains(&row.0));
    Ok(seen.map(|(_, reference, title)| (reference, wanted.hits(&title))).collect())
}
