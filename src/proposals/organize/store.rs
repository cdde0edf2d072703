//! SQL of proposals for organizers.

use crate::{
    access::{Can, Implies, Organizer, ProposalReader, ReadProposals, store::in_tracks},
    db::{
        Conn, Tx,
        among::among,
        schema::{
            accounts, choices as choice_rows, formats, proposal_choices, proposal_speakers, proposals, speakers, tracks,
        },
        types::{AccountId, ProposalId, Ts},
    },
    error::Result,
    http::cursor::Cursor,
    locked,
    proposals::{
        choices::{
            self,
            model::{Audience, Picked},
        },
        model::{Confirmation, Decision, Filter, Lifecycle, PublishedDecision},
        store::{FormatName, TrackName},
    },
};
use diesel::prelude::*;
use std::collections::HashMap;

/// What a list shows of a proposal: neither its long texts nor its people.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct Row {
    pub id: ProposalId,
    pub code: String,
    pub ref_: String,
    pub public_no: i64,
    pub title: String,
    pub slides: Option<String>,
    pub lifecycle: Lifecycle,
    pub decided_at: Option<Ts>,
    pub decision: Decision,
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub invited: bool,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub row: Row,
    pub format: FormatName,
    pub track: Option<TrackName>,
    pub choices: Vec<Picked>,
    pub speakers: Vec<Person>,
    /// The reader's own: its reviews stay hidden.
    pub own: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Person {
    proposal: ProposalId,
    pub account: Option<AccountId>,
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub owner: bool,
    /// Of the account, where there is one.
    pub email: Option<String>,
    pub email_verified_at: Option<Ts>,
    /// As it was entered, where there is no account.
    pub entered_email: Option<String>,
}

/// The long texts, which nothing but the proposal's own view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    /// Of its speakers, by code.
    pub bios: HashMap<String, String>,
}

type Found = (Row, FormatName, Option<TrackName>);

macro_rules! in_event {
    ($who:expr) => {
        proposals::table
            .inner_join(formats::table)
            .left_join(tracks::table)
            .filter(proposals::event_id.eq($who.event()))
            .filter(proposals::lifecycle.ne(Lifecycle::Draft))
            .filter(in_tracks($who.event(), $who.tracks()))
    };
}

macro_rules! of_event {
    ($who:expr) => {
        in_event!($who).select((Row::as_select(), FormatName::as_select(), Option::<TrackName>::as_select()))
    };
}

/// What of these the filter asks for.
macro_rules! narrowed {
    ($query:expr, $who:expr, $filter:expr) => {{
        let (mut query, who, filter) = ($query, $who, $filter);
        if let Some(lifecycle) = filter.lifecycle {
            query = query.filter(proposals::lifecycle.eq(lifecycle));
        }
        if let Some(decision) = filter.decision {
            query = query.filter(proposals::decision.eq(decision));
        }
        if let Some(published) = filter.published_decision {
            query = query.filter(proposals::published_decision.eq(published));
        }
        if let Some(confirmation) = filter.confirmation {
            query = query.filter(proposals::confirmation.eq(confirmation));
        }
        if let Some(format) = &filter.format {
            query = query.filter(formats::code.eq(format.as_str()));
        }
        if let Some(track) = &filter.track {
            query = query.filter(tracks::code.nullable().eq(track.as_str()));
        }
        if let Some(choice) = &filter.choice {
            let with_it = proposal_choices::table
                .inner_join(choice_rows::table)
                .filter(choice_rows::event_id.eq(who.event()))
                .filter(choice_rows::code.eq(choice.as_str()))
                .select(proposal_choices::proposal_id);
            query = query.filter(proposals::id.eq_any(with_it));
        }
        if let Some(invited) = filter.invited {
            query = query.filter(proposals::invited.eq(invited));
        }
        query
    }};
}

