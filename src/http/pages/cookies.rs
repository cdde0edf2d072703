//! The cookies of the pages: the session, and the one sentence that the next page shows. The API knows no cookies.

use crate::app::Callboard;
use actix_web::{HttpRequest, http::header};
use std::time::Duration;

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jar {
    Session,
    /// What was done by the form that led to the page.
    Flash,
}

impl Jar {
    /// Under TLS a name that only this host can have set (RFC 6265bis, section 4.1.3.2).
    const fn name(self, tls: bool) -> &'static str {
        match (self, tls) {
            (Jar::Session, true) => "__Host-session",
            (Jar::Session, false) => "session",
            (Jar::Flash, true) => "__Host-flash",
            (Jar::Flash, false) => "flash",
        }
    }
}

fn has_tls(app: &Callboard) -> bool {
    app.config.base_url.as_str().starts_with("https://")
}

/// The value that the browser sent.
pub fn read(request: &HttpRequest, jar: Jar) -> Option<String> {
    let name = jar.name(has_tls(&Callboard::of(request).ok()?));
    let lines = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` that keeps `value` for so long; an empty one is forgotten.
pub fn write(app: &Callboard, jar: Jar, value: &str, lasts: Duration) -> String {
    let tls = has_tls(app);
    let age = if value.is_empty() { 0 } else { lasts.as_secs() };
    let secure = if tls { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", jar.name(tls))
}
