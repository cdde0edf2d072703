//! SQL of sessions.

use super::model::Session;
use crate::{
    access::SignedIn,
    db::{
        Conn, Tx,
        schema::sessions,
        types::{AccountId, SessionId, Ts},
    },
    error::Result,
    locked_or_skipped,
};
use diesel::prelude::*;

pub struct NewSession<'a> {
    pub account: AccountId,
    pub token_sha256: &'a [u8],
    pub user_agent: &'a str,
    pub now: Ts,
    pub expires_at: Ts,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewSession<'_>) -> Result<()> {
    let row = (
        sessions::code.eq(tx.random().code(10)),
        sessions::account_id.eq(new.account),
        sessions::token_sha256.eq(new.token_sha256),
        sessions::user_agent.eq(new.user_agent),
        sessions::created_at.eq(new.now),
        sessions::last_used_at.eq(new.now),
        sessions::expires_at.eq(new.expires_at),
    );
    diesel::insert_into(sessions::table).values(row).execute(tx.conn())?;
    Ok(())
}

type SessionRow = (SessionId, String, String, Ts, Ts, Ts);

/// Those that stand, the one used last first.
pub fn list(conn: &mut Conn, account: AccountId, now: Ts) -> Result<Vec<Session>> {
    let rows: Vec<SessionRow> = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::expires_at.gt(now))
        .select((
            sessions::id,
            sessions::code,
            sessions::user_agent,
            sessions::created_at,
            sessions::last_used_at,
            sessions::expires_at,
        ))
        .order((sessions::last_used_at.desc(), sessions::code))
        .load(conn)?;
    let session = |(id, code, user_agent, created_at, last_used_at, expires_at)| Session {
        id,
        code,
        user_agent,
        created_at,
        last_used_at,
        expires_at,
    };
    Ok(rows.into_iter().map(session).collect())
}

/// What the session of this request is called.
pub fn code_of_current(conn: &mut Conn, who: &SignedIn) -> Result<String> {
    Ok(sessions::table.find(who.session()?).select(sessions::code).first(conn)?)
}

pub fn delete_current(tx: &mut Tx<'_>, who: &SignedIn) -> Result<()> {
    diesel::delete(sessions::table.find(who.session()?)).execute(tx.conn())?;
    Ok(())
}

/// `false` when I have no such session.
pub fn delete_mine(tx: &mut Tx<'_>, who: &SignedIn, code: &str) -> Result<bool> {
    let mine = sessions::table.filter(sessions::account_id.eq(who.account())).filter(sessions::code.eq(code));
    Ok(diesel::delete(mine).execute(tx.conn())? > 0)
}

pub fn delete_all(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account))).execute(tx.conn())?;
    Ok(())
}

pub fn delete_others(tx: &mut Tx<'_>, account: AccountId, kept: &str) -> Result<()> {
    let others = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::code.ne(kept));
    diesel::delete(others).execute(tx.conn())?;
    Ok(())
}

/// Deletes sessions that have ended; answers how many.
pub fn purge(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let ended = sessions::table.filter(sessions::expires_at.le(now)).order(sessions::expires_at).limit(most);
    let ids = locked_or_skipped!(tx.conn(), ended.select(sessions::id), load::<SessionId>)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(tx.conn())?)
}
