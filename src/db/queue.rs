//! What waits for a lane: a queue and a bound for each class of requests, so that bulk is turned away first and a
//! submission last.

use super::connection::DbConn;
use crate::error::{Error, Result};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How much a request matters. The order is the order of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Submitting, saving a draft, confirming: what somebody would lose.
    Critical,
    /// Whoever is signed in, and the work of the process itself.
    Interactive,
    /// Reading without signing in.
    Public,
    /// Exports and other long lists.
    Bulk,
}

impl Class {
    pub const ALL: [Class; 4] = [Class::Critical, Class::Interactive, Class::Public, Class::Bulk];

    /// How many jobs of the class may wait in a lane.
    pub const fn bound(self) -> usize {
        match self {
            Class::Critical => 1024,
            Class::Interactive => 512,
            Class::Public => 256,
            Class::Bulk => 16,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Class::Critical => "critical",
            Class::Interactive => "interactive",
            Class::Public => "public",
            Class::Bulk => "bulk",
        }
    }
}

/// How long a caller waits for a place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    None,
    /// Being in a queue makes nobody late, so submissions wait.
    Submission,
}

const SUBMISSION_WAITS: Duration = Duration::from_secs(10);

/// Tells the caller, once it is known how the transaction ended.
pub(super) type Answer = Box<dyn FnOnce(End) + Send>;
/// Runs on the connection, or refuses where there is none.
pub(super) type Job = Box<dyn FnOnce(Option<&mut DbConn>) -> Answer + Send>;

/// How the transaction ended that a job ran in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By COMMIT, or because there was nothing to commit.
    Known,
    /// The database undid it whole.
    Lost,
    Unknown,
}

struct Waiting {
    /// In the order of service; a job keeps its place's permit until it is taken out.
    jobs: [VecDeque<(OwnedSemaphorePermit, Job)>; Class::ALL.len()],
    closed: bool,
}

impl Waiting {
    fn pop(&mut self) -> Option<Job> {
        self.jobs.iter_mut().find_map(VecDeque::pop_front).map(|(_, job)| job)
    }
}

/// The queues of one lane.
pub(super) struct Queues {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    places: [Arc<Semaphore>; Class::ALL.len()],
}

impl Queues {
    pub(super) fn new() -> Queues {
        Queues {
            waiting: Mutex::new(Waiting { jobs: Default::default(), closed: false }),
            arrived: Condvar::new(),
            places: Class::ALL.map(|class| Arc::new(Semaphore::new(class.bound()))),
        }
    }

    /// # Errors
    /// `Busy` when there is no place, or the lane is closed.
    pub(super) async fn push(&self, class: Class, patience: Patience, job: Job) -> Result<()> {
        self.try_push(class, patience, job).await.ok_or_else(Error::busy)
    }

    async fn try_push(&self, class: Class, patience: Patience, job: Job) -> Option<()> {
        let places = Arc::clone(self.places.get(class as usize)?);
        let place = match patience {
            Patience::None => places.try_acquire_owned().ok()?,
            Patience::Submission => timeout(SUBMISSION_WAITS, places.acquire_owned()).await.ok()?.ok()?,
        };
        let mut waiting = self.lock();
        if waiting.closed {
            return None;
        }
        waiting.jobs.get_mut(class as usize)?.push_back((place, job));
        self.arrived.notify_one();
        Some(())
    }

    /// The next job that waits already.
    pub(super) fn next_now(&self) -> Option<Job> {
        self.lock().pop()
    }

    /// Waits for a job; `None` when closed and empty, so that closing drains.
    pub(super) fn next(&self) -> Option<Job> {
        let idle = |waiting: &mut Waiting| !waiting.closed && waiting.jobs.iter().all(VecDeque::is_empty);
        let woken = self.arrived.wait_while(self.lock(), idle);
        woken.unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    pub(super) fn waiting(&self, class: Class) -> usize {
        self.lock().jobs.get(class as usize).map_or(0, VecDeque::len)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
