//! What the settings are, in words: the generated document, the effective values, what the defaults lack.

use super::{Config, MailUrl, SETTINGS, SmtpSecurity};
use std::{fmt::Write as _, net::IpAddr};

/// `docs/CONFIGURATION.md`.
pub fn document() -> String {
    let mut text = String::from(
        "# Configuration\n\nMade from the code (`cargo test` checks it; `callboard check-config` checks yours).\n\n\
         Callboard reads `callboard.toml` in the current folder if there is one, then the environment, which wins. A setting `name`\n\
         is `name = \"…\"` in the file and `CALLBOARD_NAME` in the environment; secrets can also come from a file named by\n\
         `CALLBOARD_NAME_FILE`. An unknown setting is an error.\n\n| setting | default | secret | what it is for |\n| --- | --- | --- | --- |\n",
    );
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { String::new() } else { format!("`{}`", setting.default) };
        let secret = if setting.secret { "yes" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{}` | {default} | {secret} | {} |", setting.name, setting.help);
    }
    text
}

impl Config {
    /// What is in force, without secrets, in the order of [`SETTINGS`].
    pub fn effective(&self) -> Vec<(&'static str, String)> {
        let mail = match &self.mail {
            MailUrl::Folder(folder) => format!("file:{}", folder.display()),
            MailUrl::Memory => "memory:".into(),
            MailUrl::Smtp(smtp) => {
                let scheme = if smtp.security == SmtpSecurity::Tls { "smtps" } else { "smtp" };
                let login = if smtp.login.is_some() { "…:…@" } else { "" };
                let host = if smtp.host.contains(':') { format!("[{}]", smtp.host) } else { smtp.host.clone() };
                format!("{scheme}://{login}{host}:{}", smtp.port)
            }
        };
        let secret_key = if self.secret_key.is_some() { "…" } else { "" };
        vec![
            ("database_url", self.database.without_secrets()),
            ("postgres_prepared", if self.database.stays_prepared() { "on" } else { "off" }.into()),
            ("listen", self.listen.to_string()),
            ("base_url", self.base_url.clone()),
            ("smtp_url", mail),
            ("smtp_ca_file", self.smtp_ca_file.as_deref().map_or(String::new(), |path| path.display().to_string())),
            ("mails_per_minute", self.mails_per_minute.map_or(String::new(), |number| number.to_string())),
            ("mail_retention_days", (self.mail_retention.as_secs() / (24 * 3600)).to_string()),
            ("mail_from", self.mail_from.to_string()),
            ("secret_key", secret_key.into()),
            ("publication_delay", self.publication_delay.as_secs().to_string()),
            ("event_creators", format!("{:?}", self.event_creators).to_lowercase()),
            ("metrics_listen", self.metrics_listen.map(|address| address.to_string()).unwrap_or_default()),
            ("slow_query_ms", self.slow_query.as_millis().to_string()),
            ("trusted_proxies", self.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            ("newcomers", self.newcomers.to_string()),
            ("rate_limits", if self.rate_limits { "on" } else { "off" }.into()),
            ("log", self.log.clone()),
            ("log_format", format!("{:?}", self.log_format).to_lowercase()),
        ]
    }

    /// What the defaults for trying out mean, and what a service for others needs instead.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = vec![];
        let mut warn = |applies: bool, text: &str| {
            if applies {
                warnings.push(text.to_owned());
            }
        };
        warn(
            self.database.is_default(),
            "The database is callboard.db in the current folder: set CALLBOARD_DATABASE_URL.",
        );
        warn(!self.rate_limits, "Nobody's requests are counted: set CALLBOARD_RATE_LIMITS=on.");
        match &self.mail {
            MailUrl::Folder(folder) => {
                let folder = folder.display();
                warn(
                    true,
                    &format!("Mails are written to the folder {folder} and reach nobody: set CALLBOARD_SMTP_URL."),
                );
            }
            MailUrl::Memory => warn(true, "Mails are kept in memory and reach nobody: set CALLBOARD_SMTP_URL."),
            MailUrl::Smtp(_) => warn(
                self.mail_from.ends_with("@localhost"),
                "Mails come from an address at localhost, which mail servers refuse: set CALLBOARD_MAIL_FROM.",
            ),
        }
        if self.base_url.is_empty() || is_this_machine(&self.base_url) {
            warn(true, "Mailed links lead to this machine and nobody else can use them: set CALLBOARD_BASE_URL.");
        } else {
            warn(
                self.base_url.starts_with("http://"),
                "CALLBOARD_BASE_URL is not https: put a proxy with TLS in front, passwords pass through it.",
            );
        }
        warnings
    }
}

fn is_this_machine(base_url: &str) -> bool {
    match url::Url::parse(base_url).as_ref().map(url::Url::host) {
        Ok(Some(url::Host::Domain(name))) => name == "localhost",
        Ok(Some(url::Host::Ipv4(address))) => IpAddr::from(address).is_loopback(),
        Ok(Some(url::Host::Ipv6(address))) => IpAddr::from(address).is_loopback(),
        _ => false,
    }
}
