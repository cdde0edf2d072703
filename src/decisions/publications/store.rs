//! SQL of publications. Whoever begins or ends one has locked its event first and the proposals it is about next, so
//! that a proposal that leaves meanwhile is seen whole or waits.

use super::model::{Addressee, Decided, Item, Pending, Publication, PublicationState};
use crate::{
    access::{Can, EventReader, Implies, Organizer, ReadEvent, store::in_tracks},
    db::{
        Conn, Tx,
        among::among,
        schema::{accounts, proposal_speakers, proposals, publication_items, publications, speakers},
        types::{EventId, ProposalId, PublicationId, SpeakerId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
    jobs::System,
    locked, mail,
    proposals::{
        model::{Decision, Lifecycle, PublishedDecision},
        store::{SpeakerAddress, recipient},
    },
};
use diesel::{prelude::*, sql_types::Bool};
use std::collections::HashMap;

type DecidedRow = (ProposalId, String, String, Decision, Option<PublishedDecision>);

/// What may be pending, in the order of the locks.
macro_rules! decided {
    ($event:expr) => {
        proposals::table
            .filter(proposals::event_id.eq($event))
            .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
            .filter(proposals::decision.eq_any([Decision::Accepted, Decision::Waitlisted, Decision::Rejected]))
            .filter(
                proposals::published_decision
                    .is_null()
                    .or(proposals::published_decision.ne(proposals::decision.nullable()))
                    .assume_not_null(),
            )
            .select((
                proposals::id,
                proposals::code,
                proposals::title,
                proposals::decision,
                proposals::published_decision,
            ))
            .order(proposals::id)
    };
}

/// Acceptances first, then by code; without what the reader has a conflict of interest with and only reads.
pub fn list_pending(conn: &mut Conn, who: &EventReader) -> Result<Vec<Pending>> {
    let rows = decided!(who.event()).filter(in_tracks(who.event(), who.tracks())).load::<DecidedRow>(conn)?;
    pending(conn, who.event(), rows)
}

/// The same, and they stay so until the transaction ends.
pub fn lock_pending(tx: &mut Tx<'_>, who: &Organizer) -> Result<Vec<Pending>> {
    let rows = locked!(tx.conn(), decided!(who.event()), for_no_key_update, load::<DecidedRow>)?;
    pending(tx.conn(), who.event(), rows)
}

fn pending(conn: &mut Conn, event: EventId, rows: Vec<DecidedRow>) -> Result<Vec<Pending>> {
    let mut speakers = speakers_of(conn, event, rows.iter().map(|(id, ..)| *id).collect())?;
    let pending = |(id, code, title, decision, published)| {
        let speakers = speakers.remove(&id).unwrap_or_default();
        Pending::of(Decided { id, code, title, decision, published }, speakers)
    };
    let mut found: Vec<Pending> = rows.into_iter().filter_map(pending).collect();
    found.sort_by(|one, other| (one.decision, &one.code).cmp(&(other.decision, &other.code)));
    Ok(found)
}

/// Whoever speaks in these proposals: the owner, then those who accepted to speak too.
pub fn speakers_of(
    conn: &mut Conn,
    event: EventId,
    of: Vec<ProposalId>,
) -> Result<HashMap<ProposalId, Vec<Addressee>>> {
    let rows: Vec<(ProposalId, SpeakerId, bool, String, SpeakerAddress)> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(among(proposal_speakers::proposal_id, of))
        .filter(proposal_speakers::owner.eq(true).or(proposal_speakers::accepted_at.is_not_null()))
        .select((
            proposal_speakers::proposal_id,
            speakers::id,
            proposal_speakers::owner,
            speakers::name,
            (accounts::id.nullable(), accounts::email.nullable(), speakers::email),
        ))
        .order((proposal_speakers::owner.desc(), proposal_speakers::position, speakers::code))
        .load(conn)?;
    let mut found: HashMap<ProposalId, Vec<Addressee>> = HashMap::new();
    for (proposal, speaker, owner, name, address) in rows {
        let recipient = recipient(address, &name);
        found.entry(proposal).or_default().push(Addressee { speaker, name, owner, recipient });
    }
    Ok(found)
}

/// The code of the publication that waits.
pub fn find_waiting(conn: &mut Conn, who: &Can<impl Implies<ReadEvent>>) -> Result<Option<String>> {
    let query = publications::table
        .filter(publications::event_id.eq(who.event()))
        .filter(publications::state.eq(PublicationState::Waiting));
    Ok(query.select(publications::code).first(conn).optional()?)
}

pub fn another_waits() -> Error {
    Error::new(Code::PublicationWaiting, "Stop it, or publish again once it is released.")
}

/// A publication in this transaction, which holds the locks of its event and its proposals.
pub struct Locked {
    id: PublicationId,
    event: EventId,
}

impl Locked {
    pub fn id(&self) -> PublicationId {
        self.id
    }

    pub fn event(&self) -> EventId {
        self.event
    }
}

/// The proof that this transaction, and no other, ended the publication.
pub struct Ended {
    id: PublicationId,
    event: EventId,
}

impl Ended {
    pub fn id(&self) -> PublicationId {
        self.id
    }

    pub fn event(&self) -> EventId {
        self.event
    }
}

pub fn code_of(conn: &mut Conn, ended: &Ended) -> Result<String> {
    Ok(publications::table.find(ended.id).select(publications::code).first(conn)?)
}

pub struct NewPublication {
    pub code: String,
    pub created_at: Ts,
    pub release_at: Ts,
}

/// # Errors
/// `PublicationWaiting`.
pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: &NewPublication) -> Result<Locked> {
    let row = (
        publications::event_id.eq(who.event()),
        publications::code.eq(&new.code),
        publications::state.eq(PublicationState::Waiting),
        publications::account_id.eq(who.account()),
        publications::created_at.eq(new.created_at),
        publications::release_at.eq(new.release_at),
    );
    let id = diesel::insert_into(publications::table)
        .values(row)
        .returning(publications::id)
        .get_result(tx.conn())
        .on_unique("publications.event_id", "publications_one_waiting", another_waits)?;
    Ok(Locked { id, event: who.event() })
}

/// # Errors
/// `NotFound`.
pub fn lock(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Locked> {
    let query = publications::table.filter(publications::event_id.eq(who.event())).filter(publications::code.eq(code));
    let id = query.select(publications::id).first(tx.conn())?;
    lock_proposals(tx, who.event(), id)
}

pub fn lock_for_system(tx: &mut Tx<'_>, _: System, event: EventId, id: PublicationId) -> Result<Locked> {
    lock_proposals(tx, event, id)
}

fn lock_proposals(tx: &mut Tx<'_>, event: EventId, id: PublicationId) -> Result<Locked> {
    let items = publication_items::table
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::publication_id.eq(id))
        .select(publication_items::proposal_id);
    let query = proposals::table
        .filter(proposals::event_id.eq(event))
        .filter(proposals::id.eq_any(items))
        .select(proposals::id)
        .order(proposals::id);
    let _: Vec<ProposalId> = locked!(tx.conn(), query, for_no_key_update, load::<ProposalId>)?;
    Ok(Locked { id, event })
}

/// Ends a publication that waits: stopped, or released if its time has come. Of several at once, one gets the proof.
pub fn end(tx: &mut Tx<'_>, publication: &Locked, state: PublicationState, now: Ts) -> Result<Option<Ended>> {
    let stops = state == PublicationState::Stopped;
    let waiting = publications::table
        .filter(publications::id.eq(publication.id))
        .filter(publications::state.eq(PublicationState::Waiting))
        .filter(publications::release_at.le(now).or(stops.into_sql::<Bool>()));
    let ended = diesel::update(waiting)
        .set((publications::state.eq(state), publications::ended_at.eq(now)))
        .execute(tx.conn())?;
    Ok((ended == 1).then_some(Ended { id: publication.id, event: publication.event }))
}

pub fn list_due_for_system(conn: &mut Conn, _: System, now: Ts) -> Result<Vec<(EventId, PublicationId)>> {
    let query = publications::table
        .filter(publications::state.eq(PublicationState::Waiting))
        .filter(publications::release_at.le(now));
    Ok(query.select((publications::event_id, publications::id)).order(publications::release_at).load(conn)?)
}

type PublicationRow = (PublicationId, String, PublicationState, Ts, Ts, Option<Ts>);

const COLUMNS: (
    publications::id,
    publications::code,
    publications::state,
    publications::created_at,
    publications::release_at,
    publications::ended_at,
) = (
    publications::id,
    publications::code,
    publications::state,
    publications::created_at,
    publications::release_at,
    publications::ended_at,
);

/// Newest first.
pub fn list(conn: &mut Conn, who: &EventReader) -> Result<Vec<Publication>> {
    let rows: Vec<PublicationRow> = publications::table
        .filter(publications::event_id.eq(who.event()))
        .select(COLUMNS)
        .order((publications::created_at.desc(), publications::code))
        .load(conn)?;
    rows.into_iter().map(|row| publication(conn, who, row)).collect()
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, who: &Can<impl Implies<ReadEvent>>, code: &str) -> Result<Publication> {
    let query = publications::table.filter(publications::event_id.eq(who.event())).filter(publications::code.eq(code));
    let row: PublicationRow = query.select(COLUMNS).first(conn)?;
    publication(conn, who, row)
}

fn publication(conn: &mut Conn, who: &Can<impl Implies<ReadEvent>>, row: PublicationRow) -> Result<Publication> {
    let event = who.event();
    let (id, code, state, created_at, release_at, ended_at) = row;
    let items: Vec<(ProposalId, String, String, PublishedDecision)> = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::publication_id.eq(id))
        .filter(in_tracks(event, who.tracks()))
        .select((proposals::id, proposals::code, proposals::title, publication_items::decision))
        .load(conn)?;
    let mut speakers = speakers_of(conn, event, items.iter().map(|(id, ..)| *id).collect())?;
    let item = |(id, code, title, decision)| {
        let speakers = speakers.remove(&id).unwrap_or_default();
        Item { code, title, decision, speakers }
    };
    let mut items: Vec<Item> = items.into_iter().map(item).collect();
    items.sort_by(|one, other| (one.decision, &one.code).cmp(&(other.decision, &other.code)));
    let mails = mail::store::count_of_publication(conn, id)?;
    Ok(Publication { code, state, created_at, release_at, ended_at, items, mails })
}
