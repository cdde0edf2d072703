//! Who a request comes from. The `Authorization` header is read here and nowhere else.

use super::{
    EventCreator,
    scopes::{self, Needs, TokenScope},
    store::{self, FoundToken, Holder},
};
use crate::{
    app::Callboard,
    db::{
        Acting, Conn, Tx,
        types::{AccountId, EventId, SessionId, TokenId, Ts},
    },
    error::{Error, Result},
    http::{
        self, limits,
        pages::{
            cookies::{self, Jar},
            layout::{self, Who},
        },
    },
    secrets::{self, TokenKind},
};
use actix_web::{HttpMessage, HttpRequest, http::header};
use std::time::Duration;

/// By what somebody proves who they are.
#[derive(Clone, Debug)]
enum Credential {
    Session(SessionId),
    Token {
        id: TokenId,
        code: String,
        /// The event that the token belongs to; `None`: a person's own.
        event: Option<EventId>,
        scopes: Vec<TokenScope>,
    },
}

/// The holder of a session or token that stands. With an event's token, the account is the one that made it.
#[derive(Clone, Debug)]
pub struct Caller {
    credential: Credential,
    pub(super) holder: Holder,
}

impl Caller {
    /// Whose session it is, for the process itself when it acts as somebody.
    pub(super) fn of_session(conn: &mut Conn, token: &str, now: Ts) -> Result<Caller> {
        let found = store::find_session(conn, &secrets::hash(token), now)?;
        let (id, _, holder) = found.ok_or_else(Error::sign_in)?;
        Ok(Caller { credential: Credential::Session(id), holder })
    }

    fn find(conn: &mut Conn, kind: TokenKind, hash: &[u8], now: Ts) -> Result<(Caller, Option<Ts>)> {
        if kind == TokenKind::Session {
            let (id, last_used_at, holder) = store::find_session(conn, hash, now)?.ok_or_else(Error::sign_in)?;
            return Ok((Caller { credential: Credential::Session(id), holder }, Some(last_used_at)));
        }
        let found = store::find_token(conn, hash, now)?.ok_or_else(Error::sign_in)?;
        let FoundToken { id, code, event, scopes, last_used_at, holder } = found;
        let scopes = scopes.0.iter().filter_map(|scope| scope.parse().ok()).collect();
        Ok((Caller { credential: Credential::Token { id, code, event, scopes }, holder }, last_used_at))
    }

    fn check(&self, needs: Needs) -> Result<()> {
        match &self.credential {
            Credential::Session(_) => Ok(()),
            Credential::Token { scopes, .. } => needs.check(scopes),
        }
    }

    pub(super) fn account(&self) -> AccountId {
        self.holder.account
    }

    /// # Errors
    /// `SessionOnly` for tokens.
    pub(super) fn session(&self) -> Result<SessionId> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token { .. } => Err(scopes::session_only()),
        }
    }

    /// The event whose token it is.
    pub(super) fn event(&self) -> Option<EventId> {
        match self.credential {
            Credential::Session(_) => None,
            Credential::Token { event, .. } => event,
        }
    }

    /// Checks the session or token again, inside a write.
    pub(super) fn check_again(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now()?;
        let stands = match self.credential {
            Credential::Session(id) => store::session_stands(tx.conn(), id, now)?,
            Credential::Token { id, .. } => store::token_held(tx, id, now)?,
        };
        if stands { Ok(()) } else { Err(Error::sign_in()) }
    }

    pub(super) fn acting(&self) -> Acting<'_> {
        let account = self.account();
        let (key, token) = match &self.credential {
            Credential::Session(_) => (None, None),
            Credential::Token { id, code, event, .. } => (event.map(|_| format!("token:{}", id.0)), Some(&**code)),
        };
        Acting { account, key: key.unwrap_or_else(|| format!("account:{}", account.0)), token }
    }

    async fn touch(self, app: Callboard, now: Ts) {
        let touch = move |tx: &mut Tx<'_>| match self.credential {
            Credential::Session(id) => store::touch_session(tx, id, now),
            Credential::Token { id, .. } => store::touch_token(tx, id, now),
        };
        if let Err(error) = app.db.write(touch).await {
            tracing::warn!(%error, "Could not note that a session or token was used");
        }
    }
}

