//! Periodic work: what has had its time is deleted. One server at a time does a job, held by a lease in the database;
//! it goes in chunks, each a short transaction, and lets the writes of people go first.

use super::store::{self, Lease};
use crate::{
    accounts,
    app::Callboard,
    config::Config,
    db::{Tx, types::Ts},
    error::Result,
    events, mail, once, proposals, tokens,
};
use std::time::Duration;
use tokio::{sync::watch, time::sleep};

/// Something to do now and then.
pub struct Job {
    /// As the table of leases and the metrics call it.
    pub name: &'static str,
    pub every: Duration,
    /// Does at most so much of it in one transaction and answers how much that was; less than asked for is the end.
    pub chunk: Chunk,
}

type Chunk = fn(&mut Tx<'_>, &Config, now: Ts, most: i64) -> Result<usize>;

pub const JOBS: &[Job] = &[
    hourly("expired_sessions", |tx, _, now, most| accounts::sessions::store::purge(tx, now, most)),
    hourly("expired_links", |tx, _, now, most| accounts::links::store::purge(tx, now, most)),
    hourly("old_invitations", |tx, _, now, most| events::invitation_store::purge_invitations(tx, now, most)),
    hourly("old_speaker_invitations", |tx, _, now, most| proposals::speaking::store::purge(tx, now, most)),
    hourly("old_answers", |tx, _, now, most| once::purge(tx, now, most)),
    hourly("old_mail_texts", |tx, config, now, most| {
        mail::outbox::purge_bodies(tx, now.minus(config.mail_retention), most)
    }),
    hourly("old_tokens", |tx, _, now, most| tokens::store::purge(tx, now, most)),
];

const fn hourly(name: &'static str, chunk: Chunk) -> Job {
    Job { name, every: Duration::from_hours(1), chunk }
}

/// How often it looks whether something is due.
const LOOK: Duration = Duration::from_secs(30);
/// How long a server has a job before another one may take it; renewed with each chunk.
pub const LEASE: Duration = Duration::from_mins(2);
/// How much is done in one transaction.
pub const CHUNK: i64 = 500;
/// Between two chunks, and again while writes wait.
const PAUSE: Duration = Duration::from_millis(50);
/// After so many pauses it goes on although writes wait: it has to end some time.
const MOST_PAUSES: u32 = 200;
/// Longer messages of a failure are cut.
const LONGEST_RESULT: usize = 500;

/// Does what is due, round after round, until told to stop; the chunk under way is finished.
pub async fn run(app: &Callboard, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = sleep(LOOK) => {}
            changed = stop.changed() => if changed.is_err() { return } else { continue },
        }
        if let Err(error) = pass(app, JOBS, &stop).await {
            tracing::error!(%error, "Could not do the periodic work; trying again soon");
        }
    }
}

/// Does what of `jobs` is due now; answers the names of those that this server did to their end.
///
/// # Errors
/// When the database does not answer.
pub async fn round(app: &Callboard, jobs: &'static [Job]) -> Result<Vec<&'static str>> {
    let (_never, stop) = watch::channel(false);
    pass(app, jobs, &stop).await
}

async fn pass(app: &Callboard, jobs: &'static [Job], stop: &watch::Receiver<bool>) -> Result<Vec<&'static str>> {
    // Reading first, so that mostly nothing is written.
    let known = app.db.read(store::list).await?;
    let now = app.clock.now();
    let waits = |job: &&Job| {
        known.iter().find(|known| known.name == job.name).is_some_and(|known| !known.is_due(job.every, now))
    };
    let mut done = vec![];
    for job in jobs.iter().filter(|job| !waits(job)) {
        let Some(lease) = app.db.write(|tx| store::claim(tx, job.name, job.every, LEASE)).await? else { continue };
        match work(app, job, &lease, stop).await {
            Ok(true) => done.push(job.name),
            Ok(false) => tracing::info!(job = job.name, "A periodic job is left to whoever has it next"),
            Err(error) => {
                tracing::error!(job = job.name, %error, "A periodic job failed; trying again in {LEASE:?}");
                let result = cut(&format!("failed: {error}"));
                app.db.write(move |tx| store::fail(tx, &lease, &result)).await?;
            }
        }
    }
    Ok(done)
}

/// Chunk after chunk; `false` when it was not ours to end.
async fn work(app: &Callboard, job: &'static Job, lease: &Lease, stop: &watch::Receiver<bool>) -> Result<bool> {
    let mut total = 0;
    while !*stop.borrow() {
        let (lease, board) = (lease.clone(), app.clone());
        let ran = app
            .db
            .write(move |tx| {
                if !store::renew(tx, &lease, LEASE)? {
                    return Ok(None);
                }
                let now = tx.now()?;
                let did = (job.chunk)(tx, &board.config, now, CHUNK)?;
                let over = i64::try_from(did).is_ok_and(|did| did < CHUNK);
                if over {
                    store::end(tx, &lease, &format!("done: {}", total + did))?;
                }
                Ok(Some((did, over)))
            })
            .await?;
        match ran {
            None => return Ok(false),
            Some((did, true)) => {
                tracing::debug!(job = job.name, done = total + did, "A periodic job is done");
                return Ok(true);
            }
            Some((did, false)) => total += did,
        }
        let_others_go_first(app).await;
    }
    Ok(false)
}

async fn let_others_go_first(app: &Callboard) {
    sleep(PAUSE).await;
    for _ in 0..MOST_PAUSES {
        if app.db.writes_waiting() == 0 {
            return;
        }
        sleep(PAUSE).await;
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_RESULT).collect()
}
