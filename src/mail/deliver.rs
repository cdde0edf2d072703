//! Empties the outbox: leases mails, hands them over with no transaction open, notes what became of each.

use super::{
    MailState,
    mime::Ready,
    outbox::{self, LeaseEnd, Mail},
    smtp::{Outcome, Unreachable},
    transport::Line,
};
use crate::{
    app::Callboard,
    clock::Random,
    db::types::Ts,
    error::{Error, Result},
    faults::{self, Point},
};
use std::{collections::VecDeque, convert::Infallible, time::Duration};
use tokio::{sync::watch, time::sleep};

/// How many mails are leased at once.
pub const BATCH: usize = 20;
/// How long a mail stays leased after its worker was last heard of. What is leased longer may have been sent.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a worker renews its leases while a server is slow.
pub const BEAT: Duration = Duration::from_secs(10);
/// How often it tries to note what became of a mail while the database is in trouble.
const LONG_BEAT: Duration = Duration::from_secs(5);
/// How often it looks for mails by itself.
const IDLE: Duration = Duration::from_secs(2);
/// The bell rings before the COMMIT of whoever rang it.
const AFTER_BELL: Duration = Duration::from_millis(20);
/// When a mail is repeated that may have been sent.
pub const AMBIGUOUS_PAUSE: Duration = Duration::from_mins(10);
pub const MOST_ATTEMPTS: i64 = 10;
/// An ambiguous mail is repeated until it has ended so as often as this.
pub const MOST_AMBIGUOUS_ENDS: i64 = 2;
const FIRST_PAUSE: Duration = Duration::from_mins(1);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);
/// Longer answers of a server are cut.
const LONGEST_ANSWER: usize = 500;

