//! SQL of the audit.

use super::model::{Action, Entry, Filter, facts_without};
use crate::{
    access::{
        EventReader,
        store::{conflicting, spoken},
    },
    db::{
        Acting, Actor, Conn, Tx,
        schema::{accounts, audit, proposals},
        types::{AccountId, AuditId, EventId, Ts},
    },
    error::Result,
    http::cursor::{Cursor, bad_cursor},
};
use diesel::{dsl, prelude::*};
use std::collections::HashSet;

/// Notes a deed of somebody in an event, in the deed's own transaction.
pub fn record(tx: &mut Tx<'_>, who: &impl Actor, event: EventId, entry: &Entry) -> Result<()> {
    let Acting { account, token, .. } = who.acting();
    match token {
        None => record_for(tx, event, Some(account), entry),
        Some(token) => record_for(tx, event, Some(account), &entry.clone().with("token", token)),
    }
}

/// [`record`], where nobody has signed in for it: with a mailed link, or by the process itself.
pub fn record_for(tx: &mut Tx<'_>, event: EventId, account: Option<AccountId>, entry: &Entry) -> Result<()> {
    let row = (
        audit::event_id.eq(event),
        audit::code.eq(tx.random().code(10)),
        audit::account_id.eq(account),
        audit::action.eq(entry.action),
        audit::object_kind.eq(entry.object.kind()),
        audit::object_code.eq(entry.object.code()),
        audit::facts.eq(entry.facts.to_string()),
        audit::created_at.eq(tx.now()?),
    );
    diesel::insert_into(audit::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// What was noted, with the account that did it.
#[derive(Clone, Debug, Queryable)]
pub struct Noted {
    pub code: String,
    pub action: Action,
    pub object_kind: String,
    pub object_code: Option<String>,
    /// JSON.
    pub facts: String,
    pub at: Ts,
    /// Code and name.
    pub actor: Option<(String, String)>,
}

/// What was noted in the same instant stands in the order in which it was.
fn id_of(conn: &mut Conn, who: &EventReader, cursor: &Cursor) -> Result<AuditId> {
    let noted = audit::table
        .filter(audit::event_id.eq(who.event()))
        .filter(audit::created_at.eq(cursor.at))
        .filter(audit::code.eq(&cursor.code));
    noted.select(audit::id).first(conn).optional()?.ok_or_else(bad_cursor)
}

/// Newest first, behind the cursor. Where all of a piece is hidden from the reader, the next follows.
pub fn list(
    conn: &mut Conn,
    who: &EventReader,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Noted>> {
    let hidden = hidden(conn, who)?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let mut last = match after {
        Some(cursor) => Some((cursor.at, id_of(conn, who, cursor)?)),
        None => None,
    };
    let mut shown: Vec<Noted> = vec![];
    loop {
        let piece = piece(conn, who, (filter, &hidden), last, limit)?;
        let ends = piece.len() < wanted;
        last = piece.last().map(|(id, noted)| (noted.at, *id));
        let seen = |(_, mut noted): (AuditId, Noted)| {
            noted.facts = facts_without(&noted.facts, &hidden)?;
            Some(noted)
        };
        shown.extend(piece.into_iter().filter_map(seen));
        if ends || shown.len() >= wanted {
            shown.truncate(wanted);
            return Ok(shown);
        }
    }
}

fn piece(
    conn: &mut Conn,
    who: &EventReader,
    (filter, hidden): (&Filter, &HashSet<String>),
    last: Option<(Ts, AuditId)>,
    limit: i64,
) -> Result<Vec<(AuditId, Noted)>> {
    let of_hidden = audit::object_kind.eq("proposal").and(audit::object_code.eq_any(hidden));
    let mut query = audit::table.left_join(accounts::table).filter(audit::event_id.eq(who.event())).into_boxed();
    if !hidden.is_empty() {
        query = query.filter(audit::object_code.is_null().or(dsl::not(of_hidden.assume_not_null())));
    }
    if let Some((at, last)) = last {
        let older = audit::created_at.lt(at);
        query = query.filter(older.or(audit::created_at.eq(at).and(audit::id.lt(last))));
    }
    if let Some(action) = filter.action {
        query = query.filter(audit::action.eq(action));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(accounts::code.nullable().eq(actor));
    }
    if let Some(object) = &filter.object {
        query = query.filter(audit::object_code.eq(object));
    }
    if let Some(since) = filter.since {
        query = query.filter(audit::created_at.ge(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit::created_at.lt(until));
    }
    let columns = (
        audit::code,
        audit::action,
        audit::object_kind,
        audit::object_code,
        audit::facts,
        audit::created_at,
        (accounts::code, accounts::name).nullable(),
    );
    let query = query.select((audit::id, columns)).order((audit::created_at.desc(), audit::id.desc()));
    Ok(query.limit(limit).load(conn)?)
}

/// Both names of the proposals with which the reader has a conflict of interest. Who reviewed the own talk, and what was
/// decided about it, is as little for organizers as for anybody else.
fn hidden(conn: &mut Conn, who: &EventReader) -> Result<HashSet<String>> {
    let names: Vec<(String, String)> = proposals::table
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::id.eq_any(spoken(who.account())).or(proposals::id.eq_any(conflicting(who.account()))))
        .select((proposals::code, proposals::ref_))
        .load(conn)?;
    Ok(names.into_iter().flat_map(|(code, reference)| [code, reference]).collect())
}
