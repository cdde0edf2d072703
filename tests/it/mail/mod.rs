//! The outbox and how it is emptied.

mod api;
mod bytes;
mod delivery;
mod dialogue;
mod faults;
mod holding;
mod kinds;
mod pages;
mod processes;
mod retention;
mod set_aside;
mod throttle;
mod tls;

use crate::harness::{SmtpServer, TestApp, config, database::Database};
use callboard::{
    app::Callboard,
    config::{Config, MailUrl, SmtpUrl},
    mail::{
        self, About, MailState, Recipient,
        message::Letter,
        outbox::Mail,
        smtp::{Connection, Patience, Server, Unreachable},
    },
};

/// An application whose mails go to `server`.
async fn app_with(server: &SmtpServer) -> TestApp {
    TestApp::with(&[("smtp_url", &server.url())]).await
}

/// The same with other settings, and with what no setting says.
async fn app_changed(server: &SmtpServer, settings: &[(&str, &str)], change: impl FnOnce(&mut SmtpUrl)) -> TestApp {
    let database = Database::create();
    let url = server.url();
    let settings = [&[("smtp_url", url.as_str())], settings].concat();
    let mut config = config(&database.url, &settings);
    let MailUrl::Smtp(smtp) = &mut config.mail else { panic!("no SMTP") };
    change(smtp);
    TestApp::configured(config, database).await
}

fn letter() -> Letter {
    Letter::new("reset", "A subject").paragraph("Hello,").paragraph("a text.")
}

/// Queues `letter` to somebody.
async fn queue(app: &Callboard, letter: Letter) {
    queue_to(app, "ada@example.org", "Ada", letter).await;
}

async fn queue_to(app: &Callboard, address: &str, name: &str, letter: Letter) {
    let to = Recipient { account: None, address: address.into(), name: name.into() };
    let board = app.clone();
    app.db.write(move |tx| mail::queue(tx, &board, &to, &About::default(), &letter)).await.unwrap();
}

async fn deliver(app: &TestApp) -> usize {
    mail::deliver::round(&app.board).await.unwrap()
}

/// The only mail there is.
async fn only(app: &TestApp) -> Mail {
    let mut mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

/// State, attempts and ambiguous ends of the only mail.
async fn fate(app: &TestApp) -> (MailState, i64, i64) {
    let mail = only(app).await;
    (mail.state, mail.attempts, mail.ambiguous_ends)
}

/// A line to a server at `url`, waiting as long as `patience` says.
async fn connect(url: &str, patience: Patience) -> Result<Connection, Unreachable> {
    let settings = [("CALLBOARD_SMTP_URL".to_owned(), url.to_owned())];
    let config = Config::from_sources("", settings).unwrap();
    let MailUrl::Smtp(url) = &config.mail else { panic!("no SMTP") };
    Connection::open(&Server::new(&config, &SmtpUrl { patience, ..url.clone() }).unwrap()).await
}
