//! Every setting in one list: name, default, what it is for. Read from `callboard.toml`, then from `CALLBOARD_*`;
//! checked whole before anything starts. `docs/CONFIGURATION.md` is made from the list.

mod document;
mod key;
mod mail_url;
pub mod network;

use crate::{
    db::{Prepares, Url},
    text::Email,
};
pub use document::document;
pub use key::{KEY_FILE, SecretKey, secret_key};
use mail_url::mail_url;
pub use mail_url::{MailUrl, SmtpSecurity, SmtpUrl};
use network::Network;
use std::{collections::BTreeMap, env, ffi::OsString, fs, net::SocketAddr, path::PathBuf, time::Duration};

pub const FILE: &str = "callboard.toml";

pub struct Setting {
    /// In the file; in the environment in capitals behind `CALLBOARD_`.
    pub name: &'static str,
    pub default: &'static str,
    pub secret: bool,
    pub help: &'static str,
}

const fn setting(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, default, secret: false, help }
}

const fn secret(name: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, default, secret: true, help }
}

pub const SETTINGS: &[Setting] = &[
    secret(
        "database_url",
        "sqlite:callboard.db",
        "`sqlite:FILE` or `postgres://user:password@host/database`; several hosts and `target_session_attrs=read-write` give failover.",
    ),
    setting(
        "postgres_prepared",
        "off",
        "`on` keeps statements prepared on PostgreSQL, which spares much of its work. Only where no pooler in between hands out connections by transaction, as PgBouncer does.",
    ),
    setting(
        "listen",
        "127.0.0.1:8080",
        "Address and port of the server. Port 0 takes a free one; the first line on standard output names it.",
    ),
    setting(
        "base_url",
        "",
        "What people's browsers see, as in `https://cfp.example.org`. All mailed links start with it. From `listen` when empty.",
    ),
    secret(
        "smtp_url",
        "file:mail",
        "`smtp://user:password@host:587` (STARTTLS, required unless the host is this machine), `smtps://user:password@host`, or `file:FOLDER`, which writes every mail as a file.",
    ),
    setting(
        "smtp_ca_file",
        "",
        "A file with the certificate in PEM of the authority that a private mail server is certified by, trusted beside those of the system.",
    ),
    setting(
        "mails_per_minute",
        "",
        "How many mails the mail server is given within a minute, at most, by all servers together. No limit when empty.",
    ),
    setting(
        "mail_retention_days",
        "90",
        "After how many days the texts of mails that are through are deleted, 1 to 3650. That they were sent, and when, stays.",
    ),
    setting("mail_from", "callboard@localhost", "The address that mails come from."),
    secret(
        "secret_key",
        "",
        "At least 32 bytes in base64, as `openssl rand -base64 32` prints them. Mailed links are derived from it. Made at the first start beside the SQLite file when empty; needed on PostgreSQL.",
    ),
    setting("publication_delay", "60", "Seconds between publishing decisions and the first mail; time to press stop."),
    setting("event_creators", "admins", "Who may create events: `admins` or `everyone`."),
    setting(
        "metrics_listen",
        "",
        "Address and port for Prometheus, as in `127.0.0.1:9464`: `/metrics`, for whoever can reach it. Not served when empty.",
    ),
    setting(
        "slow_query_ms",
        "200",
        "Statements that take so many milliseconds are logged, without their values; 0 logs every one.",
    ),
    setting(
        "trusted_proxies",
        "",
        "Addresses of the proxies in front, as in `127.0.0.1, ::1, 10.0.0.0/8`. Only from them `X-Forwarded-For` is believed; without it everybody behind a proxy shares one address's limits.",
    ),
    setting(
        "newcomers",
        "300",
        "How many submissions an hour an event takes from accounts younger than a day; against programs that sign up to submit.",
    ),
    setting("rate_limits", "on", "`on` or `off`. Off is for load tests on a machine that nobody else reaches."),
    setting("log", "info", "What is logged, in the syntax of tracing: `info`, `callboard=debug,info`."),
    setting("log_format", "text", "`text` or `json`."),
];

/// Who may create events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventCreators {
    Admins,
    Everyone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    pub database: Url,
    pub listen: SocketAddr,
    /// Without a slash at the end. Empty until the port is known when it comes from `listen`.
    pub base_url: String,
    pub mail: MailUrl,
    pub smtp_ca_file: Option<PathBuf>,
    pub mails_per_minute: Option<u32>,
    pub mail_retention: Duration,
    pub mail_from: Email,
    /// `None`: take it from the file beside the SQLite database.
    pub secret_key: Option<SecretKey>,
    pub publication_delay: Duration,
    pub event_creators: EventCreators,
    pub metrics_listen: Option<SocketAddr>,
    pub slow_query: Duration,
    pub trusted_proxies: Vec<Network>,
    pub newcomers: u32,
    pub rate_limits: bool,
    pub log: String,
    pub log_format: LogFormat,
}

