//! The log of slow statements. It holds the SQL and never the values: those are people's.

use crate::{clock::Clock, error::lacks_room};
use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::{cell::Cell, time::Duration};

/// What diesel puts between a statement and its values.
const VALUES: &str = " -- binds: ";
/// Longer statements are cut.
const LONGEST: usize = 2000;

thread_local! {
    /// What this thread does, and how long a statement of it may take unnoticed.
    static DOES: Cell<(&'static str, Duration)> = const { Cell::new(("", Duration::MAX)) };
    static FAILED: Cell<bool> = const { Cell::new(false) };
    static NO_ROOM: Cell<bool> = const { Cell::new(false) };
}

/// From now on this thread does `job`.
pub(super) fn doing(job: &'static str, slow: Duration) {
    DOES.set((job, slow));
}

/// Whether a statement has failed on this thread's connection since this was asked last.
pub(super) fn a_statement_failed() -> bool {
    FAILED.replace(false)
}

/// Whether the disk was full for a statement on this thread's connection since this was asked last.
pub(super) fn room_was_missing() -> bool {
    NO_ROOM.replace(false)
}

/// Looks at all statements of one connection.
pub(super) struct Watch {
    clock: Clock,
    begun: Duration,
}

impl Watch {
    pub(super) fn new() -> Watch {
        Watch { clock: Clock::machine(), begun: Duration::ZERO }
    }
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.begun = self.clock.monotonic(),
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                if let Some(error) = error {
                    FAILED.set(true);
                    NO_ROOM.set(NO_ROOM.get() || lacks_room(error));
                }
                let took = self.clock.monotonic().saturating_sub(self.begun);
                let (job, slow) = DOES.get();
                if took >= slow {
                    log(job, &query.to_string(), took);
                }
            }
            _ => {}
        }
    }
}

fn log(job: &str, statement: &str, took: Duration) {
    let sql: String = statement.split(VALUES).next().unwrap_or_default().chars().take(LONGEST).collect();
    let job = job.trim_end_matches("::{{closure}}");
    tracing::warn!(millis = took.as_millis(), job, sql, "A statement was slow");
}
