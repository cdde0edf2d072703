//! SQL of mailed secrets and of the requests for them.

use super::model::{Action, Change, LinkRequest, NewAction, Purpose, Wish};
use crate::{
    accounts::{model::Account, store},
    db::{
        Conn, Tx,
        schema::{account_actions, accounts, link_requests},
        types::{AccountId, LinkRequestId, Ts},
    },
    error::Result,
    locked_or_skipped,
};
use diesel::prelude::*;

/// Stores the hash of a mailed secret; those sent before for the same purpose die.
pub fn insert(tx: &mut Tx<'_>, new: &NewAction, token_sha256: &[u8], now: Ts) -> Result<()> {
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
        account_actions::email.eq(new.change.as_ref().map(|change| &change.email)),
        account_actions::session_code.eq(new.change.as_ref().map(|change| &change.session_code)),
    );
    diesel::insert_into(account_actions::table).values(row).execute(tx.conn())?;
    Ok(())
}

type ActionRow = (AccountId, Option<String>, Option<String>);

const ACTION: (account_actions::account_id, account_actions::email, account_actions::session_code) =
    (account_actions::account_id, account_actions::email, account_actions::session_code);

fn action(account: Account, email: Option<String>, session_code: Option<String>) -> Option<Action> {
    let change = email.zip(session_code).map(|(email, session_code)| Change { email, session_code });
    Some(Action { account, change }).filter(|action| action.account.disabled_at.is_none())
}

/// What a live secret is for.
pub fn find(conn: &mut Conn, purpose: Purpose, token_sha256: &[u8], now: Ts) -> Result<Option<Action>> {
    let found: Option<ActionRow> = account_actions::table
        .filter(account_actions::purpose.eq(purpose))
        .filter(account_actions::token_sha256.eq(token_sha256))
        .filter(account_actions::used_at.is_null())
        .filter(account_actions::expires_at.gt(now))
        .select(ACTION)
        .first(conn)
        .optional()?;
    let Some((account, email, session)) = found else { return Ok(None) };
    Ok(action(store::find(conn, account)?, email, session))
}

/// Uses the secret up and locks its account; `None` when it was not live. Of two at once, one gets it.
pub fn use_up(tx: &mut Tx<'_>, purpose: Purpose, token_sha256: &[u8], now: Ts) -> Result<Option<Action>> {
    let Some(before) = find(tx.conn(), purpose, token_sha256, now)? else { return Ok(None) };
    // The account comes first, as in every deed of its own.
    let account = store::lock(tx, before.account.id)?;
    let live = account_actions::table
        .filter(account_actions::purpose.eq(purpose))
        .filter(account_actions::token_sha256.eq(token_sha256))
        .filter(account_actions::used_at.is_null())
        .filter(account_actions::expires_at.gt(now));
    let used: Option<ActionRow> = diesel::update(live)
        .set(account_actions::used_at.eq(now))
        .returning(ACTION)
        .get_result(tx.conn())
        .optional()?;
    Ok(used.and_then(|(_, email, session)| action(account, email, session)))
}

/// Links for these purposes that were mailed and not used die.
pub fn delete_open(tx: &mut Tx<'_>, account: AccountId, purposes: &[Purpose]) -> Result<()> {
    let open = account_actions::table
        .filter(account_actions::account_id.eq(account))
        .filter(account_actions::purpose.eq_any(purposes))
        .filter(account_actions::used_at.is_null());
    diesel::delete(open).execute(tx.conn())?;
    Ok(())
}

pub fn insert_request(tx: &mut Tx<'_>, wish: Wish, email_key: &str) -> Result<()> {
    let now = tx.now()?;
    let row = (link_requests::wish.eq(wish), link_requests::email_key.eq(email_key), link_requests::created_at.eq(now));
    diesel::insert_into(link_requests::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Takes the oldest request that no other worker has in hand.
pub fn take_request(tx: &mut Tx<'_>) -> Result<Option<LinkRequest>> {
    let oldest = link_requests::table.order(link_requests::id).limit(1).select((
        link_requests::id,
        link_requests::wish,
        link_requests::email_key,
    ));
    let taken = locked_or_skipped!(tx.conn(), oldest, load::<(LinkRequestId, Wish, String)>)?;
    let Some((id, wish, email_key)) = taken.into_iter().next() else { return Ok(None) };
    diesel::delete(link_requests::table.find(id)).execute(tx.conn())?;
    Ok(Some(LinkRequest { id, wish, email_key }))
}

/// The account that a link may be mailed to.
pub fn find_mailable(conn: &mut Conn, email_key: &str) -> Result<Option<AccountId>> {
    let known = accounts::table.filter(accounts::email_key.eq(email_key)).filter(accounts::disabled_at.is_null());
    Ok(known.select(accounts::id).first(conn).optional()?)
}

/// Deletes the hashes of mailed secrets that have run out; answers how many.
pub fn purge(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let ended = account_actions::table.filter(account_actions::expires_at.le(now)).order(account_actions::expires_at);
    let ids = locked_or_skipped!(tx.conn(), ended.limit(most).select(account_actions::id), load::<i64>)?;
    Ok(diesel::delete(account_actions::table.filter(account_actions::id.eq_any(ids))).execute(tx.conn())?)
}
