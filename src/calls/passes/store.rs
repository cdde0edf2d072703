//! SQL of late links and extensions.

use super::model::{Attached, Extension, LateLink, LinkFacts, LinkSecret};
use crate::{
    access::Organizer,
    calls::time::Deadline,
    db::{
        Conn, Tx,
        schema::{extensions, formats, late_link_parts, late_link_uses, late_links, proposals, tracks},
        types::{EventId, FormatId, LateLinkId, ProposalId, TrackId, Ts},
    },
    error::{Error, FieldErrors, OnUnique, Result},
    secrets,
    text::Email,
};
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = late_links)]
struct LinkRow {
    id: LateLinkId,
    code: String,
    name: String,
    closes_at: Ts,
    deadline_local: String,
    deadline_zone: String,
    uses: i64,
    used: i64,
    invited: bool,
    revoked_at: Option<Ts>,
    created_at: Ts,
}

fn link(row: LinkRow) -> LateLink {
    LateLink {
        id: row.id,
        code: row.code,
        name: row.name,
        deadline: Deadline { local: row.deadline_local, zone: row.deadline_zone, closes_at: row.closes_at },
        uses: row.uses,
        used: row.used,
        invited: row.invited,
        revoked_at: row.revoked_at,
        created_at: row.created_at,
        formats: vec![],
        tracks: vec![],
    }
}

/// All that were ever made, the oldest first.
pub fn list_links(conn: &mut Conn, event: EventId) -> Result<Vec<LateLink>> {
    let rows: Vec<LinkRow> = late_links::table
        .filter(late_links::event_id.eq(event))
        .select(LinkRow::as_select())
        .order((late_links::created_at, late_links::code))
        .load(conn)?;
    let mut links: Vec<LateLink> = rows.into_iter().map(link).collect();
    add_parts(conn, &mut links)?;
    Ok(links)
}

fn add_parts(conn: &mut Conn, links: &mut [LateLink]) -> Result<()> {
    let ids: Vec<LateLinkId> = links.iter().map(|link| link.id).collect();
    let of_links = late_link_parts::table.filter(late_link_parts::late_link_id.eq_any(&ids));
    let in_formats: Vec<(LateLinkId, FormatId, String)> = of_links
        .clone()
        .inner_join(formats::table)
        .select((late_link_parts::late_link_id, formats::id, formats::code))
        .order((formats::position, formats::code))
        .load(conn)?;
    let in_tracks: Vec<(LateLinkId, TrackId, String)> = of_links
        .inner_join(tracks::table)
        .select((late_link_parts::late_link_id, tracks::id, tracks::code))
        .order((tracks::position, tracks::code))
        .load(conn)?;
    for link in links {
        let of_link = in_formats.iter().filter(|(id, ..)| *id == link.id);
        link.formats = of_link.map(|(_, id, code)| (*id, code.clone())).collect();
        let of_link = in_tracks.iter().filter(|(id, ..)| *id == link.id);
        link.tracks = of_link.map(|(_, id, code)| (*id, code.clone())).collect();
    }
    Ok(())
}

/// Stores a link; answers its code.
pub fn insert_link(tx: &mut Tx<'_>, who: &Organizer, facts: &LinkFacts, secret: &LinkSecret) -> Result<String> {
    let (event, code) = (who.event(), tx.random().code(6));
    let row = (
        late_links::event_id.eq(event),
        late_links::code.eq(&code),
        late_links::name.eq(&facts.name),
        late_links::token_sha256.eq(secrets::hash(secret.as_str())),
        late_links::closes_at.eq(facts.deadline.closes_at),
        late_links::deadline_local.eq(&facts.deadline.local),
        late_links::deadline_zone.eq(&facts.deadline.zone),
        late_links::uses.eq(facts.uses),
        late_links::used.eq(0),
        late_links::invited.eq(facts.invited),
        late_links::created_at.eq(tx.now()?),
    );
    let id: LateLinkId =
        diesel::insert_into(late_links::table).values(row).returning(late_links::id).get_result(tx.conn())?;
    let formats = facts.formats.iter().map(|format| (Some(*format), None));
    let tracks = facts.tracks.iter().map(|track| (None, Some(*track)));
    for (format, track) in formats.chain(tracks) {
        let part = (
            late_link_parts::event_id.eq(event),
            late_link_parts::late_link_id.eq(id),
            late_link_parts::format_id.eq::<Option<FormatId>>(format),
            late_link_parts::track_id.eq::<Option<TrackId>>(track),
        );
        diesel::insert_into(late_link_parts::table).values(part).execute(tx.conn())?;
    }
    Ok(code)
}

