//! SQL of all stored deadlines.

use super::model::{Kind, Stored};
use crate::{
    calls::time::Deadline,
    db::{
        Conn, Tx,
        schema::{calls, events, extensions, formats, late_links, tracks},
        types::{EventId, Ts},
    },
    error::Result,
    locked,
};
use diesel::{prelude::*, sql_types::Text};

type Row = (EventId, String, i64, String, (Ts, String, String));

fn stored(kind: Kind) -> impl Fn(Row) -> Stored {
    move |(event, slug, id, code, (closes_at, local, zone))| {
        let deadline = Deadline { local, zone, closes_at };
        Stored { event, slug, kind, id, code, deadline }
    }
}

/// Of one table: all its deadlines.
macro_rules! deadlines {
    ($conn:expr, $kind:expr, $table:ident, $code:expr, $deadline:expr) => {{
        let rows: Vec<Row> = $table::table
            .inner_join(events::table.on(events::id.eq($table::event_id)))
            .filter($table::closes_at.is_not_null())
            .select((events::id, events::slug, $table::id, $code, $deadline))
            .order((events::slug, $table::id))
            .load($conn)?;
        rows.into_iter().map(stored($kind))
    }};
}

macro_rules! columns {
    ($table:ident) => {
        (
            $table::closes_at.assume_not_null(),
            $table::deadline_local.assume_not_null(),
            $table::deadline_zone.assume_not_null(),
        )
    };
}

/// Every deadline of every event: the calls', then the formats', the tracks', the late links' and the extensions'.
pub fn all(conn: &mut Conn) -> Result<Vec<Stored>> {
    let late = (late_links::closes_at, late_links::deadline_local, late_links::deadline_zone);
    let extended = (extensions::closes_at, extensions::deadline_local, extensions::deadline_zone);
    let mut all: Vec<Stored> = deadlines!(conn, Kind::Call, calls, "".into_sql::<Text>(), columns!(calls)).collect();
    all.extend(deadlines!(conn, Kind::Format, formats, formats::code, columns!(formats)));
    all.extend(deadlines!(conn, Kind::Track, tracks, tracks::code, columns!(tracks)));
    all.extend(deadlines!(conn, Kind::LateLink, late_links, late_links::code, late));
    all.extend(deadlines!(conn, Kind::Extension, extensions, extensions::code, extended));
    Ok(all)
}

/// Locks the call of an event, so that no submission is decided meanwhile.
pub fn lock_call(tx: &mut Tx<'_>, event: EventId) -> Result<()> {
    let query = calls::table.filter(calls::event_id.eq(event)).select(calls::id);
    let _: i64 = locked!(tx.conn(), query, for_update, first::<i64>)?;
    Ok(())
}

pub fn set(tx: &mut Tx<'_>, of: &Stored, to: Ts) -> Result<()> {
    macro_rules! versioned {
        ($table:ident) => {
            diesel::update($table::table.find(of.id))
                .set(($table::closes_at.eq(to), $table::version.eq($table::version + 1)))
                .execute(tx.conn())?
        };
    }
    match of.kind {
        Kind::Call => versioned!(calls),
        Kind::Format => versioned!(formats),
        Kind::Track => versioned!(tracks),
        Kind::Extension => versioned!(extensions),
        Kind::LateLink => {
            diesel::update(late_links::table.find(of.id)).set(late_links::closes_at.eq(to)).execute(tx.conn())?
        }
    };
    Ok(())
}
