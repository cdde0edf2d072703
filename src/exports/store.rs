//! SQL of exports: whole tables of one event, each in one stable order that internal keys have no part in.

use super::model::{Category, Criterion, Listed, Person, Proposal, Review, Rows, Speaker, Table};
use crate::{
    access::{ProposalReader, PublicEvent, Tracks, store::in_tracks},
    db::{
        Conn,
        among::among,
        portable::Part,
        schema::{
            accounts, categories, criteria, events, formats, headshots, proposal_speakers, proposals, review_scores,
            reviews, speakers, tracks,
        },
        types::{EventId, ProposalId, ReviewId, TextList, Ts},
    },
    error::{Error, Result},
    jobs::System,
    proposals::{
        choices::{self, model::Audience, store::PickedOf},
        model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    },
    ranking::{
        self,
        model::LIVE_SEED,
        store::{Reader, hidden},
    },
    reviews::{
        criteria::model::counted_weight,
        model::{Confidence, ReviewState},
        store::counted,
    },
    search::{
        self,
        model::{Term, Wanted, folded},
    },
};
use diesel::{dsl, prelude::*};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
};

/// The rows of a table, without what is said about the reader's own proposals.
pub fn list(conn: &mut Conn, who: &ProposalReader, table: Table) -> Result<Rows> {
    rows(conn, table, Reader::of(who))
}

/// The rows of a table, whole; `NotFound` when there is no such event.
pub fn list_for_system(conn: &mut Conn, system: System, slug: &str, table: Table) -> Result<Rows> {
    let event = events::table.filter(events::slug.eq(slug)).select(events::id).first(conn)?;
    rows(conn, table, Reader { event, tracks: Tracks::for_system(system), account: None })
}

fn rows(conn: &mut Conn, table: Table, reader: Reader) -> Result<Rows> {
    Ok(match table {
        Table::Talks => {
            let categories = categories(conn, reader.event, Audience::Everyone)?;
            Rows::Talks { categories, talks: talks_of(conn, reader, Page::ALL)? }
        }
        Table::Proposals => {
            let categories = categories(conn, reader.event, Audience::Organizers)?;
            Rows::Proposals { categories, proposals: proposals_of(conn, reader)? }
        }
        Table::Speakers => Rows::Speakers(speakers_of(conn, reader)?),
        Table::Reviews => {
            let (criteria, reviews) = reviews_of(conn, reader)?;
            Rows::Reviews { criteria, reviews }
        }
    })
}

/// Those behind the code `after`.
pub fn list_public_talks(conn: &mut Conn, event: &PublicEvent, after: &str, limit: i64) -> Result<Vec<Proposal>> {
    talks_of(conn, anybody(event), Page { among: None, after, limit })
}

pub fn find_public_talk(conn: &mut Conn, event: &PublicEvent, code: &str) -> Result<Option<Proposal>> {
    let among: Vec<ProposalId> = proposals::table
        .filter(proposals::event_id.eq(event.event()))
        .filter(proposals::code.eq(code))
        .select(proposals::id)
        .load(conn)?;
    Ok(talks_of(conn, anybody(event), Page { among: Some(among), after: "", limit: 1 })?.pop())
}

fn anybody(event: &PublicEvent) -> Reader {
    Reader { event: event.event(), tracks: event.tracks(), account: None }
}

/// That it is a published acceptance that has not left.
macro_rules! in_program {
    () => {
        proposals::published_decision
            .eq(PublishedDecision::Accepted)
            .and(proposals::confirmation.ne(Confirmation::Declined))
            .and(proposals::lifecycle.eq(Lifecycle::Submitted))
    };
}

/// The talks of which everybody sees something else since an instant, behind the code `after`.
pub fn list_changes(conn: &mut Conn, event: &PublicEvent, since: Ts, after: &str, limit: i64) -> Result<Vec<Listed>> {
    let presented_anew = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::proposal_id.eq(proposals::id))
        .filter(speakers::changed_at.ge(since));
    let changed: Vec<(ProposalId, String)> = proposals::table
        .filter(proposals::event_id.eq(event.event()))
        .filter(proposals::talk_changed_at.ge(since).or(in_program!().and(dsl::exists(presented_anew))))
        .filter(proposals::code.gt(after))
        .select((proposals::id, proposals::code))
        .order(proposals::code)
        .limit(limit)
        .load(conn)?;
    let among = changed.iter().map(|(id, _)| *id).collect();
    let talks = talks_of(conn, anybody(event), Page { among: Some(among), after, limit })?;
    let mut talks: HashMap<String, Proposal> = talks.into_iter().map(|talk| (talk.code.clone(), talk)).collect();
    let listed = |(_, code): (ProposalId, String)| talks.remove(&code).map_or(Listed::Gone(code), Listed::talk);
    Ok(changed.into_iter().map(listed).collect())
}