type Values = BTreeMap<&'static str, String>;

impl Config {
    /// Reads the file if there is one, then the environment.
    ///
    /// # Errors
    /// Everything that is wrong, one line each, each saying what to set.
    pub fn load() -> Result<Config, String> {
        let file = match fs::read_to_string(FILE) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("{FILE}: {error}")),
        };
        Config::from_sources(&file, env::vars_os())
    }

    /// # Errors
    /// As [`Config::load`].
    pub fn from_sources<N: Into<OsString>>(
        file: &str,
        environment: impl IntoIterator<Item = (N, N)>,
    ) -> Result<Config, String> {
        let mut problems = vec![];
        let mut values: Values = SETTINGS.iter().map(|setting| (setting.name, setting.default.to_owned())).collect();
        match file.parse::<toml::Table>() {
            Ok(table) => overlay_file(&table, &mut values, &mut problems),
            // Its own message would repeat the line, which may hold a secret.
            Err(error) => {
                let before = error.span().and_then(|span| file.get(..span.start)).unwrap_or_default();
                problems.push(format!("{FILE}: line {}: {}", before.matches('\n').count() + 1, error.message()));
            }
        }
        overlay_environment(environment, &mut values, &mut problems);
        Config::checked(&values, problems)
    }

    fn checked(values: &Values, mut problems: Vec<String>) -> Result<Config, String> {
        let value = |name: &str| values.get(name).map_or("", String::as_str);
        let mut check = Check { problems: &mut problems };
        let database = check.of("database_url", Url::parse(value("database_url")));
        let prepares = choice(value("postgres_prepared"), [("on", Prepares::Everything), ("off", Prepares::Nothing)]);
        let prepares = check.of("postgres_prepared", prepares);
        let listen = check.of(
            "listen",
            value("listen").parse::<SocketAddr>().map_err(|_| "write ADDRESS:PORT, as in 127.0.0.1:8080"),
        );
        let base_url = check.of("base_url", base_url(value("base_url")));
        let mail = check.of("smtp_url", mail_url(value("smtp_url")));
        let ca_file = Some(value("smtp_ca_file")).filter(|path| !path.is_empty()).map(PathBuf::from);
        let per_minute = check.of("mails_per_minute", mails_per_minute(value("mails_per_minute")));
        let retention = check.of("mail_retention_days", days(value("mail_retention_days")));
        let mail_from = check.of("mail_from", Email::new(value("mail_from")).map_err(|_| "write one mail address"));
        let key = value("secret_key");
        let key = if key.is_empty() { Ok(None) } else { SecretKey::parse(key).map(Some) };
        let secret_key =
            check.of("secret_key", key.map_err(|error| format!("{error}; make one with: openssl rand -base64 32")));
        let delay = value("publication_delay").parse::<u64>().ok().filter(|delay| *delay <= 3600);
        let delay = check.of("publication_delay", delay.ok_or("write seconds, 0 to 3600"));
        let event_creators = [("admins", EventCreators::Admins), ("everyone", EventCreators::Everyone)];
        let event_creators = check.of("event_creators", choice(value("event_creators"), event_creators));
        let metrics_listen = check.of("metrics_listen", optional_address(value("metrics_listen")));
        let slow_query = value("slow_query_ms").parse::<u32>();
        let slow_query = check.of("slow_query_ms", slow_query.map_err(|_| "write milliseconds, as in 200"));
        let trusted_proxies = check.of("trusted_proxies", networks(value("trusted_proxies")));
        let newcomers = value("newcomers").parse::<u32>().ok().filter(|newcomers| (1..=100_000).contains(newcomers));
        let newcomers = check.of("newcomers", newcomers.ok_or("write a number, 1 to 100000"));
        let rate_limits = check.of("rate_limits", choice(value("rate_limits"), [("on", true), ("off", false)]));
        let log =
            check.of("log", value("log").parse::<tracing_subscriber::EnvFilter>().map_err(|error| error.to_string()));
        let log_format = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        let log_format = check.of("log_format", choice(value("log_format"), log_format));
        if matches!(database, Some(Url::Postgres { .. })) && matches!(secret_key, Some(None)) {
            problems.push("CALLBOARD_SECRET_KEY: needed on PostgreSQL, the same for all servers; make one with: openssl rand -base64 32".into());
        }
        let config = || {
            Some(Config {
                database: database?.preparing(prepares?),
                listen: listen?,
                base_url: base_url?,
                mail: mail?,
                smtp_ca_file: ca_file,
                mails_per_minute: per_minute?,
                mail_retention: Duration::from_hours(24 * retention?),
                mail_from: mail_from?,
                secret_key: secret_key?,
                publication_delay: Duration::from_secs(delay?),
                event_creators: event_creators?,
                metrics_listen: metrics_listen?,
                slow_query: Duration::from_millis(slow_query?.into()),
                trusted_proxies: trusted_proxies?,
                newcomers: newcomers?,
                rate_limits: rate_limits?,
                log: log.map(|_| value("log").to_owned())?,
                log_format: log_format?,
            })
        };
        config().filter(|_| problems.is_empty()).ok_or_else(|| problems.join("\n"))
    }
}

