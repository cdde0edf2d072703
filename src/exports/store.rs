//! SQL of exports: whole tables of one event, each in one stable order that internal keys have no part in.

use super::model::{Criterion, Person, Proposal, Review, Rows, Table, summaries};
use crate::{
    access::{ProposalReader, PublicEvent, Tracks, store::in_tracks},
    db::{
        Conn,
        schema::{
            accounts, criteria, events, formats, proposal_speakers, proposals, review_scores, reviews, speakers, tracks,
        },
        types::{AccountId, EventId, ProposalId, ReviewId, Ts},
    },
    error::Result,
    jobs::System,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    reviews::{criteria::model::counted_weight, model::ReviewState, store::counted},
};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// For whom the rows are.
#[derive(Clone, Copy)]
struct Reader {
    event: EventId,
    tracks: Tracks,
    /// What is said about this account's own proposals is left out.
    account: Option<AccountId>,
}

/// The rows of a table, without what is said about the reader's own proposals.
pub fn list(conn: &mut Conn, who: &ProposalReader, table: Table) -> Result<Rows> {
    rows(conn, table, Reader { event: who.event(), tracks: who.tracks(), account: Some(who.account()) })
}

/// The rows of a table, whole; `NotFound` when there is no such event.
pub fn list_for_system(conn: &mut Conn, system: System, slug: &str, table: Table) -> Result<Rows> {
    let event = events::table.filter(events::slug.eq(slug)).select(events::id).first(conn)?;
    rows(conn, table, Reader { event, tracks: Tracks::for_system(system), account: None })
}

fn rows(conn: &mut Conn, table: Table, reader: Reader) -> Result<Rows> {
    Ok(match table {
        Table::Talks => Rows::Talks(talks_of(conn, reader, "", i64::MAX)?),
        Table::Proposals => Rows::Proposals(proposals_of(conn, reader)?),
        Table::Reviews => {
            let (criteria, reviews) = reviews_of(conn, reader)?;
            Rows::Reviews { criteria, reviews }
        }
    })
}

/// Those behind the code `after`.
pub fn list_public_talks(conn: &mut Conn, event: &PublicEvent, after: &str, limit: i64) -> Result<Vec<Proposal>> {
    let anybody = Reader { event: event.event(), tracks: event.tracks(), account: None };
    talks_of(conn, anybody, after, limit)
}

fn talks_of(conn: &mut Conn, reader: Reader, after: &str, limit: i64) -> Result<Vec<Proposal>> {
    let found: Vec<Joined> = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(reader.event))
        .filter(in_tracks(reader.event, reader.tracks.of_what_is_public()))
        .filter(proposals::published_decision.eq(PublishedDecision::Accepted))
        .filter(proposals::confirmation.ne(Confirmation::Declined))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(proposals::code.gt(after))
        .select((Row::as_select(), formats::name, formats::minutes, tracks::name.nullable()))
        .order(proposals::code)
        .limit(limit)
        .load(conn)?;
    let ids = found.iter().map(|(row, ..)| row.id).collect();
    let mut people = people(conn, reader.event, Some(ids))?;
    Ok(found.into_iter().map(|row| proposal(row, &mut people)).collect())
}

fn proposals_of(conn: &mut Conn, reader: Reader) -> Result<Vec<Proposal>> {
    let found: Vec<Joined> = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(reader.event))
        .filter(in_tracks(reader.event, reader.tracks))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .select((Row::as_select(), formats::name, formats::minutes, tracks::name.nullable()))
        .order(proposals::code)
        .load(conn)?;
    let (criteria, reviews) = reviews_of(conn, reader)?;
    let summaries = summaries(&criteria, &reviews);
    let own = own(conn, reader)?;
    let mut people = people(conn, reader.event, None)?;
    let with_summary = |row: Joined| {
        let is_own = own.contains(&row.0.id);
        let mut proposal = proposal(row, &mut people);
        let summary = summaries.get(&proposal.code).copied().unwrap_or_default();
        proposal.summary = (!is_own).then_some(summary);
        proposal
    };
    Ok(found.into_iter().map(with_summary).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposals)]
struct Row {
    id: ProposalId,
    code: String,
    public_no: i64,
    title: String,
    abstract_: String,
    description: String,
    notes: String,
    lifecycle: Lifecycle,
    decided_at: Option<Ts>,
    decision: Decision,
    published_decision: Option<PublishedDecision>,
    published_at: Option<Ts>,
    confirmation: Option<Confirmation>,
}

