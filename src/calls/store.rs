//! SQL of calls, formats and tracks.

use super::{
    categories::{self, model::Category},
    model::{Call, CallState, Facts, Format, Setup, Track, Window, Words},
    part_model::NewPart,
    time::{self, Deadline},
};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::{calls, formats, tracks},
        types::{EventId, FormatId, TrackId, Ts},
    },
    error::{Code, Error, OnReferenced, Result},
    locked,
};
use diesel::{dsl::max, prelude::*};
use std::time::Duration;

type DeadlineRow = (Option<Ts>, Option<String>, Option<String>);
type WordsRow = (String, String, String);
type FactsRow = (Option<bool>, Option<bool>, String, String);
type CallRow = (EventId, Option<Ts>, DeadlineRow, i64, Option<i64>, WordsRow, FactsRow, (Option<String>, bool, i64));

type CallColumns = (
    calls::event_id,
    calls::opens_at,
    (calls::closes_at, calls::deadline_local, calls::deadline_zone),
    calls::grace_s,
    calls::limit_per_speaker,
    (calls::text, calls::tips, calls::selection),
    (calls::is_free, calls::is_virtual, calls::travel, calls::expenses),
    (calls::notify_on, calls::gaps_public, calls::version),
);

const CALL: CallColumns = (
    calls::event_id,
    calls::opens_at,
    (calls::closes_at, calls::deadline_local, calls::deadline_zone),
    calls::grace_s,
    calls::limit_per_speaker,
    (calls::text, calls::tips, calls::selection),
    (calls::is_free, calls::is_virtual, calls::travel, calls::expenses),
    (calls::notify_on, calls::gaps_public, calls::version),
);

fn call((event, opens_at, deadline, grace_s, limit_per_speaker, words, facts, rest): CallRow) -> Call {
    let ((text, tips, selection), (is_free, is_virtual, travel, expenses)) = (words, facts);
    let (notify_on, gaps_public, version) = rest;
    Call {
        event,
        opens_at,
        deadline: self::deadline(deadline),
        grace: Duration::from_secs(grace_s.unsigned_abs()),
        limit_per_speaker,
        words: Words { text, tips, selection },
        facts: Facts { is_free, is_virtual, travel, expenses },
        notify_on,
        gaps_public,
        version,
    }
}

fn deadline((closes_at, local, zone): DeadlineRow) -> Option<Deadline> {
    Some(Deadline { local: local?, zone: zone?, closes_at: closes_at? })
}

/// How long a queue may have kept a request without making it late.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The proof that the call was open for a proposal when its request had arrived. The call stays as it is until the
/// transaction ends.
#[derive(Clone, Debug)]
pub struct OpenCall {
    decided_at: Ts,
    deadline: Deadline,
    limit_per_speaker: Option<i64>,
    zone: String,
}

impl OpenCall {
    pub fn decided_at(&self) -> Ts {
        self.decided_at
    }

    /// The end that people are told, without the grace.
    pub fn ends_at(&self) -> Ts {
        self.deadline.closes_at
    }

    pub fn limit_per_speaker(&self) -> Option<i64> {
        self.limit_per_speaker
    }

    /// The event's zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }
}

/// All that a proposal can be made of.
#[derive(Clone, Debug)]
pub struct Options {
    pub setup: Setup,
    pub categories: Vec<Category>,
}

/// The proof that the call is held: it stays as it is until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The instant that counts: when it was locked, minus the time since the request's last byte arrived.
    decided_at: Ts,
}

/// What one can choose now; it may change in this moment.
pub fn options(conn: &mut Conn, event: EventId) -> Result<Options> {
    let setup = setup(conn, event)?;
    Ok(Options { setup, categories: categories::store::list(conn, event)? })
}

/// As [`options`], under the call's lock: nothing of it changes until the transaction ends. `arrived` is when the
/// request's last byte was there.
pub fn hold(tx: &mut Tx<'_>, event: EventId, arrived: Duration) -> Result<(Options, Held)> {
    let query = calls::table.filter(calls::event_id.eq(event)).select(CALL);
    let call = call(locked!(tx.conn(), query, for_share, first::<CallRow>)?);
    let waited = tx.monotonic().saturating_sub(arrived).min(LONGEST_WAIT);
    let decided_at = Ts::truncated(tx.now()?.minus(waited).timestamp());
    let setup = Setup { call, formats: list_formats(tx.conn(), event)?, tracks: list_tracks(tx.conn(), event)? };
    let categories = categories::store::list(tx.conn(), event)?;
    Ok((Options { setup, categories }, Held { decided_at }))
}

impl Held {
    pub fn decided_at(self) -> Ts {
        self.decided_at
    }
}

impl Options {
    /// The proof for a proposal that comes by another way than the call's deadline, until that way's own.
    pub(super) fn opened(&self, held: Held, deadline: Deadline, zone: &str) -> OpenCall {
        let limit_per_speaker = self.setup.call.limit_per_speaker;
        OpenCall { decided_at: held.decided_at, deadline, limit_per_speaker, zone: zone.to_owned() }
    }

