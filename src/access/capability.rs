//! The capabilities. Their fields are private: only `resolve` makes one.

use super::{
    bearer::{self, Caller},
    scopes::TokenScope,
    store::{self, Membership, Scope},
    tracks::Tracks,
};
use crate::{
    app::Callboard,
    config::EventCreators,
    db::{
        Acting, Actor, Conn, Tx,
        types::{AccountId, EventId, SessionId, Ts},
    },
    error::{Code, Error, Result},
    http::{
        self,
        input::EventPath,
        pages::layout,
        routes::{Capability, Input, Sketch},
    },
};
use actix_web::HttpRequest;
use std::time::Duration;

/// Anyone.
#[derive(Clone, Debug)]
pub struct Public(());

impl Capability for Public {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        if layout::has_session(request) && !request.path().starts_with(http::API) {
            bearer::visitor(request, |_, _| Ok(())).await?;
        }
        Ok(Public(()))
    }
    fn describe(sketch: &mut Sketch) {
        sketch.audience("anyone");
    }
}

/// Anyone, about an event that is not a draft.
#[derive(Clone, Debug)]
pub struct PublicEvent {
    scope: Scope,
    signed_in: bool,
}

impl PublicEvent {
    /// Whoever may see the event as somebody may see what everybody may.
    pub(super) fn of(scope: Scope) -> PublicEvent {
        PublicEvent { scope, signed_in: true }
    }

    /// Whether it is somebody: pages then say less about signing in.
    pub fn is_signed_in(&self) -> bool {
        self.signed_in
    }

    pub fn event(&self) -> EventId {
        self.scope.id
    }

    pub fn slug(&self) -> &str {
        &self.scope.slug
    }

    pub fn name(&self) -> &str {
        &self.scope.name
    }

    pub fn zone(&self) -> &str {
        &self.scope.zone
    }

    /// What is public is so in all tracks.
    pub fn tracks(&self) -> Tracks {
        Tracks::all()
    }
}

/// For the layout of a page.
pub(super) fn note_place(request: &HttpRequest, scope: &Scope, memberships: &[Membership]) {
    if !request.path().starts_with(http::API) {
        let roles = memberships.iter().map(|membership| membership.role).collect();
        let Scope { slug, name, listed, .. } = scope.clone();
        layout::note_place(request, layout::Place { slug, name, listed, roles });
    }
}

impl Capability for PublicEvent {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let slug = EventPath::of(request)?;
        let read = move |conn: &mut Conn, caller: Option<&Caller>| {
            let Some(scope) = store::find_scope(conn, &slug)? else { return Ok(None) };
            let roles = caller.map(|caller| store::memberships(conn, scope.id, caller.account())).transpose()?;
            Ok(Some((scope, caller.is_some(), roles.unwrap_or_default())))
        };
        let (scope, signed_in, roles) = bearer::visitor(request, read).await?.ok_or_else(Error::not_found)?;
        // Its team looks at a page that is in preparation.
        if !scope.visible && roles.is_empty() {
            return Err(Error::not_found());
        }
        note_place(request, &scope, &roles);
        Ok(PublicEvent { scope, signed_in })
    }
    fn describe(sketch: &mut Sketch) {
        sketch.audience("anyone");
        EventPath::describe(sketch);
    }
}

/// A person with a session that stands, or with a token of the own that has the scope of the route.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub(super) caller: Caller,
}

impl SignedIn {
    /// What a request with this session's token proves, for the process itself when it acts as somebody.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, now: Ts) -> Result<SignedIn> {
        Ok(SignedIn { caller: Caller::of_session(conn, token, now)? })
    }

    /// An event's token is nobody.
    pub(super) fn person(caller: Caller) -> Result<SignedIn> {
        if caller.event().is_some() {
            return Err(Error::new(Code::Forbidden, "An event's token is nobody. Use one of your own."));
        }
        Ok(SignedIn { caller })
    }

    pub fn account(&self) -> AccountId {
        self.caller.account()
    }

    /// # Errors
    /// `SessionOnly` for who came with a token.
    pub fn session(&self) -> Result<SessionId> {
        self.caller.session()
    }

    pub fn email(&self) -> &str {
        &self.caller.holder.email
    }

    /// The address as it compares, if it is proved.
    pub fn proved_email_key(&self) -> Option<String> {
        self.is_verified().then(|| self.email().to_lowercase())
    }

    pub fn name(&self) -> &str {
        &self.caller.holder.name
    }

    pub fn is_verified(&self) -> bool {
        self.caller.holder.email_verified_at.is_some()
    }

    /// Whether the account is younger than a day.
    pub fn is_newcomer(&self, now: Ts) -> bool {
        now < self.caller.holder.created_at.plus(NEW_FOR)
    }

    pub fn is_admin(&self) -> bool {
        self.caller.holder.is_admin
    }
}

