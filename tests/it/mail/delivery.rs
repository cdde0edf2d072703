//! What the outbox does with each outcome: repeats, gives up, waits, survives crashes and races.

use super::{app_with, deliver, fate, letter, only, queue};
use crate::harness::{Act, SmtpServer, Stage, TestApp};
use callboard::{
    app::Callboard,
    db::{schema::mails, types::Ts},
    mail::{
        MailState,
        deliver::{self, AMBIGUOUS_PAUSE, BATCH, BEAT, LEASE, MOST_ATTEMPTS},
        outbox::{self, Mail},
        relay::REST,
    },
};
use diesel::prelude::*;
use std::{collections::BTreeSet, time::Duration};
use tokio::sync::watch;

const MICROSECOND: Duration = Duration::from_micros(1);
const LONG: Duration = Duration::from_hours(24);
const MAILS: usize = 50;

async fn app_and_server() -> (TestApp, SmtpServer) {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    queue(&app.board, letter()).await;
    (app, server)
}

async fn next_at(app: &TestApp) -> Ts {
    app.board.db.read(|conn| Ok(mails::table.select(mails::next_at).first::<Ts>(conn)?)).await.unwrap()
}

/// Moves the clock to a microsecond before `pause` is over.
fn almost(app: &TestApp, pause: Duration) {
    app.board.clock.set(app.board.clock.now().plus(pause).minus(MICROSECOND).timestamp());
}

/// Takes a batch as a worker does that then dies.
pub async fn claim(app: &Callboard) -> Vec<Mail> {
    app.db.write(|tx| outbox::claim(tx, LEASE, None)).await.unwrap()
}

/// Takes a batch and begins its first mail.
pub async fn claim_and_begin(app: &Callboard) -> Mail {
    let leased = claim(app).await.remove(0);
    begin(app, &leased).await.unwrap()
}

pub async fn begin(app: &Callboard, mail: &Mail) -> Option<Mail> {
    let mail = mail.clone();
    app.db.write(move |tx| outbox::begin(tx, &mail, LEASE)).await.unwrap()
}

#[actix_web::test]
async fn a_mail_is_sent_once() {
    let (app, server) = app_and_server().await;
    assert_eq!(deliver(&app).await, 1);
    let mail = only(&app).await;
    assert_eq!((mail.state, mail.attempts, mail.sent_at), (MailState::Sent, 1, Some(app.board.clock.now())));
    assert_eq!(mail.last_answer.as_deref(), Some("queued as 1"));
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(server.came().len(), 1);
}

#[actix_web::test]
async fn a_mail_not_taken_is_tried_again_after_a_growing_pause() {
    let (app, server) = app_and_server().await;
    server.always(Stage::Rcpt, Act::Say("451 later"));
    let mut expected = Duration::from_mins(1);
    for attempt in 1..MOST_ATTEMPTS {
        let before = app.board.clock.now();
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(fate(&app).await, (MailState::Retrying, attempt, 0));
        assert!(only(&app).await.last_answer.unwrap().contains("later"));
        let next_at = next_at(&app).await;
        assert!(next_at >= before.plus(expected) && next_at <= before.plus(expected * 3 / 2), "{attempt}");
        app.board.clock.set(next_at.minus(MICROSECOND).timestamp());
        assert_eq!(deliver(&app).await, 0, "not due yet");
        app.advance(MICROSECOND);
        expected = (expected * 2).min(Duration::from_hours(4));
    }
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Failed, 10, 0));
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(server.came(), []);
}

#[actix_web::test]
async fn a_refused_mail_fails_at_once_and_the_next_one_goes() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    assert_eq!(deliver(&app).await, 2);
    let mails = app.mails().await;
    assert_eq!((mails[0].state, mails[0].attempts), (MailState::Failed, 1));
    assert!(mails[0].last_answer.as_ref().unwrap().contains("no such user"));
    assert_eq!(mails[1].state, MailState::Sent);
    assert_eq!(server.connections(), 1);
}

#[actix_web::test]
async fn an_ambiguous_mail_is_repeated_once_with_the_same_bytes() {
    let (app, server) = app_and_server().await;
    server.always(Stage::Dot, Act::Close);
    deliver(&app).await;
    assert_eq!(fate(&app).await, (MailState::Ambiguous, 1, 1));
    almost(&app, AMBIGUOUS_PAUSE);
    assert_eq!(deliver(&app).await, 0);
    app.advance(MICROSECOND);
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Ambiguous, 2, 2));
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 0, "never a third time");
    let came = server.came();
    assert_eq!(came.len(), 2);
    assert_eq!(came[0].raw, came[1].raw);
    assert!(came[0].raw.contains(&format!("Message-ID: {}\r\n", only(&app).await.message_id)));
}

