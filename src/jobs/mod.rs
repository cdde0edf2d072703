//! The background work of the process. Each round is a plain function, so that tests run one when they want it.

pub mod schedule;
pub mod store;

use crate::{
    accounts,
    app::Callboard,
    audit,
    calls::{self, recomputing::model::Moved},
    decisions,
    error::Result,
    exports::{self, model::Export},
    imports::{
        self,
        model::{Ask, Report},
    },
    mail,
};
use std::{fs::File, time::Duration};
use tokio::{sync::watch, time::sleep};

/// The proof that the process itself acts; made here and nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct System(());

/// How long a publication may stay after its time.
const EVERY: Duration = Duration::from_millis(500);
/// How long somebody waits for a link. No bell shortens it: were the mail written right after the request, the next
/// request would take longer where there is an account to mail to.
const ANSWER_EVERY: Duration = Duration::from_secs(1);
/// How long it may take until it is noted who looked at names.
const NOTE_READS_EVERY: Duration = Duration::from_mins(1);

/// All of it, until `stop` says so; what is under way then is finished.
pub async fn run(app: Callboard, stop: watch::Receiver<bool>) {
    tokio::join!(
        release(&app, stop.clone()),
        answer_link_requests(&app, stop.clone()),
        note_reads(&app, stop.clone()),
        schedule::run(&app, stop.clone()),
        mail::deliver::run(app.clone(), stop)
    );
}

/// Releases the publications whose time has come, round after round; the round under way is finished.
async fn release(app: &Callboard, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = release_due(app).await {
            tracing::error!(%error, "Could not look for publications to release; trying again soon");
        }
        tokio::select! {
            () = sleep(EVERY) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Mails the links that were asked for, round after round.
async fn answer_link_requests(app: &Callboard, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = answer_links(app).await {
            tracing::error!(%error, "Could not mail the links that were asked for; trying again soon");
        }
        tokio::select! {
            () = sleep(ANSWER_EVERY) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Notes who looked at names, round after round, and a last time at the end.
async fn note_reads(app: &Callboard, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = sleep(NOTE_READS_EVERY) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
        if let Err(error) = audit::reads::note(app, System(())).await {
            tracing::error!(%error, "Could not note who looked at names; trying again soon");
        }
        if *stop.borrow() {
            return;
        }
    }
}

/// One round of noting who looked at names; answers how many entries it made.
///
/// # Errors
/// When the database does not answer.
pub async fn note_reads_now(app: &Callboard) -> Result<usize> {
    audit::reads::note(app, System(())).await
}

/// One round of it; answers how many were asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn answer_links(app: &Callboard) -> Result<usize> {
    accounts::links::actions::answer_requests(app, System(())).await
}

/// One round of releasing; answers how many were released.
///
/// # Errors
/// When the database does not answer.
pub async fn release_due(app: &Callboard) -> Result<usize> {
    decisions::publications::actions::release_due(app, System(())).await
}

/// Computes all deadlines anew by the zone data of this program, or only says what would change.
///
/// # Errors
/// When the database does not answer.
pub async fn recompute_deadlines(app: &Callboard, dry_run: bool) -> Result<Vec<Moved>> {
    calls::recomputing::actions::recompute(app, System(()), dry_run).await
}

/// One table of an event, whole, for the command line, whose user has the database anyway.
///
/// # Errors
/// `NotFound` when there is no such event.
pub async fn export(app: &Callboard, event: &str, export: Export) -> Result<File> {
    exports::actions::export_for_system(app, System(()), event.to_owned(), export).await
}

/// A file into an event, for the command line, whose user has the database anyway.
///
/// # Errors
/// `NotFound` when there is no such event; `Invalid` when the file, or rows of it, cannot be imported.
pub async fn import(app: &Callboard, event: &str, ask: Ask, file: Vec<u8>) -> Result<Report> {
    imports::actions::import_for_system(app, System(()), event.to_owned(), ask, file).await
}