impl Config {
    /// Fills in what comes from the address that the server listens on.
    pub fn listens_on(&mut self, address: SocketAddr) {
        self.listen = address;
        if self.base_url.is_empty() {
            self.base_url = if address.ip().is_unspecified() {
                format!("http://localhost:{}", address.port())
            } else {
                format!("http://{address}")
            };
        }
    }
}

struct Check<'p> {
    problems: &'p mut Vec<String>,
}

impl Check<'_> {
    fn of<T, E: std::fmt::Display>(&mut self, name: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.problems.push(format!("CALLBOARD_{}: {error}", name.to_uppercase()))).ok()
    }
}

fn days(text: &str) -> Result<u64, &'static str> {
    text.parse::<u64>().ok().filter(|days| (1..=3650).contains(days)).ok_or("write days, 1 to 3650")
}

fn overlay_file(table: &toml::Table, values: &mut Values, problems: &mut Vec<String>) {
    for (name, value) in table {
        let Some(known) = SETTINGS.iter().find(|setting| setting.name == name) else {
            problems.push(format!("{FILE}: there is no setting {name}"));
            continue;
        };
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            _ => {
                problems.push(format!("{FILE}: {name} must be a text or a number"));
                continue;
            }
        };
        values.insert(known.name, text);
    }
}

fn overlay_environment<N: Into<OsString>>(
    environment: impl IntoIterator<Item = (N, N)>,
    values: &mut Values,
    problems: &mut Vec<String>,
) {
    let mut taken: BTreeMap<&str, String> = BTreeMap::new();
    for (variable, value) in environment {
        let (variable, value) = (variable.into(), value.into());
        let Some(variable) = variable.to_str().filter(|variable| variable.starts_with("CALLBOARD_")) else { continue };
        let name = variable.trim_start_matches("CALLBOARD_").to_lowercase();
        // Settings of the tests and scripts, not of the server.
        if name.starts_with("test_") {
            continue;
        }
        let named = |setting: &&Setting| {
            setting.name == name || (setting.secret && name.strip_suffix("_file") == Some(setting.name))
        };
        let Some(setting) = SETTINGS.iter().find(named) else {
            problems.push(format!("{variable}: there is no such setting; see docs/CONFIGURATION.md"));
            continue;
        };
        if taken.insert(setting.name, variable.to_owned()).is_some_and(|other| other != variable) {
            let name = setting.name.to_uppercase();
            problems.push(format!("CALLBOARD_{name}: set it or CALLBOARD_{name}_FILE, not both"));
        }
        let text = if setting.name == name {
            value.into_string().map_err(|_| "is not UTF-8".to_owned())
        } else {
            fs::read_to_string(value).map(|text| text.trim().to_owned()).map_err(|error| error.to_string())
        };
        match text {
            Ok(text) => {
                values.insert(setting.name, text);
            }
            Err(error) => problems.push(format!("{variable}: {error}")),
        }
    }
}

fn choice<T: Copy, const N: usize>(text: &str, choices: [(&str, T); N]) -> Result<T, String> {
    let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| format!("write {}", choices.map(|(word, _)| word).join(" or ")))
}

fn optional_address(text: &str) -> Result<Option<SocketAddr>, &'static str> {
    let address = (!text.is_empty()).then(|| text.parse::<SocketAddr>());
    address.transpose().map_err(|_| "write ADDRESS:PORT, as in 127.0.0.1:9464, or nothing")
}

fn networks(text: &str) -> Result<Vec<Network>, &'static str> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let parsed: Result<Vec<Network>, ()> = items.map(str::parse).collect();
    parsed.map_err(|()| "write addresses or blocks with commas between, as in 127.0.0.1, 10.0.0.0/8")
}

fn base_url(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let url = url::Url::parse(text).map_err(|_| "write an address like https://cfp.example.org")?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !bare {
        return Err("write scheme and host only, like https://cfp.example.org".into());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn mails_per_minute(text: &str) -> Result<Option<u32>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().ok().filter(|number| *number > 0);
    number.map(Some).ok_or("write a number, 1 at least, or nothing")
}