/// The talks in whose public texts or speakers' names all terms stand: those with the most in the title first.
pub fn search_public_talks(conn: &mut Conn, event: &PublicEvent, wanted: &Wanted) -> Result<Vec<Proposal>> {
    let mut talks = list_public_talks(conn, event, "", i64::MAX)?;
    let codes: Vec<(ProposalId, String)> = proposals::table
        .filter(proposals::event_id.eq(event.event()))
        .filter(proposals::published_decision.eq(PublishedDecision::Accepted))
        .select((proposals::id, proposals::code))
        .load(conn)?;
    let ids: HashMap<&str, ProposalId> = codes.iter().map(|(id, code)| (code.as_str(), *id)).collect();
    let named = |term: &Term| {
        let has = |text: &String| term.is_in(&folded(text));
        let theirs = talks
            .iter()
            .filter(|talk| talk.speakers.iter().any(|person| has(&person.name) || has(&person.affiliation)));
        theirs.filter_map(|talk| ids.get(talk.code.as_str()).copied()).collect()
    };
    let found = search::store::with_names(conn, event.event(), wanted, Part::Talk, named)?;
    talks.retain(|talk| ids.get(talk.code.as_str()).is_some_and(|id| found.contains(id)));
    talks.sort_by_cached_key(|talk| Reverse(wanted.hits(&talk.title)));
    Ok(talks)
}

/// Which of the talks, by code.
struct Page<'p> {
    among: Option<Vec<ProposalId>>,
    after: &'p str,
    limit: i64,
}

impl Page<'_> {
    const ALL: Page<'static> = Page { among: None, after: "", limit: i64::MAX };
}

fn talks_of(conn: &mut Conn, reader: Reader, page: Page<'_>) -> Result<Vec<Proposal>> {
    let mut query = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(reader.event))
        .filter(in_tracks(reader.event, reader.tracks.of_what_is_public()))
        .filter(in_program!())
        .filter(proposals::code.gt(page.after))
        .select((Row::as_select(), formats::name, formats::minutes, tracks::name.nullable()))
        .order(proposals::code)
        .limit(page.limit)
        .into_boxed();
    if let Some(ids) = page.among {
        query = query.filter(among(proposals::id, ids));
    }
    let found: Vec<Joined> = query.load(conn)?;
    let ids: Vec<ProposalId> = found.iter().map(|(row, ..)| row.id).collect();
    // Of a page by its proposals; of a whole event they could be too many for one statement.
    let mut choices = if page.limit == i64::MAX {
        choices::store::of_event(conn, reader.event, Audience::Everyone)?
    } else {
        choices::store::of(conn, &ids, Audience::Everyone)?
    };
    let mut people = people(conn, reader.event, Some(ids))?;
    Ok(found.into_iter().map(|row| proposal(row, &mut people, &mut choices)).collect())
}

/// The categories that the audience is shown, in their order.
fn categories(conn: &mut Conn, event: EventId, audience: Audience) -> Result<Vec<Category>> {
    let rows: Vec<(String, String)> = categories::table
        .filter(categories::event_id.eq(event))
        .filter(categories::shown_to.eq_any(audience.sees()))
        .order((categories::position, categories::code))
        .select((categories::code, categories::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(code, name)| Category { code, name }).collect())
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
    let listed = ranking::store::list(conn, reader)?;
    let (reviews, _) = ranking::store::reviews(conn, reader, &listed)?;
    let seen: HashSet<ProposalId> = listed.into_iter().map(|of| of.id).collect();
    let summaries = reviews.summaries();
    let ranking = reviews.rank(reviews.parameters(LIVE_SEED, None)).map_err(|_| Error::internal("unsettled"))?;
    let ranks: HashMap<ProposalId, u32> = ranking.ranked.iter().map(|of| (of.proposal, of.rank)).collect();
    let mut people = people(conn, reader.event, None)?;
    let mut choices = choices::store::of_event(conn, reader.event, Audience::Organizers)?;
    let with_figures = |row: Joined| {
        let id = row.0.id;
        let summary = summaries.get(&id).copied().unwrap_or_default();
        Proposal {
            summary: seen.contains(&id).then_some(summary),
            calibrated: ranking.calibrated.get(&id).copied(),
            rank: ranks.get(&id).copied(),
            ..proposal(row, &mut people, &mut choices)
        }
    };
    Ok(found.into_iter().map(with_figures).collect())
}

