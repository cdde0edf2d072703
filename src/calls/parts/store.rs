//! SQL of formats and tracks.

use super::model::NewPart;
use crate::{
    access::Organizer,
    calls::{
        model::{Format, Track},
        store::{DeadlineRow, columns, deadline},
    },
    db::{
        Conn, Tx,
        schema::{formats, tracks},
        types::{EventId, FormatId, TrackId},
    },
    error::{Code, Error, OnReferenced, Result},
};
use diesel::{dsl::max, prelude::*};

type FormatRow = (FormatId, EventId, String, String, i64, i64, DeadlineRow, i64);

type FormatColumns = (
    formats::id,
    formats::event_id,
    formats::code,
    formats::name,
    formats::minutes,
    formats::position,
    (formats::closes_at, formats::deadline_local, formats::deadline_zone),
    formats::version,
);

const FORMAT: FormatColumns = (
    formats::id,
    formats::event_id,
    formats::code,
    formats::name,
    formats::minutes,
    formats::position,
    (formats::closes_at, formats::deadline_local, formats::deadline_zone),
    formats::version,
);

fn format((id, event, code, name, minutes, position, own, version): FormatRow) -> Format {
    Format { id, event, code, name, minutes, position, deadline: deadline(own), version }
}

pub fn list_formats(conn: &mut Conn, event: EventId) -> Result<Vec<Format>> {
    let of_event = formats::table.filter(formats::event_id.eq(event)).select(FORMAT);
    let rows: Vec<FormatRow> = of_event.order((formats::position, formats::code)).load(conn)?;
    Ok(rows.into_iter().map(format).collect())
}

/// Of several events, in no order.
pub fn formats_of(conn: &mut Conn, events: &[EventId]) -> Result<Vec<Format>> {
    let rows: Vec<FormatRow> = formats::table.filter(formats::event_id.eq_any(events)).select(FORMAT).load(conn)?;
    Ok(rows.into_iter().map(format).collect())
}

pub fn format_by_code(conn: &mut Conn, event: EventId, code: &str) -> Result<Option<Format>> {
    let of_event = formats::table.filter(formats::event_id.eq(event));
    Ok(of_event.filter(formats::code.eq(code)).select(FORMAT).first(conn).optional()?.map(format))
}

