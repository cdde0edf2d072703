//! Threads that each own a connection. A job always runs to its end, also when the client hangs up; a full queue is an
//! immediate "busy"; an error or a panic undoes that job only. On SQLite the one writer puts the jobs that wait into one
//! COMMIT, a savepoint each, and answers after it.

use super::{
    connection::{self, DbConn, Url},
    queue::{Class, End, Job, Patience, Queues},
    room::Room,
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    faults::{self, Point},
    metrics::LaneMetrics,
};
use diesel::{
    Connection, QueryResult,
    connection::{AnsiTransactionManager, TransactionManager},
    result::{DatabaseErrorKind, Error as DbError},
};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;

type Manager = <DbConn as Connection>::TransactionManager;

/// How many jobs share a COMMIT at most: so long do the first ones of them wait for the last.
const LARGEST_BATCH: usize = 64;

/// What the jobs of a lane may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// One snapshot; the database itself refuses writes.
    Read,
    Write,
}

pub(super) struct Lane {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What a lane's threads share.
struct Shared {
    url: Url,
    mode: Mode,
    queues: Queues,
    /// For measuring, also where a test has stopped the other one.
    clock: Clock,
    metrics: LaneMetrics,
    room: Room,
}

impl Lane {
    pub(super) fn start(url: &Url, mode: Mode, threads: usize, clock: &Clock) -> io::Result<Lane> {
        let room = Room::new(clock.clone());
        let (clock, metrics) = (Clock::machine(), LaneMetrics::new(threads));
        let shared = Arc::new(Shared { url: url.clone(), mode, queues: Queues::new(), clock, metrics, room });
        let spawn = |_| {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name("database".into()).spawn(move || shared.serve())
        };
        let threads = (0..threads).map(spawn).collect::<io::Result<_>>()?;
        Ok(Lane { shared, threads: Mutex::new(threads) })
    }

    /// Runs `work` in a transaction, undone alone if it fails, and answers after its COMMIT.
    pub(super) async fn run<T, F>(&self, class: Class, patience: Patience, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        let job: Job = Box::new(move |conn| {
            let work =
                |conn: &mut DbConn| shared.metrics.measure(&shared.clock, || isolated(conn, shared.shares(), work));
            let ran = conn.map_or_else(|| Err(Error::busy()), work);
            Box::new(move |end| {
                let told = match end {
                    End::Known => ran,
                    End::Lost => ran.and(Err(Error::busy())),
                    End::Unknown => Err(Error::unknown()),
                };
                // A client that hung up is no reason to undo anything, so a dead channel is fine.
                drop(answer.send(told));
            })
        });
        let queued = self.shared.queues.push(class, patience, job).await;
        if queued.is_err() {
            self.shared.metrics.refused.inc();
        }
        queued?;
        answered.await.unwrap_or_else(|_| Err(Error::unknown()))
    }

    /// How many jobs of the class wait for a thread.
    pub(super) fn waiting(&self, class: Class) -> usize {
        self.shared.queues.waiting(class)
    }

    pub(super) fn metrics(&self) -> &LaneMetrics {
        &self.shared.metrics
    }

    /// Whether a job has found the disk full of late.
    pub(super) fn lacks_room(&self) -> bool {
        self.shared.room.is_missing()
    }

    /// Takes no more jobs, runs those that wait, and stops.
    pub(super) fn shutdown(&self) {
        self.shared.queues.close();
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            drop(thread.join());
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.shared.queues.close();
    }
}

impl Shared {
    /// Whether several jobs share a COMMIT.
    fn shares(&self) -> bool {
        self.mode == Mode::Write && matches!(self.url, Url::Sqlite(_))
    }

    fn serve(&self) {
        let mut conn = None;
        while let Some(first) = self.queues.next() {
            conn = match begun(conn.take(), &self.url, self.mode) {
                Ok(conn) => self.transaction(conn, first),
                Err(error) => {
                    tracing::error!(%error, "The database cannot be reached");
                    first(None)(End::Known);
                    None
                }
            };
        }
    }

