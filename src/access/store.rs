//! Who somebody is, and what they are in an event.

use super::{permission::Role, phase::Phase, tracks::Tracks};
use crate::{
    db::{
        Conn, Tx,
        portable::{lock_word, share_word},
        schema::{
            accounts, conflicts, events, member_tracks, members, phases, proposal_speakers, proposals, sessions,
            speakers, tokens,
        },
        types::{AccountId, EventId, MemberId, SessionId, TextList, TokenId, Ts},
    },
    error::Result,
    locked,
    mail::EventAbout,
};
use diesel::{
    dsl,
    expression::AsExpression,
    prelude::*,
    query_source::{Alias, AliasedField},
    sql_types::Bool,
};

/// The account behind a session or token.
#[derive(Clone, Debug, Queryable)]
pub struct Holder {
    pub account: AccountId,
    pub code: String,
    pub email: String,
    pub name: String,
    pub email_verified_at: Option<Ts>,
    pub is_admin: bool,
    pub created_at: Ts,
}

const HOLDER: (
    accounts::id,
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::is_admin,
    accounts::created_at,
) = (
    accounts::id,
    accounts::code,
    accounts::email,
    accounts::name,
    accounts::email_verified_at,
    accounts::is_admin,
    accounts::created_at,
);

/// A live session, when it was last used, and whose it is.
pub fn find_session(conn: &mut Conn, token_sha256: &[u8], now: Ts) -> Result<Option<(SessionId, Ts, Holder)>> {
    let found = sessions::table
        .inner_join(accounts::table)
        .filter(sessions::token_sha256.eq(token_sha256))
        .filter(sessions::expires_at.gt(now))
        .filter(accounts::disabled_at.is_null())
        .select((sessions::id, sessions::last_used_at, HOLDER))
        .first(conn)
        .optional()?;
    Ok(found)
}

#[derive(Clone, Debug, Queryable)]
pub struct FoundToken {
    pub id: TokenId,
    pub code: String,
    pub event: Option<EventId>,
    pub scopes: TextList,
    pub last_used_at: Option<Ts>,
    /// Whose it is, or who made it for the event.
    pub holder: Holder,
}

/// A live token. A person's own dies with the account; an event's token is the event's.
pub fn find_token(conn: &mut Conn, token_sha256: &[u8], now: Ts) -> Result<Option<FoundToken>> {
    let found = tokens::table
        .inner_join(accounts::table)
        .filter(tokens::token_sha256.eq(token_sha256))
        .filter(tokens::expires_at.gt(now))
        .filter(tokens::event_id.is_not_null().or(accounts::disabled_at.is_null()))
        .select((tokens::id, tokens::code, tokens::event_id, tokens::scopes, tokens::last_used_at, HOLDER))
        .first(conn)
        .optional()?;
    Ok(found)
}

/// Whether the token still stands; then it is kept from being revoked until the transaction ends.
pub fn token_held(tx: &mut Tx<'_>, token: TokenId, now: Ts) -> Result<bool> {
    let enabled = accounts::table.filter(accounts::disabled_at.is_null()).select(accounts::id);
    let query = tokens::table
        .filter(tokens::id.eq(token))
        .filter(tokens::expires_at.gt(now))
        .filter(tokens::event_id.is_not_null().or(tokens::account_id.eq_any(enabled)))
        .select(tokens::id);
    Ok(locked!(tx.conn(), query, for_key_share, first::<TokenId>).optional()?.is_some())
}

