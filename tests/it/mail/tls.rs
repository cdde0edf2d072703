//! Encrypted dialogues: what is trusted, what is refused, and that nothing leaves in the clear.

use super::{app_changed, deliver, fate, letter, queue};
use crate::harness::{Act, Encryption, SmtpServer, Stage, TestApp, smtp::CA_FILE};
use callboard::{
    config::{SmtpSecurity, SmtpUrl},
    mail::{MailState, relay::REST, smtp::Server},
};
use secrecy::SecretString;

const TRUSTING: &[(&str, &str)] = &[("smtp_ca_file", CA_FILE)];

fn start_tls(url: &mut SmtpUrl) {
    url.security = SmtpSecurity::StartTls;
    url.login = Some(("me".into(), SecretString::from("hunter2")));
}

fn from_the_start(url: &mut SmtpUrl) {
    start_tls(url);
    url.security = SmtpSecurity::Tls;
}

async fn sent(encryption: Encryption, change: fn(&mut SmtpUrl)) -> SmtpServer {
    let server = SmtpServer::encrypted(encryption).await;
    let app = app_changed(&server, TRUSTING, change).await;
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    assert_eq!(deliver(&app).await, 2);
    assert!(app.mails().await.iter().all(|mail| (mail.state, mail.attempts) == (MailState::Sent, 1)));
    assert_eq!((server.taken().len(), server.connections()), (2, 1));
    assert_eq!(server.sign_ins(), ["\0me\0hunter2"]);
    server
}

#[actix_web::test]
async fn after_starttls_everything_is_encrypted() {
    let server = sent(Encryption::StartTls("relay"), start_tls).await;
    assert_eq!(server.in_the_clear(), ["EHLO cfp.example.org", "STARTTLS"]);
}

#[actix_web::test]
async fn a_server_that_is_encrypted_from_the_start() {
    let server = sent(Encryption::FromTheStart("relay"), from_the_start).await;
    assert_eq!(server.in_the_clear(), Vec::<String>::new());
}

/// Nothing about the mail or the password has left, no attempt is counted, and it is said that the server is away.
async fn waits(app: &TestApp, server: &SmtpServer) {
    queue(&app.board, letter()).await;
    assert_eq!(deliver(app).await, 0);
    assert_eq!(fate(app).await, (MailState::Queued, 0, 0));
    assert_eq!(server.came(), []);
    assert_eq!(server.sign_ins(), Vec::<String>::new());
    let clear = server.in_the_clear();
    assert!(
        clear.iter().all(|line| ["EHLO cfp.example.org", "STARTTLS", "QUIT"].contains(&line.as_str())),
        "{clear:?}"
    );
    let ready = app.anonymous().page("/readyz").await.expect(200).text();
    assert_eq!(ready, "ready; the mail server cannot be used, mails wait");
}

#[actix_web::test]
async fn a_server_that_does_not_offer_starttls_gets_nothing() {
    let server = SmtpServer::start().await;
    let app = app_changed(&server, TRUSTING, start_tls).await;
    waits(&app, &server).await;
}

#[actix_web::test]
async fn a_refused_or_broken_starttls_gets_nothing() {
    for (stage, act) in [
        (Stage::StartTls, Act::Say("454 not now")),
        (Stage::StartTls, Act::Say("502 what?")),
        (Stage::StartTls, Act::Close),
        // Somebody on the way answers for the server what is going to be asked encrypted.
        (Stage::StartTls, Act::Say("220 go on\r\n250-relay.example\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 queued")),
        (Stage::Handshake, Act::Say("250 not TLS at all")),
        (Stage::Handshake, Act::Endless),
        (Stage::Handshake, Act::Close),
    ] {
        let server = SmtpServer::encrypted(Encryption::StartTls("relay")).await;
        let app = app_changed(&server, TRUSTING, start_tls).await;
        server.once(stage, act);
        waits(&app, &server).await;
        app.advance(REST);
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(fate(&app).await, (MailState::Sent, 1, 0));
        assert_eq!(app.anonymous().page("/readyz").await.expect(200).text(), "ready");
    }
}

#[actix_web::test]
async fn a_wrong_certificate_gets_nothing() {
    for encryption in [Encryption::StartTls("relay"), Encryption::FromTheStart("relay")] {
        let change = if matches!(encryption, Encryption::StartTls(_)) { start_tls } else { from_the_start };
        let server = SmtpServer::encrypted(encryption).await;
        let app = app_changed(&server, &[], change).await;
        waits(&app, &server).await;
    }
    for encryption in [Encryption::StartTls("elsewhere"), Encryption::FromTheStart("elsewhere")] {
        let change = if matches!(encryption, Encryption::StartTls(_)) { start_tls } else { from_the_start };
        let server = SmtpServer::encrypted(encryption).await;
        let app = app_changed(&server, TRUSTING, change).await;
        waits(&app, &server).await;
    }
}

#[actix_web::test]
async fn a_refused_sign_in_is_the_servers_fault() {
    let server = SmtpServer::encrypted(Encryption::StartTls("relay")).await;
    let app = app_changed(&server, TRUSTING, start_tls).await;
    server.always(Stage::Auth, Act::Say("535 wrong"));
    waits(&app, &server).await;
    server.behave();
    app.advance(REST);
    assert_eq!(deliver(&app).await, 1);
}

#[actix_web::test]
async fn a_ca_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let refused = || {
        let settings = [("smtp_url", "smtps://mail.example"), ("smtp_ca_file", path.to_str().unwrap())];
        let config = crate::harness::config("sqlite:x.db", &settings);
        let callboard::config::MailUrl::Smtp(url) = &config.mail else { panic!("no SMTP") };
        format!("{:#}", Server::new(&config, url).err().expect("cannot be used"))
    };
    let named = format!("CALLBOARD_SMTP_CA_FILE: {}: ", path.display());
    assert!(refused().starts_with(&named), "{}", refused());
    std::fs::write(&path, "no certificate").unwrap();
    assert_eq!(refused(), format!("{named}holds no certificate in PEM"));
    std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(refused().contains("certificate"), "{}", refused());
}
