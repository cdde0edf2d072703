//! The way back after a disaster, by the real program: a backup taken while people write is whole, a restore sends no
//! mail twice. PostgreSQL has its own tools, and the program says so.

use super::{PASSWORD, Place, Running, agent, eventually, get, post, sign_up, token_in};
use crate::harness::database::postgres_server;
use diesel::{Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::Text};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Nobody listens there, so that mails wait.
const NO_MAIL: [(&str, &str); 1] = [("CALLBOARD_SMTP_URL", "smtp://127.0.0.1:1")];

impl Place {
    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn fails(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.status.code(), Some(1), "{arguments:?}: {}", String::from_utf8_lossy(&done.stdout));
        String::from_utf8(done.stderr).unwrap()
    }

    fn database_file(&self) -> PathBuf {
        self.database.url.strip_prefix("sqlite:").unwrap().into()
    }

    fn in_folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn sign_ups(server: &Running, emails: &[&str]) {
    for email in emails {
        assert_eq!(post(&agent(), &format!("{}/api/v1/accounts", server.url), &sign_up(email)).unwrap().0, 202);
    }
}

fn stop(mut server: Running) {
    server.signal("TERM");
    assert!(server.ended_within(Duration::from_secs(15)).success());
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

fn texts(file: &Path, query: &str) -> Vec<String> {
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let rows: Vec<Row> = diesel::sql_query(query).load(&mut conn).unwrap();
    rows.into_iter().map(|row| row.text).collect()
}

/// Tables whose rows are not the same in both files.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let mut conn = SqliteConnection::establish(one.to_str().unwrap()).unwrap();
    conn.batch_execute(&format!("ATTACH '{}' AS other", other.display())).unwrap();
    let tables = texts(one, "SELECT name AS text FROM sqlite_schema WHERE type = 'table'");
    assert!(tables.len() > 15);
    let differs = move |table: &String| {
        let only =
            |a: &str, b: &str| format!("SELECT * FROM (SELECT * FROM {a}.{table} EXCEPT SELECT * FROM {b}.{table})");
        let query = format!(
            "SELECT '{table}' AS text WHERE EXISTS ({}) OR EXISTS ({})",
            only("main", "other"),
            only("other", "main")
        );
        !diesel::sql_query(query).load::<Row>(&mut conn).unwrap().is_empty()
    };
    tables.into_iter().filter(differs).collect()
}

