//! The capabilities of one event: whoever speaks in it, and whoever holds a role in it. Their fields are private: only
//! `resolve` makes one.

use super::{
    bearer::{self, Caller},
    capability::{PublicEvent, SignedIn, note_place},
    permission::{Decide, ManageEvent, Permission, PermissionName, ReadEvent, ReadProposals, ReviewProposals},
    phase::{OthersReviews, Phase, Sees},
    scopes::TokenScope,
    sight::Sight,
    store::{self, Membership, Scope},
    tracks::Tracks,
};
use crate::{
    app::Callboard,
    db::{
        Acting, Actor, Conn, Tx,
        types::{AccountId, EventId, Ts},
    },
    error::{Code, Error, Result},
    http::{
        input::{EventPath, is_slug},
        routes::{Capability, Input, Sketch},
    },
};
use actix_web::{HttpRequest, dev::Payload};
use std::marker::PhantomData;

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
        let (scope, _) = event_for(conn, slug, &who.caller)?;
        Ok(Speaker { who, scope })
    }

    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// To look at what everybody may see of the event.
    pub fn as_anyone(&self) -> PublicEvent {
        PublicEvent::of(self.scope.clone())
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
        let (caller, (scope, memberships)) = in_event(request).await?;
        note_place(request, &scope, &memberships);
        Ok(Speaker { who: SignedIn::person(caller)?, scope })
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token("speaker");
        sketch.takes_tokens(TokenScope::MeRead, TokenScope::MeWrite);
        EventPath::describe(sketch);
    }
}

impl Actor for Speaker {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.who.check_again(tx)
    }
    fn acting(&self) -> Acting<'_> {
        self.who.acting()
    }
    fn lock_event(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::lock_event(tx, self.scope.id)
    }
}

/// Who calls, the event of the path if they may know of it, and what they are there. First 401, then 404.
async fn in_event(request: &HttpRequest) -> Result<(Caller, (Scope, Vec<Membership>))> {
    let slug = slug_in(request);
    bearer::caller(request, move |conn, caller| event_for(conn, &slug, caller)).await
}

fn slug_in(request: &HttpRequest) -> String {
    request.match_info().query("event").to_owned()
}

fn event_for(conn: &mut Conn, slug: &str, caller: &Caller) -> Result<(Scope, Vec<Membership>)> {
    let scope = if is_slug(slug) { store::find_scope(conn, slug)? } else { None };
    let scope = scope.ok_or_else(Error::not_found)?;
    let memberships = match caller.event() {
        Some(event) if event == scope.id => vec![Membership::of_token()],
        Some(_) => return Err(Error::not_found()),
        None => store::memberships(conn, scope.id, caller.account())?,
    };
    if !scope.visible && memberships.is_empty() {
        return Err(Error::not_found());
    }
    Ok((scope, memberships))
}

/// The proof that somebody holds a role in the event of the path that allows `P`, or has a token of that event.
pub struct Can<P> {
    caller: Caller,
    scope: Scope,
    tracks: Tracks,
    phase: Phase,
    permission: PhantomData<fn() -> P>,
}

impl<P> Clone for Can<P> {
    fn clone(&self) -> Self {
        let (caller, scope) = (self.caller.clone(), self.scope.clone());
        Can { caller, scope, tracks: self.tracks, phase: self.phase, permission: PhantomData }
    }
}

pub type Organizer = Can<ManageEvent>;
pub type EventReader = Can<ReadEvent>;
pub type ProposalReader = Can<ReadProposals>;
pub type Decider = Can<Decide>;
pub type Reviewer = Can<ReviewProposals>;

impl<P> Can<P> {
    pub fn account(&self) -> AccountId {
        self.caller.account()
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
        if self.phase.names { Sight::Open } else { Sight::Blind }
    }

    /// The switches that hold now.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    pub fn sees(&self) -> Sees {
        self.phase.sees
    }

    pub fn sees_reviews(&self) -> OthersReviews {
        self.phase.reviews
    }

    pub fn may_score(&self) -> bool {
        self.phase.scoring
    }

    /// # Errors
    /// `NotInPhase`.
    pub fn check_scoring(&self) -> Result<()> {
        if self.may_score() {
            return Ok(());
        }
        Err(Error::new(Code::NotInPhase, "Reviews are not written in this phase. What you wrote is kept."))
    }

    /// What the order of this reviewer's lists is derived from.
    pub fn order_key(&self) -> String {
        format!("{}:{}", self.scope.slug, self.caller.holder.code)
    }
}

impl Decider {
    /// # Errors
    /// `NotInPhase`.
    pub fn check_deciding(&self) -> Result<()> {
        if self.phase.deciding {
            return Ok(());
        }
        Err(Error::new(Code::NotInPhase, "Nothing is decided in this phase."))
    }
}

