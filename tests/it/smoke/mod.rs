//! The real program: it starts, serves, is stopped and killed, and loses nothing that it acknowledged.

mod backup;
mod check_mail;
mod metrics;
mod publication;
mod retries;
mod slow;

use crate::harness::{
    PASSWORD,
    database::{Database, postgres_server},
};
use data_encoding::BASE64;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::Text};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::Mutex,
    thread,
    time::Duration,
};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_callboard");
const STEP: Duration = Duration::from_millis(20);

/// A folder to run in, with a database that does not know the program yet.
struct Place {
    folder: TempDir,
    database: Database,
}

impl Place {
    fn new() -> Place {
        let database = Database::create();
        if postgres_server().is_none() {
            fs::remove_file(database.url.strip_prefix("sqlite:").unwrap()).unwrap();
        } else {
            let mut conn = PgConnection::establish(&database.url).unwrap();
            conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
        }
        Place { folder: TempDir::new().unwrap(), database }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command.env("CALLBOARD_LISTEN", "127.0.0.1:0").env("CALLBOARD_DATABASE_URL", &self.database.url);
        if postgres_server().is_some() {
            command.env("CALLBOARD_SECRET_KEY", BASE64.encode(&[9; 32]));
        }
        command
    }

    fn start(&self) -> Running {
        self.start_with(&[])
    }

