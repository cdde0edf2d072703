//! The capabilities. Their fields are private: only `resolve` makes one.

use super::{
    permission::{Decide, ManageEvent, Permission, ReadEvent, ReadProposals, ReviewProposals},
    sight::Sight,
    store::{self, Membership, Scope, Session},
    tracks::Tracks,
};
use crate::{
    app::Callboard,
    config::EventCreators,
    db::{
        Actor, Conn, Tx,
        types::{AccountId, EventId, SessionId, Ts},
    },
    error::{Code, Error, Result},
    http::{
        input::{EventPath, is_slug},
        limits::Caller,
        routes::{Capability, Input, Sketch},
    },
    secrets,
};
use actix_web::{HttpMessage, HttpRequest, http::header};
use std::{marker::PhantomData, time::Duration};

/// Anyone.
#[derive(Clone, Debug)]
pub struct Public(());

impl Capability for Public {
    async fn resolve(_request: &HttpRequest) -> Result<Self> {
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
}

impl PublicEvent {
    pub fn event(&self) -> EventId {
        self.scope.id
    }

    /// What is public is so in all tracks.
    pub fn tracks(&self) -> Tracks {
        Tracks::all()
    }
}

impl Capability for PublicEvent {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let app = Callboard::of(request)?;
        let slug = EventPath::of(request)?;
        let scope = app.db.read(move |conn| store::find_scope(conn, &slug)).await?;
        scope.filter(|scope| scope.visible).map(|scope| PublicEvent { scope }).ok_or_else(Error::not_found)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.audience("anyone");
        EventPath::describe(sketch);
    }
}

/// An account with a session that stands.
#[derive(Clone, Debug)]
pub struct SignedIn {
    session: Session,
}

impl SignedIn {
    /// What a request with this token proves, for the process itself when it acts as somebody.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, now: Ts) -> Result<SignedIn> {
        let session = store::find_session(conn, &secrets::hash(token), now)?.ok_or_else(Error::sign_in)?;
        Ok(SignedIn { session })
    }

    pub fn account(&self) -> AccountId {
        self.session.account
    }

    pub fn session(&self) -> SessionId {
        self.session.id
    }

    pub fn email(&self) -> &str {
        &self.session.email
    }

    pub fn name(&self) -> &str {
        &self.session.name
    }

    pub fn is_verified(&self) -> bool {
        self.session.email_verified_at.is_some()
    }

    pub fn is_admin(&self) -> bool {
        self.session.is_admin
    }
}

/// How stale `last_used_at` may be.
const TOUCH_EVERY: Duration = Duration::from_mins(5);

/// The session of the bearer token, and whatever `more` reads in the same snapshot.
async fn signed_in<T: Send + 'static>(
    request: &HttpRequest,
    more: impl FnOnce(&mut Conn, &Session) -> Result<T> + Send + 'static,
) -> Result<(SignedIn, T)> {
    let app = Callboard::of(request)?;
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or_else(Error::sign_in)?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Error::sign_in());
    }
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let read = move |conn: &mut Conn| {
        let session = store::find_session(conn, &hash, now)?.ok_or_else(Error::sign_in)?;
        let more = more(conn, &session)?;
        Ok((session, more))
    };
    let (session, more) = app.db.read(read).await?;
    request.extensions_mut().insert(Caller(session.account));
    if session.last_used_at.plus(TOUCH_EVERY) < now {
        let id = session.id;
        // Nobody waits for it: the writers may be busy.
        actix_web::rt::spawn(async move {
            if let Err(error) = app.db.write(move |tx| store::touch_session(tx, id, now)).await {
                tracing::warn!(%error, "Could not note that a session was used");
            }
        });
    }
    Ok((SignedIn { session }, more))
}

impl Capability for SignedIn {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        signed_in(request, |_, _| Ok(())).await.map(|(who, ())| who)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("signed in");
    }
}

impl Actor for SignedIn {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now()?;
        if store::session_stands(tx.conn(), self.session.id, now)? { Ok(()) } else { Err(Error::sign_in()) }
    }
    fn account(&self) -> AccountId {
        self.session.account
    }
    fn actor_key(&self) -> String {
        format!("account:{}", self.session.account.0)
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
}

impl Capability for EventCreator {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let who = SignedIn::resolve(request).await?;
        EventCreator::allowed(who, Callboard::of(request)?.config.event_creators)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("event creator");
        sketch.fails(&[Code::Forbidden]);
    }
}

impl Actor for EventCreator {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)?;
        let (admin, verified) = store::standing(tx.conn(), self.who.account())?;
        may_create(self.everyone, admin, verified)
    }
    fn account(&self) -> AccountId {
        self.who.account()
    }
    fn actor_key(&self) -> String {
        self.who.actor_key()
    }
}