/// Programs that sign up to submit do not wait so long.
const NEW_FOR: Duration = Duration::from_hours(24);

impl Capability for SignedIn {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let (caller, ()) = bearer::caller(request, |_, _| Ok(())).await?;
        SignedIn::person(caller)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("signed in");
    }
}

impl Actor for SignedIn {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.caller.check_again(tx)
    }
    fn acting(&self) -> Acting<'_> {
        self.caller.acting()
    }
}

/// An admin of this instance, with a session.
#[derive(Clone, Debug)]
pub struct Admin {
    who: SignedIn,
}

impl Admin {
    /// Whether the account is admin still. Where rights are changed, it is asked again under their lock.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn still_admin(&self, tx: &mut Tx<'_>) -> Result<()> {
        admins_only(store::standing(tx.conn(), self.who.account())?.0)
    }

    pub fn account(&self) -> AccountId {
        self.who.account()
    }
}

fn admins_only(admin: bool) -> Result<()> {
    if admin { Ok(()) } else { Err(Error::new(Code::Forbidden, "Only this instance's admins may do this.")) }
}

impl Capability for Admin {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let who = SignedIn::resolve(request).await?;
        who.session()?;
        admins_only(who.is_admin())?;
        Ok(Admin { who })
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("admin");
        sketch.fails(&[Code::Forbidden]);
    }
}

impl Actor for Admin {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)?;
        self.still_admin(tx)
    }
    fn acting(&self) -> Acting<'_> {
        self.who.acting()
    }
}

/// Somebody who may create events on this instance.
#[derive(Clone, Debug)]
pub struct EventCreator {
    who: SignedIn,
    everyone: bool,
}

/// An event's invitations carry words of its creator to anybody, so its creator has to be known by an address.
fn may_create(everyone: bool, admin: bool, verified: bool) -> Result<()> {
    if !(everyone || admin) {
        return Err(Error::new(Code::Forbidden, "Only this instance's admins create events. Ask them."));
    }
    if verified { Ok(()) } else { Err(Error::new(Code::Forbidden, "Verify your mail address first.")) }
}

impl EventCreator {
    /// As [`SignedIn::of_token`], where only admins create events.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, now: Ts) -> Result<EventCreator> {
        EventCreator::allowed(SignedIn::of_token(conn, token, now)?, EventCreators::Admins)
    }

    fn allowed(who: SignedIn, creators: EventCreators) -> Result<EventCreator> {
        let everyone = creators == EventCreators::Everyone;
        may_create(everyone, who.is_admin(), who.is_verified())?;
        Ok(EventCreator { who, everyone })
    }

    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// Whether somebody like this is shown where to create one.
    pub(super) fn is_open_to(request: &HttpRequest, admin: bool, verified: bool) -> bool {
        let everyone = Callboard::of(request).is_ok_and(|app| app.config.event_creators == EventCreators::Everyone);
        may_create(everyone, admin, verified).is_ok()
    }
}

impl Capability for EventCreator {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let who = SignedIn::resolve(request).await?;
        EventCreator::allowed(who, Callboard::of(request)?.config.event_creators)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("event creator");
        sketch.takes_tokens(TokenScope::EventsCreate, TokenScope::EventsCreate);
        sketch.fails(&[Code::Forbidden]);
    }
}

impl Actor for EventCreator {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)?;
        let (admin, verified) = store::standing(tx.conn(), self.who.account())?;
        may_create(self.everyone, admin, verified)
    }
    fn acting(&self) -> Acting<'_> {
        self.who.acting()
    }
}