    /// Whether the call is open for a proposal of this format and track. `zone` is the event's.
    ///
    /// # Errors
    /// `CallNotOpen` or `CallClosed` with the times in words; `NotFound` for a format or track of another event.
    pub fn open(&self, held: Held, format: FormatId, track: Option<TrackId>, zone: &str) -> Result<OpenCall> {
        let Setup { call, formats, tracks } = &self.setup;
        let format = formats.iter().find(|known| known.id == format).ok_or_else(Error::not_found)?;
        let find = |id| tracks.iter().find(|known| known.id == id).ok_or_else(Error::not_found);
        let window = Window::of(call, format, track.map(find).transpose()?);
        match (window.state_at(held.decided_at), window.deadline()) {
            (CallState::Open, Some(deadline)) => Ok(self.opened(held, deadline.clone(), zone)),
            (CallState::Closed, Some(deadline)) => Err(closed(deadline)),
            _ => Err(not_open(call.opens_at.filter(|_| window.deadline().is_some()), zone)),
        }
    }
}

fn closed(deadline: &Deadline) -> Error {
    let words = time::shown(&deadline.local, &deadline.zone, deadline.closes_at);
    Error::new(Code::CallClosed, format!("It was {words}: proposals had to arrive before {}.", deadline.closes_at))
}

fn not_open(opens_at: Option<Ts>, zone: &str) -> Error {
    let detail = match opens_at {
        Some(at) => format!("It opens at {}.", time::both(at, zone)),
        None => "It has no deadline yet, so nobody can submit; drafts are kept.".into(),
    };
    Error::new(Code::CallNotOpen, detail)
}

/// Locks the call, so that no submission is decided meanwhile.
pub fn lock(tx: &mut Tx<'_>, who: &Organizer) -> Result<Call> {
    let query = calls::table.filter(calls::event_id.eq(who.event())).select(CALL);
    Ok(call(locked!(tx.conn(), query, for_update, first::<CallRow>)?))
}

/// The call with its formats and tracks.
pub fn setup(conn: &mut Conn, event: EventId) -> Result<Setup> {
    let call = call(calls::table.filter(calls::event_id.eq(event)).select(CALL).first(conn)?);
    Ok(Setup { call, formats: list_formats(conn, event)?, tracks: list_tracks(conn, event)? })
}

/// The calls of several events in one go.
pub fn setups(conn: &mut Conn, of: &[EventId]) -> Result<Vec<Setup>> {
    let calls: Vec<CallRow> = calls::table.filter(calls::event_id.eq_any(of)).select(CALL).load(conn)?;
    let formats: Vec<FormatRow> = formats::table.filter(formats::event_id.eq_any(of)).select(FORMAT).load(conn)?;
    let tracks: Vec<TrackRow> = tracks::table.filter(tracks::event_id.eq_any(of)).select(TRACK).load(conn)?;
    let formats: Vec<Format> = formats.into_iter().map(format).collect();
    let tracks: Vec<Track> = tracks.into_iter().map(track).collect();
    let setup = |row| {
        let call = call(row);
        let formats = formats.iter().filter(|format| format.event == call.event).cloned().collect();
        let tracks = tracks.iter().filter(|track| track.event == call.event).cloned().collect();
        Setup { call, formats, tracks }
    };
    Ok(calls.into_iter().map(setup).collect())
}

/// The call of a new event: no deadline, no limit.
pub fn insert_empty(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    let words = (calls::text.eq(""), calls::tips.eq(""), calls::selection.eq(""));
    let facts = (calls::travel.eq(""), calls::expenses.eq(""), calls::gaps_public.eq(false));
    let row = (calls::event_id.eq(event), calls::grace_s.eq(0), words, facts, calls::version.eq(1));
    diesel::insert_into(calls::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, who: &Organizer, call: &Call) -> Result<()> {
    update_of(tx, who.event(), call)
}

/// [`update`], of an event that was just made.
pub fn update_of(tx: &mut Tx<'_>, event: EventId, call: &Call) -> Result<()> {
    let (closes_at, local, zone) = columns(call.deadline.as_ref());
    diesel::update(calls::table.filter(calls::event_id.eq(event)))
        .set((
            calls::opens_at.eq(call.opens_at),
            calls::closes_at.eq(closes_at),
            calls::deadline_local.eq(local),
            calls::deadline_zone.eq(zone),
            calls::grace_s.eq(i64::try_from(call.grace.as_secs()).unwrap_or(0)),
            calls::limit_per_speaker.eq(call.limit_per_speaker),
            (
                calls::text.eq(&call.words.text),
                calls::tips.eq(&call.words.tips),
                calls::selection.eq(&call.words.selection),
            ),
            (
                calls::is_free.eq(call.facts.is_free),
                calls::is_virtual.eq(call.facts.is_virtual),
                calls::travel.eq(&call.facts.travel),
                calls::expenses.eq(&call.facts.expenses),
            ),
            calls::gaps_public.eq(call.gaps_public),
            calls::notify_on.eq(&call.notify_on),
            calls::version.eq(calls::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn columns(deadline: Option<&Deadline>) -> (Option<Ts>, Option<&str>, Option<&str>) {
    (
        deadline.map(|deadline| deadline.closes_at),
        deadline.map(|deadline| deadline.local.as_str()),
        deadline.map(|deadline| deadline.zone.as_str()),
    )
}

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
