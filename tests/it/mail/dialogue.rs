//! What becomes of a mail when the mail server misbehaves at each stage of the dialogue.

use super::{connect, letter, only, queue};
use crate::harness::{Act, SmtpServer, Stage, TestApp};
use callboard::mail::{
    mime::Ready,
    smtp::{Outcome, Patience, Unreachable},
};
use std::time::Duration;

/// Long enough for an answer on a busy machine, short enough for a test of silence.
const SHORT: Patience = Patience {
    connect: Duration::from_millis(700),
    command: Duration::from_millis(700),
    text: Duration::from_millis(700),
};

async fn ready() -> Ready {
    let app = TestApp::new().await;
    queue(&app.board, letter()).await;
    Ready::new(&app.board.config.mail_from, &app.board.keys, &only(&app).await).unwrap()
}

/// Hands a mail over to a server that does `act` at `stage`, and says in one word what became of it. A line that
/// counts as usable afterwards is used: "usable" or "hung up".
async fn after(stage: Stage, act: Act) -> (&'static str, &'static str) {
    let server = SmtpServer::start().await;
    let mail = ready().await;
    server.once(stage, act);
    let mut line = connect(&server.url(), SHORT).await.unwrap();
    let outcome = match line.deliver(&mail).await {
        Ok(Outcome::Sent(_)) => "sent",
        Ok(Outcome::Retry(_)) => "retry",
        Ok(Outcome::Failed(_)) => "failed",
        Ok(Outcome::Ambiguous(_)) => "ambiguous",
        Err(Unreachable { .. }) => "unreachable",
    };
    if !line.usable() {
        return (outcome, "not usable");
    }
    let before = server.taken().len();
    match line.deliver(&mail).await {
        Ok(Outcome::Sent(_)) if server.taken().len() == before + 1 => (outcome, "usable"),
        Err(Unreachable { .. }) if server.taken().len() == before => (outcome, "hung up"),
        other => panic!("the next mail over this line: {other:?}"),
    }
}

#[actix_web::test]
async fn sent_only_by_250_to_the_dot() {
    assert_eq!(after(Stage::Dot, Act::Say("250 queued")).await, ("sent", "usable"));
    assert_eq!(after(Stage::Dot, Act::Say("250-it is\r\n250 queued")).await, ("sent", "usable"));
    assert_eq!(after(Stage::Dot, Act::SayAndClose("250 queued")).await, ("sent", "hung up"));
    assert_eq!(after(Stage::Rcpt, Act::Say("251 will forward")).await, ("sent", "usable"));
}

#[actix_web::test]
async fn an_answer_to_the_dot_is_clean() {
    assert_eq!(after(Stage::Dot, Act::Say("451 later")).await, ("retry", "usable"));
    assert_eq!(after(Stage::Dot, Act::Say("554 spam")).await, ("failed", "usable"));
    assert_eq!(after(Stage::Dot, Act::SayAndClose("421 bye")).await, ("retry", "not usable"));
}

#[actix_web::test]
async fn no_understandable_answer_to_the_dot_is_ambiguous() {
    assert_eq!(after(Stage::Dot, Act::Close).await, ("ambiguous", "not usable"));
    assert_eq!(after(Stage::Dot, Act::Silence).await, ("ambiguous", "not usable"));
    assert_eq!(after(Stage::Dot, Act::Say("what?")).await, ("ambiguous", "not usable"));
    assert_eq!(after(Stage::Dot, Act::SayAndClose("250-half an answer")).await, ("ambiguous", "not usable"));
    assert_eq!(after(Stage::Dot, Act::Say("354 more")).await, ("ambiguous", "not usable"));
}

#[actix_web::test]
async fn a_refused_recipient_ends_the_mail_and_keeps_the_line() {
    assert_eq!(after(Stage::Rcpt, Act::Say("451 later")).await, ("retry", "usable"));
    assert_eq!(after(Stage::Rcpt, Act::Say("550 no such user")).await, ("failed", "usable"));
    assert_eq!(after(Stage::Rcpt, Act::SayAndClose("421 bye")).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Rcpt, Act::Say("354 go on")).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Rcpt, Act::Close).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Rcpt, Act::Silence).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Rcpt, Act::Say("garbage")).await, ("retry", "not usable"));
}

#[actix_web::test]
async fn before_the_dot_nothing_is_ambiguous() {
    assert_eq!(after(Stage::Data, Act::Say("451 later")).await, ("retry", "usable"));
    assert_eq!(after(Stage::Data, Act::Say("554 no")).await, ("failed", "usable"));
    assert_eq!(after(Stage::Data, Act::Say("250 ok")).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Data, Act::Close).await, ("retry", "not usable"));
    assert_eq!(after(Stage::Data, Act::Silence).await, ("retry", "not usable"));
}

