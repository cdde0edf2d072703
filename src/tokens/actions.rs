//! Making and revoking tokens. Only somebody with a session does: a token makes no other one.

use super::{
    model::{MOST, Made, NewToken, Token},
    store::{self, NewRow},
};
use crate::{
    access::{Organizer, SignedIn},
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Turn, Tx},
    error::{Error, Result},
    secrets::{self, TokenKind},
};

/// # Errors
/// `Busy`.
pub async fn list_mine(app: &Callboard, who: SignedIn) -> Result<Vec<Token>> {
    app.db.read(move |conn| store::list_mine(conn, &who)).await
}

/// # Errors
/// `Busy`.
pub async fn list_of_event(app: &Callboard, who: Organizer) -> Result<Vec<Token>> {
    app.db.read(move |conn| store::list_of_event(conn, &who)).await
}

/// # Errors
/// Field errors; `WrongState` when there are too many.
pub async fn create_mine(app: &Callboard, who: SignedIn, input: NewToken) -> Result<Made> {
    let scopes = input.scopes(false)?;
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who)?;
            check_room(&store::list_mine(tx.conn(), who)?)?;
            let secret = secrets::token(TokenKind::Personal, tx.random());
            let (event, account, token_sha256) = (None, who.account(), &secrets::hash(&secret));
            let code = store::insert(tx, &NewRow { event, account, token_sha256, input: &input, scopes: &scopes })?;
            made(store::list_mine(tx.conn(), who)?, &code, secret)
        })
        .await
}

/// # Errors
/// Field errors; `WrongState` when there are too many.
pub async fn create_of_event(app: &Callboard, who: Organizer, input: NewToken) -> Result<Made> {
    let scopes = input.scopes(true)?;
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            check_room(&store::list_of_event(tx.conn(), who)?)?;
            let secret = secrets::token(TokenKind::Event, tx.random());
            let (event, account, token_sha256) = (Some(who.event()), who.account(), &secrets::hash(&secret));
            let code = store::insert(tx, &NewRow { event, account, token_sha256, input: &input, scopes: &scopes })?;
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            note(tx, who, Action::TokenMade, &code, Some(scopes))?;
            made(store::list_of_event(tx.conn(), who)?, &code, secret)
        })
        .await
}

fn check_room(tokens: &[Token]) -> Result<()> {
    if tokens.len() < MOST {
        return Ok(());
    }
    Err(Error::wrong_state(format!("There are {MOST} tokens already. Revoke one that is not needed any more.")))
}

fn made(tokens: Vec<Token>, code: &str, secret: String) -> Result<Made> {
    let token = tokens.into_iter().find(|token| token.code == code).ok_or_else(Error::not_found)?;
    Ok(Made { token, secret })
}

fn note(tx: &mut Tx<'_>, who: &Organizer, action: Action, code: &str, scopes: Option<Vec<&str>>) -> Result<()> {
    let entry = Entry::new(action, Object::Token(code.to_owned()));
    let entry = if let Some(scopes) = scopes { entry.with("scopes", scopes) } else { entry };
    audit::record(tx, who, who.event(), &entry)
}

/// # Errors
/// `NotFound`.
pub async fn revoke_mine(app: &Callboard, who: SignedIn, code: String) -> Result<()> {
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

/// # Errors
/// `NotFound`.
pub async fn revoke_of_event(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            if !store::delete_of_event(tx, who, &code)? {
                return Err(Error::not_found());
            }
            note(tx, who, Action::TokenRevoked, &code, None)
        })
        .await
}
