//! SQL of calls.

use super::{
    categories::{self, model::Category},
    model::{Call, CallState, Facts, Setup, Window, Words},
    parts,
    time::{self, Deadline},
};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::calls,
        types::{EventId, FormatId, TrackId, Ts},
    },
    error::{Code, Error, Result},
    locked,
};
use diesel::prelude::*;
use std::time::Duration;

pub(super) type DeadlineRow = (Option<Ts>, Option<String>, Option<String>);
type WordsRow = (String, String, String);
type FactsRow = (Option<bool>, Option<bool>, String, String, String, String);
type CallRow = (EventId, Option<Ts>, DeadlineRow, i64, Option<i64>, WordsRow, FactsRow, (Option<String>, bool, i64));

type CallColumns = (
    calls::event_id,
    calls::opens_at,
    (calls::closes_at, calls::deadline_local, calls::deadline_zone),
    calls::grace_s,
    calls::limit_per_speaker,
    (calls::text, calls::tips, calls::selection),
    (calls::is_free, calls::is_virtual, calls::travel, calls::expenses, calls::code_of_conduct, calls::past_talks),
    (calls::notify_on, calls::gaps_public, calls::version),
);

const CALL: CallColumns = (
    calls::event_id,
    calls::opens_at,
    (calls::closes_at, calls::deadline_local, calls::deadline_zone),
    calls::grace_s,
    calls::limit_per_speaker,
    (calls::text, calls::tips, calls::selection),
    (calls::is_free, calls::is_virtual, calls::travel, calls::expenses, calls::code_of_conduct, calls::past_talks),
    (calls::notify_on, calls::gaps_public, calls::version),
);

fn call((event, opens_at, deadline, grace_s, limit_per_speaker, words, facts, rest): CallRow) -> Call {
    let (text, tips, selection) = words;
    let (is_free, is_virtual, travel, expenses, code_of_conduct, past_talks) = facts;
    let (notify_on, gaps_public, version) = rest;
    Call {
        event,
        opens_at,
        deadline: self::deadline(deadline),
        grace: Duration::from_secs(grace_s.unsigned_abs()),
        limit_per_speaker,
        words: Words { text, tips, selection },
        facts: Facts { is_free, is_virtual, travel, expenses, code_of_conduct, past_talks },
        notify_on,
        gaps_public,
        version,
    }
}

pub(super) fn deadline((closes_at, local, zone): DeadlineRow) -> Option<Deadline> {
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
    let setup = Setup {
        call,
        formats: parts::store::list_formats(tx.conn(), event)?,
        tracks: parts::store::list_tracks(tx.conn(), event)?,
    };
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
    Ok(Setup {
        call,
        formats: parts::store::list_formats(conn, event)?,
        tracks: parts::store::list_tracks(conn, event)?,
    })
}

/// The calls of several events in one go.
pub fn setups(conn: &mut Conn, of: &[EventId]) -> Result<Vec<Setup>> {
    let calls: Vec<CallRow> = calls::table.filter(calls::event_id.eq_any(of)).select(CALL).load(conn)?;
    let (formats, tracks) = (parts::store::formats_of(conn, of)?, parts::store::tracks_of(conn, of)?);
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
    let facts = (calls::travel.eq(""), calls::expenses.eq(""), calls::code_of_conduct.eq(""), calls::past_talks.eq(""));
    let rest = (calls::grace_s.eq(0), calls::gaps_public.eq(false), calls::version.eq(1));
    let row = (calls::event_id.eq(event), words, facts, rest);
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
                calls::code_of_conduct.eq(&call.facts.code_of_conduct),
                calls::past_talks.eq(&call.facts.past_talks),
            ),
            calls::gaps_public.eq(call.gaps_public),
            calls::notify_on.eq(&call.notify_on),
            calls::version.eq(calls::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn columns(deadline: Option<&Deadline>) -> (Option<Ts>, Option<&str>, Option<&str>) {
    (
        deadline.map(|deadline| deadline.closes_at),
        deadline.map(|deadline| deadline.local.as_str()),
        deadline.map(|deadline| deadline.zone.as_str()),
    )
}
