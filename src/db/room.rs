//! Whether the disk of the database has room for what is written.

use super::slow;
use crate::clock::Clock;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long after the last write that found no room there is taken to be none. Nothing else tells that there is some
/// again: most writes of the process itself change nothing.
pub const RECENTLY: Duration = Duration::from_secs(5);

pub(super) struct Room {
    clock: Clock,
    missed_at: Mutex<Option<Duration>>,
}

impl Room {
    pub(super) fn new(clock: Clock) -> Room {
        Room { clock, missed_at: Mutex::new(None) }
    }

    /// Notes what the statements of this thread have found.
    pub(super) fn note(&self) {
        if slow::room_was_missing() {
            *self.missed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.clock.monotonic());
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        let missed_at = *self.missed_at.lock().unwrap_or_else(PoisonError::into_inner);
        missed_at.is_some_and(|at| self.clock.monotonic() < at + RECENTLY)
    }
}
