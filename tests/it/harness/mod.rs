//! The real application in process, each test with its own database.

pub mod client;
pub mod database;
pub mod documented;
pub mod schema;
pub mod seed;
pub mod smtp;

use actix_http::Request;
use actix_web::test;
use callboard::{
    accounts::password::{Cost, HashLane},
    app::Callboard,
    clock::{Clock, Random},
    config::{Config, SecretKey},
    db::{Lanes, schema::mails},
    http::server,
    mail::outbox::Mail,
    secrets,
};
pub use client::{Client, Response};
use diesel::prelude::*;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
pub use smtp::{Act, Encryption, SmtpServer, Stage};
use std::{cell::RefCell, rc::Rc, sync::OnceLock, time::Duration};

pub const START: &str = "2025-01-15T12:00:00Z";
pub const PASSWORD: &str = "correct horse battery";

type Call = Rc<dyn Fn(Request) -> LocalBoxFuture<'static, Response>>;

pub struct TestApp {
    pub board: Callboard,
    call: Call,
    admin: RefCell<Option<Client>>,
    // Dropped last: it removes the database.
    _database: database::Database,
}

/// Hashing as cheap as it gets, and one lane for all tests.
fn hashing() -> HashLane {
    static LANE: OnceLock<HashLane> = OnceLock::new();
    let cheap = Cost { memory_kib: 8, passes: 1 };
    LANE.get_or_init(|| HashLane::start(cheap, Random::seeded(7)).unwrap()).clone()
}

impl TestApp {
    pub async fn new() -> TestApp {
        TestApp::with(&[]).await
    }

    /// With other settings than the tests' own: `("publication_delay", "60")`.
    pub async fn with(settings: &[(&str, &str)]) -> TestApp {
        let database = database::Database::create();
        let config = config(&database.url, settings);
        TestApp::configured(config, database).await
    }

    pub async fn configured(config: Config, database: database::Database) -> TestApp {
        let board = board_of(config, Clock::manual(START.parse().unwrap()), Random::seeded(42));
        TestApp::of(board, database).await
    }

    /// Another process beside this one, with the same database, settings and clock.
    pub fn another_process(&self) -> Callboard {
        board_of(self.board.config.clone(), self.board.clock.clone(), Random::seeded(43))
    }

    pub async fn of(board: Callboard, database: database::Database) -> TestApp {
        let service = Rc::new(test::init_service(server::app(board.clone())).await);
        let call: Call = Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let method = request.method().to_string();
                let response = test::call_service(&*service, request).await;
                let pattern = response.request().match_pattern();
                let response = Response::read(response).await;
                documented::check(&method, pattern.as_deref(), &response);
                response
            })
        });
        TestApp { board, call, admin: RefCell::default(), _database: database }
    }

    pub fn anonymous(&self) -> Client {
        Client::new(Rc::clone(&self.call), None)
    }

    pub fn with_token(&self, token: &str) -> Client {
        Client::new(Rc::clone(&self.call), Some(token.to_owned()))
    }

    pub fn advance(&self, by: Duration) {
        self.board.clock.advance(by);
    }

    pub fn set_clock(&self, to: &str) {
        self.board.clock.set(to.parse().unwrap());
    }

    /// Signs up without verifying the address.
    pub async fn unverified(&self, name: &str) -> Client {
        let sign_up = json!({"email": address(name), "name": name, "password": PASSWORD});
        self.anonymous().post("/accounts", sign_up).await.expect(202);
        self.sign_in(name).await
    }

    pub async fn sign_in(&self, name: &str) -> Client {
        let sign_in = json!({"email": address(name), "password": PASSWORD});
        let session = self.anonymous().post("/sessions", sign_in).await.expect(201).json();
        self.with_token(session["token"].as_str().unwrap())
    }

    pub async fn verify(&self, name: &str) {
        let token = self.link_mailed_to(name, "verify").await;
        self.anonymous().post("/accounts/verify", json!({"token": token})).await.expect(204);
    }

    /// An account with a verified address, signed in.
    pub async fn speaker(&self, name: &str) -> Client {
        let client = self.unverified(name).await;
        self.verify(name).await;
        client
    }

    /// The instance's admin, who creates the events.
    pub async fn admin(&self) -> Client {
        if let Some(admin) = self.admin.borrow().clone() {
            return admin;
        }
        let client = self.speaker("admin").await;
        callboard::accounts::actions::make_admin(&self.board, &address("admin")).await.unwrap();
        *self.admin.borrow_mut() = Some(client.clone());
        client
    }

    /// All mails ever queued, oldest first, whatever became of them; those asked for by an address included.
    pub async fn mails(&self) -> Vec<Mail> {
        callboard::jobs::answer_links(&self.board).await.unwrap();
        let read = |conn: &mut callboard::db::Conn| {
            Ok(mails::table.select(Mail::as_select()).order(mails::id).load::<Mail>(conn)?)
        };
        self.board.db.read(read).await.unwrap()
    }

    /// The mails to `name`, of one kind.
    pub async fn mails_to(&self, name: &str, kind: &str) -> Vec<Mail> {
        let address = address(name);
        self.mails().await.into_iter().filter(|mail| mail.to_address == address && mail.kind == kind).collect()
    }

    /// The secret at the end of the link in the newest mail of that kind to `name`.
    pub async fn link_mailed_to(&self, name: &str, kind: &str) -> String {
        let mails = self.mails_to(name, kind).await;
        let mail = mails.last().unwrap_or_else(|| panic!("no mail {kind} to {name}"));
        self.links_in(mail).into_iter().next().expect("a link in the mail")
    }

    /// The secrets at the ends of all links in a mail.
    pub fn links_in(&self, mail: &Mail) -> Vec<String> {
        let text = secrets::fill_markers(&mail.body_text, |link| self.board.keys.link_secret(link));
        let base = &self.board.config.base_url;
        text.split_whitespace().filter(|word| word.starts_with(base.as_str())).map(last_segment).collect()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.board.db.shutdown();
    }
}

