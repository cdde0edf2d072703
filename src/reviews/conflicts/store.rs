//! SQL of conflicts of interest.

use super::model::{Conflict, Kind, Own, Source};
use crate::{
    access::{
        Organizer, Reviewer,
        store::{InTracks, Spoken, in_tracks, spoken},
    },
    db::{
        Conn, Tx,
        among::among,
        schema::{accounts, assignments, conflicts, members, proposals},
        types::{AccountId, ConflictId, EventId, ProposalId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
    http::cursor::Cursor,
    locked,
    proposals::model::Lifecycle,
    reviews::{queue_store::lock_reviewable, store::recount},
};
use diesel::{dsl, prelude::*};
use std::collections::{HashMap, HashSet};

type Row = ((String, String, String), (String, String), AccountId, ProposalId, (Source, Kind, Ts));

fn conflict(((code, proposal, reference), member, account, proposal_id, (source, kind, created_at)): Row) -> Conflict {
    Conflict { code, proposal: (proposal, reference), member, account, proposal_id, source, kind, created_at }
}

macro_rules! of_event {
    ($who:expr) => {
        conflicts::table
            .inner_join(proposals::table)
            .inner_join(accounts::table)
            .filter(conflicts::event_id.eq($who.event()))
            .select((
                (conflicts::code, proposals::code, proposals::ref_),
                (accounts::code, accounts::name),
                conflicts::account_id,
                conflicts::proposal_id,
                (conflicts::source, conflicts::kind, conflicts::created_at),
            ))
    };
}

/// One page, newest first, behind the cursor.
pub fn list(conn: &mut Conn, who: &Organizer, after: Option<&Cursor>, limit: i64) -> Result<Vec<Conflict>> {
    let mut query = of_event!(who).into_boxed();
    if let Some(Cursor { at, code }) = after {
        let older = conflicts::created_at.lt(*at);
        query = query
            .filter(conflicts::created_at.le(*at))
            .filter(older.or(conflicts::created_at.eq(*at).and(conflicts::code.gt(code))));
    }
    let rows: Vec<Row> = query.order((conflicts::created_at.desc(), conflicts::code)).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(conflict).collect())
}

pub fn find(conn: &mut Conn, who: &Organizer, code: &str) -> Result<Conflict> {
    Ok(conflict(of_event!(who).filter(conflicts::code.eq(code)).first(conn)?))
}

/// The proposal, locked, if it is the reviewer's to review, or was until they declared a conflict themselves.
pub fn lock_declarable(tx: &mut Tx<'_>, who: &Reviewer, reference: &str) -> Result<ProposalId> {
    match find_declared(tx, who, reference)? {
        Some(proposal) => Ok(proposal),
        None => Ok(lock_reviewable(tx, who, reference)?.0),
    }
}

/// The proposal, locked, with which the reviewer has declared a conflict. One that an organizer has pinned too, or that
/// is the reviewer's own, stays unknown.
pub fn find_declared(tx: &mut Tx<'_>, who: &Reviewer, reference: &str) -> Result<Option<ProposalId>> {
    let by = |source: Source| {
        conflicts::table
            .filter(conflicts::account_id.eq(who.account()))
            .filter(conflicts::source.eq(source))
            .select(conflicts::proposal_id)
    };
    let in_tracks: InTracks = in_tracks(who.event(), who.tracks().of_what_is_public());
    let spoken: Spoken = spoken(who.account());
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::ref_.eq(reference))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(in_tracks)
        .filter(proposals::id.eq_any(by(Source::Reviewer)))
        .filter(dsl::not(proposals::id.eq_any(by(Source::Organizer))))
        .filter(dsl::not(proposals::id.eq_any(spoken)))
        .select(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>).optional()?)
}