impl<P: Permission> Can<P> {
    /// As [`SignedIn::of_token`], in the event with this slug.
    ///
    /// # Errors
    /// As for the request.
    pub fn of_token(conn: &mut Conn, token: &str, slug: &str, now: Ts) -> Result<Self> {
        let caller = Caller::of_session(conn, token, now)?;
        let (scope, memberships) = event_for(conn, slug, &caller)?;
        let phase = phase::<P>(conn, &scope, now)?;
        Can::allowed(caller, scope, &memberships, phase)
    }

    fn allowed(caller: Caller, scope: Scope, memberships: &[Membership], phase: Phase) -> Result<Self> {
        let tracks = granted::<P>(memberships, caller.account())?;
        Ok(Can { caller, scope, tracks, phase, permission: PhantomData })
    }
}

impl<P: Permission> Capability for Can<P> {
    async fn resolve(request: &HttpRequest) -> Result<Self> {
        let (slug, now) = (slug_in(request), Callboard::of(request)?.clock.now());
        let read = move |conn: &mut Conn, caller: &Caller| {
            let (scope, memberships) = event_for(conn, &slug, caller)?;
            let phase = phase::<P>(conn, &scope, now)?;
            Ok((scope, memberships, phase))
        };
        let (caller, (scope, memberships, phase)) = bearer::caller(request, read).await?;
        note_place(request, &scope, &memberships);
        Can::allowed(caller, scope, &memberships, phase)
    }
    fn describe(sketch: &mut Sketch) {
        sketch.needs_token(P::NAME.audience());
        let (reading, writing) = P::NAME.scopes();
        sketch.takes_tokens(reading, writing);
        sketch.fails(&[Code::Forbidden]);
        EventPath::describe(sketch);
    }
}

impl<P: Permission> Actor for Can<P> {
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.caller.check_again(tx)?;
        let memberships = match self.caller.event() {
            Some(_) => vec![Membership::of_token()],
            None => store::memberships_held(tx, self.scope.id, self.caller.account())?,
        };
        self.tracks = granted::<P>(&memberships, self.caller.account())?;
        let now = tx.now()?;
        self.phase = phase::<P>(tx.conn(), &self.scope, now)?;
        Ok(())
    }
    fn acting(&self) -> Acting<'_> {
        self.caller.acting()
    }
    fn lock_event(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::lock_event(tx, self.scope.id)
    }
}

/// What else whoever calls may do in the event of the path, so that a page shows everybody what they may do; each is none
/// where their roles do not allow it.
pub struct Besides {
    pub event_reader: Option<EventReader>,
    pub proposal_reader: Option<ProposalReader>,
    pub decider: Option<Decider>,
    pub organizer: Option<Organizer>,
}

impl Besides {
    /// Whether decisions are made now, by whoever asks.
    pub fn may_decide(&self) -> bool {
        self.decider.as_ref().is_some_and(|decider| decider.check_deciding().is_ok())
    }
}

/// Whoever may not is not refused here.
fn if_allowed<P: Permission>(
    caller: &Caller,
    scope: &Scope,
    memberships: &[Membership],
    phase: Phase,
) -> Result<Option<Can<P>>> {
    match Can::allowed(caller.clone(), scope.clone(), memberships, phase) {
        Ok(can) => Ok(Some(can)),
        Err(error) if error.code() == Code::Forbidden => Ok(None),
        Err(error) => Err(error),
    }
}

impl Input for Besides {
    async fn take(request: &HttpRequest, _body: &mut Payload) -> Result<Self> {
        let (slug, now) = (slug_in(request), Callboard::of(request)?.clock.now());
        let read = move |conn: &mut Conn, caller: &Caller| {
            let (scope, memberships) = event_for(conn, &slug, caller)?;
            let deciding = phase::<Decide>(conn, &scope, now)?;
            Ok((scope, memberships, deciding))
        };
        let (caller, (scope, memberships, deciding)) = bearer::caller(request, read).await?;
        let usual = Phase::usual(&scope);
        Ok(Besides {
            event_reader: if_allowed(&caller, &scope, &memberships, usual)?,
            proposal_reader: if_allowed(&caller, &scope, &memberships, usual)?,
            decider: if_allowed(&caller, &scope, &memberships, deciding)?,
            organizer: if_allowed(&caller, &scope, &memberships, usual)?,
        })
    }
    fn describe(_sketch: &mut Sketch) {}
}

fn granted<P: Permission>(memberships: &[Membership], account: AccountId) -> Result<Tracks> {
    let refused = || format!("This takes the role {} in this event.", P::NAME.holders());
    let tracks = Tracks::granted(P::NAME, memberships).ok_or_else(|| Error::new(Code::Forbidden, refused()))?;
    let manages = memberships.iter().any(|membership| membership.role.allows(PermissionName::ManageEvent));
    Ok(if P::NAME.minds_conflicts() || !manages { tracks.minding(account) } else { tracks })
}

fn phase<P: Permission>(conn: &mut Conn, scope: &Scope, now: Ts) -> Result<Phase> {
    if P::NAME.has_phases() { store::phase(conn, scope, now) } else { Ok(Phase::usual(scope)) }
}