    fn start_with(&self, settings: &[(&str, &str)]) -> Running {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = self.command(&["serve"]);
        command.envs(settings.iter().copied()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{first:?}: {}", self.log()));
        Running { url: url.to_owned(), child }
    }

    fn create_admin(&self, password: &str) -> Output {
        let mut command = self.command(&["create-admin", "root@example.org", "--name", "Root"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It may have ended without reading.
        drop(writeln!(child.stdin.take().unwrap(), "{password}"));
        child.wait_with_output().unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The newest mail to `address`, once it is delivered.
    fn mail_to(&self, address: &str) -> String {
        let to = format!("{address}>");
        eventually("the mail", || {
            let mails = fs::read_dir(self.folder.path().join("mail")).ok()?.map(|entry| entry.unwrap().path());
            let mut mails: Vec<_> = mails.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
            mails.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
            mails.iter().rev().map(|path| fs::read_to_string(path).unwrap()).find(|mail| {
                mail.lines().any(|line| line.starts_with("To: ") && (line.contains(&to) || line.ends_with(address)))
            })
        })
    }

    /// What was leased when the program was killed is taken up again once its lease has run out.
    fn all_mails_are_sent(&self) {
        within(Duration::from_mins(1), "the end of the outbox", || {
            self.texts("SELECT code AS text FROM mails WHERE state <> 'sent'").is_empty().then_some(())
        });
    }

    /// One column of text, straight from the database.
    fn texts(&self, query: &str) -> BTreeSet<String> {
        let query = diesel::sql_query(query);
        let rows: Vec<Row> = match postgres_server() {
            None => {
                let path = self.database.url.strip_prefix("sqlite:").unwrap();
                query.load(&mut SqliteConnection::establish(path).unwrap()).unwrap()
            }
            Some(_) => query.load(&mut PgConnection::establish(&self.database.url).unwrap()).unwrap(),
        };
        rows.into_iter().map(|row| row.text).collect()
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

struct Running {
    url: String,
    child: Child,
}

impl Running {
    fn signal(&self, name: &str) {
        // The shell's own `kill`: a small system has no other.
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    fn ended_within(&mut self, limit: Duration) -> ExitStatus {
        let mut steps = limit.as_millis() / STEP.as_millis();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(steps > 0, "still running after {limit:?}");
            steps -= 1;
            thread::sleep(STEP);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(Duration::from_secs(10), what, look)
}

fn within<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..limit.as_millis() / STEP.as_millis() {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(STEP);
    }
    panic!("{what} did not come");
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.timeout_global(Some(Duration::from_secs(30))).build().into()
}

/// Status and body; `None` when no answer came.
fn post(agent: &ureq::Agent, url: &str, body: &Value) -> Option<(u16, Value)> {
    let mut answer = agent.post(url).send_json(body).ok()?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or_default()))
}

fn get(url: &str) -> Option<(u16, String)> {
    let mut answer = agent().get(url).call().ok()?;
    Some((answer.status().as_u16(), answer.body_mut().read_to_string().ok()?))
}

fn sign_up(email: &str) -> Value {
    json!({"email": email, "name": "Smoke", "password": PASSWORD})
}

/// The secret at the end of the verification link.
fn token_in(mail: &str) -> String {
    let unfolded = mail.replace("=\r\n", "").replace("=\n", "");
    let (_, after) = unfolded.split_once("/verify/").expect("a link in the mail");
    after.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect()
}

#[test]
fn it_starts_serves_and_stops() {
    let place = Place::new();
    let mut server = place.start();
    assert_eq!(get(&format!("{}/healthz", server.url)), Some((200, "ok".into())));
    assert_eq!(get(&format!("{}/readyz", server.url)), Some((200, "ready".into())));
    let api = format!("{}/api/v1", server.url);
    assert_eq!(post(&agent(), &format!("{api}/accounts"), &sign_up("ada@example.org")).unwrap().0, 202);
    let sign_in = json!({"email": "ada@example.org", "password": PASSWORD});
    let (status, session) = post(&agent(), &format!("{api}/sessions"), &sign_in).unwrap();
    assert_eq!(status, 201);
    let token = token_in(&place.mail_to("ada@example.org"));
    assert_eq!(post(&agent(), &format!("{api}/accounts/verify"), &json!({"token": token})).unwrap().0, 204);
    server.signal("TERM");
    eventually("the word to load balancers", || {
        get(&format!("{}/readyz", server.url)).filter(|answer| *answer == (503, "stopping".into()))
    });
    assert!(server.ended_within(Duration::from_secs(10)).success(), "{}", place.log());
    let log = place.log();
    assert!(log.contains("POST /api/v1/accounts/verify 204") && log.contains("Stopped"), "{log}");
    let session = session["token"].as_str().unwrap();
    for secret in ["ada@", &token, session, PASSWORD] {
        assert!(!log.contains(secret), "{secret:?} in the log: {log}");
    }
}

#[test]
fn an_idle_connection_does_not_keep_it_from_stopping() {
    let place = Place::new();
    let mut server = place.start();
    let kept = agent();
    kept.get(format!("{}/healthz", server.url)).call().unwrap().body_mut().read_to_string().unwrap();
    server.signal("INT");
    assert!(server.ended_within(Duration::from_secs(5)).success());
    drop(kept);
}

#[test]
fn nothing_acknowledged_is_lost_by_a_kill() {
    let place = Place::new();
    let server = place.start_with(&[("CALLBOARD_RATE_LIMITS", "off")]);
    let (acknowledged, refused) = (Mutex::new(vec![]), Mutex::new(vec![]));
    let accounts = format!("{}/api/v1/accounts", server.url);
    let store = |list: &Mutex<Vec<String>>, email: String| list.lock().unwrap().push(email);
    thread::scope(|scope| {
        // More than may wait for a hash, so that some are turned away.
        for client in 0..48 {
            let (acknowledged, refused, accounts) = (&acknowledged, &refused, &accounts);
            scope.spawn(move || {
                let agent = agent();
                for count in 0.. {
                    let email = format!("kill{client}x{count}@example.org");
                    match post(&agent, accounts, &sign_up(&email)) {
                        Some((202, _)) => store(acknowledged, email),
                        Some((503, problem)) if problem["code"] == "busy" => store(refused, email),
                        // May be stored or not, and says so.
                        Some((503, problem)) if problem["code"] == "unknown_outcome" => {}
                        Some(other) => panic!("{other:?}"),
                        None => return,
                    }
                }
            });
        }
        eventually("some sign-ups", || (acknowledged.lock().unwrap().len() >= 40).then_some(()));
        server.signal("KILL");
    });
    drop(server);
    let restarted = place.start();
    let stored = place.texts("SELECT email AS text FROM accounts");
    let mailed = place.texts("SELECT to_address AS text FROM mails");
    for email in acknowledged.lock().unwrap().iter() {
        assert!(stored.contains(email) && mailed.contains(email), "{email} was acknowledged and is lost");
    }
    let refused = refused.lock().unwrap();
    assert!(!refused.is_empty(), "the storm was none");
    for email in refused.iter() {
        assert!(!stored.contains(email), "{email} was refused and is stored");
    }
    place.all_mails_are_sent();
    // Whoever signed up before the kill signs in after it.
    let sign_in = json!({"email": acknowledged.lock().unwrap().last().unwrap(), "password": PASSWORD});
    assert_eq!(post(&agent(), &format!("{}/api/v1/sessions", restarted.url), &sign_in).unwrap().0, 201);
}

#[test]
fn bad_settings_are_named_with_what_to_write() {
    let place = Place::new();
    for command in ["serve", "check-config", "migrate"] {
        let refused =
            place.command(&[command]).env("CALLBOARD_LISTEN", "8080").env("CALLBOARD_PORT", "1").output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
        assert!(said.contains("CALLBOARD_LISTEN: write ADDRESS:PORT, as in 127.0.0.1:8080"), "{said}");
        assert!(said.contains("CALLBOARD_PORT: there is no such setting"), "{said}");
    }
}

#[test]
fn a_taken_address_is_named() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = place.command(&["serve"]).env("CALLBOARD_LISTEN", &address).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains(&address) && said.contains("CALLBOARD_LISTEN"), "{said}");
}

#[test]
fn check_config_shows_the_settings_without_secrets() {
    let place = Place::new();
    let shown = place
        .command(&["check-config"])
        .env("CALLBOARD_DATABASE_URL", "postgres://me:hunter2@db.example/cfp")
        .env("CALLBOARD_SMTP_URL", "smtp://me:hunter2@mail.example:587")
        .env("CALLBOARD_SECRET_KEY", BASE64.encode(&[9; 32]))
        .output()
        .unwrap();
    assert!(shown.status.success());
    let said = String::from_utf8(shown.stdout).unwrap();
    assert!(said.contains("database_url = postgres://me:…@db.example/cfp"), "{said}");
    assert!(said.contains("smtp_url = smtp://…:…@mail.example:587"), "{said}");
    assert!(said.contains("warning: ") && said.contains("CALLBOARD_BASE_URL"), "{said}");
    assert!(!said.contains("hunter2") && !said.contains(&BASE64.encode(&[9; 32])), "{said}");
}

#[test]
fn openapi_is_printed() {
    let printed = Place::new().command(&["openapi"]).output().unwrap();
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn the_first_admin_gets_a_password_from_standard_input() {
    let place = Place::new();
    let short = place.create_admin("short");
    assert_eq!(short.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&short.stderr).contains("the password must have at least 10 characters"));
    assert!(place.texts("SELECT email AS text FROM accounts").is_empty());
    assert!(place.create_admin(PASSWORD).status.success());
    assert!(place.create_admin("another password").status.success(), "it is an admin already");
    let server = place.start();
    let sign_in = json!({"email": "root@example.org", "password": PASSWORD});
    let (status, session) = post(&agent(), &format!("{}/api/v1/sessions", server.url), &sign_in).unwrap();
    assert_eq!(status, 201);
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    let me = agent().get(format!("{}/api/v1/me", server.url)).header("authorization", &bearer).call().unwrap();
    let me: Value = serde_json::from_str(&me.into_body().read_to_string().unwrap()).unwrap();
    assert_eq!((&me["name"], &me["email_verified"], &me["admin"]), (&json!("Root"), &json!(true), &json!(true)));
}

#[test]
fn an_admin_can_get_the_password_by_mail() {
    let place = Place::new();
    let made = place.command(&["create-admin", "root@example.org", "--mail-link"]).output().unwrap();
    assert!(String::from_utf8_lossy(&made.stderr).contains("CALLBOARD_BASE_URL"), "no port, no link");
    let made = place
        .command(&["create-admin", "root@example.org", "--mail-link"])
        .env("CALLBOARD_BASE_URL", "https://cfp.example.org")
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let server = place.start();
    let mail = place.mail_to("root@example.org");
    assert!(mail.contains("https://cfp.example.org/reset/"), "{mail}");
    for password in ["", PASSWORD] {
        let sign_in = json!({"email": "root@example.org", "password": password});
        assert_eq!(post(&agent(), &format!("{}/api/v1/sessions", server.url), &sign_in).unwrap().0, 401);
    }
}

#[test]
fn processes_that_start_at_once_on_a_new_database_do_not_disturb_each_other() {
    let place = Place::new();
    let url = if postgres_server().is_some() { place.database.url.clone() } else { "sqlite:new/own.db".to_owned() };
    let migrate = || {
        place
            .command(&["migrate"])
            .env("CALLBOARD_DATABASE_URL", &url)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
    };
    let all: Vec<Child> = (0..6).map(|_| migrate().unwrap()).collect();
    for one in all {
        let ended = one.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    if postgres_server().is_none() {
        let file = fs::metadata(place.folder.path().join("new/own.db")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "for its owner only");
    }
}

#[test]
fn the_key_is_made_once_for_its_owner_only() {
    if postgres_server().is_some() {
        let place = Place::new();
        let refused = place.command(&["serve"]).env_remove("CALLBOARD_SECRET_KEY").output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains("CALLBOARD_SECRET_KEY: needed on PostgreSQL"), "{said}");
        return;
    }
    let place = Place::new();
    let first = place.start();
    post(&agent(), &format!("{}/api/v1/accounts", first.url), &sign_up("ada@example.org")).unwrap();
    let token = token_in(&place.mail_to("ada@example.org"));
    let key = Path::new(place.database.url.strip_prefix("sqlite:").unwrap()).with_file_name("callboard.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&key).unwrap();
    drop(first);
    let second = place.start();
    assert_eq!(fs::read_to_string(&key).unwrap(), text);
    let verified = post(&agent(), &format!("{}/api/v1/accounts/verify", second.url), &json!({"token": token}));
    assert_eq!(verified.unwrap().0, 204, "what was mailed before works after");
}
