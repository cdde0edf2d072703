//! The only way to a connection: `Db::read` and `Db::write`, each job one transaction on a thread that owns a connection.

pub mod among;
pub mod backup;
pub mod connection;
mod lane;
pub mod migrate;
pub mod portable;
mod queue;
pub mod room;
pub mod schema;
mod slow;
pub mod types;

use crate::{
    clock::{Clock, Random},
    error::Result,
    metrics::LaneMetrics,
};
pub use connection::{DbConn as Conn, Prepares, Url};
use lane::{Lane, Mode};
pub use queue::Class;
use queue::Patience;
use std::{any::type_name, io, sync::Arc, thread::available_parallelism, time::Duration};
use types::Ts;

/// The database, for requests of one class; cheap to clone.
#[derive(Clone)]
pub struct Db {
    lanes: Arc<Both>,
    class: Class,
    clock: Clock,
    random: Random,
    /// Statements that take so long are logged.
    slow: Duration,
}

struct Both {
    readers: Lane,
    writers: Lane,
}

impl Db {
    /// # Errors
    /// When the system gives no threads. A database that cannot be reached shows at the first job.
    pub fn start(url: &Url, clock: Clock, random: Random, lanes: Lanes, slow: Duration) -> io::Result<Db> {
        let cores = available_parallelism().map_or(2, usize::from);
        let (readers, writers) = match (url, lanes) {
            (Url::Sqlite(_), Lanes::Full) => (cores.max(2), 1),
            (Url::Sqlite(_), Lanes::Few) => (1, 1),
            (Url::Postgres { .. }, Lanes::Full) => (4 * cores.max(2), 4 * cores.max(2)),
            (Url::Postgres { .. }, Lanes::Few) => (2, 4),
        };
        let readers = Lane::start(url, Mode::Read, readers, &clock)?;
        let writers = Lane::start(url, Mode::Write, writers, &clock)?;
        Ok(Db { lanes: Arc::new(Both { readers, writers }), class: Class::Interactive, clock, random, slow })
    }

    /// The same database, for requests of another class.
    #[must_use]
    pub fn of_class(&self, class: Class) -> Db {
        Db { class, ..self.clone() }
    }

    /// Runs `job` on one snapshot.
    ///
    /// # Errors
    /// What the job answers; `Busy` when the queue is full or the database is away.
    pub async fn read<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let slow = self.slow;
        let watched = move |conn: &mut Conn| {
            slow::doing(type_name::<F>(), slow);
            job(conn)
        };
        self.lanes.readers.run(self.class, Patience::None, watched).await
    }

    /// Runs `job` in a transaction for the process itself or for somebody who is not signed in.
    ///
    /// # Errors
    /// What the job answers; `Busy` when nothing was stored, `Unknown` when COMMIT got no answer.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.write_patiently(Patience::None, job).await
    }

    /// Runs `job` in a transaction in which `who` was checked again, so that somebody removed meanwhile is refused.
    ///
    /// # Errors
    /// As [`Db::write`]; and what the check answers.
    pub async fn write_as<A, T, F>(&self, who: A, turn: Turn, job: F) -> Result<T>
    where
        A: Actor,
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>, &A) -> Result<T> + Send + 'static,
    {
        let patience = if turn == Turn::Submission { Patience::Submission } else { Patience::None };
        let checked = move |tx: &mut Tx<'_>| {
            let mut who = who;
            if turn == Turn::EventLocked {
                who.lock_event(tx)?;
            }
            who.check_again(tx)?;
            job(tx, &who)
        };
        self.write_patiently(patience, checked).await
    }

    async fn write_patiently<T, F>(&self, patience: Patience, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (clock, random, slow) = (self.clock.clone(), self.random.clone(), self.slow);
        let watched = move |conn: &mut Conn| {
            slow::doing(type_name::<F>(), slow);
            job(&mut Tx { conn, clock, random, asked: None })
        };
        self.lanes.writers.run(self.class, patience, watched).await
    }

    /// Whether a write has found the disk full of late.
    pub fn lacks_room(&self) -> bool {
        self.lanes.writers.lacks_room()
    }

    /// How many writes wait for their turn.
    pub fn writes_waiting(&self) -> usize {
        Class::ALL.into_iter().map(|class| self.lanes.writers.waiting(class)).sum()
    }

    /// The lanes by name, for whoever watches them.
    pub fn lanes(&self) -> [LaneState; 2] {
        let state = |name, lane: &Lane| LaneState {
            name,
            waiting: Class::ALL.map(|class| (class, lane.waiting(class))),
            metrics: lane.metrics().clone(),
        };
        [state("read", &self.lanes.readers), state("write", &self.lanes.writers)]
    }

    /// Finishes the jobs that wait and closes all connections.
    pub fn shutdown(&self) {
        self.lanes.writers.shutdown();
        self.lanes.readers.shutdown();
    }
}

/// What waits in a lane now, and what it has done.
#[derive(Clone, Debug)]
pub struct LaneState {
    pub name: &'static str,
    pub waiting: [(Class, usize); Class::ALL.len()],
    pub metrics: LaneMetrics,
}

/// As whom, and by what, somebody acts.
pub struct Acting<'a> {
    pub account: types::AccountId,
    /// Who it is among all that write, for keys of repeated requests: an event's token is somebody of its own.
    pub key: String,
    /// The code of the token, if it is one.
    pub token: Option<&'a str>,
}

/// Somebody who writes; checked again inside the transaction.
pub trait Actor: Clone + Send + 'static {
    /// Takes over what has changed about them since, so that the job sees what they are now.
    ///
    /// # Errors
    /// When what was proved of them is no longer so.
    fn check_again(&mut self, tx: &mut Tx<'_>) -> Result<()>;

    /// As whom, and by what, they act.
    fn acting(&self) -> Acting<'_>;

    /// Locks the event they act in, if there is one.
    ///
    /// # Errors
    /// When the event is gone or the lock not to be had in time.
    fn lock_event(&self, _tx: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
}

/// How a write waits and what it locks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Plain,
    /// Waits up to 10 s for its place: being in a queue makes nobody late.
    Submission,
    /// One at a time in the event. The lock comes before the check of the actor, so that two people who remove each
    /// other do not wait for each other.
    EventLocked,
}

/// How many threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lanes {
    Full,
    /// For tests and commands, of which many run side by side.
    Few,
}

/// A connection inside a write transaction, with the transaction's clock and randomness.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    clock: Clock,
    random: Random,
    /// What the database's clock said, and this process's monotonic time just before.
    asked: Option<(Ts, Duration)>,
}

impl Tx<'_> {
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The instant that counts: the database's clock on PostgreSQL, where several servers may share it; else the
    /// process's. Taken when asked, so ask after the lock. The database is asked once; what has gone by since is added.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn now(&mut self) -> Result<Ts> {
        if self.clock.is_manual() {
            return Ok(self.clock.now());
        }
        let monotonic = self.clock.monotonic();
        if let Some((then, at)) = self.asked {
            return Ok(Ts::truncated(then.plus(monotonic.saturating_sub(at)).timestamp()));
        }
        let Some(now) = portable::clock(self.conn)? else { return Ok(self.clock.now()) };
        self.asked = Some((now, monotonic));
        Ok(now)
    }

    /// Monotonic time of this process, to measure how long a request has waited.
    pub fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    pub fn random(&self) -> &Random {
        &self.random
    }
}
