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
    error::{Code, Error, Result},
};
use std::{collections::VecDeque, convert::Infallible, time::Duration};
use tokio::{sync::watch, time::sleep};

/// How many mails are leased at once.
pub const BATCH: usize = 20;
/// How long a mail stays leased after its worker was last heard of. What is leased longer may have been sent.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a worker renews its leases while a server is slow.
const BEAT: Duration = Duration::from_secs(10);
/// How often it looks for mails by itself.
const IDLE: Duration = Duration::from_secs(2);
/// The bell rings before the COMMIT of whoever rang it.
const AFTER_BELL: Duration = Duration::from_millis(20);
/// How long mails rest while the mail server cannot be used.
pub const UNREACHABLE_PAUSE: Duration = Duration::from_secs(30);
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
    while !*stop.borrow() {
        let mut batch = VecDeque::from(app.db.write(|tx| outbox::claim(tx, LEASE)).await?);
        let claimed = batch.len();
        let reached = deliver(app, &mut batch, stop, &mut ended).await?;
        let next_at = if reached { Duration::ZERO } else { UNREACHABLE_PAUSE };
        put_back(app, batch.into(), next_at).await?;
        if claimed < BATCH || !reached {
            break;
        }
    }
    Ok(ended)
}

/// Takes the mails that it is through with off the batch; `false` when the mail server cannot be used.
async fn deliver(
    app: &Callboard,
    batch: &mut VecDeque<Mail>,
    stop: &watch::Receiver<bool>,
    ended: &mut usize,
) -> Result<bool> {
    let mut line = None;
    let mut reached = true;
    while let Some(mail) = batch.front().filter(|_| !*stop.borrow()) {
        let tried = tokio::select! {
            tried = hand_over(app, &mut line, mail) => tried,
            never = keep_leases(app, batch) => match never {},
        };
        match tried {
            Ok(outcome) => {
                conclude(app, mail, outcome).await?;
                *ended += 1;
                batch.pop_front();
            }
            Err(Unreachable(why)) => {
                tracing::warn!(%why, "The mail server cannot be used; mails wait");
                reached = false;
                line = None;
                break;
            }
        }
    }
    if let Some(line) = line {
        line.close().await;
    }
    Ok(reached)
}

async fn hand_over<'t>(app: &'t Callboard, line: &mut Option<Line<'t>>, mail: &Mail) -> Result<Outcome, Unreachable> {
    let ready = match Ready::new(&app.config.mail_from, &app.keys, mail) {
        Ok(ready) => ready,
        Err(why) => return Ok(Outcome::Failed(why)),
    };
    if let Some(mut open) = line.take().filter(Line::usable) {
        // A server may hang up after any mail; that is no reason to wait.
        if let Ok(outcome) = open.deliver(mail, &ready).await {
            *line = Some(open);
            return Ok(outcome);
        }
    }
    let mut open = app.mailer.open().await?;
    let outcome = open.deliver(mail, &ready).await?;
    *line = Some(open);
    Ok(outcome)
}

/// Renews the leases as long as it is polled.
async fn keep_leases(app: &Callboard, batch: &VecDeque<Mail>) -> Infallible {
    loop {
        sleep(BEAT).await;
        let ids = batch.iter().map(|mail| mail.id).collect::<Vec<_>>();
        note("renew the leases of mails", app.db.write(move |tx| outbox::renew(tx, &ids, LEASE)).await);
    }
}

/// Notes the outcome. What is not noted counts as possibly sent, so a busy database is asked again.
async fn conclude(app: &Callboard, mail: &Mail, outcome: Outcome) -> Result<()> {
    log(mail, &outcome);
    let mut pauses = [100, 1000, 5000].into_iter().map(Duration::from_millis);
    loop {
        let (mail, outcome) = (mail.clone(), outcome.clone());
        let noted = app
            .db
            .write(move |tx| {
                let end = end(&mail, outcome, tx.now()?, tx.random());
                outbox::end_lease(tx, &mail, &end)
            })
            .await;
        match noted {
            Err(error) if is_passing(&error) => match pauses.next() {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            },
            other => return other.map(drop),
        }
    }
}

fn is_passing(error: &Error) -> bool {
    matches!(error.code(), Code::Busy | Code::Unknown)
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

/// Doubles from a minute to four hours, a quarter more or less, so that mails refused together do not return together.
fn pause_after(attempts: i64, random: &Random) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let share = u32::try_from(random.below(501)).unwrap_or(0) + 750;
    pause.saturating_mul(share) / 1000
}

/// Ends leases of mails that were not begun, as if they had not been taken.
async fn put_back(app: &Callboard, mails: Vec<Mail>, pause: Duration) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    app.db
        .write(move |tx| {
            let next_at = tx.now()?.plus(pause);
            for mail in &mails {
                outbox::end_lease(tx, mail, &LeaseEnd::new(waiting_state(mail), mail, next_at))?;
            }
            Ok(())
        })
        .await
}

/// The state that a mail was leased from.
fn waiting_state(mail: &Mail) -> MailState {
    match (mail.ambiguous_ends, mail.attempts) {
        (1.., _) => MailState::Ambiguous,
        (_, 1..) => MailState::Retrying,
        _ => MailState::Queued,
    }
}