/// Somebody signed in, in an event they may see: everyone can propose a talk.
#[derive(Clone, Debug)]
pub struct Speaker {
    who: SignedIn,
    scope: Scope,
}

impl Speaker {
    /// As [`SignedIn::of_token`], in the event with this slug.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, slug: &str, now: Ts) -> Result<Speaker> {
        let who = SignedIn::of_token(conn, token, now)?;
        let (scope, _) = event_for(conn, slug, &who.session)?;
        Ok(Speaker { who, scope })
    }

    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    pub fn account(&self) -> AccountId {
        self.who.account()
    }

    pub fn event(&self) -> EventId {
        self.scope.id
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl Capability for Speaker {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let (who, (scope, _)) = in_event(request).await?;
        Ok(Speaker { who, scope })
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("speaker");
        EventPath::describe(sketch);
    }
}

impl Actor for Speaker {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)
    }
    fn account(&self) -> AccountId {
        self.who.account()
    }
    fn actor_key(&self) -> String {
        self.who.actor_key()
    }
    fn lock_event(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::lock_event(tx, self.scope.id)
    }
}

/// The session, the event of the path if the account may know of it, and what it is there. First 401, then 404.
async fn in_event(request: &HttpRequest) -> Result<(SignedIn, (Scope, Vec<Membership>))> {
    let slug = request.match_info().query("event").to_owned();
    signed_in(request, move |conn, session| event_for(conn, &slug, session)).await
}

fn event_for(conn: &mut Conn, slug: &str, session: &Session) -> Result<(Scope, Vec<Membership>)> {
    let scope = if is_slug(slug) { store::find_scope(conn, slug)? } else { None };
    let scope = scope.ok_or_else(Error::not_found)?;
    let memberships = store::memberships(conn, scope.id, session.account)?;
    if !scope.visible && memberships.is_empty() {
        return Err(Error::not_found());
    }
    Ok((scope, memberships))
}

/// The proof that somebody holds a role in the event of the path that allows `P`.
pub struct Can<P> {
    who: SignedIn,
    scope: Scope,
    tracks: Tracks,
    permission: PhantomData<fn() -> P>,
}

impl<P> Clone for Can<P> {
    fn clone(&self) -> Self {
        Can { who: self.who.clone(), scope: self.scope.clone(), tracks: self.tracks, permission: PhantomData }
    }
}

pub type Organizer = Can<ManageEvent>;
pub type EventReader = Can<ReadEvent>;
pub type ProposalReader = Can<ReadProposals>;
pub type Decider = Can<Decide>;
pub type Reviewer = Can<ReviewProposals>;

impl<P> Can<P> {
    pub fn account(&self) -> AccountId {
        self.who.account()
    }

    pub fn event(&self) -> EventId {
        self.scope.id
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Which proposals it is about.
    pub fn tracks(&self) -> Tracks {
        self.tracks
    }
}

impl Reviewer {
    pub fn sight(&self) -> Sight {
        if self.scope.blind { Sight::Blind } else { Sight::Open }
    }

    /// What the order of this reviewer's lists is derived from.
    pub fn order_key(&self) -> String {
        format!("{}:{}", self.scope.slug, self.who.session.code)
    }
}

impl<P: Permission> Can<P> {
    /// As [`SignedIn::of_token`], in the event with this slug.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, slug: &str, now: Ts) -> Result<Self> {
        let who = SignedIn::of_token(conn, token, now)?;
        let (scope, memberships) = event_for(conn, slug, &who.session)?;
        Can::allowed(who, scope, &memberships)
    }

    fn allowed(who: SignedIn, scope: Scope, memberships: &[Membership]) -> Result<Self> {
        let tracks = granted::<P>(memberships)?;
        Ok(Can { who, scope, tracks, permission: PhantomData })
    }
}

impl<P: Permission> Capability for Can<P> {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let (who, (scope, memberships)) = in_event(request).await?;
        Can::allowed(who, scope, &memberships)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token(P::NAME.audience());
        sketch.fails(&[Code::Forbidden]);
        EventPath::describe(sketch);
    }
}

impl<P: Permission> Actor for Can<P> {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)?;
        let memberships = store::memberships_held(tx, self.scope.id, self.who.account())?;
        self.tracks = granted::<P>(&memberships)?;
        Ok(())
    }
    fn account(&self) -> AccountId {
        self.who.account()
    }
    fn actor_key(&self) -> String {
        self.who.actor_key()
    }
    fn lock_event(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::lock_event(tx, self.scope.id)
    }
}

fn granted<P: Permission>(memberships: &[Membership]) -> Result<Tracks> {
    let refused = || format!("This takes the role {} in this event.", P::NAME.holders());
    Tracks::granted(P::NAME, memberships).ok_or_else(|| Error::new(Code::Forbidden, refused()))
}
