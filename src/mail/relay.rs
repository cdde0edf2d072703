//! Whether the mail server can be used, as this process has seen it last.

use super::smtp::Unreachable;
use crate::{clock::Clock, db::types::Ts};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long the mail server is left alone when it cannot be used: one that refuses the sign-in shuts out whoever comes
/// back at once.
pub const REST: Duration = Duration::from_secs(30);

#[derive(Default)]
pub struct Relay(Mutex<Option<Down>>);

struct Down {
    since: Ts,
    /// Monotonic.
    rests_until: Duration,
}

impl Relay {
    pub fn fails(&self, clock: &Clock, why: &Unreachable) {
        tracing::warn!(%why, "The mail server cannot be used; mails wait");
        let mut state = self.state();
        let since = state.as_ref().map_or_else(|| clock.now(), |down| down.since);
        *state = Some(Down { since, rests_until: clock.monotonic() + REST });
    }

    pub fn works(&self) {
        if self.state().take().is_some() {
            tracing::info!("The mail server can be used again");
        }
    }

    pub fn rests(&self, clock: &Clock) -> bool {
        self.state().as_ref().is_some_and(|down| clock.monotonic() < down.rests_until)
    }

    /// Since when it cannot be used.
    pub fn down_since(&self) -> Option<Ts> {
        self.state().as_ref().map(|down| down.since)
    }

    fn state(&self) -> MutexGuard<'_, Option<Down>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
