//! SQL of phases.

use super::model::{Dated, NewPhase};
use crate::{
    access::{
        Organizer, Phase,
        phase::{OthersReviews, Sees},
    },
    db::{
        Conn, Tx,
        schema::phases,
        types::{EventId, PhaseId, Ts},
    },
    error::{Code, Error, OnUnique, Result},
};
use diesel::prelude::*;

type Row = (PhaseId, String, String, Ts, (bool, Sees, bool, OthersReviews, bool), i64);

fn dated((id, code, name, starts_at, switches, version): Row) -> Dated {
    let (scoring, sees, names, reviews, deciding) = switches;
    Dated { id, code, name, starts_at, switches: Phase { scoring, sees, names, reviews, deciding }, version }
}

macro_rules! of_event {
    ($event:expr) => {
        phases::table.filter(phases::event_id.eq($event)).select((
            phases::id,
            phases::code,
            phases::name,
            phases::starts_at,
            (phases::scoring, phases::sees, phases::names, phases::reviews, phases::deciding),
            phases::version,
        ))
    };
}

/// Of the capability's event, the first to begin first.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Dated>> {
    Ok(of_event!(event).order(phases::starts_at).load(conn)?.into_iter().map(dated).collect())
}

/// Phases change under the event's lock, so this needs none of its own.
pub fn find(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Dated> {
    Ok(dated(of_event!(who.event()).filter(phases::code.eq(code)).first(tx.conn())?))
}

fn taken() -> Error {
    Error::new(Code::Taken, "Another phase begins at the same instant.")
}

pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: &NewPhase, starts_at: Ts) -> Result<String> {
    let code = tx.random().code(6);
    let row = (
        phases::event_id.eq(who.event()),
        phases::code.eq(&code),
        phases::name.eq(new.name.as_str()),
        phases::starts_at.eq(starts_at),
        phases::scoring.eq(new.scoring),
        phases::sees.eq(new.sees),
        phases::names.eq(new.names),
        phases::reviews.eq(new.reviews),
        phases::deciding.eq(new.deciding),
        phases::version.eq(1),
    );
    let inserted = diesel::insert_into(phases::table).values(row).execute(tx.conn());
    inserted.on_unique("phases.event_id, phases.starts_at", "phases_event_id_starts_at_key", taken)?;
    Ok(code)
}

pub fn update(tx: &mut Tx<'_>, _: &Organizer, after: &Dated) -> Result<()> {
    let content = (
        phases::name.eq(&after.name),
        phases::starts_at.eq(after.starts_at),
        phases::scoring.eq(after.switches.scoring),
        phases::sees.eq(after.switches.sees),
        phases::names.eq(after.switches.names),
        phases::reviews.eq(after.switches.reviews),
        phases::deciding.eq(after.switches.deciding),
        phases::version.eq(phases::version + 1),
    );
    let updated = diesel::update(phases::table.find(after.id)).set(content).execute(tx.conn());
    updated.on_unique("phases.event_id, phases.starts_at", "phases_event_id_starts_at_key", taken)?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, _: &Organizer, phase: PhaseId) -> Result<()> {
    diesel::delete(phases::table.find(phase)).execute(tx.conn())?;
    Ok(())
}