#[actix_web::test]
async fn a_text_that_gets_stuck_before_its_end_is_clean() {
    let server = SmtpServer::start().await;
    let mut mail = ready().await;
    // More than the buffers of both sides take.
    mail.bytes = b"0123456789\r\n".repeat(3_000_000);
    for act in [Act::Silence, Act::Close] {
        server.once(Stage::Text, act);
        let mut line = connect(&server.url(), SHORT).await.unwrap();
        assert!(matches!(line.deliver(&mail).await, Ok(Outcome::Retry(_))));
        assert!(!line.usable());
    }
    assert_eq!(server.came(), []);
}

#[actix_web::test]
async fn what_happens_before_the_recipient_is_named_is_about_the_relay() {
    assert_eq!(after(Stage::Mail, Act::Say("451 later")).await, ("unreachable", "usable"));
    assert_eq!(after(Stage::Mail, Act::Say("553 no")).await, ("unreachable", "usable"));
    assert_eq!(after(Stage::Mail, Act::Close).await, ("unreachable", "not usable"));
    assert_eq!(after(Stage::Mail, Act::Silence).await, ("unreachable", "not usable"));
    assert_eq!(after(Stage::Mail, Act::SayAndClose("421 too many")).await, ("unreachable", "not usable"));
    assert_eq!(after(Stage::Mail, Act::Say("530 sign in first")).await, ("unreachable", "usable"));
}

#[actix_web::test]
async fn what_became_of_a_mail_does_not_wait_for_the_answer_to_rset() {
    let server = SmtpServer::start().await;
    let mail = ready().await;
    let mut line = connect(&server.url(), Patience { command: Duration::from_mins(1), ..SHORT }).await.unwrap();
    server.once(Stage::Rcpt, Act::Say("550 no such user"));
    server.once(Stage::Reset, Act::Silence);
    assert!(matches!(line.deliver(&mail).await, Ok(Outcome::Failed(_))));
    assert!(line.usable());
}

#[actix_web::test]
async fn a_relay_that_cannot_be_used_is_unreachable() {
    for (stage, act) in [
        (Stage::Greeting, Act::Say("554 go away")),
        (Stage::Greeting, Act::Say("421 later")),
        (Stage::Greeting, Act::Close),
        (Stage::Greeting, Act::Silence),
        (Stage::Hello, Act::Say("500 what?")),
        (Stage::Hello, Act::Close),
        (Stage::Hello, Act::Silence),
    ] {
        let server = SmtpServer::start().await;
        server.once(stage, act.clone());
        assert!(connect(&server.url(), SHORT).await.is_err(), "{stage:?} {act:?}");
    }
    let nobody = SmtpServer::start().await.url();
    tokio::task::yield_now().await;
    assert!(connect(&nobody, SHORT).await.is_err(), "nobody listens");
}

#[actix_web::test]
async fn signs_in_where_it_was_given_a_password() {
    let server = SmtpServer::start().await;
    let url = server.url().replace("smtp://", "smtp://us%40er:pass%3Aword@");
    let mut line = connect(&url, SHORT).await.unwrap();
    assert_eq!(server.sign_ins(), ["\0us@er\0pass:word"]);
    assert!(matches!(line.deliver(&ready().await).await, Ok(Outcome::Sent(_))));
    server.once(Stage::Auth, Act::Say("535 wrong"));
    assert!(connect(&url, SHORT).await.is_err());
    server.once(Stage::Auth, Act::Say("250 hm"));
    assert!(connect(&url, SHORT).await.is_err(), "only 235 is a yes");
    server.once(Stage::Hello, Act::Say("250 relay.example"));
    assert!(connect(&url, SHORT).await.is_err(), "a password is not sent where nobody asked for one");
}

#[actix_web::test]
async fn many_mails_go_fast_over_one_line() {
    let server = SmtpServer::start().await;
    let mail = ready().await;
    let mut line = connect(&server.url(), Patience::default()).await.unwrap();
    let clock = callboard::clock::Clock::machine();
    let started = clock.monotonic();
    for _ in 0..100 {
        assert!(matches!(line.deliver(&mail).await, Ok(Outcome::Sent(_))));
    }
    line.close().await;
    // 40 ms a mail without nodelay.
    assert!(clock.monotonic() < started + Duration::from_secs(3));
    assert_eq!((server.taken().len(), server.connections()), (100, 1));
}
