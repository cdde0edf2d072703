//! SQL of events and their teams.

use super::model::{Event, Facts, Held, Invitation, Invite, Limit, LimitTrack, Member, NewSlug, Visibility};
use crate::{
    access::{EventReader, Organizer, Role},
    db::{
        Conn, Tx,
        schema::{accounts, criteria, events, invitation_tracks, invitations, member_tracks, members, tracks},
        types::{AccountId, EventId, InvitationId, MailId, MemberId, TrackId, Ts},
    },
    error::{Error, FieldErrors, OnUnique, Result},
    locked, locked_or_skipped,
    mail::Recipient,
    secrets::LinkKind,
};
use diesel::prelude::*;
use std::{collections::HashMap, hash::Hash, time::Duration};

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
pub fn list_members(conn: &mut Conn, who: &EventReader) -> Result<Vec<Member>> {
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

fn by_holder<H: Eq + Hash>(rows: Vec<(H, TrackId, String, String)>) -> HashMap<H, Vec<LimitTrack>> {
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
    let roles = role.map_or(Role::ALL.to_vec(), |role| vec![role]);
    let held = members::table
        .filter(members::event_id.eq(who.event()))
        .filter(members::account_id.eq(account))
        .filter(members::role.eq_any(roles));
    Ok(diesel::delete(held).execute(tx.conn())? > 0)
}

/// Takes back what a member was invited to and has not accepted: whoever was removed does not come back by an old link.
/// Answers the mails with those links.
pub fn delete_invitations_of(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Vec<MailId>> {
    let address = accounts::table.filter(accounts::code.eq(code)).select(accounts::email_key);
    let open = invitations::table
        .filter(invitations::event_id.eq(who.event()))
        .filter(invitations::used_at.is_null())
        .filter(invitations::email_key.eq_any(address));
    let mails: Vec<Option<MailId>> = diesel::delete(open).returning(invitations::mail_id).get_results(tx.conn())?;
    Ok(mails.into_iter().flatten().collect())
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

type InvitationRow = (InvitationId, EventId, String, String, String, String, String, (Role, bool), String, Ts, Ts);

type InvitationColumns = (
    invitations::id,
    invitations::event_id,
    events::slug,
    events::name,
    invitations::code,
    invitations::email,
    invitations::email_key,
    (invitations::role, invitations::limited),
    accounts::name,
    invitations::expires_at,
    invitations::created_at,
);

const INVITATION: InvitationColumns = (
    invitations::id,
    invitations::event_id,
    events::slug,
    events::name,
    invitations::code,
    invitations::email,
    invitations::email_key,
    (invitations::role, invitations::limited),
    accounts::name,
    invitations::expires_at,
    invitations::created_at,
);

fn with_limits(conn: &mut Conn, rows: Vec<InvitationRow>) -> Result<Vec<Invitation>> {
    let ids = rows.iter().map(|row| row.0);
    let limits: Vec<(InvitationId, TrackId, String, String)> = invitation_tracks::table
        .inner_join(tracks::table)
        .filter(invitation_tracks::invitation_id.eq_any(ids))
        .select((invitation_tracks::invitation_id, tracks::id, tracks::code, tracks::name))
        .order((tracks::position, tracks::code))
        .load(conn)?;
    let mut limits = by_holder(limits);
    let invitation = |row: InvitationRow| {
        let (id, event, slug, event_name, code, email, email_key, (role, limited), inviter, expires_at, created_at) =
            row;
        let limit = limited.then(|| limits.remove(&id).unwrap_or_default());
        Invitation { id, event, slug, event_name, code, email, email_key, role, limit, inviter, expires_at, created_at }
    };
    Ok(rows.into_iter().map(invitation).collect())
}

/// Those that were not accepted.
pub fn list_invitations(conn: &mut Conn, who: &EventReader) -> Result<Vec<Invitation>> {
    let rows: Vec<InvitationRow> = invitations::table
        .inner_join(events::table)
        .inner_join(accounts::table)
        .filter(invitations::event_id.eq(who.event()))
        .filter(invitations::used_at.is_null())
        .select(INVITATION)
        .order((invitations::created_at, invitations::code))
        .load(conn)?;
    with_limits(conn, rows)
}

/// The live invitation with this secret.
pub fn find_invitation(conn: &mut Conn, token_sha256: &[u8], now: Ts) -> Result<Option<Invitation>> {
    let found: Option<InvitationRow> = invitations::table
        .inner_join(events::table)
        .inner_join(accounts::table)
        .filter(invitations::token_sha256.eq(token_sha256))
        .filter(invitations::used_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .select(INVITATION)
        .first(conn)
        .optional()?;
    Ok(with_limits(conn, found.into_iter().collect())?.pop())
}

/// Takes back an older invitation of the same address to the same role; answers the mails with its link.
pub fn delete_older_invitations(tx: &mut Tx<'_>, new: &Invite<'_>) -> Result<Vec<MailId>> {
    let older = invitations::table
        .filter(invitations::event_id.eq(new.event))
        .filter(invitations::email_key.eq(new.email.key()))
        .filter(invitations::role.eq(new.role))
        .filter(invitations::used_at.is_null());
    let mails: Vec<Option<MailId>> = diesel::delete(older).returning(invitations::mail_id).get_results(tx.conn())?;
    Ok(mails.into_iter().flatten().collect())
}

pub fn insert_invitation(tx: &mut Tx<'_>, new: &Invite<'_>, token_sha256: &[u8], now: Ts) -> Result<Invitation> {
    let row = (
        invitations::event_id.eq(new.event),
        invitations::code.eq(tx.random().code(6)),
        invitations::email.eq(new.email.as_str()),
        invitations::email_key.eq(new.email.key()),
        invitations::inviter_id.eq(new.inviter),
        invitations::role.eq(new.role),
        invitations::limited.eq(new.limit.is_some()),
        invitations::token_sha256.eq(token_sha256),
        invitations::expires_at.eq(now.plus(LinkKind::Invitation.lifetime())),
        invitations::created_at.eq(now),
    );
    let insert = diesel::insert_into(invitations::table).values(row).returning(invitations::id);
    let id: InvitationId = insert.get_result(tx.conn())?;
    for track in new.limit.iter().flatten() {
        let row = (
            invitation_tracks::event_id.eq(new.event),
            invitation_tracks::invitation_id.eq(id),
            invitation_tracks::track_id.eq(track.id),
        );
        diesel::insert_into(invitation_tracks::table).values(row).execute(tx.conn())?;
    }
    find_invitation(tx.conn(), token_sha256, now)?.ok_or_else(Error::not_found)
}

/// The mail that carries its link.
pub fn update_invitation_mail(tx: &mut Tx<'_>, id: InvitationId, mail: MailId) -> Result<()> {
    diesel::update(invitations::table.find(id)).set(invitations::mail_id.eq(mail)).execute(tx.conn())?;
    Ok(())
}

/// Answers the mail with its link.
///
/// # Errors
/// `NotFound` when there is none that waits.
pub fn delete_invitation(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Option<MailId>> {
    let waiting = invitations::table
        .filter(invitations::event_id.eq(who.event()))
        .filter(invitations::code.eq(code))
        .filter(invitations::used_at.is_null());
    Ok(diesel::delete(waiting).returning(invitations::mail_id).get_result(tx.conn())?)
}

/// Uses the invitation up; `false` when somebody else did, or took it back. Of two at once, one gets it. Its tracks can
/// be removed from then on.
pub fn use_invitation(tx: &mut Tx<'_>, id: InvitationId, now: Ts) -> Result<bool> {
    let live = invitations::table.filter(invitations::id.eq(id)).filter(invitations::used_at.is_null());
    let used = diesel::update(live).set(invitations::used_at.eq(now)).execute(tx.conn())? > 0;
    diesel::delete(invitation_tracks::table.filter(invitation_tracks::invitation_id.eq(id))).execute(tx.conn())?;
    Ok(used)
}

/// How long organizers see an invitation that has run out.
pub const INVITATIONS_KEPT: Duration = Duration::from_hours(30 * 24);

/// Deletes invitations that ran out long ago, used or not: they hold an address. Answers how many.
pub fn purge_invitations(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let old = invitations::table
        .filter(invitations::expires_at.le(now.minus(INVITATIONS_KEPT)))
        .order(invitations::expires_at)
        .limit(most)
        .select(invitations::id);
    let ids = locked_or_skipped!(tx.conn(), old, load::<InvitationId>)?;
    Ok(diesel::delete(invitations::table.filter(invitations::id.eq_any(ids))).execute(tx.conn())?)
}