/// What proposals are put in order by.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Key {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// One page in the order of creation, newest first, behind the cursor.
pub fn list(
    conn: &mut Conn,
    who: &ProposalReader,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Proposal>> {
    let mut query = of_event!(who).into_boxed();
    if let Some(Cursor { at, code }) = after {
        let older = proposals::created_at.lt(*at);
        // The first condition follows from the second and lets an index begin there.
        query = query
            .filter(proposals::created_at.le(*at))
            .filter(older.or(proposals::created_at.eq(*at).and(proposals::code.gt(code))));
    }
    let query = narrowed!(query, who, filter);
    let found: Vec<Found> = query.order((proposals::created_at.desc(), proposals::code)).limit(limit).load(conn)?;
    with_people(conn, who, found)
}

/// All that the filter asks for, newest first.
pub fn keys(conn: &mut Conn, who: &ProposalReader, filter: &Filter) -> Result<Vec<Key>> {
    let columns = (proposals::id, proposals::code, proposals::title, proposals::created_at, proposals::updated_at);
    let query = in_event!(who).select(columns).into_boxed();
    let query = narrowed!(query, who, filter);
    Ok(query.order((proposals::created_at.desc(), proposals::code)).load(conn)?)
}

/// These, in this order.
pub fn these(conn: &mut Conn, who: &ProposalReader, ids: &[ProposalId]) -> Result<Vec<Proposal>> {
    let found: Vec<Found> = of_event!(who).filter(among(proposals::id, ids.iter().copied())).load(conn)?;
    let mut found = with_people(conn, who, found)?;
    let places: HashMap<ProposalId, usize> = ids.iter().copied().zip(0..).collect();
    found.sort_by_key(|proposal| places.get(&proposal.row.id).copied());
    Ok(found)
}

pub fn find(conn: &mut Conn, who: &Can<impl Implies<ReadProposals>>, code: &str) -> Result<Proposal> {
    let found: Found = of_event!(who).filter(proposals::code.eq(code)).first(conn)?;
    with_people(conn, who, vec![found])?.pop().ok_or_else(crate::error::Error::not_found)
}

pub fn texts(conn: &mut Conn, proposal: ProposalId) -> Result<Texts> {
    let query = proposals::table.find(proposal);
    let (abstract_, description, notes) =
        query.select((proposals::abstract_, proposals::description, proposals::notes)).first(conn)?;
    let bios: Vec<(String, String)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .select((speakers::code, speakers::bio))
        .load(conn)?;
    Ok(Texts { abstract_, description, notes, bios: bios.into_iter().collect() })
}

/// Locks a proposal, but not its key, and reads it.
pub fn lock(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Proposal> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code))
        .filter(in_tracks(who.event(), who.tracks()))
        .select(proposals::id);
    let _: ProposalId = locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>)?;
    find(tx.conn(), who, code)
}

fn with_people<P>(conn: &mut Conn, who: &Can<P>, found: Vec<Found>) -> Result<Vec<Proposal>> {
    let ids: Vec<ProposalId> = found.iter().map(|(row, ..)| row.id).collect();
    let people: Vec<Person> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(who.event()))
        .filter(among(proposal_speakers::proposal_id, ids.iter().copied()))
        .order((proposal_speakers::proposal_id, proposal_speakers::position))
        .select((
            proposal_speakers::proposal_id,
            speakers::account_id,
            speakers::code,
            speakers::name,
            speakers::affiliation,
            proposal_speakers::owner,
            accounts::email.nullable(),
            accounts::email_verified_at.nullable(),
            speakers::email,
        ))
        .load(conn)?;
    let mut choices = choices::store::of(conn, &ids, Audience::Organizers)?;
    let mut of_proposal: HashMap<ProposalId, Vec<Person>> = HashMap::new();
    for person in people {
        of_proposal.entry(person.proposal).or_default().push(person);
    }
    let proposal = |(row, format, track): Found| {
        let speakers = of_proposal.remove(&row.id).unwrap_or_default();
        let own = speakers.iter().any(|person| person.account == Some(who.account()));
        let choices = choices.remove(&row.id).unwrap_or_default();
        Proposal { row, format, track, choices, speakers, own }
    };
    Ok(found.into_iter().map(proposal).collect())
}

/// Whether it skips the review; from [`lock`]. Whoever edits it looks at it again first.
pub fn set_invited(tx: &mut Tx<'_>, proposal: ProposalId, invited: bool) -> Result<()> {
    let set = (proposals::invited.eq(invited), proposals::version.eq(proposals::version + 1));
    diesel::update(proposals::table.find(proposal)).set(set).execute(tx.conn())?;
    Ok(())
}
