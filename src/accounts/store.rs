//! SQL of accounts.

use super::model::Account;
use crate::{
    access::SignedIn,
    db::{
        Conn, Tx,
        schema::accounts,
        types::{AccountId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
    locked,
};
use diesel::prelude::*;

type AccountRow = (AccountId, String, String, String, Option<Ts>, Option<String>, bool, Option<Ts>, i64);

fn account(row: AccountRow) -> Account {
    let (id, code, email, name, email_verified_at, password_phc, is_admin, disabled_at, version) = row;
    Account { id, code, email, name, email_verified_at, password_phc, is_admin, disabled_at, version }
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
    accounts::version,
) = (
    accounts::id,
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::password_phc,
    accounts::is_admin,
    accounts::disabled_at,
    accounts::version,
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

/// Locks two accounts, in an order in which nobody waits for each other.
pub fn lock_two(tx: &mut Tx<'_>, one: AccountId, other: AccountId) -> Result<()> {
    lock(tx, one.min(other))?;
    lock(tx, one.max(other))?;
    Ok(())
}

/// Locks the account of whoever acts, for what shall belong to it: it may have been erased in this moment.
///
/// # Errors
/// `SignInRequired` when it is gone or disabled.
pub fn lock_mine(tx: &mut Tx<'_>, who: &SignedIn) -> Result<Account> {
    let account = lock(tx, who.account())?;
    if account.disabled_at.is_none() { Ok(account) } else { Err(Error::sign_in()) }
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
        taken,
    )
}

pub fn verify_email(tx: &mut Tx<'_>, id: AccountId, now: Ts) -> Result<()> {
    diesel::update(accounts::table.find(id).filter(accounts::email_verified_at.is_null()))
        .set((accounts::email_verified_at.eq(now), accounts::version.eq(accounts::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// `None`: nobody signs in with a password until one is set by a mailed link.
pub fn set_password(tx: &mut Tx<'_>, id: AccountId, phc: Option<&str>) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::password_phc.eq(phc)).execute(tx.conn())?;
    Ok(())
}

/// The address was proved by a link mailed to it.
///
/// # Errors
/// `Taken` when it is another account's.
pub fn set_email(tx: &mut Tx<'_>, id: AccountId, email: &str) -> Result<()> {
    let now = tx.now()?;
    diesel::update(accounts::table.find(id))
        .set((
            accounts::email.eq(email),
            accounts::email_key.eq(email.to_lowercase()),
            accounts::email_verified_at.eq(now),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(tx.conn())
        .on_unique("accounts.email_key", "accounts_email_key_key", taken)?;
    Ok(())
}

fn taken() -> Error {
    Error::new(Code::Taken, "This address has an account.")
}

pub fn update_name(tx: &mut Tx<'_>, id: AccountId, name: &str) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((accounts::name.eq(name), accounts::version.eq(accounts::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

pub fn make_admin(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::is_admin.eq(true)).execute(tx.conn())?;
    Ok(())
}

/// Gives an account that nobody has verified to somebody who has.
pub fn take_over(tx: &mut Tx<'_>, id: AccountId, name: &str, phc: Option<&str>) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((accounts::name.eq(name), accounts::password_phc.eq(phc)))
        .execute(tx.conn())?;
    Ok(())
}