#[actix_web::test]
async fn the_repeat_of_an_ambiguous_mail_can_be_sent() {
    let (app, server) = app_and_server().await;
    server.once(Stage::Dot, Act::SayAndClose("250-half"));
    deliver(&app).await;
    app.advance(AMBIGUOUS_PAUSE);
    deliver(&app).await;
    assert_eq!(fate(&app).await, (MailState::Sent, 2, 1));
}

#[actix_web::test]
async fn an_unreachable_relay_costs_no_mail_an_attempt() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    server.always(Stage::Greeting, Act::Say("421 later"));
    for _ in 0..2 * MOST_ATTEMPTS {
        assert_eq!(deliver(&app).await, 0);
        assert_eq!(
            app.mails().await.iter().map(|mail| (mail.state, mail.attempts)).collect::<Vec<_>>(),
            [(MailState::Queued, 0); 2]
        );
        app.advance(REST);
    }
    assert_eq!(server.connections(), 2 * 10, "not once for each mail");
    server.behave();
    app.board.clock.set(app.board.clock.now().minus(MICROSECOND).timestamp());
    assert_eq!(deliver(&app).await, 0, "the server is left alone for a while");
    app.advance(MICROSECOND);
    assert_eq!(deliver(&app).await, 2);
}

#[actix_web::test]
async fn mails_go_back_to_the_state_they_were_in() {
    let (app, server) = app_and_server().await;
    server.once(Stage::Rcpt, Act::Say("451 later"));
    deliver(&app).await;
    app.advance(LONG);
    server.once(Stage::Greeting, Act::Close);
    deliver(&app).await;
    let mail = only(&app).await;
    assert_eq!((mail.state, mail.attempts), (MailState::Retrying, 1));
    assert!(mail.last_answer.unwrap().contains("later"), "what was said about the mail stays");
    server.once(Stage::Dot, Act::Close);
    app.advance(LONG);
    deliver(&app).await;
    server.once(Stage::Greeting, Act::Close);
    app.advance(LONG);
    deliver(&app).await;
    assert_eq!(fate(&app).await, (MailState::Ambiguous, 2, 1));
    app.advance(LONG);
    deliver(&app).await;
    assert_eq!(fate(&app).await, (MailState::Sent, 3, 1));
}

#[actix_web::test]
async fn a_relay_that_dies_within_a_batch_leaves_the_rest_as_it_was() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    server.once(Stage::Dot, Act::Say("250 queued"));
    server.once(Stage::Dot, Act::SayAndClose("421 bye"));
    // The first connection is greeted, the one for the third mail is not.
    server.once(Stage::Greeting, Act::Say("220 relay.example"));
    server.once(Stage::Greeting, Act::Close);
    assert_eq!(deliver(&app).await, 2);
    let states: Vec<_> = app.mails().await.iter().map(|mail| (mail.state, mail.attempts)).collect();
    assert_eq!(states, [(MailState::Sent, 1), (MailState::Retrying, 1), (MailState::Queued, 0)]);
}

#[actix_web::test]
async fn a_server_that_hangs_up_after_each_mail_gets_them_all() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    server.always(Stage::Dot, Act::SayAndClose("250 queued"));
    assert_eq!(deliver(&app).await, 3);
    assert!(app.mails().await.iter().all(|mail| (mail.state, mail.attempts) == (MailState::Sent, 1)));
    assert_eq!(server.connections(), 3);
}

#[actix_web::test]
async fn what_a_dead_worker_had_begun_is_ambiguous_and_sent_again() {
    let (app, server) = app_and_server().await;
    claim_and_begin(&app.board).await;
    almost(&app, LEASE);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Leased, 0, 0));
    app.advance(MICROSECOND);
    server.once(Stage::Greeting, Act::Close);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Ambiguous, 1, 1));
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Sent, 2, 1));
    assert_eq!(server.came().len(), 1);
}

#[actix_web::test]
async fn a_worker_that_is_heard_of_keeps_its_mails() {
    let (app, _server) = app_and_server().await;
    let mail = claim_and_begin(&app.board).await;
    almost(&app, LEASE);
    app.board.db.write(move |tx| outbox::renew(tx, &mail, LEASE)).await.unwrap();
    almost(&app, LEASE);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Leased, 0, 0));
    app.advance(MICROSECOND);
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Sent, 2, 1));
}