    /// One transaction for the first job and, on SQLite's writer, for those that wait behind it. Gives the connection
    /// back unless it has to be opened again.
    fn transaction(&self, mut conn: DbConn, first: Job) -> Option<DbConn> {
        let shares = self.shares();
        let mut answers = vec![first(Some(&mut conn))];
        while shares && answers.len() < LARGEST_BATCH && depth(&mut conn) == Some(1) {
            let Some(job) = self.queues.next_now() else { break };
            answers.push(job(Some(&mut conn)));
        }
        self.metrics.transaction(answers.len());
        if self.mode == Mode::Write {
            faults::at(Point::BeforeCommit);
        }
        let end = commit(&mut conn, shares);
        if self.mode == Mode::Write {
            faults::at(Point::AfterCommit);
        }
        self.room.note();
        for answer in answers {
            answer(end);
        }
        (depth(&mut conn).is_none() && !is_broken(&mut conn)).then_some(conn)
    }
}

/// Runs a job in a savepoint of the transaction that it shares, or in one that is its own: then what fails leaves nothing
/// to commit.
fn isolated<T>(conn: &mut DbConn, shares: bool, work: impl FnOnce(&mut DbConn) -> Result<T>) -> Result<T> {
    let kept = if shares { depth(conn) } else { None };
    if shares {
        Manager::begin_transaction(conn)?;
    }
    let inside = depth(conn);
    let ran = catch_unwind(AssertUnwindSafe(|| work(conn)));
    let ran = ran.unwrap_or_else(|_| Err(Error::internal("a job panicked"))).and_then(|value| {
        if connection::was_given_up(conn) || depth(conn) != inside {
            return Err(Error::internal("a job swallowed a database error"));
        }
        if shares {
            Manager::commit_transaction(conn)?;
        }
        Ok(value)
    });
    if ran.is_err() {
        while depth(conn) > kept && Manager::rollback_transaction(conn).is_ok() {}
    }
    ran
}

/// COMMIT, unless there is nothing left to commit.
fn commit(conn: &mut DbConn, shares: bool) -> End {
    match depth(conn) {
        Some(1) => match Manager::commit_transaction(conn) {
            Ok(()) => End::Known,
            Err(error) => {
                tracing::error!(%error, "No answer to COMMIT");
                End::Unknown
            }
        },
        // The one job has failed, and was undone.
        None if !shares => End::Known,
        // Out of disk, SQLite ends a transaction by itself, with all that the other jobs did in it.
        None => End::Lost,
        Some(_) => End::Unknown,
    }
}

/// An open transaction on the connection, or on a new one where that one turns out to be closed: nothing has run yet.
fn begun(conn: Option<DbConn>, url: &Url, mode: Mode) -> QueryResult<DbConn> {
    let open = || if mode == Mode::Read { url.open_reader() } else { url.open() };
    if let Some(mut conn) = conn {
        match begin(&mut conn, mode) {
            Ok(()) => return Ok(conn),
            Err(DbError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )) => {}
            Err(error) if is_broken(&mut conn) => tracing::warn!(%error, "Reconnecting to the database"),
            Err(error) => return Err(error),
        }
    }
    let mut conn = open()?;
    begin(&mut conn, mode)?;
    Ok(conn)
}

fn begin(conn: &mut DbConn, mode: Mode) -> QueryResult<()> {
    match (conn, mode) {
        (DbConn::Sqlite(conn), Mode::Read) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
        (DbConn::Sqlite(conn), Mode::Write) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        (DbConn::Postgres(conn), Mode::Read) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
        (DbConn::Postgres(conn), Mode::Write) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN; SET LOCAL lock_timeout = '10s'")
        }
    }
}

fn depth(conn: &mut DbConn) -> Option<u32> {
    Manager::transaction_manager_status_mut(conn).transaction_depth().ok().flatten().map(u32::from)
}

fn is_broken(conn: &mut DbConn) -> bool {
    <Manager as TransactionManager<DbConn>>::is_broken_transaction_manager(conn)
}