/// What the reviewer has declared and can take back, the newest first.
pub fn list_declared(conn: &mut Conn, who: &Reviewer) -> Result<Vec<Own>> {
    let mine: Vec<(ProposalId, Source, Kind, Ts)> = conflicts::table
        .filter(conflicts::event_id.eq(who.event()))
        .filter(conflicts::account_id.eq(who.account()))
        .order((conflicts::created_at.desc(), conflicts::code))
        .select((conflicts::proposal_id, conflicts::source, conflicts::kind, conflicts::created_at))
        .load(conn)?;
    let pinned = mine.iter().filter(|(_, source, ..)| *source == Source::Organizer).map(|(id, ..)| *id);
    let pinned: HashSet<ProposalId> = pinned.collect();
    let in_tracks: InTracks = in_tracks(who.event(), who.tracks().of_what_is_public());
    let spoken: Spoken = spoken(who.account());
    let references: HashMap<ProposalId, String> = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(among(proposals::id, mine.iter().map(|(id, ..)| *id)))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(in_tracks)
        .filter(dsl::not(proposals::id.eq_any(spoken)))
        .select((proposals::id, proposals::ref_))
        .load::<(ProposalId, String)>(conn)?
        .into_iter()
        .filter(|(id, _)| !pinned.contains(id))
        .collect();
    let own = |(id, _, kind, created_at): (ProposalId, Source, Kind, Ts)| {
        Some(Own { reference: references.get(&id)?.clone(), kind, created_at })
    };
    Ok(mine.into_iter().filter_map(own).collect())
}

/// Any proposal of the event but a draft, locked.
pub fn lock_proposal(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Option<ProposalId>> {
    let query = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .select(proposals::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>).optional()?)
}

/// Somebody with any role in the event, by the code of the account.
pub fn find_member(conn: &mut Conn, who: &Organizer, code: &str) -> Result<Option<AccountId>> {
    let query = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(who.event()))
        .filter(accounts::code.eq(code))
        .select(accounts::id);
    Ok(query.first(conn).optional()?)
}

/// Two people, a proposal, and who says so. The proposal is locked by the caller.
pub struct NewConflict {
    pub event: EventId,
    pub proposal: ProposalId,
    pub account: AccountId,
    pub source: Source,
    pub kind: Kind,
}

/// Stores it and takes the assignment away; answers its code.
///
/// # Errors
/// `Taken` when it is known from the same source.
pub fn insert(tx: &mut Tx<'_>, new: &NewConflict) -> Result<String> {
    let code = tx.random().code(10);
    let row = (
        conflicts::event_id.eq(new.event),
        conflicts::code.eq(&code),
        conflicts::proposal_id.eq(new.proposal),
        conflicts::account_id.eq(new.account),
        conflicts::source.eq(new.source),
        conflicts::kind.eq(new.kind),
        conflicts::created_at.eq(tx.now()?),
    );
    let inserted = diesel::insert_into(conflicts::table).values(row).execute(tx.conn());
    inserted.on_unique(
        "conflicts.account_id, conflicts.proposal_id, conflicts.source, conflicts.event_id",
        "conflicts_account_id_proposal_id_source_event_id_key",
        || Error::new(Code::Taken, "This conflict is pinned already."),
    )?;
    let assigned = assignments::table
        .filter(assignments::account_id.eq(new.account))
        .filter(assignments::proposal_id.eq(new.proposal));
    diesel::delete(assigned).execute(tx.conn())?;
    recount(tx, new.proposal)?;
    Ok(code)
}

/// Changes the kind of a conflict that the reviewer declared; `false` when there is none.
pub fn update_declared(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId, kind: Kind) -> Result<bool> {
    let declared = conflicts::table
        .filter(conflicts::account_id.eq(who.account()))
        .filter(conflicts::proposal_id.eq(proposal))
        .filter(conflicts::source.eq(Source::Reviewer));
    Ok(diesel::update(declared).set(conflicts::kind.eq(kind)).execute(tx.conn())? > 0)
}

pub fn delete_declared(tx: &mut Tx<'_>, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    let declared = conflicts::table
        .filter(conflicts::account_id.eq(who.account()))
        .filter(conflicts::proposal_id.eq(proposal))
        .filter(conflicts::source.eq(Source::Reviewer));
    diesel::delete(declared).execute(tx.conn())?;
    recount(tx, proposal)
}

/// `false` when it was gone already. The proposal is locked by the caller.
pub fn delete(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<bool> {
    let one: Option<(ConflictId, ProposalId)> = conflicts::table
        .filter(conflicts::event_id.eq(who.event()))
        .filter(conflicts::code.eq(code))
        .select((conflicts::id, conflicts::proposal_id))
        .first(tx.conn())
        .optional()?;
    let Some((one, proposal)) = one else { return Ok(false) };
    let deleted = diesel::delete(conflicts::table.find(one)).execute(tx.conn())?;
    recount(tx, proposal)?;
    Ok(deleted > 0)
}
