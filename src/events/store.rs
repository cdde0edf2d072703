//! SQL of events and their teams.

use super::{
    model::{Event, Facts, NewSlug, Visibility},
    team_model::{Held, Limit, LimitTrack, Member},
};
use crate::{
    access::{Can, Implies, Organizer, ReadEvent, Role, store::hold_membership},
    db::{
        Conn, Tx,
        schema::{accounts, criteria, events, member_tracks, members, tracks},
        types::{AccountId, EventId, MemberId, TrackId, Ts},
    },
    error::{Error, FieldErrors, OnUnique, Result},
    locked,
    mail::Recipient,
};
use diesel::prelude::*;
use std::{collections::HashMap, hash::Hash};

type FactsRow = (String, String, String, Option<String>, Option<String>, String, String, String, Visibility, bool);
type EventRow = (EventId, String, FactsRow, i64);

const FACTS: (
    events::name,
    events::description,
    events::zone,
    events::starts_on,
    events::ends_on,
    events::place,
    events::website,
    events::contact_email,
    events::visibility,
    events::blind,
) = (
    events::name,
    events::description,
    events::zone,
    events::starts_on,
    events::ends_on,
    events::place,
    events::website,
    events::contact_email,
    events::visibility,
    events::blind,
);

fn event((id, slug, facts, version): EventRow) -> Event {
    let (name, description, zone, starts_on, ends_on, place, website, contact_email, visibility, blind) = facts;
    let facts = Facts { name, description, zone, starts_on, ends_on, place, website, contact_email, visibility, blind };
    Event { id, slug, facts, version }
}

pub fn find(conn: &mut Conn, id: EventId) -> Result<Event> {
    Ok(event(events::table.find(id).select((events::id, events::slug, FACTS, events::version)).first(conn)?))
}

pub fn list_public(conn: &mut Conn) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = events::table
        .filter(events::visibility.eq(Visibility::Public))
        .select((events::id, events::slug, FACTS, events::version))
        .order(events::slug)
        .load(conn)?;
    Ok(rows.into_iter().map(event).collect())
}

/// The events that an account organizes, the latest first.
pub fn list_organized(conn: &mut Conn, account: AccountId) -> Result<Vec<Event>> {
    let mine = members::table
        .filter(members::account_id.eq(account))
        .filter(members::role.eq(Role::Organizer))
        .select(members::event_id);
    let rows: Vec<EventRow> = events::table
        .filter(events::id.eq_any(mine))
        .select((events::id, events::slug, FACTS, events::version))
        .order(events::id.desc())
        .load(conn)?;
    Ok(rows.into_iter().map(event).collect())
}

/// # Errors
/// A field error when another event has the slug.
pub fn insert(tx: &mut Tx<'_>, slug: &NewSlug, facts: &Facts, now: Ts) -> Result<EventId> {
    let row = (
        events::slug.eq(slug.as_str()),
        events::name.eq(&facts.name),
        events::description.eq(&facts.description),
        events::zone.eq(&facts.zone),
        events::starts_on.eq(&facts.starts_on),
        events::ends_on.eq(&facts.ends_on),
        events::place.eq(&facts.place),
        events::website.eq(&facts.website),
        events::contact_email.eq(&facts.contact_email),
        events::visibility.eq(facts.visibility),
        events::blind.eq(facts.blind),
        events::version.eq(1),
        events::created_at.eq(now),
    );
    diesel::insert_into(events::table).values(row).returning(events::id).get_result(tx.conn()).on_unique(
        "events.slug",
        "events_slug_key",
        || Error::from(FieldErrors::of("slug", "taken", "is the address of another event")),
    )
}

