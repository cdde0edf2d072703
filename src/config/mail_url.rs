//! Where mails go: the setting `smtp_url`.

use crate::mail::smtp::Patience;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;

/// Where mails go.
#[derive(Clone, Debug)]
pub enum MailUrl {
    Folder(PathBuf),
    Smtp(SmtpUrl),
    /// Kept in memory, for tests.
    Memory,
}

#[derive(Clone, Debug)]
pub struct SmtpUrl {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    pub login: Option<(String, SecretString)>,
    /// Not a setting: the standard wants these long times.
    pub patience: Patience,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Only to this machine.
    None,
    StartTls,
    Tls,
}

impl SmtpUrl {
    pub fn login(&self) -> Option<(&str, &str)> {
        self.login.as_ref().map(|(user, password)| (user.as_str(), password.expose_secret()))
    }
}

pub(super) fn mail_url(text: &str) -> Result<MailUrl, String> {
    if let Some(folder) = text.strip_prefix("file:") {
        return if folder.is_empty() {
            Err("name a folder, as in file:mail".into())
        } else {
            Ok(MailUrl::Folder(folder.into()))
        };
    }
    if text == "memory:" {
        return Ok(MailUrl::Memory);
    }
    let url = url::Url::parse(text).map_err(|_| "write smtp://user:password@host:587, smtps://… or file:FOLDER")?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let (security, port) = match url.scheme() {
        "smtp" if local => (SmtpSecurity::None, 25),
        "smtp" => (SmtpSecurity::StartTls, 587),
        "smtps" => (SmtpSecurity::Tls, 465),
        _ => return Err("write smtp://user:password@host:587, smtps://… or file:FOLDER".into()),
    };
    if host.is_empty() {
        return Err("name the host, as in smtp://user:password@host:587".into());
    }
    let decode = |text: &str| {
        url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).next().map(|(text, _)| text.into_owned())
    };
    let login = match (decode(url.username()), url.password().and_then(decode)) {
        (Some(user), Some(password)) if !user.is_empty() => Some((user, SecretString::from(password))),
        (None, None) => None,
        _ => return Err("give both user and password, or neither".into()),
    };
    let port = url.port().unwrap_or(port);
    Ok(MailUrl::Smtp(SmtpUrl { host, port, security, login, patience: Patience::default() }))
}