/// With the format's name and minutes, and the track's name.
type Joined = (Row, String, i64, Option<String>);

fn proposal((row, format, minutes, track): Joined, people: &mut HashMap<ProposalId, Vec<Person>>) -> Proposal {
    Proposal {
        code: row.code,
        public_no: row.public_no,
        title: row.title,
        abstract_: row.abstract_,
        description: row.description,
        notes: row.notes,
        format,
        minutes,
        track,
        lifecycle: row.lifecycle,
        decided_at: row.decided_at,
        decision: row.decision,
        published_decision: row.published_decision,
        published_at: row.published_at,
        confirmation: row.confirmation,
        speakers: people.remove(&row.id).unwrap_or_default(),
        summary: None,
    }
}

/// Of these proposals, or of all: the owner, then those who accepted to speak too.
fn people(conn: &mut Conn, event: EventId, of: Option<Vec<ProposalId>>) -> Result<HashMap<ProposalId, Vec<Person>>> {
    let mut query = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(proposal_speakers::proposal_id.eq_any(of));
    }
    let rows: Vec<(ProposalId, String, String, String, Option<String>)> = query
        .select((
            proposal_speakers::proposal_id,
            speakers::name,
            speakers::affiliation,
            speakers::bio,
            accounts::email.nullable(),
        ))
        .order((proposal_speakers::position, speakers::code))
        .load(conn)?;
    let mut people: HashMap<_, Vec<Person>> = HashMap::new();
    for (proposal, name, affiliation, bio, email) in rows {
        people.entry(proposal).or_default().push(Person { name, affiliation, bio, email });
    }
    Ok(people)
}

/// The proposals of which the reader is a speaker: what is said about those is not for the reader.
fn own(conn: &mut Conn, reader: Reader) -> Result<HashSet<ProposalId>> {
    let Some(account) = reader.account else { return Ok(HashSet::new()) };
    let query = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::event_id.eq(reader.event))
        .filter(speakers::account_id.eq(account))
        .select(proposal_speakers::proposal_id);
    Ok(query.load(conn)?.into_iter().collect())
}

type ReviewRow = (ReviewId, ProposalId, String, String, String, ReviewState, String, String);

fn reviews_of(conn: &mut Conn, reader: Reader) -> Result<(Vec<Criterion>, Vec<Review>)> {
    let criteria: Vec<(String, String, (f64, bool))> = criteria::table
        .filter(criteria::event_id.eq(reader.event))
        .select((criteria::code, criteria::name, (criteria::weight, criteria::independent)))
        .order((criteria::position, criteria::code))
        .load(conn)?;
    let found: Vec<ReviewRow> = reviews::table
        .inner_join(proposals::table)
        .inner_join(accounts::table)
        .filter(reviews::event_id.eq(reader.event))
        .filter(counted())
        .filter(in_tracks(reader.event, reader.tracks))
        .select((
            reviews::id,
            proposals::id,
            proposals::code,
            proposals::title,
            accounts::name,
            reviews::state,
            reviews::comment,
            reviews::feedback,
        ))
        .order((proposals::code, accounts::code))
        .load(conn)?;
    let (mut scores, own) = (scores(conn, reader.event)?, own(conn, reader)?);
    let review = |(id, _, proposal, title, reviewer, state, comment, feedback): ReviewRow| Review {
        proposal,
        title,
        reviewer,
        state,
        comment,
        feedback,
        scores: scores.remove(&id).unwrap_or_default(),
    };
    let reviews = found.into_iter().filter(|row| !own.contains(&row.1)).map(review).collect();
    let criterion =
        |(code, name, (weight, independent))| Criterion { code, name, weight: counted_weight(weight, independent) };
    Ok((criteria.into_iter().map(criterion).collect(), reviews))
}

/// The scores of each review by the criterion's code.
fn scores(conn: &mut Conn, event: EventId) -> Result<HashMap<ReviewId, BTreeMap<String, i64>>> {
    let rows: Vec<(ReviewId, String, i64)> = review_scores::table
        .inner_join(criteria::table)
        .filter(review_scores::event_id.eq(event))
        .select((review_scores::review_id, criteria::code, review_scores::score))
        .load(conn)?;
    let mut scores: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for (review, criterion, score) in rows {
        scores.entry(review).or_default().insert(criterion, score);
    }
    Ok(scores)
}
