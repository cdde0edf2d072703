//! Time and randomness: the only place that reads either, so that tests can move the one and repeat the other.

use crate::db::types::Ts;
use jiff::Timestamp;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng, rngs::SysRng};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// The clock of the process: the machine's, or one that stands still until a test moves it.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    Machine { started: Instant },
    Manual { now: Mutex<Timestamp>, started: Timestamp, moved: watch::Sender<()> },
}

impl Clock {
    pub fn machine() -> Clock {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
        let started = Instant::now();
        Clock(Arc::new(Source::Machine { started }))
    }

    /// A clock that stands at `now`.
    pub fn manual(now: Timestamp) -> Clock {
        let moved = watch::Sender::new(());
        Clock(Arc::new(Source::Manual { now: Mutex::new(now), started: now, moved }))
    }

    pub fn is_manual(&self) -> bool {
        matches!(*self.0, Source::Manual { .. })
    }

    /// UTC, truncated to microseconds.
    pub fn now(&self) -> Ts {
        match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::Machine { .. } => Ts::truncated(Timestamp::now()),
            Source::Manual { now, .. } => Ts::truncated(*locked(now)),
        }
    }

    /// Time since some moment in the past; never jumps, whatever happens to the machine's clock.
    pub fn monotonic(&self) -> Duration {
        match &*self.0 {
            Source::Machine { started } => started.elapsed(),
            Source::Manual { now, started, .. } => {
                locked(now).duration_since(*started).try_into().unwrap_or(Duration::ZERO)
            }
        }
    }

    /// Moves a manual clock; the machine's clock stays as it is.
    pub fn set(&self, to: Timestamp) {
        if let Source::Manual { now, moved, .. } = &*self.0 {
            *locked(now) = to;
            moved.send_replace(());
        }
    }

    /// Moves a manual clock forward; the machine's clock stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { now, moved, .. } = &*self.0 {
            let mut now = locked(now);
            *now = now.saturating_add(jiff::SignedDuration::try_from(by).unwrap_or_default()).unwrap_or(*now);
            drop(now);
            moved.send_replace(());
        }
    }

    /// Waits; under a manual clock until it was moved so far.
    pub async fn sleep(&self, pause: Duration) {
        match &*self.0 {
            Source::Machine { .. } => tokio::time::sleep(pause).await,
            Source::Manual { moved, .. } => {
                let mut moved = moved.subscribe();
                let end = self.monotonic() + pause;
                while self.monotonic() < end && moved.changed().await.is_ok() {}
            }
        }
    }
}

/// The generator behind every code, token and key: cryptographic, seeded by the system or by a test.
#[derive(Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

/// The alphabet of codes: no letter or digit that looks like another one.
pub const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Random {
    /// # Errors
    /// When the system gives no randomness.
    pub fn from_system() -> anyhow::Result<Random> {
        Ok(Random(Arc::new(Mutex::new(StdRng::try_from_rng(&mut SysRng)?))))
    }

    pub fn seeded(seed: u64) -> Random {
        Random(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        locked(&self.0).fill_bytes(&mut bytes);
        bytes
    }

    /// Uniform in `0..bound`; 0 for a bound of 0.
    pub fn below(&self, bound: usize) -> usize {
        if bound == 0 { 0 } else { locked(&self.0).random_range(0..bound) }
    }

    /// Random letters of [`CODE_LETTERS`].
    pub fn code(&self, length: usize) -> String {
        (0..length).filter_map(|_| CODE_LETTERS.get(self.below(CODE_LETTERS.len()))).map(|&c| char::from(c)).collect()
    }

    /// A positive 31-bit integer.
    pub fn number(&self) -> i64 {
        i64::from(locked(&self.0).random_range(1..=i32::MAX))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
