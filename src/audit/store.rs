//! SQL of the audit.

use super::model::{Action, Entry, Filter};
use crate::{
    access::EventReader,
    db::{
        Acting, Actor, Conn, Tx,
        schema::{accounts, audit},
        types::{AccountId, AuditId, EventId, Ts},
    },
    error::Result,
    http::cursor::{Cursor, bad_cursor},
};
use diesel::prelude::*;

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

/// Newest first, behind the cursor.
pub fn list(
    conn: &mut Conn,
    who: &EventReader,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Noted>> {
    let mut query = audit::table.left_join(accounts::table).filter(audit::event_id.eq(who.event())).into_boxed();
    if let Some(cursor) = after {
        let last = id_of(conn, who, cursor)?;
        let older = audit::created_at.lt(cursor.at);
        query = query.filter(older.or(audit::created_at.eq(cursor.at).and(audit::id.lt(last))));
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
    Ok(query.select(columns).order((audit::created_at.desc(), audit::id.desc())).limit(limit).load(conn)?)
}