pub fn touch_token(tx: &mut Tx<'_>, token: TokenId, now: Ts) -> Result<()> {
    diesel::update(tokens::table.find(token)).set(tokens::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Whether the session still stands; `false` after signing out, a reset of the password, or a disabled account.
pub fn session_stands(conn: &mut Conn, session: SessionId, now: Ts) -> Result<bool> {
    let query = sessions::table
        .inner_join(accounts::table)
        .filter(sessions::id.eq(session))
        .filter(sessions::expires_at.gt(now))
        .filter(accounts::disabled_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(conn)?)
}

/// Whether the account is an admin, and whether its address is verified.
pub fn standing(conn: &mut Conn, account: AccountId) -> Result<(bool, bool)> {
    let query = accounts::table.find(account).select((accounts::is_admin, accounts::email_verified_at.is_not_null()));
    Ok(query.first(conn)?)
}

pub fn touch_session(tx: &mut Tx<'_>, session: SessionId, now: Ts) -> Result<()> {
    diesel::update(sessions::table.find(session)).set(sessions::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// What the access rules need to know of an event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Scope {
    pub id: EventId,
    pub slug: String,
    pub name: String,
    pub zone: String,
    pub visible: bool,
    /// Whether everybody may find it.
    pub listed: bool,
    pub blind: bool,
    contact_email: String,
}

impl Scope {
    /// What a mail needs to know of the event.
    pub fn about(&self) -> EventAbout {
        EventAbout { id: self.id, reply_to: self.contact_email.clone() }
    }
}

macro_rules! scopes {
    () => {
        events::table.select((
            events::id,
            events::slug,
            events::name,
            events::zone,
            events::visibility.ne("draft"),
            events::visibility.eq("public"),
            events::blind,
            events::contact_email,
        ))
    };
}

pub fn find_scope(conn: &mut Conn, slug: &str) -> Result<Option<Scope>> {
    Ok(scopes!().filter(events::slug.eq(slug)).first(conn).optional()?)
}

/// The event that something already found belongs to.
pub fn scope_of(conn: &mut Conn, event: EventId) -> Result<Scope> {
    Ok(scopes!().filter(events::id.eq(event)).first(conn)?)
}

/// A role that an account holds in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Membership {
    pub id: MemberId,
    pub role: Role,
    /// Whether it reaches its own tracks only.
    pub limited: bool,
}

impl Membership {
    /// What an event's token is there: an organizer who is nobody.
    pub(super) const fn of_token() -> Membership {
        Membership { id: MemberId(0), role: Role::Organizer, limited: false }
    }
}

pub fn memberships(conn: &mut Conn, event: EventId, account: AccountId) -> Result<Vec<Membership>> {
    let held = members::table
        .filter(members::event_id.eq(event))
        .filter(members::account_id.eq(account))
        .select((members::id, members::role, members::limited))
        .order(members::role)
        .load(conn)?;
    Ok(held)
}

/// The memberships once more, kept from being changed or taken away until the transaction ends.
pub fn memberships_held(tx: &mut Tx<'_>, event: EventId, account: AccountId) -> Result<Vec<Membership>> {
    share_word(tx.conn(), &membership_word(event, account))?;
    let query = members::table.filter(members::event_id.eq(event)).filter(members::account_id.eq(account)).select((
        members::id,
        members::role,
        members::limited,
    ));
    Ok(locked!(tx.conn(), query, for_share, load::<Membership>)?)
}

fn membership_word(event: EventId, account: AccountId) -> String {
    format!("member {} {}", event.0, account.0)
}

/// Waits for the writes under way of whoever is about to lose a role, and lets none of theirs pass.
pub fn hold_membership(tx: &mut Tx<'_>, event: EventId, account: AccountId) -> Result<()> {
    Ok(lock_word(tx.conn(), &membership_word(event, account))?)
}

/// What holds in an event at a time.
pub fn phase(conn: &mut Conn, scope: &Scope, now: Ts) -> Result<Phase> {
    let begun = phases::table.filter(phases::event_id.eq(scope.id)).filter(phases::starts_at.le(now));
    let found = begun
        .order(phases::starts_at.desc())
        .select((phases::scoring, phases::sees, phases::names, phases::reviews, phases::deciding))
        .first(conn)
        .optional()?;
    let phase = |(scoring, sees, names, reviews, deciding)| Phase { scoring, sees, names, reviews, deciding };
    Ok(found.map_or_else(|| Phase::usual(scope), phase))
}

/// Whether reviewers are kept from knowing who wrote the proposals, now and in every phase to come.
pub fn stays_blind(conn: &mut Conn, scope: &Scope, now: Ts) -> Result<bool> {
    let opening = phases::table
        .filter(phases::event_id.eq(scope.id))
        .filter(phases::starts_at.gt(now))
        .filter(phases::names.eq(true));
    Ok(!phase(conn, scope, now)?.names && !diesel::select(dsl::exists(opening)).get_result::<bool>(conn)?)
}

diesel::alias!(accounts as readers: Readers);

type AddressOf = dsl::SingleValue<
    dsl::Select<
        dsl::Filter<Alias<Readers>, dsl::Eq<AliasedField<Readers, accounts::id>, AccountId>>,
        AliasedField<Readers, accounts::email_key>,
    >,
>;

/// One value, so that both databases look for it by its index.
fn address_of(account: AccountId) -> AddressOf {
    let theirs = readers.filter(readers.field(accounts::id).eq(account));
    theirs.select(readers.field(accounts::email_key)).single_value()
}

/// The proposals of which the account is a speaker, in all events; also by an address that organizers entered, before
/// anybody has taken the profile over.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn spoken(account: AccountId) -> _ {
    let address: AddressOf = address_of(account);
    proposal_speakers::table
        .inner_join(speakers::table)
        .filter(speakers::account_id.eq(account).or(speakers::email_key.eq(address)))
        .select(proposal_speakers::proposal_id)
}

/// The proposals with which the account is known to have a conflict of interest, besides those it speaks in.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn conflicting(account: AccountId) -> _ {
    conflicts::table.filter(conflicts::account_id.eq(account)).select(conflicts::proposal_id)
}

/// The condition that a proposal is within the tracks, and none with which the reader has a conflict of interest. One
/// without a track is only within all of them.
#[dsl::auto_type(type_case = "PascalCase")]
pub fn in_tracks(event: EventId, tracks: Tracks) -> _ {
    let limit: Option<MemberId> = tracks.limit();
    let unlimited: dsl::AsExprOf<bool, Bool> = AsExpression::<Bool>::as_expression(limit.is_none());
    let member: MemberId = limit.unwrap_or(MemberId(0));
    let of_member = member_tracks::table
        .filter(member_tracks::event_id.eq(event))
        .filter(member_tracks::member_id.eq(member))
        .select(member_tracks::track_id.nullable());
    // No account has this key, so to nobody nothing is hidden. The few proposals are read once, not looked for in each row.
    let reader: AccountId = tracks.reader().unwrap_or(AccountId(0));
    let spoken: Spoken = spoken(reader);
    let conflicting: Conflicting = conflicting(reader);
    unlimited
        .or(proposals::track_id.eq_any(of_member))
        .and(dsl::not(proposals::id.eq_any(spoken)))
        .and(dsl::not(proposals::id.eq_any(conflicting)))
}

/// Locks the event: whoever changes the team, the settings or publishes comes first. The key stays free, because what
/// others insert below the event refers to it: they may hold the call's lock, which comes after this one.
pub fn lock_event(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    let query = events::table.find(event).select(events::id);
    let _: EventId = locked!(tx.conn(), query, for_no_key_update, first::<EventId>)?;
    Ok(())
}