#[actix_web::test]
async fn a_worker_that_waits_for_a_slow_server_is_heard_of() {
    let (app, server) = app_and_server().await;
    server.once(Stage::Dot, Act::Silence);
    let board = app.board.clone();
    let slow = actix_web::rt::spawn(async move { deliver::round(&board).await });
    until(|| server.came().len() == 1).await;
    for _ in 0..10 {
        let before = lease_until(&app).await;
        app.advance(BEAT);
        let mut after = before;
        while after <= before {
            after = lease_until(&app).await;
        }
        assert_eq!(deliver(&app).await, 0, "nobody else takes it");
    }
    server.release();
    assert_eq!(slow.await.unwrap().unwrap(), 1);
    assert_eq!(fate(&app).await, (MailState::Sent, 1, 0));
    assert_eq!(server.came().len(), 1);
}

async fn lease_until(app: &TestApp) -> Option<Ts> {
    app.board.db.read(|conn| Ok(mails::table.select(mails::lease_until).first(conn)?)).await.unwrap()
}

#[actix_web::test]
async fn two_crashes_while_sending_are_enough() {
    let (app, _server) = app_and_server().await;
    for _ in 0..2 {
        claim_and_begin(&app.board).await;
        app.advance(LEASE);
    }
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Ambiguous, 2, 2));
}

#[actix_web::test]
async fn a_worker_that_was_given_up_writes_only_that_it_sent() {
    let (app, _server) = app_and_server().await;
    let late = claim_and_begin(&app.board).await;
    app.advance(LEASE);
    let now = app.board.clock.now();
    let next = claim_and_begin(&app.board).await;
    assert_eq!((next.attempts, next.ambiguous_ends), (1, 1));
    let end = |mail: &Mail, state, sent_at| {
        let (mail, mut end) = (mail.clone(), outbox::LeaseEnd::new(state, mail, now));
        end.sent_at = sent_at;
        app.board.db.write(move |tx| outbox::end_lease(tx, &mail, end))
    };
    end(&late, MailState::Failed, None).await.unwrap();
    assert_eq!(fate(&app).await, (MailState::Leased, 1, 1), "another worker has it");
    end(&late, MailState::Sent, Some(now)).await.unwrap();
    assert_eq!(fate(&app).await, (MailState::Sent, 1, 1));
    end(&next, MailState::Ambiguous, None).await.unwrap();
    assert_eq!(fate(&app).await, (MailState::Sent, 1, 1));
}

#[actix_web::test]
async fn what_a_dead_worker_had_not_begun_is_as_it_was() {
    let (app, server) = app_and_server().await;
    for _ in 0..3 {
        assert_eq!(claim(&app.board).await.len(), 1);
        app.advance(LEASE);
    }
    server.once(Stage::Rcpt, Act::Say("451 later"));
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Retrying, 1, 0), "no crash counted");
    app.advance(LONG);
    claim(&app.board).await;
    app.advance(LEASE);
    server.once(Stage::Greeting, Act::Close);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Retrying, 1, 0));
    app.advance(LONG);
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(fate(&app).await, (MailState::Sent, 2, 0));
}

#[actix_web::test]
async fn of_workers_that_believe_to_have_a_mail_one_begins_it() {
    let (app, _server) = app_and_server().await;
    let late = claim(&app.board).await.remove(0);
    app.advance(LEASE);
    let next = claim(&app.board).await.remove(0);
    assert!(begin(&app.board, &late).await.is_some());
    assert!(begin(&app.board, &next).await.is_none());
}

#[actix_web::test]
async fn a_slow_server_gets_no_mail_twice() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    server.once(Stage::Dot, Act::Silence);
    server.once(Stage::Dot, Act::Silence);
    let board = app.board.clone();
    let slow = actix_web::rt::spawn(async move { deliver::round(&board).await });
    until(|| server.came().len() == 1).await;
    app.advance(LEASE * 2 / 3);
    server.release();
    until(|| server.came().len() == 2).await;
    app.advance(LEASE * 2 / 3);
    assert_eq!(deliver(&app).await, 1, "only what the slow one has not begun");
    server.release();
    assert_eq!(slow.await.unwrap().unwrap(), 2);
    assert!(app.mails().await.iter().all(|mail| (mail.state, mail.attempts) == (MailState::Sent, 1)));
    assert_eq!(server.came().len(), 3);
}

#[actix_web::test]
async fn what_was_sent_is_noted_once_the_database_is_back() {
    let (app, server) = app_and_server().await;
    server.once(Stage::Dot, Act::Silence);
    let board = app.board.clone();
    let worker = actix_web::rt::spawn(async move { deliver::round(&board).await });
    until(|| server.came().len() == 1).await;
    let rename = |sql: &'static str| app.board.db.write(move |tx| Ok(diesel::sql_query(sql).execute(tx.conn())?));
    rename("ALTER TABLE mails RENAME TO mails_away").await.unwrap();
    server.release();
    // The first tries and a few of the later ones find no table.
    for _ in 0..20 {
        app.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!worker.is_finished());
    rename("ALTER TABLE mails_away RENAME TO mails").await.unwrap();
    app.advance(Duration::from_secs(5));
    assert_eq!(worker.await.unwrap().unwrap(), 1);
    assert_eq!(fate(&app).await, (MailState::Sent, 1, 0));
}