/// `false` when there is no such link, or it is revoked already.
pub fn revoke_link(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<bool> {
    let now = tx.now()?;
    let link = late_links::table
        .filter(late_links::event_id.eq(who.event()))
        .filter(late_links::code.eq(code))
        .filter(late_links::revoked_at.is_null());
    Ok(diesel::update(link).set(late_links::revoked_at.eq(now)).execute(tx.conn())? > 0)
}

pub fn find_link(conn: &mut Conn, event: EventId, secret: &LinkSecret) -> Result<Option<LateLink>> {
    let row: Option<LinkRow> = late_links::table
        .filter(late_links::token_sha256.eq(secrets::hash(secret.as_str())))
        .filter(late_links::event_id.eq(event))
        .select(LinkRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(link))
}

/// Gives a proposal the link, in place of another one it had.
pub fn attach(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, link: LateLinkId) -> Result<()> {
    let of_proposal = late_link_uses::table.filter(late_link_uses::proposal_id.eq(proposal));
    let others = of_proposal.filter(late_link_uses::late_link_id.ne(link));
    diesel::delete(others).execute(tx.conn())?;
    let has: Option<LateLinkId> = of_proposal.select(late_link_uses::late_link_id).first(tx.conn()).optional()?;
    if has.is_some() {
        return Ok(());
    }
    let row = (
        late_link_uses::event_id.eq(event),
        late_link_uses::proposal_id.eq(proposal),
        late_link_uses::late_link_id.eq(link),
    );
    diesel::insert_into(late_link_uses::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn attached(conn: &mut Conn, proposal: ProposalId) -> Result<Option<Attached>> {
    let row: Option<(LinkRow, Option<Ts>)> = late_link_uses::table
        .inner_join(late_links::table)
        .filter(late_link_uses::proposal_id.eq(proposal))
        .select((LinkRow::as_select(), late_link_uses::used_at))
        .first(conn)
        .optional()?;
    let Some((row, used_at)) = row else { return Ok(None) };
    let mut links = [link(row)];
    add_parts(conn, &mut links)?;
    let [link] = links;
    Ok(Some(Attached { proposal, link, used: used_at.is_some() }))
}

/// Counts one use; `false` when all are used up, or the link was revoked. The one statement decides: of many at once no
/// more come by the link than it has uses.
pub fn use_up(tx: &mut Tx<'_>, attached: &Attached) -> Result<bool> {
    let now = tx.now()?;
    let left = late_links::table
        .find(attached.link.id)
        .filter(late_links::revoked_at.is_null())
        .filter(late_links::used.lt(late_links::uses));
    if diesel::update(left).set(late_links::used.eq(late_links::used + 1)).execute(tx.conn())? == 0 {
        return Ok(false);
    }
    let mine = late_link_uses::table.filter(late_link_uses::proposal_id.eq(attached.proposal));
    diesel::update(mine).set(late_link_uses::used_at.eq(now)).execute(tx.conn())?;
    if attached.link.invited {
        diesel::update(proposals::table.find(attached.proposal)).set(proposals::invited.eq(true)).execute(tx.conn())?;
    }
    Ok(true)
}

type ExtensionRow = (String, String, (Ts, String, String), i64, Ts);

const EXTENSION: (
    extensions::code,
    extensions::email,
    (extensions::closes_at, extensions::deadline_local, extensions::deadline_zone),
    extensions::version,
    extensions::created_at,
) = (
    extensions::code,
    extensions::email,
    (extensions::closes_at, extensions::deadline_local, extensions::deadline_zone),
    extensions::version,
    extensions::created_at,
);

fn extension((code, email, (closes_at, local, zone), version, created_at): ExtensionRow) -> Extension {
    Extension { code, email, deadline: Deadline { local, zone, closes_at }, version, created_at }
}

/// The oldest first.
pub fn list_extensions(conn: &mut Conn, event: EventId) -> Result<Vec<Extension>> {
    let query = extensions::table.filter(extensions::event_id.eq(event)).select(EXTENSION);
    let rows: Vec<ExtensionRow> = query.order((extensions::created_at, extensions::code)).load(conn)?;
    Ok(rows.into_iter().map(extension).collect())
}

pub fn find_extension(conn: &mut Conn, event: EventId, code: &str) -> Result<Extension> {
    let query = extensions::table.filter(extensions::event_id.eq(event)).filter(extensions::code.eq(code));
    Ok(extension(query.select(EXTENSION).first(conn)?))
}

/// The deadline of whoever has proved this address.
pub fn extension_of(conn: &mut Conn, event: EventId, email_key: &str) -> Result<Option<Deadline>> {
    let query = extensions::table.filter(extensions::event_id.eq(event)).filter(extensions::email_key.eq(email_key));
    let row: Option<ExtensionRow> = query.select(EXTENSION).first(conn).optional()?;
    Ok(row.map(|row| extension(row).deadline))
}

/// Stores an extension; answers its code.
///
/// # Errors
/// A field error where the address has one.
pub fn insert_extension(tx: &mut Tx<'_>, who: &Organizer, email: &Email, deadline: &Deadline) -> Result<String> {
    let code = tx.random().code(6);
    let row = (
        extensions::event_id.eq(who.event()),
        extensions::code.eq(&code),
        extensions::email.eq(email.as_str()),
        extensions::email_key.eq(email.key()),
        extensions::closes_at.eq(deadline.closes_at),
        extensions::deadline_local.eq(&deadline.local),
        extensions::deadline_zone.eq(&deadline.zone),
        extensions::version.eq(1),
        extensions::created_at.eq(tx.now()?),
    );
    diesel::insert_into(extensions::table).values(row).execute(tx.conn()).on_unique(
        "extensions.event_id, extensions.email_key",
        "extensions_event_id_email_key_key",
        || Error::from(FieldErrors::of("email", "taken", "has an extension already: move that one")),
    )?;
    Ok(code)
}

pub fn update_extension(tx: &mut Tx<'_>, who: &Organizer, code: &str, deadline: &Deadline) -> Result<()> {
    let query = extensions::table.filter(extensions::event_id.eq(who.event())).filter(extensions::code.eq(code));
    diesel::update(query)
        .set((
            extensions::closes_at.eq(deadline.closes_at),
            extensions::deadline_local.eq(&deadline.local),
            extensions::deadline_zone.eq(&deadline.zone),
            extensions::version.eq(extensions::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn delete_extension(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<()> {
    let query = extensions::table.filter(extensions::event_id.eq(who.event())).filter(extensions::code.eq(code));
    diesel::delete(query).execute(tx.conn())?;
    Ok(())
}
