//! SQL of the invitations to an event's team.

use super::{
    store::by_holder,
    team_model::{Invitation, Invite},
};
use crate::{
    access::{EventReader, Organizer, Role},
    db::{
        Conn, Tx,
        schema::{accounts, events, invitation_tracks, invitations, tracks},
        types::{EventId, InvitationId, MailId, TrackId, Ts},
    },
    error::{Error, Result},
    locked_or_skipped,
    secrets::LinkKind,
};
use diesel::prelude::*;
use std::time::Duration;

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
