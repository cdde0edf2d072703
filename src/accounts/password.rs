//! argon2id on threads of its own, so that neither the workers nor the database wait for it. Memory is allocated when
//! first used and freed when a thread has been idle.

use crate::{
    clock::{Clock, Random},
    error::{Error, Result},
    metrics::LaneMetrics,
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, PasswordHash, Salt},
};
use prometheus_client::metrics::gauge::Gauge;
use secrecy::{ExposeSecret, SecretString};
use std::{
    sync::{Arc, Mutex, PoisonError, mpsc::RecvTimeoutError},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

/// How much work a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

/// OWASP's choice for argon2id.
pub const COST: Cost = Cost { memory_kib: 19_456, passes: 2 };

/// Longer passwords are refused where they enter.
pub const LONGEST: usize = 1024;
pub const SHORTEST: usize = 10;

const QUEUE: usize = 32;
const IDLE: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce(&Argon2<'static>, &mut Vec<Block>) + Send>;

#[derive(Clone)]
pub struct HashLane {
    queue: std::sync::mpsc::SyncSender<Job>,
    random: Random,
    clock: Clock,
    waiting: Gauge,
    metrics: LaneMetrics,
}

impl HashLane {
    /// # Errors
    /// When the system gives no threads.
    pub fn start(cost: Cost, random: Random) -> anyhow::Result<HashLane> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|error| anyhow::anyhow!("{error}"))?;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let (queue, jobs) = std::sync::mpsc::sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let threads = (cores / 2).clamp(1, 2);
        for _ in 0..threads {
            let (jobs, params) = (Arc::clone(&jobs), params.clone());
            thread::Builder::new().name("hashing".into()).spawn(move || work(&jobs, params))?;
        }
        let (clock, waiting, metrics) = (Clock::machine(), Gauge::default(), LaneMetrics::new(threads));
        Ok(HashLane { queue, random, clock, waiting, metrics })
    }

    pub fn metrics(&self) -> &LaneMetrics {
        &self.metrics
    }

    /// How many jobs wait for a thread.
    pub fn waiting(&self) -> i64 {
        self.waiting.get()
    }

    /// The PHC string of a password, with a new salt.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        let salt = self.salt()?;
        self.run(move |argon2, memory| {
            let params = argon2.params();
            let output = output(argon2, &password, &salt, memory)?;
            let phc = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: params.try_into().map_err(|error| Error::internal(format!("{error}")))?,
                salt: Some(salt),
                hash: Some(output),
            };
            Ok(phc.to_string())
        })
        .await
    }

    /// Whether the password is the one. Without a stored hash the same work is done, and the answer is no.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn verify(&self, password: SecretString, phc: Option<String>) -> Result<bool> {
        let decoy = self.salt()?;
        self.run(move |argon2, memory| {
            let known = phc.as_deref().and_then(|phc| PasswordHash::new(phc).ok());
            let stored =
                known.as_ref().and_then(|known| Some((known.salt?, known.hash?, Params::try_from(known).ok()?)));
            let Some((salt, hash, params)) = stored else {
                output(argon2, &password, &decoy, memory)?;
                return Ok(false);
            };
            // A hash made at another cost is still verified at its own.
            let own = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            Ok(output(&own, &password, &salt, memory)? == hash)
        })
        .await
    }

    fn salt(&self) -> Result<Salt> {
        Salt::new(&self.random.bytes::<16>()).map_err(|error| Error::internal(format!("{error}")))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>, &mut Vec<Block>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let (clock, waiting, metrics) = (self.clock.clone(), self.waiting.clone(), self.metrics.clone());
        let job: Job = Box::new(move |argon2, memory| {
            waiting.dec();
            drop(answer.send(metrics.measure(&clock, || work(argon2, memory))));
        });
        self.waiting.inc();
        self.queue.try_send(job).map_err(|_| {
            self.waiting.dec();
            self.metrics.refused.inc();
            Error::busy()
        })?;
        answered.await.unwrap_or_else(|_| Err(Error::internal("a hashing thread is gone")))
    }
}

fn work(jobs: &Mutex<std::sync::mpsc::Receiver<Job>>, params: Params) {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut memory = vec![];
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(IDLE);
        match job {
            Ok(job) => job(&argon2, &mut memory),
            Err(RecvTimeoutError::Timeout) => memory = vec![],
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn output(argon2: &Argon2<'_>, password: &SecretString, salt: &Salt, memory: &mut Vec<Block>) -> Result<Output> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2
        .hash_password_into_with_memory(password.expose_secret().as_bytes(), salt, &mut out, memory)
        .map_err(|error| Error::internal(format!("{error}")))?;
    Output::new(&out).map_err(|error| Error::internal(format!("{error}")))
}
