//! What people do with sessions. Signing in is the same work for known and unknown addresses.

use super::{
    model::{Begun, Session, SignIn},
    store,
};
use crate::{
    access::{Public, SignedIn},
    accounts::{
        self,
        actions::{proven, still_proven},
        links::{
            self,
            model::{LinkToken, Purpose},
        },
        model::Account,
    },
    app::Callboard,
    db::{Conn, Turn, Tx},
    error::{Error, Result},
    http::limits::Limit,
    secrets::{self, TokenKind},
    text::Email,
    tokens,
};
use std::time::Duration;

pub const SESSION_LASTS: Duration = Duration::from_hours(30 * 24);

/// # Errors
/// `WrongCredentials`, after the same work for unknown addresses; `TooMany`.
pub async fn sign_in(app: &Callboard, _: Public, input: SignIn, user_agent: String) -> Result<Begun> {
    let key = Email::new(&input.email).map(|email| email.key()).ok();
    if let Some(key) = &key {
        app.limits.spend(Limit::SignInAs, key)?;
    }
    let look = move |conn: &mut Conn| key.map_or(Ok(None), |key: String| accounts::store::find_by_key(conn, &key));
    let known = app.db.read(look).await?;
    let account = proven(app, known, input.password).await?;
    app.db
        .write(move |tx| {
            still_proven(tx, &account)?;
            begin(tx, &account, &user_agent)
        })
        .await
}

/// The link was mailed to the address, so it proves it. What an account held before its address was proved is somebody
/// else's as likely as not: then its password, sessions and tokens end.
///
/// # Errors
/// `LinkDead`.
pub async fn sign_in_by_link(app: &Callboard, _: Public, input: LinkToken, user_agent: String) -> Result<Begun> {
    app.db
        .write(move |tx| {
            let account = links::actions::use_up(tx, Purpose::SignIn, &input.token)?.account;
            if account.email_verified_at.is_none() {
                let now = tx.now()?;
                accounts::store::verify_email(tx, account.id, now)?;
                accounts::store::set_password(tx, account.id, None)?;
                tokens::store::delete_all_of(tx, account.id)?;
                store::delete_all(tx, account.id)?;
            }
            begin(tx, &account, &user_agent)
        })
        .await
}

/// # Errors
/// When the database refuses it.
pub fn begin(tx: &mut Tx<'_>, account: &Account, user_agent: &str) -> Result<Begun> {
    let now = tx.now()?;
    let token = secrets::token(TokenKind::Session, tx.random());
    let expires_at = now.plus(SESSION_LASTS);
    let user_agent: String = user_agent.chars().take(200).collect();
    let hash = secrets::hash(&token);
    let new = store::NewSession { account: account.id, token_sha256: &hash, user_agent: &user_agent, now, expires_at };
    store::insert(tx, &new)?;
    Ok(Begun { token, expires_at })
}

/// # Errors
/// When the database refuses it.
pub async fn sign_out(app: &Callboard, who: SignedIn) -> Result<()> {
    app.db.write_as(who, Turn::Plain, store::delete_current).await
}

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: SignedIn) -> Result<Vec<Session>> {
    let now = app.clock.now();
    app.db.read(move |conn| store::list(conn, who.account(), now)).await
}

/// # Errors
/// `NotFound`.
pub async fn end(app: &Callboard, who: SignedIn, code: String) -> Result<()> {
    app.db
        .write_as(
            who,
            Turn::Plain,
            move |tx, who| {
                if store::delete_mine(tx, who, &code)? { Ok(()) } else { Err(Error::not_found()) }
            },
        )
        .await
}

/// The session that asks ends too. The account is locked, so that none begins beside it unseen.
///
/// # Errors
/// When the database refuses it.
pub async fn end_all(app: &Callboard, who: SignedIn) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, |tx, who| {
            accounts::store::lock_mine(tx, who)?;
            store::delete_all(tx, who.account())
        })
        .await
}