fn last_segment(url: &str) -> String {
    url.rsplit('/').next().unwrap().to_owned()
}

pub fn address(name: &str) -> String {
    format!("{name}@example.org")
}

/// The key of every test's instance.
const KEY: SecretKey = SecretKey([7; 32]);

pub fn board(url: &str, settings: &[(&str, &str)], clock: Clock, random: Random) -> Callboard {
    board_of(config(url, settings), clock, random)
}

pub fn board_of(config: Config, clock: Clock, random: Random) -> Callboard {
    Callboard::new(config, &KEY, clock, random, Lanes::Few, hashing()).unwrap()
}

/// The settings of the tests, and others beside or instead of them.
pub fn config(url: &str, settings: &[(&str, &str)]) -> Config {
    let key_text = KEY.to_text();
    let defaults = [
        ("database_url", url),
        ("base_url", "https://cfp.example.org"),
        ("smtp_url", "memory:"),
        ("secret_key", &key_text),
        ("publication_delay", "60"),
        // The clock stands still, so nothing that is spent would ever come back.
        ("rate_limits", "off"),
    ];
    let environment = defaults.iter().chain(settings);
    let environment =
        environment.map(|(name, value)| (format!("CALLBOARD_{}", name.to_uppercase()), (*value).to_owned()));
    Config::from_sources("", environment).unwrap()
}

/// Writers that are kept busy until told otherwise.
pub struct Blocked {
    release: Vec<std::sync::mpsc::Sender<()>>,
    blockers: Vec<actix_web::rt::task::JoinHandle<()>>,
}

impl Blocked {
    /// All at once.
    pub async fn release(self) {
        drop(self.release);
        futures_util::future::join_all(self.blockers).await;
    }

    /// Wakes one writer, which takes the queue in its order, and the others when `first` has been answered.
    pub async fn release_one_by_one<T: 'static>(mut self, first: actix_web::rt::task::JoinHandle<T>) -> T {
        drop(self.release.pop());
        let answer = first.await.unwrap();
        self.release().await;
        answer
    }
}

impl TestApp {
    /// Keeps every writer busy: what is written from now on waits in the queue.
    pub async fn block_writers(&self) -> Blocked {
        let writers = if database::postgres_server().is_some() { 4 } else { 1 };
        let (mut release, mut blockers, mut running) = (vec![], vec![], vec![]);
        for _ in 0..writers {
            let (sender, released) = std::sync::mpsc::channel::<()>();
            let (started, starts) = tokio::sync::oneshot::channel();
            let board = self.board.clone();
            blockers.push(actix_web::rt::spawn(async move {
                let job = move |_: &mut callboard::db::Tx<'_>| {
                    started.send(()).unwrap();
                    released.recv().ok();
                    Ok(())
                };
                // Where jobs share a transaction, another one can lose it.
                drop(board.db.write(job).await);
            }));
            release.push(sender);
            running.push(starts);
        }
        futures_util::future::join_all(running).await;
        Blocked { release, blockers }
    }

    /// Waits until so many writes are in the queue.
    pub async fn queued(&self, writes: usize) {
        for _ in 0..1000 {
            if self.board.db.writes_waiting() == writes {
                return;
            }
            actix_web::rt::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{} writes are in the queue instead of {writes}", self.board.db.writes_waiting());
    }
}
