//! SQL of events and their teams.

use super::model::{Event, Facts, NewSlug, Visibility};
use crate::{
    access::{Organizer, Role},
    db::{
        Conn, Tx,
        schema::{accounts, criteria, events, members},
        types::{AccountId, EventId, Ts},
    },
    error::{Error, FieldErrors, OnUnique, Result},
    mail::Recipient,
};
use diesel::prelude::*;

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

pub fn insert_member(tx: &mut Tx<'_>, event: EventId, account: AccountId, role: Role, now: Ts) -> Result<()> {
    let row = (
        members::event_id.eq(event),
        members::account_id.eq(account),
        members::role.eq(role),
        members::created_at.eq(now),
    );
    diesel::insert_into(members::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Who is told what concerns all organizers.
pub fn organizers(conn: &mut Conn, event: EventId) -> Result<Vec<Recipient>> {
    let found: Vec<(AccountId, String, String)> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(event))
        .filter(members::role.eq(Role::Organizer))
        .select((accounts::id, accounts::email, accounts::name))
        .order(accounts::id)
        .load(conn)?;
    let recipient = |(account, address, name)| Recipient { account: Some(account), address, name };
    Ok(found.into_iter().map(recipient).collect())
}
