//! Threads that each own a connection, fed by one bounded queue. A job always runs to its end, also when the
//! client hangs up; a full queue is an immediate "busy"; a panic is that job's error only.

use super::connection::{self, DbConn, Url};
use crate::error::{Error, Result};
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
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

type Manager = <DbConn as Connection>::TransactionManager;
/// Runs on the connection the thread has, or opens one; leaves `None` behind when it has to be opened again.
type Job = Box<dyn FnOnce(&mut Option<DbConn>) + Send>;

/// What the jobs of a lane may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// One snapshot; the database itself refuses writes.
    Read,
    Write,
}

/// How long a caller waits for a place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    None,
    /// Being in a queue makes nobody late, so submissions wait.
    Submission,
}

const SUBMISSION_WAITS: Duration = Duration::from_secs(10);

pub(super) struct Lane {
    url: Url,
    mode: Mode,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Lane {
    pub(super) fn start(url: &Url, mode: Mode, threads: usize, bound: usize) -> io::Result<Lane> {
        let (queue, jobs) = mpsc::channel::<Job>(bound);
        let jobs = Arc::new(Mutex::new(jobs));
        let spawn = |_| {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name("database".into()).spawn(move || {
                let mut conn = None;
                loop {
                    let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    match job {
                        Some(job) => job(&mut conn),
                        None => return,
                    }
                }
            })
        };
        let threads = (0..threads).map(spawn).collect::<io::Result<_>>()?;
        Ok(Lane { url: url.clone(), mode, queue: Mutex::new(Some(queue)), threads: Mutex::new(threads) })
    }

    /// Runs `work` in a transaction of its own and answers after its COMMIT.
    pub(super) async fn run<T, F>(&self, patience: Patience, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConn) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (url, mode) = (self.url.clone(), self.mode);
        let job: Job = Box::new(move |conn| {
            // A client that hung up is no reason to undo anything, so a dead channel is fine.
            drop(answer.send(transaction(conn, &url, mode, work)));
        });
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(Error::busy)?;
        match patience {
            Patience::None => queue.try_send(job).map_err(|_| Error::busy())?,
            Patience::Submission => queue.send_timeout(job, SUBMISSION_WAITS).await.map_err(|_| Error::busy())?,
        }
        drop(queue);
        answered.await.unwrap_or_else(|_| Err(Error::unknown()))
    }

    /// How many jobs wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Takes no more jobs, runs those that wait, and stops.
    pub(super) fn shutdown(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            drop(thread.join());
        }
    }
}

fn transaction<T>(
    slot: &mut Option<DbConn>,
    url: &Url,
    mode: Mode,
    work: impl FnOnce(&mut DbConn) -> Result<T>,
) -> Result<T> {
    let mut conn = match begun(slot.take(), url, mode) {
        Ok(conn) => conn,
        Err(error) => {
            tracing::error!(%error, "The database cannot be reached");
            return Err(Error::busy());
        }
    };
    let ran =
        catch_unwind(AssertUnwindSafe(|| work(&mut conn))).unwrap_or_else(|_| Err(Error::internal("a job panicked")));
    let ran = ran.and_then(|value| {
        let given_up = connection::was_given_up(&mut conn);
        if given_up { Err(Error::internal("a job swallowed a database error")) } else { Ok(value) }
    });
    let ended = match (&ran, depth(&mut conn)) {
        (Ok(_), Some(1)) => Manager::commit_transaction(&mut conn).map_err(|error| {
            tracing::error!(%error, "No answer to COMMIT");
            Error::unknown()
        }),
        (Ok(_), _) => Err(Error::unknown()),
        (Err(_), _) => {
            while depth(&mut conn).is_some() && Manager::rollback_transaction(&mut conn).is_ok() {}
            Ok(())
        }
    };
    if ended.is_ok() && depth(&mut conn).is_none() && !is_broken(&mut conn) {
        *slot = Some(conn);
    }
    ended.and(ran)
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
