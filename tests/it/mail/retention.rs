//! How long the texts of mails are kept.

use super::{deliver, letter, queue};
use crate::harness::{Act, SmtpServer, Stage, TestApp};
use callboard::{
    db::types::Ts,
    mail::{MailState, outbox},
};
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);

async fn purge(app: &TestApp, before: Ts, chunk: i64) -> usize {
    app.board.db.write(move |tx| outbox::purge_bodies(tx, before, chunk)).await.unwrap()
}

async fn states_without_text(app: &TestApp) -> Vec<MailState> {
    let mails = app.mails().await.into_iter();
    mails.filter(|mail| mail.body_text.is_empty() && mail.body_html.is_empty()).map(|mail| mail.state).collect()
}

#[actix_web::test]
async fn texts_of_mails_that_are_through_are_deleted_in_chunks() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    server.once(Stage::Rcpt, Act::Say("451 later"));
    for _ in 0..5 {
        queue(&app.board, letter()).await;
    }
    let written = app.board.clock.now();
    deliver(&app).await;
    assert_eq!(purge(&app, written, 100).await, 0, "written then, not before");
    let after = written.plus(MICROSECOND);
    assert_eq!(purge(&app, after, 3).await, 3);
    assert_eq!(purge(&app, after, 3).await, 1);
    assert_eq!(purge(&app, after, 3).await, 0);
    assert_eq!(states_without_text(&app).await, [MailState::Failed, MailState::Sent, MailState::Sent, MailState::Sent]);
    app.advance(Duration::from_hours(1));
    assert_eq!(deliver(&app).await, 1, "what is tried again has its text");
    assert_eq!(purge(&app, after, 3).await, 1);
    assert_eq!(server.taken().len(), 4);
}

#[actix_web::test]
async fn an_unsure_mail_keeps_its_text_for_its_repeat() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    server.always(Stage::Dot, Act::Close);
    queue(&app.board, letter()).await;
    deliver(&app).await;
    let after = app.board.clock.now().plus(MICROSECOND);
    assert_eq!(purge(&app, after, 3).await, 0);
    app.advance(Duration::from_hours(1));
    deliver(&app).await;
    assert_eq!(purge(&app, after, 3).await, 1);
}

#[actix_web::test]
async fn a_mail_without_text_is_shown_so_and_not_sent_again() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, event) = super::api::event(&app, "ducks").await;
    deliver(&app).await;
    super::api::queue(&app, event, letter()).await;
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    deliver(&app).await;
    let after = app.board.clock.now().plus(MICROSECOND);
    assert!(purge(&app, after, 100).await > 0);
    let mail = super::api::items(&organizer, "/events/ducks/mails").await.remove(0);
    let path = format!("/events/ducks/mails/{}", mail["id"].as_str().unwrap());
    let shown = organizer.get(&path).await.expect(200).json();
    assert!(shown["text"].is_null() && shown["html"].is_null() && shown["subject"] == "A subject");
    let refused = organizer.act(&format!("{path}/retry")).await.problem(409, "wrong_state");
    assert_eq!(refused["detail"], "The text of this mail has been deleted; mails are kept for a while only.");
}