#[test]
fn a_backup_made_while_people_write_is_whole() {
    if postgres_server().is_some() {
        return;
    }
    let place = Place::new();
    let server = place.start_with(&NO_MAIL);
    let (acknowledged, over) = (Mutex::new(vec![]), AtomicBool::new(false));
    let before = thread::scope(|scope| {
        for client in 0..4 {
            let (acknowledged, over, url) = (&acknowledged, &over, format!("{}/api/v1/accounts", server.url));
            scope.spawn(move || {
                for count in 0.. {
                    let email = format!("client{client}x{count}@example.org");
                    match post(&agent(), &url, &sign_up(&email)).unwrap() {
                        (202, _) => acknowledged.lock().unwrap().push(email),
                        other => assert_eq!(other.0, 503, "{other:?}"),
                    }
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        eventually("some sign-ups", || (acknowledged.lock().unwrap().len() >= 10).then_some(()));
        let before = acknowledged.lock().unwrap().clone();
        place.succeeds(&["backup", "while.db"]);
        over.store(true, Ordering::Relaxed);
        before
    });
    let backup = place.in_folder("while.db");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600, "for its owner only");
    let accounts = texts(&backup, "SELECT email AS text FROM accounts ORDER BY email");
    let mut mailed = texts(&backup, "SELECT to_address AS text FROM mails WHERE kind = 'verify' ORDER BY to_address");
    mailed.dedup();
    assert_eq!(accounts, mailed, "a deed and its mail are one");
    assert!(before.iter().all(|email| accounts.contains(email)), "what was acknowledged before is in it");
    // One that nobody writes to meanwhile has the same content.
    stop(server);
    place.succeeds(&["backup", "quiet.db"]);
    assert_eq!(differences(&place.database_file(), &place.in_folder("quiet.db")), Vec::<String>::new());
    assert_eq!(differences(&place.database_file(), &backup), ["accounts", "account_actions", "mails"]);
}

#[test]
fn a_restore_brings_everything_back_and_sends_nothing_twice() {
    if postgres_server().is_some() {
        return;
    }
    let place = Place::new();
    let server = place.start_with(&NO_MAIL);
    sign_ups(&server, &["ada@example.org", "grace@example.org"]);
    let said = place.succeeds(&["backup", "--with-key", "kept.db"]);
    assert!(
        said.contains("kept.db is written and checked") && said.contains("kept.db.key is the secret key"),
        "{said}"
    );
    assert!(place.fails(&["backup", "kept.db"]).contains("kept.db exists"));
    sign_ups(&server, &["later@example.org"]);

    // Never over what is there, unless told to, and never under a running server.
    assert!(place.fails(&["restore", "kept.db"]).contains("add --force"));
    assert!(place.fails(&["restore", "--force", "kept.db"]).contains("stop the server first"));
    sign_ups(&server, &["still@example.org"]);
    stop(server);
    let said = place.succeeds(&["restore", "--force", "kept.db"]);
    assert!(said.contains("2 mails that were on their way wait"), "{said}");
    let aside = said.lines().find_map(|line| line.strip_prefix("The database that was there is now ")).unwrap();
    assert_eq!(texts(Path::new(aside), "SELECT email AS text FROM accounts").len(), 4, "it is moved whole");
    let restored = place.database_file();
    assert_eq!(fs::metadata(&restored).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(differences(&restored, &place.in_folder("kept.db")), ["mails"]);

    // The mail server is back: what waited may have been sent after the backup.
    let server = place.start();
    let sign_in = json!({"email": "ada@example.org", "password": PASSWORD});
    assert_eq!(post(&agent(), &format!("{}/api/v1/sessions", server.url), &sign_in).unwrap().0, 201);
    sign_ups(&server, &["new@example.org"]);
    place.mail_to("new@example.org");
    let states = "SELECT to_address || ' ' || state || ' ' || ambiguous_ends AS text FROM mails ORDER BY id";
    let expected = ["ada@example.org ambiguous 2", "grace@example.org ambiguous 2", "new@example.org sent 0"];
    eventually("what became of the mails", || (texts(&restored, states) == expected).then_some(()));
    assert_eq!(fs::read_dir(place.in_folder("mail")).unwrap().count(), 1);
}

#[test]
fn a_moved_service_sends_what_waits_and_keeps_its_links() {
    if postgres_server().is_some() {
        return;
    }
    let old = Place::new();
    let server = old.start_with(&NO_MAIL);
    sign_ups(&server, &["ada@example.org"]);
    stop(server);
    let backup = old.in_folder("moved.db").display().to_string();
    old.succeeds(&["backup", "--with-key", &backup]);
    // The dead mail server made it wait for half a minute.
    SqliteConnection::establish(&backup).unwrap().batch_execute("UPDATE mails SET next_at = 0").unwrap();
    let new = Place::new();
    let said = new.succeeds(&["restore", "--keep-mails", &backup]);
    assert!(said.contains("callboard.key is restored, too"), "{said}");
    let key = |place: &Place| fs::read(place.database_file().with_file_name("callboard.key")).unwrap();
    assert_eq!(key(&new), key(&old));
    let server = new.start();
    let token = token_in(&new.mail_to("ada@example.org"));
    let verified = post(&agent(), &format!("{}/api/v1/accounts/verify", server.url), &json!({"token": token}));
    assert_eq!(verified.unwrap().0, 204);
}

#[test]
fn what_is_no_good_backup_is_refused() {
    if postgres_server().is_some() {
        return;
    }
    let place = Place::new();
    assert!(place.fails(&["backup", "none.db"]).contains("there is no database"));
    stop(place.start());
    place.succeeds(&["backup", "good.db"]);
    let good = fs::read(place.in_folder("good.db")).unwrap();
    let place = Place::new();
    let refused = |name: &str, content: &[u8], why: &str| {
        fs::write(place.in_folder(name), content).unwrap();
        let said = place.fails(&["restore", name]);
        assert!(said.contains("is no good backup") && said.contains(why), "{said}");
        assert!(!place.database_file().exists(), "{name}");
    };
    refused("text.db", b"this is no database, however long it may be", "not a database");
    refused("empty.db", b"", "it is no database of Callboard");
    let mut damaged = good.clone();
    damaged[4096 * 3..4096 * 6].fill(0xAB);
    refused("damaged.db", &damaged, "damaged");
    fs::write(place.in_folder("newer.db"), &good).unwrap();
    let mut conn = SqliteConnection::establish(place.in_folder("newer.db").to_str().unwrap()).unwrap();
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')").unwrap();
    drop(conn);
    let newer = fs::read(place.in_folder("newer.db")).unwrap();
    refused("newer.db", &newer, "start a newer one");
    fs::write(place.in_folder("good.db"), &good).unwrap();
    place.succeeds(&["restore", "good.db"]);
    let server = place.start();
    assert_eq!(get(&format!("{}/readyz", server.url)), Some((200, "ready".into())));
}

#[test]
fn postgres_has_its_own_tools_but_the_mails_are_ours() {
    if postgres_server().is_none() {
        return;
    }
    let place = Place::new();
    let server = place.start_with(&NO_MAIL);
    sign_ups(&server, &["ada@example.org"]);
    stop(server);
    for command in [["backup", "x.db"], ["restore", "x.db"]] {
        let said = place.fails(&command);
        assert!(said.contains("pg_dump") && said.contains("docs/OPERATIONS.md"), "{said}");
    }
    assert!(place.succeeds(&["restore", "--mails-only"]).contains("1 mails that were on their way wait"));
    let states = place.texts("SELECT state || ' ' || ambiguous_ends AS text FROM mails");
    assert_eq!(states.into_iter().collect::<Vec<_>>(), ["ambiguous 2"]);
    assert!(place.succeeds(&["restore", "--mails-only"]).contains("0 mails"));
}
