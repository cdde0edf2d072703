//! What the demo lets everybody do: look into all mails, and be one of its people. Nothing else offers this.

use super::{load, store};
use crate::{
    access::Public,
    accounts::{
        self,
        sessions::{self, model::Begun},
    },
    app::Callboard,
    error::{Error, Result},
    mail::outbox::Mail,
    secrets,
};
use std::sync::atomic::Ordering;

/// How many mails are shown, the newest first.
const MOST_MAILS: i64 = 100;

/// Somebody of the example event whom one can be.
pub struct Person {
    pub email: &'static str,
    pub name: &'static str,
    pub is: &'static str,
    /// Where to begin.
    pub starts_at: &'static str,
}

pub const PEOPLE: [Person; 4] = [
    Person {
        email: load::ORGANIZER,
        name: "Olivia Brandtner",
        is: "organizer, and admin of this server",
        starts_at: "/posette2025/organize",
    },
    Person {
        email: load::REVIEWER,
        name: "Ruben Castellanos",
        is: "reviewer, who does not learn who wrote what",
        starts_at: "/posette2025/review",
    },
    Person {
        email: "reviewer.two@posette.example",
        name: "Shirin Daryaei",
        is: "reviewer with most reviews done",
        starts_at: "/posette2025/review",
    },
    Person { email: load::SPEAKER, name: "", is: "speaker with three proposals", starts_at: "/me" },
];

fn only_in_the_demo(app: &Callboard) -> Result<()> {
    if app.demo.load(Ordering::Relaxed) { Ok(()) } else { Err(Error::not_found()) }
}

/// All mails, with the secrets of their links.
///
/// # Errors
/// `NotFound` on every other server.
pub async fn mails(app: &Callboard, _: &Public) -> Result<Vec<Mail>> {
    only_in_the_demo(app)?;
    let mails = app.db.read(|conn| store::mails(conn, MOST_MAILS)).await?;
    let filled = |mail: Mail| {
        let body_text = secrets::fill_markers(&mail.body_text, |link| app.keys.link_secret(link));
        Mail { body_text, ..mail }
    };
    Ok(mails.into_iter().map(filled).collect())
}

/// A session as one of the people, without a password.
///
/// # Errors
/// `NotFound` on every other server, and for everybody else.
pub async fn be(app: &Callboard, _: Public, email: &str) -> Result<(Begun, &'static str)> {
    only_in_the_demo(app)?;
    let person = PEOPLE.iter().find(|person| person.email == email).ok_or_else(Error::not_found)?;
    let begin = |tx: &mut crate::db::Tx<'_>| {
        let account = accounts::store::find_by_key(tx.conn(), person.email)?;
        sessions::actions::begin(tx, &account.ok_or_else(Error::not_found)?, "demo")
    };
    Ok((app.db.write(begin).await?, person.starts_at))
}
