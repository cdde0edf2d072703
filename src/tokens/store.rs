//! SQL of tokens.

use super::model::{KEPT, NewToken, Token};
use crate::{
    access::{Organizer, SignedIn, scopes::TokenScope},
    db::{
        Conn, Tx,
        connection::MultiBackend,
        schema::{accounts, tokens},
        types::{AccountId, EventId, TextList, TokenId, Ts},
    },
    error::Result,
    locked_or_skipped,
};
use diesel::prelude::*;

type Rows<'q> = tokens::BoxedQuery<'q, MultiBackend>;

fn mine<'q>(account: AccountId) -> Rows<'q> {
    tokens::table.filter(tokens::account_id.eq(account)).filter(tokens::event_id.is_null()).into_boxed()
}

fn of_event<'q>(event: EventId) -> Rows<'q> {
    tokens::table.filter(tokens::event_id.eq(event)).into_boxed()
}

type TokenRow = (TokenId, AccountId, String, String, TextList, Ts, Option<Ts>, Ts);

/// The oldest first.
fn load(conn: &mut Conn, query: Rows<'_>) -> Result<Vec<Token>> {
    let columns = (
        tokens::id,
        tokens::account_id,
        tokens::code,
        tokens::name,
        tokens::scopes,
        tokens::created_at,
        tokens::last_used_at,
        tokens::expires_at,
    );
    let rows: Vec<TokenRow> = query.select(columns).order((tokens::created_at, tokens::code)).load(conn)?;
    let makers = rows.iter().map(|row| row.1);
    let names: Vec<(AccountId, String)> =
        accounts::table.filter(accounts::id.eq_any(makers)).select((accounts::id, accounts::name)).load(conn)?;
    let token = |(_, maker, code, name, scopes, created_at, last_used_at, expires_at): TokenRow| Token {
        code,
        name,
        scopes: scopes.0.iter().filter_map(|scope| scope.parse().ok()).collect(),
        made_by: names.iter().find(|(id, _)| *id == maker).map(|(_, name)| name.clone()).unwrap_or_default(),
        created_at,
        last_used_at,
        expires_at,
    };
    Ok(rows.into_iter().map(token).collect())
}

pub fn list_mine(conn: &mut Conn, who: &SignedIn) -> Result<Vec<Token>> {
    load(conn, mine(who.account()))
}

pub fn list_of_event(conn: &mut Conn, who: &Organizer) -> Result<Vec<Token>> {
    load(conn, of_event(who.event()))
}

/// All that somebody made, of their own and for events.
pub fn list_made_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<Token>> {
    load(conn, tokens::table.filter(tokens::account_id.eq(who.account())).into_boxed())
}

/// A token as it is stored: of an event, or of the account itself.
pub struct NewRow<'n> {
    pub event: Option<EventId>,
    pub account: AccountId,
    pub token_sha256: &'n [u8],
    pub input: &'n NewToken,
    pub scopes: &'n [TokenScope],
}

/// Answers its code.
pub fn insert(tx: &mut Tx<'_>, new: &NewRow<'_>) -> Result<String> {
    let (code, now) = (tx.random().code(10), tx.now()?);
    let row = (
        tokens::code.eq(&code),
        tokens::event_id.eq(new.event),
        tokens::account_id.eq(new.account),
        tokens::name.eq(new.input.name.as_str()),
        tokens::token_sha256.eq(new.token_sha256),
        tokens::scopes.eq(TextList(new.scopes.iter().map(ToString::to_string).collect())),
        tokens::created_at.eq(now),
        tokens::expires_at.eq(now.plus(new.input.lifetime())),
    );
    diesel::insert_into(tokens::table).values(row).execute(tx.conn())?;
    Ok(code)
}

/// `false` when I have no such token.
pub fn delete_mine(tx: &mut Tx<'_>, who: &SignedIn, code: &str) -> Result<bool> {
    let token = tokens::table
        .filter(tokens::account_id.eq(who.account()))
        .filter(tokens::event_id.is_null())
        .filter(tokens::code.eq(code));
    Ok(diesel::delete(token).execute(tx.conn())? > 0)
}

/// `false` when the event has no such token.
pub fn delete_of_event(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<bool> {
    let token = tokens::table.filter(tokens::event_id.eq(who.event())).filter(tokens::code.eq(code));
    Ok(diesel::delete(token).execute(tx.conn())? > 0)
}

/// Revokes all of a person's own tokens. Those of events are the events'.
pub fn delete_all_of(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let own = tokens::table.filter(tokens::account_id.eq(account)).filter(tokens::event_id.is_null());
    diesel::delete(own).execute(tx.conn())?;
    Ok(())
}

/// What becomes of tokens when whoever made them is erased: their own go, those of events lose the words they were
/// named by.
pub fn leave(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    delete_all_of(tx, account)?;
    let of_events = tokens::table.filter(tokens::account_id.eq(account));
    diesel::update(of_events).set(tokens::name.eq("")).execute(tx.conn())?;
    Ok(())
}

/// Deletes tokens that expired long ago. Answers how many.
pub fn purge(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let old = tokens::table
        .filter(tokens::expires_at.le(now.minus(KEPT)))
        .order(tokens::expires_at)
        .limit(most)
        .select(tokens::id);
    let ids = locked_or_skipped!(tx.conn(), old, load::<TokenId>)?;
    Ok(diesel::delete(tokens::table.filter(tokens::id.eq_any(ids))).execute(tx.conn())?)
}
