//! SQL of publications. Whoever begins or ends one has locked its event first and the proposals it is about next, so
//! that a proposal that leaves meanwhile is seen whole or waits.

use super::model::{Decided, Item, Owner, Pending, Publication, PublicationState, Told, ToldState};
use crate::{
    access::{Can, EventReader, Implies, Organizer, ReadEvent},
    db::{
        Conn, Tx,
        among::among,
        schema::{accounts, proposal_speakers, proposals, publication_items, publications, speakers},
        types::{AccountId, EventId, ProposalId, PublicationId, SpeakerId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
    jobs::System,
    locked,
    mail::{self, Recipient},
    on,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    secrets::Link,
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

/// Acceptances first, then by code.
pub fn list_pending(conn: &mut Conn, who: &EventReader) -> Result<Vec<Pending>> {
    let rows = decided!(who.event()).load::<DecidedRow>(conn)?;
    pending(conn, who.event(), rows)
}

/// The same, and they stay so until the transaction ends.
pub fn lock_pending(tx: &mut Tx<'_>, who: &Organizer) -> Result<Vec<Pending>> {
    let rows = locked!(tx.conn(), decided!(who.event()), for_no_key_update, load::<DecidedRow>)?;
    pending(tx.conn(), who.event(), rows)
}

fn pending(conn: &mut Conn, event: EventId, rows: Vec<DecidedRow>) -> Result<Vec<Pending>> {
    let mut owners = owners(conn, event, rows.iter().map(|(id, ..)| *id).collect())?;
    let pending = |(id, code, title, decision, published)| {
        Pending::of(Decided { id, code, title, decision, published }, owners.remove(&id))
    };
    let mut found: Vec<Pending> = rows.into_iter().filter_map(pending).collect();
    found.sort_by(|one, other| (one.decision, &one.code).cmp(&(other.decision, &other.code)));
    Ok(found)
}

fn owners(conn: &mut Conn, event: EventId, of: Vec<ProposalId>) -> Result<HashMap<ProposalId, Owner>> {
    type Row = (ProposalId, SpeakerId, String, Option<AccountId>, Option<String>);
    let rows: Vec<Row> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(among(proposal_speakers::proposal_id, of))
        .filter(proposal_speakers::owner.eq(true))
        .select((
            proposal_speakers::proposal_id,
            speakers::id,
            speakers::name,
            accounts::id.nullable(),
            accounts::email.nullable(),
        ))
        .load(conn)?;
    let owner = |(proposal, speaker, name, account, address): Row| {
        let recipient = address.map(|address| Recipient { account, address, name: name.clone() });
        (proposal, Owner { speaker, name, recipient })
    };
    Ok(rows.into_iter().map(owner).collect())
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

#[derive(Insertable)]
#[diesel(table_name = publication_items, treat_none_as_default_value = false)]
struct NewItem {
    event_id: EventId,
    publication_id: PublicationId,
    proposal_id: ProposalId,
    decision: PublishedDecision,
    link_nonce: Option<String>,
    token_sha256: Option<Vec<u8>>,
}

/// Both databases bound the number of values in a statement.
const INSERTED_AT_ONCE: usize = 1000;

/// What is published of each proposal, with the link that answers an acceptance and its hash.
pub fn insert_items(
    tx: &mut Tx<'_>,
    publication: &Locked,
    items: &[(&Pending, Option<Link>)],
    hash: impl Fn(&Link) -> Vec<u8>,
) -> Result<()> {
    for some in items.chunks(INSERTED_AT_ONCE) {
        let rows = some.iter().map(|(pending, link)| NewItem {
            event_id: publication.event,
            publication_id: publication.id,
            proposal_id: pending.id,
            decision: pending.decision,
            link_nonce: link.as_ref().map(|link| link.nonce().to_owned()),
            token_sha256: link.as_ref().map(&hash),
        });
        let rows: Vec<NewItem> = rows.collect();
        on!(tx.conn(), c => diesel::insert_into(publication_items::table).values(&rows).execute(c))?;
    }
    Ok(())
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

/// A proposal about to be told.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Releasable {
    pub proposal: ProposalId,
    pub decision: PublishedDecision,
    pub before: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
}

/// The items whose proposals are still submitted.
pub fn list_releasable(tx: &mut Tx<'_>, ended: &Ended) -> Result<Vec<Releasable>> {
    let query = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(ended.event))
        .filter(publication_items::publication_id.eq(ended.id))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .select((proposals::id, publication_items::decision, proposals::published_decision, proposals::confirmation));
    Ok(query.order(proposals::id).load(tx.conn())?)
}

/// Tells these proposals the same.
pub fn update_published(
    tx: &mut Tx<'_>,
    ended: &Ended,
    told: &[ProposalId],
    (decision, confirmation): (PublishedDecision, Option<Confirmation>),
    now: Ts,
) -> Result<()> {
    let submitted = proposals::table
        .filter(proposals::event_id.eq(ended.event))
        .filter(proposals::id.eq_any(told))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted));
    diesel::update(submitted)
        .set((
            proposals::published_decision.eq(decision),
            proposals::published_at.eq(now),
            proposals::publication_id.eq(ended.id),
            proposals::confirmation.eq(confirmation),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a proposal out of a publication that still waits.
pub fn remove_waiting_item(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<()> {
    let waiting = publications::table
        .filter(publications::event_id.eq(event))
        .filter(publications::state.eq(PublicationState::Waiting))
        .select(publications::id);
    let items = publication_items::table
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publication_items::publication_id.eq_any(waiting));
    diesel::delete(items).execute(tx.conn())?;
    Ok(())
}

/// Whether a publication that waits is about the proposal, whose row the caller has locked.
pub fn waits(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<bool> {
    let query = publication_items::table
        .inner_join(publications::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publications::state.eq(PublicationState::Waiting));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(conn)?)
}

/// Gives the published acceptance of a proposal another link; `false` when there is none that can be answered.
pub fn renew_link(
    tx: &mut Tx<'_>,
    event: EventId,
    proposal: ProposalId,
    link: &Link,
    token_sha256: &[u8],
) -> Result<bool> {
    let last = proposals::table
        .filter(proposals::event_id.eq(event))
        .filter(proposals::id.eq(proposal))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(proposals::confirmation.ne(Confirmation::Declined))
        .select(proposals::publication_id.assume_not_null());
    let item = publication_items::table
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::proposal_id.eq(proposal))
        .filter(publication_items::decision.eq(PublishedDecision::Accepted))
        .filter(publication_items::publication_id.eq_any(last));
    let renewed = diesel::update(item)
        .set((publication_items::link_nonce.eq(link.nonce()), publication_items::token_sha256.eq(token_sha256)))
        .execute(tx.conn())?;
    Ok(renewed > 0)
}

/// The publication that a proposal's published decision came from.
pub fn last_of(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Option<PublicationId>> {
    let query = proposals::table.filter(proposals::event_id.eq(event)).filter(proposals::id.eq(proposal));
    Ok(query.select(proposals::publication_id).first(conn)?)
}

/// What a publication still has to tell about these proposals.
pub fn still_to_tell(
    conn: &mut Conn,
    event: EventId,
    publication: PublicationId,
    about: &[ProposalId],
) -> Result<Vec<Told>> {
    type Row =
        (ProposalId, String, PublishedDecision, Option<String>, Lifecycle, Option<Confirmation>, Option<PublicationId>);
    let rows: Vec<Row> = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::publication_id.eq(publication))
        .filter(publication_items::proposal_id.eq_any(about))
        .select((
            proposals::id,
            proposals::title,
            publication_items::decision,
            publication_items::link_nonce,
            proposals::lifecycle,
            proposals::confirmation,
            proposals::publication_id,
        ))
        .order(proposals::code)
        .load(conn)?;
    let told = |(proposal, title, decision, nonce, lifecycle, confirmation, last): Row| {
        let told = Told { proposal, title, decision, nonce: nonce.unwrap_or_default() };
        ToldState { told, lifecycle, confirmation, released: last == Some(publication) }
    };
    Ok(rows.into_iter().map(told).filter(ToldState::stands).map(|state| state.told).collect())
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
    rows.into_iter().map(|row| publication(conn, who.event(), row)).collect()
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, who: &Can<impl Implies<ReadEvent>>, code: &str) -> Result<Publication> {
    let query = publications::table.filter(publications::event_id.eq(who.event())).filter(publications::code.eq(code));
    let row: PublicationRow = query.select(COLUMNS).first(conn)?;
    publication(conn, who.event(), row)
}

fn publication(conn: &mut Conn, event: EventId, row: PublicationRow) -> Result<Publication> {
    let (id, code, state, created_at, release_at, ended_at) = row;
    let items: Vec<(ProposalId, String, String, PublishedDecision)> = publication_items::table
        .inner_join(proposals::table)
        .filter(publication_items::event_id.eq(event))
        .filter(publication_items::publication_id.eq(id))
        .select((proposals::id, proposals::code, proposals::title, publication_items::decision))
        .load(conn)?;
    let mut owners = owners(conn, event, items.iter().map(|(id, ..)| *id).collect())?;
    let item = |(id, code, title, decision)| Item { code, title, decision, owner: owners.remove(&id) };
    let mut items: Vec<Item> = items.into_iter().map(item).collect();
    items.sort_by(|one, other| (one.decision, &one.code).cmp(&(other.decision, &other.code)));
    let mails = mail::store::count_of_publication(conn, id)?;
    Ok(Publication { code, state, created_at, release_at, ended_at, items, mails })
}
