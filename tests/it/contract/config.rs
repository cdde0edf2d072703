//! Every wrong setting is named, with what to write instead.

use callboard::{
    config::{Config, EventCreators, LogFormat, MailUrl, SETTINGS, SmtpSecurity},
    db::Url,
};
use data_encoding::BASE64;
use std::fs;
use tempfile::TempDir;

fn read(file: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    Config::from_sources(file, environment.iter().copied())
}

#[track_caller]
fn refused(environment: &[(&str, &str)], what: &str) {
    let said = read("", environment).unwrap_err();
    assert!(said.lines().any(|line| line == what), "{what:?} is not in:\n{said}");
}

fn key() -> String {
    BASE64.encode(&[9; 32])
}

#[test]
fn the_defaults_are_for_trying_out_and_say_so() {
    let mut config = read("", &[]).unwrap();
    assert_eq!(config.database, Url::Sqlite("callboard.db".into()));
    assert!(matches!(&config.mail, MailUrl::Folder(folder) if folder.ends_with("mail")));
    assert_eq!((config.event_creators, config.log_format), (EventCreators::Admins, LogFormat::Text));
    config.listens_on("127.0.0.1:4711".parse().unwrap());
    assert_eq!(config.base_url, "http://127.0.0.1:4711");
    let warnings = config.warnings().join("\n");
    for variable in ["CALLBOARD_DATABASE_URL", "CALLBOARD_SMTP_URL", "CALLBOARD_BASE_URL"] {
        assert!(warnings.contains(variable), "{warnings}");
    }
}

#[test]
fn a_real_service_gets_no_warning() {
    let config = read(
        "",
        &[
            ("CALLBOARD_DATABASE_URL", "sqlite:/var/lib/callboard/callboard.db"),
            ("CALLBOARD_BASE_URL", "https://cfp.example.org/"),
            ("CALLBOARD_SMTP_URL", "smtp://mail.example:587"),
            ("CALLBOARD_MAIL_FROM", "cfp@example.org"),
        ],
    );
    let config = config.unwrap();
    assert_eq!(config.warnings(), Vec::<String>::new());
    assert_eq!(config.base_url, "https://cfp.example.org");
}

#[test]
fn a_service_without_limits_is_warned() {
    let config = read("", &[("CALLBOARD_RATE_LIMITS", "off")]).unwrap();
    assert!(config.warnings().join("\n").contains("CALLBOARD_RATE_LIMITS"));
    assert!(!read("", &[]).unwrap().warnings().join("\n").contains("CALLBOARD_RATE_LIMITS"));
}

#[test]
fn proxies_are_shown_as_they_are_understood() {
    let config = read("", &[("CALLBOARD_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8 ,,::1")]).unwrap();
    let shown = config.effective().into_iter().find(|(name, _)| *name == "trusted_proxies").unwrap().1;
    assert_eq!(shown, "127.0.0.1/32, 10.0.0.0/8, ::1/128");
}

