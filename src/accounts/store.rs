//! SQL of accounts, sessions and mailed secrets.

use super::model::{Account, NewAction, Purpose};
use crate::{
    access::SignedIn,
    db::{
        Conn, Tx,
        schema::{account_actions, accounts, sessions},
        types::{AccountId, SessionId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
    locked, locked_or_skipped,
};
use diesel::prelude::*;

type AccountRow = (AccountId, String, String, String, Option<Ts>, Option<String>, bool, Option<Ts>);

fn account((id, code, email, name, email_verified_at, password_phc, is_admin, disabled_at): AccountRow) -> Account {
    Account { id, code, email, name, email_verified_at, password_phc, is_admin, disabled_at }
}

const COLUMNS: (
    accounts::id,
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::password_phc,
    accounts::is_admin,
    accounts::disabled_at,
) = (
    accounts::id,
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::password_phc,
    accounts::is_admin,
    accounts::disabled_at,
);

pub fn find(conn: &mut Conn, id: AccountId) -> Result<Account> {
    Ok(account(accounts::table.find(id).select(COLUMNS).first(conn)?))
}

pub fn find_by_key(conn: &mut Conn, email_key: &str) -> Result<Option<Account>> {
    let found = accounts::table.filter(accounts::email_key.eq(email_key)).select(COLUMNS).first(conn).optional()?;
    Ok(found.map(account))
}

/// Locks the account: its limits are counted one at a time. Its key stays free: a publication that waits for a
/// proposal of the account writes mails to it.
pub fn lock(tx: &mut Tx<'_>, id: AccountId) -> Result<Account> {
    let query = accounts::table.find(id).select(COLUMNS);
    Ok(account(locked!(tx.conn(), query, for_no_key_update, first::<AccountRow>)?))
}

#[derive(Insertable)]
#[diesel(table_name = accounts)]
pub struct NewAccount {
    pub code: String,
    pub email: String,
    pub email_key: String,
    pub email_verified_at: Option<Ts>,
    pub password_phc: Option<String>,
    pub name: String,
    pub is_admin: bool,
    pub version: i64,
    pub created_at: Ts,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewAccount) -> Result<AccountId> {
    diesel::insert_into(accounts::table).values(new).returning(accounts::id).get_result(tx.conn()).on_unique(
        "accounts.email_key",
        "accounts_email_key_key",
        || Error::new(Code::Taken, "This address has an account."),
    )
}

pub fn verify_email(tx: &mut Tx<'_>, id: AccountId, now: Ts) -> Result<()> {
    diesel::update(accounts::table.find(id).filter(accounts::email_verified_at.is_null()))
        .set(accounts::email_verified_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_password(tx: &mut Tx<'_>, id: AccountId, phc: &str) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::password_phc.eq(phc)).execute(tx.conn())?;
    Ok(())
}

pub fn make_admin(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::is_admin.eq(true)).execute(tx.conn())?;
    Ok(())
}

/// Gives an account that nobody has verified to somebody who has; links mailed for it die.
pub fn take_over(tx: &mut Tx<'_>, id: AccountId, name: &str, phc: Option<&str>) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((accounts::name.eq(name), accounts::password_phc.eq(phc)))
        .execute(tx.conn())?;
    diesel::delete(account_actions::table.filter(account_actions::account_id.eq(id))).execute(tx.conn())?;
    Ok(())
}

pub struct NewSession<'a> {
    pub account: AccountId,
    pub token_sha256: &'a [u8],
    pub user_agent: &'a str,
    pub now: Ts,
    pub expires_at: Ts,
}

pub fn insert_session(tx: &mut Tx<'_>, new: &NewSession<'_>) -> Result<()> {
    let row = (
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

pub fn delete_session(tx: &mut Tx<'_>, who: &SignedIn) -> Result<()> {
    diesel::delete(sessions::table.find(who.session())).execute(tx.conn())?;
    Ok(())
}

pub fn delete_sessions_of(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account))).execute(tx.conn())?;
    Ok(())
}

/// Stores the hash of a mailed secret; those sent before for the same purpose die.
pub fn insert_action(tx: &mut Tx<'_>, new: &NewAction, token_sha256: &[u8], now: Ts) -> Result<()> {
    let older = account_actions::table
        .filter(account_actions::account_id.eq(new.account))
        .filter(account_actions::purpose.eq(new.purpose))
        .filter(account_actions::used_at.is_null());
    diesel::delete(older).execute(tx.conn())?;
    let row = (
        account_actions::account_id.eq(new.account),
        account_actions::purpose.eq(new.purpose),
        account_actions::token_sha256.eq(token_sha256),
        account_actions::expires_at.eq(now.plus(new.purpose.link().lifetime())),
        account_actions::created_at.eq(now),
    );
    diesel::insert_into(account_actions::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Whose live secret this is.
pub fn find_action(conn: &mut Conn, purpose: Purpose, token_sha256: &[u8], now: Ts) -> Result<Option<Account>> {
    let found = account_actions::table
        .inner_join(accounts::table)
        .filter(account_actions::purpose.eq(purpose))
        .filter(account_actions::token_sha256.eq(token_sha256))
        .filter(account_actions::used_at.is_null())
        .filter(account_actions::expires_at.gt(now))
        .filter(accounts::disabled_at.is_null())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(found.map(account))
}

/// Uses the secret up; `None` when it was not live. Of two at once, one gets it.
pub fn use_action(tx: &mut Tx<'_>, purpose: Purpose, token_sha256: &[u8], now: Ts) -> Result<Option<Account>> {
    let live = account_actions::table
        .filter(account_actions::purpose.eq(purpose))
        .filter(account_actions::token_sha256.eq(token_sha256))
        .filter(account_actions::used_at.is_null())
        .filter(account_actions::expires_at.gt(now));
    let owner: Option<AccountId> = diesel::update(live)
        .set(account_actions::used_at.eq(now))
        .returning(account_actions::account_id)
        .get_result(tx.conn())
        .optional()?;
    let Some(owner) = owner else { return Ok(None) };
    Ok(Some(find(tx.conn(), owner)?).filter(|account| account.disabled_at.is_none()))
}

/// Deletes sessions that have ended; answers how many.
pub fn purge_sessions(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let ended = sessions::table.filter(sessions::expires_at.le(now)).order(sessions::expires_at).limit(most);
    let ids = locked_or_skipped!(tx.conn(), ended.select(sessions::id), load::<SessionId>)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(tx.conn())?)
}

/// Deletes the hashes of mailed secrets that have run out; answers how many.
pub fn purge_actions(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let ended = account_actions::table.filter(account_actions::expires_at.le(now)).order(account_actions::expires_at);
    let ids = locked_or_skipped!(tx.conn(), ended.limit(most).select(account_actions::id), load::<i64>)?;
    Ok(diesel::delete(account_actions::table.filter(account_actions::id.eq_any(ids))).execute(tx.conn())?)
}