#[actix_web::test]
async fn workers_that_race_never_get_the_same_mail() {
    let app = TestApp::new().await;
    for _ in 0..MAILS {
        queue(&app.board, letter()).await;
    }
    let mut seen = BTreeSet::new();
    let mut claimed = 0;
    for _ in 0..MAILS {
        let batches = futures_util::future::join_all((0..4).map(|_| claim(&app.board))).await;
        let round: usize = batches.iter().map(Vec::len).sum();
        assert!(batches.iter().all(|batch| batch.len() <= BATCH));
        claimed += round;
        seen.extend(batches.into_iter().flatten().map(|mail| mail.code));
        if round == 0 {
            break;
        }
    }
    assert_eq!((claimed, seen.len()), (MAILS, MAILS));
}

#[actix_web::test]
async fn two_workers_deliver_each_mail_once() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    for _ in 0..45 {
        queue(&app.board, letter()).await;
    }
    let (one, other) = futures_util::future::join(Box::pin(deliver(&app)), Box::pin(deliver(&app))).await;
    let rest = deliver(&app).await;
    assert_eq!(one + other + rest, 45);
    let ids: BTreeSet<_> =
        server.taken().iter().map(|mail| mail.raw.split("Message-ID: ").nth(1).unwrap()[..12].to_owned()).collect();
    assert_eq!((server.came().len(), ids.len()), (45, 45));
}

#[actix_web::test]
async fn a_batch_after_another_until_nothing_is_due() {
    let app = TestApp::new().await;
    for _ in 0..=2 * BATCH {
        queue(&app.board, letter()).await;
    }
    assert_eq!(deliver(&app).await, 2 * BATCH + 1);
    let sent = app.board.mailer.sent();
    assert_eq!(sent.len(), 2 * BATCH + 1);
    let queued: Vec<_> = app.mails().await.into_iter().map(|mail| mail.message_id).collect();
    assert_eq!(sent.into_iter().map(|mail| mail.message_id).collect::<Vec<_>>(), queued, "in the order of queueing");
}

#[actix_web::test]
async fn the_worker_hears_the_bell_and_stops_when_told() {
    let (app, server) = app_and_server().await;
    let (stop, stopped) = watch::channel(false);
    let worker = actix_web::rt::spawn(deliver::run(app.board.clone(), stopped));
    until(|| server.taken().len() == 1).await;
    queue(&app.board, letter()).await;
    until(|| server.taken().len() == 2).await;
    stop.send(true).unwrap();
    worker.await.unwrap();
    queue(&app.board, letter()).await;
    assert_eq!(app.mails().await[2].state, MailState::Queued);
}

#[actix_web::test]
async fn a_worker_told_to_stop_finishes_its_mail_and_puts_the_rest_back() {
    let (app, server) = app_and_server().await;
    queue(&app.board, letter()).await;
    let (stop, stopped) = watch::channel(false);
    server.once(Stage::Greeting, Act::Silence);
    let worker = actix_web::rt::spawn(deliver::run(app.board.clone(), stopped));
    until(|| server.connections() == 1).await;
    assert!(app.mails().await.iter().all(|mail| mail.state == MailState::Leased));
    stop.send(true).unwrap();
    server.release();
    worker.await.unwrap();
    let states: Vec<_> = app.mails().await.iter().map(|mail| (mail.state, mail.attempts)).collect();
    assert_eq!(states, [(MailState::Sent, 1), (MailState::Queued, 0)]);
    assert_eq!(server.taken().len(), 1);
}

/// Lets the others work until it is so.
pub async fn until(mut is_so: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it did not come so");
}

#[actix_web::test]
async fn as_files_every_mail_stands_whole_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("new").join("mail");
    let app = TestApp::with(&[("smtp_url", &format!("file:{}", mails.display()))]).await;
    queue(&app.board, letter()).await;
    assert_eq!(deliver(&app).await, 1);
    let mail = only(&app).await;
    assert_eq!(mail.state, MailState::Sent);
    let files: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, [format!("{}.eml", mail.code).as_str()]);
    let raw = std::fs::read_to_string(mails.join(&files[0])).unwrap();
    assert!(raw.contains("Subject: A subject\r\n") && raw.ends_with(&format!("--callboard-{}--\r\n", mail.code)));
}

#[actix_web::test]
async fn a_folder_that_cannot_be_written_costs_no_attempt() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let app = TestApp::with(&[("smtp_url", &format!("file:{}/mail", file.path().display()))]).await;
    queue(&app.board, letter()).await;
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(fate(&app).await, (MailState::Queued, 0, 0));
}