#[test]
fn each_wrong_setting_says_what_to_write() {
    for (name, value, says) in [
        ("DATABASE_URL", "mysql://x", "write sqlite:callboard.db or postgres://user:password@host/database"),
        ("DATABASE_URL", "sqlite:", "name a file, as in sqlite:callboard.db"),
        ("DATABASE_URL", "sqlite::memory:", "name a file, as in sqlite:callboard.db"),
        ("LISTEN", "8080", "write ADDRESS:PORT, as in 127.0.0.1:8080"),
        ("BASE_URL", "cfp.example.org", "write an address like https://cfp.example.org"),
        ("BASE_URL", "https://example.org/cfp", "write scheme and host only, like https://cfp.example.org"),
        ("BASE_URL", "ftp://example.org", "write scheme and host only, like https://cfp.example.org"),
        ("SMTP_URL", "mail.example", "write smtp://user:password@host:587, smtps://… or file:FOLDER"),
        ("SMTP_URL", "http://mail.example", "write smtp://user:password@host:587, smtps://… or file:FOLDER"),
        ("SMTP_URL", "smtp://me@mail.example", "give both user and password, or neither"),
        ("SMTP_URL", "file:", "name a folder, as in file:mail"),
        ("MAIL_FROM", "Callboard <a@b.example>", "write one mail address"),
        ("SECRET_KEY", "not base64!", "is not base64; make one with: openssl rand -base64 32"),
        ("SECRET_KEY", "c2hvcnQ=", "is shorter than 32 bytes; make one with: openssl rand -base64 32"),
        ("PUBLICATION_DELAY", "3601", "write seconds, 0 to 3600"),
        ("PUBLICATION_DELAY", "-1", "write seconds, 0 to 3600"),
        ("MAILS_PER_MINUTE", "0", "write a number, 1 at least, or nothing"),
        ("MAILS_PER_MINUTE", "many", "write a number, 1 at least, or nothing"),
        ("MAIL_RETENTION_DAYS", "0", "write days, 1 to 3650"),
        ("MAIL_RETENTION_DAYS", "3651", "write days, 1 to 3650"),
        ("EVENT_CREATORS", "me", "write admins or everyone"),
        ("METRICS_LISTEN", "9464", "write ADDRESS:PORT, as in 127.0.0.1:9464, or nothing"),
        ("SLOW_QUERY_MS", "-1", "write milliseconds, as in 200"),
        ("TRUSTED_PROXIES", "proxy", "write addresses or blocks with commas between, as in 127.0.0.1, 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "write addresses or blocks with commas between, as in 127.0.0.1, 10.0.0.0/8"),
        ("NEWCOMERS", "0", "write a number, 1 to 100000"),
        ("NEWCOMERS", "many", "write a number, 1 to 100000"),
        ("RATE_LIMITS", "some", "write on or off"),
        ("LOG_FORMAT", "xml", "write text or json"),
    ] {
        let variable = format!("CALLBOARD_{name}");
        refused(&[(&variable, value)], &format!("{variable}: {says}"));
    }
    let wrong_log = read("", &[("CALLBOARD_LOG", "callboard=loud")]).unwrap_err();
    assert!(wrong_log.starts_with("CALLBOARD_LOG: "), "{wrong_log}");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let said =
        read("", &[("CALLBOARD_LISTEN", "x"), ("CALLBOARD_MAIL_FROM", "x"), ("CALLBOARD_NAME", "x")]).unwrap_err();
    assert_eq!(said.lines().count(), 3, "{said}");
}

#[test]
fn unknown_settings_are_refused() {
    refused(&[("CALLBOARD_LISTEM", "x")], "CALLBOARD_LISTEM: there is no such setting; see docs/CONFIGURATION.md");
    refused(
        &[("CALLBOARD_LISTEN_FILE", "x")],
        "CALLBOARD_LISTEN_FILE: there is no such setting; see docs/CONFIGURATION.md",
    );
    assert_eq!(read("listem = \"x\"", &[]).unwrap_err(), "callboard.toml: there is no setting listem");
    assert!(read("", &[("CALLBOARD_TEST_DATABASE", "x"), ("OTHER_LISTEN", "x")]).is_ok());
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "publication_delay = 5\nlisten = \"127.0.0.1:1\"\n";
    let config = read(file, &[("CALLBOARD_LISTEN", "127.0.0.1:2")]).unwrap();
    assert_eq!((config.listen.port(), config.publication_delay.as_secs()), (2, 5));
}

#[test]
fn a_broken_file_is_named_by_line_and_not_repeated() {
    let said = read("log = \"info\"\nsecret_key = \"hunter2", &[]).unwrap_err();
    assert!(said.starts_with("callboard.toml: line 2: ") && !said.contains("hunter2"), "{said}");
    assert_eq!(read("log = true", &[]).unwrap_err(), "callboard.toml: log must be a text or a number");
}

#[test]
fn secrets_come_from_files() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, format!("{}\n", key())).unwrap();
    let path = path.to_str().unwrap();
    let config = read("", &[("CALLBOARD_SECRET_KEY_FILE", path)]).unwrap();
    assert_eq!(config.secret_key.unwrap().to_text(), key());
    let both = [("CALLBOARD_SECRET_KEY_FILE", path), ("CALLBOARD_SECRET_KEY", &key())];
    refused(&both, "CALLBOARD_SECRET_KEY: set it or CALLBOARD_SECRET_KEY_FILE, not both");
    let missing = read("", &[("CALLBOARD_SMTP_URL_FILE", "/nowhere/at/all")]).unwrap_err();
    assert!(missing.starts_with("CALLBOARD_SMTP_URL_FILE: "), "{missing}");
}

#[test]
fn postgres_needs_a_key_that_all_servers_share() {
    let postgres = ("CALLBOARD_DATABASE_URL", "postgres://callboard@db.example/callboard");
    refused(
        &[postgres],
        "CALLBOARD_SECRET_KEY: needed on PostgreSQL, the same for all servers; make one with: openssl rand -base64 32",
    );
    assert!(read("", &[postgres, ("CALLBOARD_SECRET_KEY", &key())]).is_ok());
}

#[test]
fn mail_in_the_clear_stays_on_this_machine() {
    let security = |url: &str| match read("", &[("CALLBOARD_SMTP_URL", url)]).unwrap().mail {
        MailUrl::Smtp(smtp) => (smtp.security, smtp.port),
        other => panic!("{other:?}"),
    };
    assert_eq!(security("smtp://localhost"), (SmtpSecurity::None, 25));
    assert_eq!(security("smtp://127.0.0.1:1025"), (SmtpSecurity::None, 1025));
    assert_eq!(security("smtp://[::1]"), (SmtpSecurity::None, 25));
    assert_eq!(security("smtp://me:p%40ss@mail.example"), (SmtpSecurity::StartTls, 587));
    assert_eq!(security("smtps://mail.example"), (SmtpSecurity::Tls, 465));
}

#[test]
fn what_is_shown_of_the_mail_server_can_be_set_again() {
    for url in ["smtp://[::1]:1025", "smtp://mail.example:587", "smtps://mail.example:465"] {
        let config = read("", &[("CALLBOARD_SMTP_URL", url)]).unwrap();
        assert!(config.effective().contains(&("smtp_url", url.to_owned())), "{url}");
    }
}

#[test]
fn no_setting_is_forgotten_where_they_are_shown() {
    let shown: Vec<&str> = read("", &[]).unwrap().effective().into_iter().map(|(name, _)| name).collect();
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(shown, known);
}

#[test]
fn the_example_of_a_real_service_is_taken_as_it_is() {
    let config = read(&fs::read_to_string("deploy/callboard.toml").unwrap(), &[]).unwrap();
    assert_eq!(config.warnings(), Vec::<String>::new());
    assert_eq!(config.metrics_listen.unwrap().port(), 9464);
}