/// Does the periodic work until told to stop: then the mail under way is finished and what was not begun is put back.
pub async fn run(app: Callboard, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        note("deliver mail", pass(&app, &stop).await);
        tokio::select! {
            () = app.mail_queued.notified() => sleep(AFTER_BELL).await,
            () = sleep(IDLE) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

fn note<T>(step: &str, done: Result<T>) {
    if let Err(error) = done {
        tracing::error!(%error, "Could not {step}; trying again soon");
    }
}

/// Delivers what is due now; answers how many mails came to an end, good or bad.
///
/// # Errors
/// When the database does not answer.
pub async fn round(app: &Callboard) -> Result<usize> {
    let (_never, stop) = watch::channel(false);
    pass(app, &stop).await
}

async fn pass(app: &Callboard, stop: &watch::Receiver<bool>) -> Result<usize> {
    let mut ended = 0;
    while !*stop.borrow() && !app.relay.rests(&app.clock) {
        let mut batch = VecDeque::from(claim(app).await?);
        let claimed = batch.len();
        if claimed > 0 {
            faults::at(Point::MailLeased);
        }
        let delivered = deliver(app, &mut batch, stop, &mut ended).await;
        if let Err(Halt::Unreachable(why)) = &delivered {
            app.relay.fails(&app.clock, why);
        }
        put_back(app, batch.into()).await?;
        if let Err(Halt::Broken(error)) = delivered {
            return Err(error);
        }
        if claimed < BATCH {
            break;
        }
    }
    Ok(ended)
}

async fn claim(app: &Callboard) -> Result<Vec<Mail>> {
    let per_minute = app.config.mails_per_minute;
    app.db.write(move |tx| outbox::claim(tx, LEASE, per_minute)).await
}

/// Why the rest of a batch is not tried.
enum Halt {
    /// The mail server cannot be used.
    Unreachable(Unreachable),
    /// The database does not answer.
    Broken(Error),
}

impl From<Unreachable> for Halt {
    fn from(why: Unreachable) -> Halt {
        Halt::Unreachable(why)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        Halt::Broken(error)
    }
}

/// Takes the mails that it is through with off the batch.
async fn deliver(
    app: &Callboard,
    batch: &mut VecDeque<Mail>,
    stop: &watch::Receiver<bool>,
    ended: &mut usize,
) -> Result<(), Halt> {
    let mut line = None;
    while let Some(mail) = batch.front_mut().filter(|_| !*stop.borrow()) {
        let outcome = hand_over(app, &mut line, mail).await?;
        let Some(mail) = batch.pop_front() else { break };
        if let Some(outcome) = outcome {
            faults::at(Point::MailAnswered);
            conclude(app, &mail, outcome, stop).await?;
            *ended += 1;
        }
    }
    if let Some(line) = line {
        line.close().await;
    }
    Ok(())
}

/// `None` when the mail is not ours any more. It is marked as begun only once the mail server answers, so that mails
/// that wait for a dead one can still be canceled.
async fn hand_over<'t>(
    app: &'t Callboard,
    line: &mut Option<Line<'t>>,
    mail: &mut Mail,
) -> Result<Option<Outcome>, Halt> {
    let old = line.take().filter(Line::usable);
    let is_old = old.is_some();
    let mut open = match old {
        Some(old) => old,
        None => app.mailer.open().await?,
    };
    let leased = mail.clone();
    let Some(begun) = app.db.write(move |tx| outbox::begin(tx, &leased, LEASE)).await? else {
        tracing::debug!(mail = mail.code, "A mail is not ours any more");
        *line = Some(open);
        return Ok(None);
    };
    faults::at(Point::MailBegun);
    *mail = begun;
    let ready = match Ready::new(&app.config.mail_from, &app.keys, mail) {
        Ok(ready) => ready,
        Err(why) => {
            *line = Some(open);
            return Ok(Some(Outcome::Failed(why)));
        }
    };
    let transmitted = async {
        // A server may hang up after any mail; that is no reason to wait.
        match open.deliver(mail, &ready).await {
            Err(_) if is_old => {
                open = app.mailer.open().await?;
                open.deliver(mail, &ready).await
            }
            other => other,
        }
    };
    let outcome = tokio::select! {
        outcome = transmitted => outcome?,
        never = keep_lease(app, mail) => match never {},
    };
    app.relay.works();
    *line = Some(open);
    Ok(Some(outcome))
}

/// Renews the lease as long as it is polled.
async fn keep_lease(app: &Callboard, mail: &Mail) -> Infallible {
    loop {
        app.clock.sleep(BEAT).await;
        let mail = mail.clone();
        note("renew the lease of a mail", app.db.write(move |tx| outbox::renew(tx, &mail, LEASE)).await);
    }
}

/// Notes the outcome. What is not noted counts as possibly sent, so the database is asked until it answers; told to
/// stop, it is asked for a few seconds more.
async fn conclude(app: &Callboard, mail: &Mail, outcome: Outcome, stop: &watch::Receiver<bool>) -> Result<()> {
    log(mail, &outcome);
    let mut stop = stop.clone();
    let mut pauses = [100, 1000, 5000].into_iter().map(Duration::from_millis);
    loop {
        let (mail, outcome) = (mail.clone(), outcome.clone());
        let noted = app
            .db
            .write(move |tx| {
                let end = end(&mail, outcome, tx.now()?, tx.random());
                outbox::end_lease(tx, &mail, end)
            })
            .await;
        let Err(error) = noted else { return Ok(()) };
        if let Some(pause) = pauses.next() {
            app.clock.sleep(pause).await;
            continue;
        }
        tracing::error!(%error, "Could not note what became of a mail; trying again soon");
        tokio::select! {
            () = app.clock.sleep(LONG_BEAT) => {}
            _ = stop.wait_for(|stop| *stop) => return Err(error),
        }
    }
}

fn log(mail: &Mail, outcome: &Outcome) {
    let (code, kind) = (&mail.code, &mail.kind);
    match outcome {
        Outcome::Sent(_) => tracing::debug!(mail = code, kind, "Mail sent"),
        Outcome::Retry(_) => tracing::info!(mail = code, kind, "Mail not taken yet"),
        Outcome::Failed(_) => tracing::warn!(mail = code, kind, "Mail refused"),
        Outcome::Ambiguous(_) => tracing::warn!(mail = code, kind, "Mail may have been sent: no answer to its end"),
    }
}

/// How the lease of a mail ends.
fn end(mail: &Mail, outcome: Outcome, now: Ts, random: &Random) -> LeaseEnd {
    let attempts = mail.attempts + 1;
    let mut end = LeaseEnd::new(MailState::Sent, mail, now);
    end.attempts = attempts;
    let answer = match outcome {
        Outcome::Sent(answer) => {
            end.sent_at = Some(now);
            answer
        }
        Outcome::Retry(answer) => {
            end.state = if attempts < MOST_ATTEMPTS { MailState::Retrying } else { MailState::Failed };
            end.next_at = now.plus(pause_after(attempts, random));
            answer
        }
        Outcome::Failed(answer) => {
            end.state = MailState::Failed;
            answer
        }
        Outcome::Ambiguous(answer) => {
            end.state = MailState::Ambiguous;
            end.ambiguous_ends += 1;
            end.next_at = now.plus(AMBIGUOUS_PAUSE);
            answer
        }
    };
    end.last_answer = Some(answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ANSWER).collect());
    end
}

/// Doubles from a minute to four hours, up to a half more, so that mails refused together do not return together; a
/// minute at least, so that none counts twice in the limit of a minute.
fn pause_after(attempts: i64, random: &Random) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let share = u32::try_from(random.below(501)).unwrap_or(0) + 1000;
    pause.saturating_mul(share) / 1000
}

/// Ends leases of mails that were not handed over, as if they had not been taken, always in the same order.
async fn put_back(app: &Callboard, mut mails: Vec<Mail>) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    mails.sort_by_key(|mail| mail.id);
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            for mail in &mails {
                outbox::give_back(tx, mail, now)?;
            }
            Ok(())
        })
        .await
}
