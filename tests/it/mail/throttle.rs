//! The limit of mails per minute.

use super::{deliver, delivery::claim_and_begin, letter, queue};
use crate::harness::{Act, SmtpServer, Stage, TestApp};
use callboard::mail::{
    MailState,
    deliver::{BATCH, LEASE, round},
    outbox,
};
use futures_util::future::join_all;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
const MINUTE: Duration = Duration::from_mins(1);

async fn app_with(limit: &str, mails: usize) -> TestApp {
    let app = TestApp::with(&[("mails_per_minute", limit)]).await;
    for _ in 0..mails {
        queue(&app.board, letter()).await;
    }
    app
}

#[actix_web::test]
async fn no_more_than_the_limit_within_any_minute() {
    let app = app_with("3", 8).await;
    assert_eq!(deliver(&app).await, 3);
    app.advance(Duration::from_secs(30));
    assert_eq!(deliver(&app).await, 0);
    app.advance(Duration::from_secs(30).saturating_sub(MICROSECOND));
    assert_eq!(deliver(&app).await, 0, "the first ones are of this minute still");
    app.advance(MICROSECOND);
    assert_eq!(deliver(&app).await, 3);
    app.advance(MINUTE);
    assert_eq!(deliver(&app).await, 2);
    assert!(app.mails().await.iter().all(|mail| mail.state == MailState::Sent));
}

#[actix_web::test]
async fn a_limit_above_a_batch_is_used_up() {
    let limit = BATCH + 5;
    let app = app_with(&limit.to_string(), 3 * BATCH).await;
    assert_eq!(deliver(&app).await + deliver(&app).await, limit);
    app.advance(MINUTE);
    assert_eq!(deliver(&app).await + deliver(&app).await, limit);
}

#[actix_web::test]
async fn what_is_leased_counts_for_the_minute_in_which_it_is_begun() {
    let app = app_with("2", 5).await;
    let mut leased = app.board.db.write(|tx| outbox::claim(tx, LEASE, Some(2))).await.unwrap();
    assert_eq!(leased.len(), 2);
    app.advance(LEASE / 2);
    assert_eq!(deliver(&app).await, 0);
    let mail = leased.remove(0);
    app.board.db.write(move |tx| outbox::begin(tx, &mail, LEASE)).await.unwrap().unwrap();
    app.advance(LEASE / 2);
    assert_eq!(deliver(&app).await, 1, "the other one's lease is over, and it was not begun");
}

#[actix_web::test]
async fn a_refused_mail_counts_like_a_sent_one() {
    let server = SmtpServer::start().await;
    let app = TestApp::with(&[("smtp_url", &server.url()), ("mails_per_minute", "1")]).await;
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(deliver(&app).await, 0);
    app.advance(MINUTE);
    assert_eq!(deliver(&app).await, 1);
}

#[actix_web::test]
async fn the_limit_holds_for_all_processes_together() {
    let app = app_with("30", 100).await;
    let others: Vec<_> = (0..3).map(|_| app.another_process()).collect();
    for minute in 0..4 {
        let boards = || others.iter().chain([&app.board]);
        let mut sent = 0;
        for _ in 0..3 {
            sent += join_all(boards().map(|board| Box::pin(round(board))))
                .await
                .into_iter()
                .map(Result::unwrap)
                .sum::<usize>();
        }
        assert_eq!(sent, if minute < 3 { 30 } else { 10 }, "minute {minute}");
        app.advance(MINUTE);
    }
    for board in others {
        board.db.shutdown();
    }
}

#[actix_web::test]
async fn the_mails_of_accounts_do_not_wait_for_those_of_events() {
    let app = app_with("2", 0).await;
    let (_, event) = super::api::event(&app, "ducks").await;
    app.advance(MINUTE);
    deliver(&app).await;
    app.advance(MINUTE);
    for _ in 0..4 {
        super::api::queue(&app, event, letter()).await;
    }
    app.advance(Duration::from_secs(1));
    queue(&app.board, letter()).await;
    assert_eq!(deliver(&app).await, 2);
    let left = app.mails().await.into_iter().filter(|mail| mail.state == MailState::Queued);
    assert!(left.map(|mail| mail.event_id).all(|event| event.is_some()), "the youngest went first");
}

#[actix_web::test]
async fn a_dead_worker_uses_up_its_share() {
    let app = app_with("1", 2).await;
    claim_and_begin(&app.board).await;
    app.advance(LEASE);
    assert_eq!(deliver(&app).await, 0);
    app.advance(LEASE);
    assert_eq!(deliver(&app).await, 1);
}