type SpeakerRow = ((String, String, String, String, TextList), (Option<String>, Option<String>), (String, String));

/// Whoever speaks in a proposal that the reader may see, by code.
fn speakers_of(conn: &mut Conn, reader: Reader) -> Result<Vec<Speaker>> {
    let seen: Vec<ProposalId> = proposals::table
        .filter(proposals::event_id.eq(reader.event))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .filter(in_tracks(reader.event, reader.tracks))
        .select(proposals::id)
        .load(conn)?;
    let rows: Vec<SpeakerRow> = proposal_speakers::table
        .inner_join(proposals::table)
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(among(proposal_speakers::proposal_id, seen))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((
            (speakers::code, speakers::name, speakers::affiliation, speakers::bio, speakers::links),
            (accounts::email.nullable(), speakers::email),
            (proposals::code, proposals::title),
        ))
        .order((speakers::code, proposals::code))
        .load(conn)?;
    let mut speakers: Vec<Speaker> = vec![];
    for ((code, name, affiliation, bio, links), (email, entered), proposal) in rows {
        if let Some(last) = speakers.last_mut().filter(|last| last.code == code) {
            last.proposals.push(proposal);
        } else {
            let (email, links, proposals) = (email.or(entered), links.0, vec![proposal]);
            speakers.push(Speaker { code, name, affiliation, bio, links, email, proposals });
        }
    }
    Ok(speakers)
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
    slides: Option<String>,
    lifecycle: Lifecycle,
    decided_at: Option<Ts>,
    decision: Decision,
    published_decision: Option<PublishedDecision>,
    published_at: Option<Ts>,
    confirmation: Option<Confirmation>,
}

/// With the format's name and minutes, and the track's name.
type Joined = (Row, String, i64, Option<String>);

fn proposal(
    (row, format, minutes, track): Joined,
    people: &mut HashMap<ProposalId, Vec<Person>>,
    choices: &mut PickedOf,
) -> Proposal {
    Proposal {
        choices: choices.remove(&row.id).unwrap_or_default(),
        code: row.code,
        public_no: row.public_no,
        title: row.title,
        abstract_: row.abstract_,
        description: row.description,
        notes: row.notes,
        slides: row.slides,
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
        calibrated: None,
        rank: None,
    }
}

/// Of these proposals, or of all: the owner, then those who accepted to speak too.
fn people(conn: &mut Conn, event: EventId, of: Option<Vec<ProposalId>>) -> Result<HashMap<ProposalId, Vec<Person>>> {
    type Row = (ProposalId, (String, String, String, String, TextList), (Option<String>, Option<String>), Option<i64>);
    let mut query = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table).left_join(headshots::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(among(proposal_speakers::proposal_id, of));
    }
    let rows: Vec<Row> = query
        .select((
            proposal_speakers::proposal_id,
            (speakers::code, speakers::name, speakers::affiliation, speakers::bio, speakers::links),
            (accounts::email.nullable(), speakers::email),
            headshots::version.nullable(),
        ))
        .order((proposal_speakers::position, speakers::code))
        .load(conn)?;
    let mut people: HashMap<_, Vec<Person>> = HashMap::new();
    for (proposal, (code, name, affiliation, bio, links), (email, entered), headshot) in rows {
        let (email, links, has_headshot) = (email.or(entered), links.0, headshot.is_some());
        people.entry(proposal).or_default().push(Person { code, name, affiliation, bio, links, email, has_headshot });
    }
    Ok(people)
}

type ReviewRow = (ReviewId, ProposalId, String, String, String, ReviewState, String, String, Option<Confidence>);

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
            reviews::confidence,
        ))
        .order((proposals::code, accounts::code))
        .load(conn)?;
    let (mut scores, hidden) = (scores(conn, reader.event)?, hidden(conn, reader)?);
    let review = |(id, _, proposal, title, reviewer, state, comment, feedback, confidence): ReviewRow| Review {
        proposal,
        title,
        reviewer,
        state,
        comment,
        feedback,
        confidence,
        scores: scores.remove(&id).unwrap_or_default(),
    };
    let reviews = found.into_iter().filter(|row| !hidden.contains(&row.1)).map(review).collect();
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
