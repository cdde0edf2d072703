//! SQL of the admins. Nothing here reads what a proposal says.

use super::model::{Account, Event};
use crate::{
    access::{Admin, Role},
    db::{
        Conn, Tx,
        schema::{accounts, events, members, proposals},
        types::{AccountId, EventId, Ts},
    },
    error::{Error, Result},
    events::model::Visibility,
    http::cursor::Cursor,
    locked,
    proposals::model::Lifecycle,
};
use diesel::{dsl, prelude::*};
use std::collections::HashMap;

diesel::define_sql_function! {
    fn substr(text: diesel::sql_types::Text, from: diesel::sql_types::Integer, count: diesel::sql_types::Integer) -> diesel::sql_types::Text;
}

/// By slug, behind the one named.
pub fn list_events(conn: &mut Conn, _: &Admin, after: &str, limit: i64) -> Result<Vec<Event>> {
    let rows: Vec<(EventId, String, String, Visibility, Ts)> = events::table
        .filter(events::slug.gt(after))
        .select((events::id, events::slug, events::name, events::visibility, events::created_at))
        .order(events::slug)
        .limit(limit)
        .load(conn)?;
    let ids: Vec<EventId> = rows.iter().map(|row| row.0).collect();
    let mut of_event = members(conn, &ids)?;
    let submitted: Vec<(EventId, i64)> = proposals::table
        .filter(proposals::event_id.eq_any(&ids))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .group_by(proposals::event_id)
        .select((proposals::event_id, dsl::count_star()))
        .load(conn)?;
    let submitted: HashMap<EventId, i64> = submitted.into_iter().collect();
    let event = |(id, slug, name, visibility, created_at)| {
        let (members, organizers) = of_event.remove(&id).unwrap_or_default();
        let proposals = submitted.get(&id).copied().unwrap_or_default();
        Event { slug, name, visibility, created_at, members, organizers, proposals }
    };
    Ok(rows.into_iter().map(event).collect())
}

/// How many people are on each team, and how many of them organize and can sign in.
fn members(conn: &mut Conn, of: &[EventId]) -> Result<HashMap<EventId, (i64, i64)>> {
    let people: Vec<(EventId, AccountId)> = members::table
        .filter(members::event_id.eq_any(of))
        .select((members::event_id, members::account_id))
        .distinct()
        .load(conn)?;
    let organizers: Vec<(EventId, i64)> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq_any(of))
        .filter(members::role.eq(Role::Organizer))
        .filter(accounts::disabled_at.is_null())
        .group_by(members::event_id)
        .select((members::event_id, dsl::count_star()))
        .load(conn)?;
    let mut counts: HashMap<EventId, (i64, i64)> = HashMap::new();
    for (event, _) in people {
        counts.entry(event).or_default().0 += 1;
    }
    for (event, organizers) in organizers {
        counts.entry(event).or_default().1 = organizers;
    }
    Ok(counts)
}

/// The event of this slug, locked.
pub fn lock_event(tx: &mut Tx<'_>, _: &Admin, slug: &str) -> Result<EventId> {
    let query = events::table.filter(events::slug.eq(slug)).select(events::id);
    Ok(locked!(tx.conn(), query, for_no_key_update, first::<EventId>)?)
}

type AccountColumns = (
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::is_admin,
    accounts::disabled_at,
    accounts::version,
    accounts::created_at,
);

const ACCOUNT: AccountColumns = (
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::is_admin,
    accounts::disabled_at,
    accounts::version,
    accounts::created_at,
);

type AccountRow = (String, String, String, Option<Ts>, bool, Option<Ts>, i64, Ts);

fn account((code, email, name, email_verified_at, is_admin, disabled_at, version, created_at): AccountRow) -> Account {
    Account { code, email, name, email_verified_at, is_admin, disabled_at, version, created_at }
}

/// Newest first, behind the cursor.
pub fn list_accounts(
    conn: &mut Conn,
    _: &Admin,
    email_key: Option<&str>,
    name: Option<&str>,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Account>> {
    let mut query = accounts::table.filter(accounts::erased_at.is_null()).select(ACCOUNT).into_boxed();
    if let Some(key) = email_key {
        query = query.filter(accounts::email_key.eq(key.to_owned()));
    }
    if let Some(name) = name {
        let letters = i32::try_from(name.chars().count()).map_err(Error::internal)?;
        query = query.filter(substr(accounts::name, 1, letters).eq(name.to_owned()));
    }
    if let Some(Cursor { at, code }) = after {
        let older = accounts::created_at.lt(*at);
        query = query.filter(older.or(accounts::created_at.eq(*at).and(accounts::code.gt(code.clone()))));
    }
    let rows: Vec<AccountRow> = query.order((accounts::created_at.desc(), accounts::code)).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(account).collect())
}

/// Locks all admins and the account of this code, in one order: of two admins that take each other's rights, one does.
pub fn lock_account(tx: &mut Tx<'_>, _: &Admin, code: &str) -> Result<(AccountId, Account)> {
    let query = accounts::table
        .filter(accounts::erased_at.is_null())
        .filter(accounts::is_admin.eq(true).or(accounts::code.eq(code)))
        .select((accounts::id, ACCOUNT))
        .order(accounts::id);
    let rows = locked!(tx.conn(), query, for_no_key_update, load::<(AccountId, AccountRow)>)?;
    let found = rows.into_iter().map(|(id, row)| (id, account(row))).find(|(_, account)| account.code == code);
    found.ok_or_else(Error::not_found)
}

pub fn update_account(tx: &mut Tx<'_>, _: &Admin, id: AccountId, to: &Account) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set((
            accounts::is_admin.eq(to.is_admin),
            accounts::disabled_at.eq(to.disabled_at),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}