/// Stores a format behind the others.
pub fn insert_format(tx: &mut Tx<'_>, event: EventId, new: &NewPart, minutes: i64) -> Result<()> {
    let of_event = formats::table.filter(formats::event_id.eq(event));
    let last: Option<i64> = of_event.select(max(formats::position)).first(tx.conn())?;
    let (closes_at, local, zone) = columns(new.deadline.as_ref());
    let row = (
        formats::event_id.eq(event),
        formats::code.eq(&new.code),
        formats::name.eq(&new.name),
        formats::minutes.eq(minutes),
        formats::position.eq(last.unwrap_or(0) + 1),
        formats::closes_at.eq(closes_at),
        formats::deadline_local.eq(local),
        formats::deadline_zone.eq(zone),
        formats::version.eq(1),
    );
    diesel::insert_into(formats::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn update_format(tx: &mut Tx<'_>, who: &Organizer, format: &Format) -> Result<()> {
    let (closes_at, local, zone) = columns(format.deadline.as_ref());
    diesel::update(formats::table.filter(formats::event_id.eq(who.event())).filter(formats::id.eq(format.id)))
        .set((
            formats::name.eq(&format.name),
            formats::minutes.eq(format.minutes),
            formats::closes_at.eq(closes_at),
            formats::deadline_local.eq(local),
            formats::deadline_zone.eq(zone),
            formats::version.eq(formats::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `InUse` while a proposal has the format.
pub fn delete_format(tx: &mut Tx<'_>, who: &Organizer, id: FormatId) -> Result<()> {
    diesel::delete(formats::table.filter(formats::event_id.eq(who.event())).filter(formats::id.eq(id)))
        .execute(tx.conn())
        .on_referenced(|| {
            Error::new(Code::InUse, "Proposals, late links or title ideas have this format. Change those first.")
        })?;
    Ok(())
}

type TrackRow = (TrackId, EventId, String, String, i64, DeadlineRow, i64);

type TrackColumns = (
    tracks::id,
    tracks::event_id,
    tracks::code,
    tracks::name,
    tracks::position,
    (tracks::closes_at, tracks::deadline_local, tracks::deadline_zone),
    tracks::version,
);

const TRACK: TrackColumns = (
    tracks::id,
    tracks::event_id,
    tracks::code,
    tracks::name,
    tracks::position,
    (tracks::closes_at, tracks::deadline_local, tracks::deadline_zone),
    tracks::version,
);

fn track((id, event, code, name, position, own, version): TrackRow) -> Track {
    Track { id, event, code, name, position, deadline: deadline(own), version }
}

pub fn list_tracks(conn: &mut Conn, event: EventId) -> Result<Vec<Track>> {
    let of_event = tracks::table.filter(tracks::event_id.eq(event)).select(TRACK);
    let rows: Vec<TrackRow> = of_event.order((tracks::position, tracks::code)).load(conn)?;
    Ok(rows.into_iter().map(track).collect())
}

/// As [`formats_of`].
pub fn tracks_of(conn: &mut Conn, events: &[EventId]) -> Result<Vec<Track>> {
    let rows: Vec<TrackRow> = tracks::table.filter(tracks::event_id.eq_any(events)).select(TRACK).load(conn)?;
    Ok(rows.into_iter().map(track).collect())
}

pub fn track_by_code(conn: &mut Conn, event: EventId, code: &str) -> Result<Option<Track>> {
    let of_event = tracks::table.filter(tracks::event_id.eq(event));
    Ok(of_event.filter(tracks::code.eq(code)).select(TRACK).first(conn).optional()?.map(track))
}

/// Stores a track behind the others.
pub fn insert_track(tx: &mut Tx<'_>, event: EventId, new: &NewPart) -> Result<()> {
    let of_event = tracks::table.filter(tracks::event_id.eq(event));
    let last: Option<i64> = of_event.select(max(tracks::position)).first(tx.conn())?;
    let (closes_at, local, zone) = columns(new.deadline.as_ref());
    let row = (
        tracks::event_id.eq(event),
        tracks::code.eq(&new.code),
        tracks::name.eq(&new.name),
        tracks::position.eq(last.unwrap_or(0) + 1),
        tracks::closes_at.eq(closes_at),
        tracks::deadline_local.eq(local),
        tracks::deadline_zone.eq(zone),
        tracks::version.eq(1),
    );
    diesel::insert_into(tracks::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn update_track(tx: &mut Tx<'_>, who: &Organizer, track: &Track) -> Result<()> {
    let (closes_at, local, zone) = columns(track.deadline.as_ref());
    diesel::update(tracks::table.filter(tracks::event_id.eq(who.event())).filter(tracks::id.eq(track.id)))
        .set((
            tracks::name.eq(&track.name),
            tracks::closes_at.eq(closes_at),
            tracks::deadline_local.eq(local),
            tracks::deadline_zone.eq(zone),
            tracks::version.eq(tracks::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `InUse` while a proposal is in the track, or a role or criterion limited to it.
pub fn delete_track(tx: &mut Tx<'_>, who: &Organizer, id: TrackId) -> Result<()> {
    diesel::delete(tracks::table.filter(tracks::event_id.eq(who.event())).filter(tracks::id.eq(id)))
        .execute(tx.conn())
        .on_referenced(|| {
            Error::new(
                Code::InUse,
                "Proposals, late links or title ideas are in this track, or a role or criterion is limited to it. Change those first.",
            )
        })?;
    Ok(())
}