/// How stale `last_used_at` may be.
const TOUCH_EVERY: Duration = Duration::from_mins(5);

/// What the request proves itself with: the API knows tokens, pages the session's cookie.
fn token_of(request: &HttpRequest) -> Result<String> {
    if !is_api(request) {
        return cookies::read(request, Jar::Session).ok_or_else(Error::sign_in);
    }
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or_else(Error::sign_in)?;
    if scheme.eq_ignore_ascii_case("Bearer") { Ok(token.to_owned()) } else { Err(Error::sign_in()) }
}

fn is_api(request: &HttpRequest) -> bool {
    request.path().starts_with(http::API)
}

/// Who sent the request, and whatever `more` reads in the same snapshot. A token without the scope of the route is
/// refused before anything else is looked at.
pub(super) async fn caller<T: Send + 'static>(
    request: &HttpRequest,
    more: impl FnOnce(&mut Conn, &Caller) -> Result<T> + Send + 'static,
) -> Result<(Caller, T)> {
    let app = Callboard::of(request)?;
    let token = token_of(request)?;
    let kind = TokenKind::of(&token).ok_or_else(Error::sign_in)?;
    if kind != TokenKind::Session && !is_api(request) {
        return Err(Error::sign_in());
    }
    let (hash, now, needs) = (secrets::hash(&token), app.clock.now(), Needs::of(request));
    let read = move |conn: &mut Conn| {
        let (caller, last_used_at) = Caller::find(conn, kind, &hash, now)?;
        caller.check(needs)?;
        let more = more(conn, &caller)?;
        Ok((caller, last_used_at, more))
    };
    let (caller, last_used_at, more) = app.db.read(read).await?;
    noted(request, &caller);
    if last_used_at.is_none_or(|last| last.plus(TOUCH_EVERY) < now) {
        // Nobody waits for it: the writers may be busy.
        actix_web::rt::spawn(caller.clone().touch(app, now));
    }
    Ok((caller, more))
}

/// For the limits, and for the layout of a page.
fn noted(request: &HttpRequest, caller: &Caller) {
    request.extensions_mut().insert(limits::Caller(caller.acting().key));
    if !is_api(request) {
        let Holder { name, email, is_admin, email_verified_at, .. } = caller.holder.clone();
        let creates_events = EventCreator::is_open_to(request, is_admin, email_verified_at.is_some());
        layout::note_who(request, Who { name, email, is_admin, creates_events });
    }
}

/// As [`caller`], for a page that anybody may see: whoever is not signed in is `None`. The API has no such answers, which
/// are the same for everybody.
pub(super) async fn visitor<T: Send + 'static>(
    request: &HttpRequest,
    more: impl FnOnce(&mut Conn, Option<&Caller>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = Callboard::of(request)?;
    let token = if is_api(request) { None } else { cookies::read(request, Jar::Session) };
    let hash =
        token.filter(|token| TokenKind::of(token) == Some(TokenKind::Session)).map(|token| secrets::hash(&token));
    let now = app.clock.now();
    let read = move |conn: &mut Conn| {
        let found = hash.map(|hash| store::find_session(conn, &hash, now)).transpose()?.flatten();
        let caller = found.map(|(id, _, holder)| Caller { credential: Credential::Session(id), holder });
        let more = more(conn, caller.as_ref())?;
        Ok((caller, more))
    };
    let (caller, more) = app.db.read(read).await?;
    if let Some(caller) = caller {
        noted(request, &caller);
    }
    Ok(more)
}
