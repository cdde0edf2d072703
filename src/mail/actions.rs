//! What organizers do with the mails of their event.

use super::outbox::{self, Mail};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Db, Turn},
    error::Result,
    http::cursor::Cursor,
    once::model::Render,
};

/// One more than `limit` where there are more.
///
/// # Errors
/// When the database does not answer.
pub async fn list(app: &Callboard, who: EventReader, after: Option<Cursor>, limit: i64) -> Result<Vec<Mail>> {
    let after = after.map(|cursor| (cursor.at, cursor.code));
    app.db.read(move |conn| outbox::list(conn, &who, after, limit + 1)).await
}

/// # Errors
/// `NotFound`.
pub async fn find(app: &Callboard, who: EventReader, code: String) -> Result<Mail> {
    app.db.read(move |conn| outbox::find(conn, &who, &code)).await
}

/// # Errors
/// `NotFound`; `WrongState` for a mail that is on its way, sent or canceled.
pub async fn send_again<R: Render<Mail>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    let mail = app
        .db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let now = tx.now()?;
            let mail = outbox::send_again(tx, who, &code, now)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::MailSentAgain, Object::Mail(code)))?;
            Ok(mail)
        })
        .await?;
    app.mail_queued.notify_one();
    Ok(mail)
}

/// After a restore: leaves every mail on its way to people, since it may have been sent after the backup. Answers how
/// many those are.
///
/// # Errors
/// When the database does not answer.
pub async fn set_aside(db: &Db) -> Result<usize> {
    db.write(outbox::set_aside_for_system).await
}