pub fn update(tx: &mut Tx<'_>, who: &Organizer, facts: &Facts) -> Result<()> {
    diesel::update(events::table.find(who.event()))
        .set((
            events::name.eq(&facts.name),
            events::description.eq(&facts.description),
            events::zone.eq(&facts.zone),
            events::starts_on.eq(&facts.starts_on),
            events::ends_on.eq(&facts.ends_on),
            events::place.eq(&facts.place),
            events::website.eq(&facts.website),
            events::contact_email.eq(&facts.contact_email),
            events::visibility.eq(facts.visibility),
            events::blind.eq(facts.blind),
            events::version.eq(events::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The criterion a new event starts with.
pub fn insert_overall_criterion(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    let row = (
        criteria::event_id.eq(event),
        criteria::code.eq(tx.random().code(6)),
        criteria::name.eq("Overall"),
        criteria::help.eq(""),
        criteria::weight.eq(1.0),
        criteria::lowest.eq(1),
        criteria::highest.eq(5),
        criteria::position.eq(1),
        criteria::version.eq(1),
    );
    diesel::insert_into(criteria::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Limited to nothing.
pub fn insert_member(tx: &mut Tx<'_>, event: EventId, account: AccountId, role: Role, now: Ts) -> Result<MemberId> {
    let row = (
        members::event_id.eq(event),
        members::account_id.eq(account),
        members::role.eq(role),
        members::limited.eq(false),
        members::version.eq(1),
        members::created_at.eq(now),
    );
    Ok(diesel::insert_into(members::table).values(row).returning(members::id).get_result(tx.conn())?)
}

/// Limits a membership, or lifts its limit. The row is written first: whoever acts by the membership holds it.
pub fn limit_member(tx: &mut Tx<'_>, event: EventId, member: MemberId, limit: &Limit) -> Result<()> {
    diesel::update(members::table.find(member))
        .set((members::limited.eq(limit.is_some()), members::version.eq(members::version + 1)))
        .execute(tx.conn())?;
    diesel::delete(member_tracks::table.filter(member_tracks::member_id.eq(member))).execute(tx.conn())?;
    for track in limit.iter().flatten() {
        let row = (
            member_tracks::event_id.eq(event),
            member_tracks::member_id.eq(member),
            member_tracks::track_id.eq(track.id),
        );
        diesel::insert_into(member_tracks::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The membership by which an account holds the role, with its version.
pub fn find_membership(conn: &mut Conn, who: &Organizer, code: &str, role: Role) -> Result<(MemberId, i64)> {
    let query = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(who.event()))
        .filter(accounts::code.eq(code))
        .filter(members::role.eq(role));
    Ok(query.select((members::id, members::version)).first(conn)?)
}

/// Who is told what concerns all organizers. They stay organizers until the transaction ends, so that nobody who just
/// went is written to.
pub fn organizers(tx: &mut Tx<'_>, event: EventId) -> Result<Vec<Recipient>> {
    let query = members::table.filter(members::event_id.eq(event)).filter(members::role.eq(Role::Organizer));
    let query = query.select(members::id).order(members::id);
    let held: Vec<MemberId> = locked!(tx.conn(), query, for_share, load::<MemberId>)?;
    let found: Vec<(AccountId, String, String)> = members::table
        .inner_join(accounts::table)
        .filter(members::id.eq_any(held))
        .select((accounts::id, accounts::email, accounts::name))
        .order(accounts::id)
        .load(tx.conn())?;
    let recipient = |(account, address, name)| Recipient { account: Some(account), address, name };
    Ok(found.into_iter().map(recipient).collect())
}

type MemberRow = (AccountId, String, String, String, MemberId, (Role, bool, i64));

/// The team, in the order in which they joined.
pub fn list_members(conn: &mut Conn, who: &Can<impl Implies<ReadEvent>>) -> Result<Vec<Member>> {
    let rows: Vec<MemberRow> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(who.event()))
        .select((
            accounts::id,
            accounts::code,
            accounts::name,
            accounts::email,
            members::id,
            (members::role, members::limited, members::version),
        ))
        .order((members::created_at, accounts::code, members::role))
        .load(conn)?;
    let limits: Vec<(MemberId, TrackId, String, String)> = member_tracks::table
        .inner_join(tracks::table)
        .filter(member_tracks::event_id.eq(who.event()))
        .select((member_tracks::member_id, tracks::id, tracks::code, tracks::name))
        .order((tracks::position, tracks::code))
        .load(conn)?;
    let mut limits = by_holder(limits);
    let mut list: Vec<Member> = vec![];
    for (account, code, name, email, member, (role, limited, version)) in rows {
        let held = Held { role, limit: limited.then(|| limits.remove(&member).unwrap_or_default()), version };
        match list.iter_mut().find(|member| member.account == account) {
            Some(member) => member.roles.push(held),
            None => list.push(Member { account, code, name, email, roles: vec![held] }),
        }
    }
    Ok(list)
}

pub(super) fn by_holder<H: Eq + Hash>(rows: Vec<(H, TrackId, String, String)>) -> HashMap<H, Vec<LimitTrack>> {
    let mut limits: HashMap<H, Vec<LimitTrack>> = HashMap::new();
    for (holder, id, code, name) in rows {
        limits.entry(holder).or_default().push(LimitTrack { id, code, name });
    }
    limits
}

/// Takes one role or all from a member; `false` when there was nothing to take.
pub fn delete_member(tx: &mut Tx<'_>, who: &Organizer, code: &str, role: Option<Role>) -> Result<bool> {
    let account = accounts::table.filter(accounts::code.eq(code)).select(accounts::id);
    let account: Option<AccountId> = account.first(tx.conn()).optional()?;
    let Some(account) = account else { return Ok(false) };
    hold_membership(tx, who.event(), account)?;
    let roles = role.map_or(Role::ALL.to_vec(), |role| vec![role]);
    let held = members::table
        .filter(members::event_id.eq(who.event()))
        .filter(members::account_id.eq(account))
        .filter(members::role.eq_any(roles));
    Ok(diesel::delete(held).execute(tx.conn())? > 0)
}

/// Whether somebody who can sign in organizes the event.
pub fn has_organizer(conn: &mut Conn, event: EventId) -> Result<bool> {
    let query = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(event))
        .filter(members::role.eq(Role::Organizer))
        .filter(accounts::disabled_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(conn)?)
}

/// Whether the address is that of somebody who has the role.
pub fn holds_role(conn: &mut Conn, event: EventId, email_key: &str, role: Role) -> Result<bool> {
    let query = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(event))
        .filter(members::role.eq(role))
        .filter(accounts::email_key.eq(email_key));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(conn)?)
}
