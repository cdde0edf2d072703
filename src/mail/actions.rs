//! What organizers do with the mails of their event.

use super::{
    MailState,
    model::Which,
    outbox::{self, Mail},
    store,
};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Db, Turn, types::Ts},
    error::{Error, Result},
    http::cursor::Cursor,
    once::model::Render,
};

/// One more than asked for where there are more. That the names behind their proposals are read is noted.
///
/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: EventReader, which: Which) -> Result<Vec<Mail>> {
    let after = which.cursor.as_deref().map(Cursor::decode).transpose()?;
    let find =
        move |conn: &mut Conn, who: &EventReader| store::list(conn, who, &which, after.as_ref(), which.limit() + 1);
    noted(app, who, find).await
}

/// How the mails of an event stand.
pub struct Summary {
    pub states: Vec<(MailState, i64)>,
    pub server_down_since: Option<Ts>,
}

/// # Errors
/// When the database does not answer.
pub async fn summary(app: &Callboard, who: EventReader) -> Result<Summary> {
    let states = app.db.read(move |conn| store::count(conn, &who)).await?;
    Ok(Summary { states, server_down_since: app.relay.down_since() })
}

/// The mails about one proposal, newest first. Whoever shows to whom they go has noted it.
///
/// # Errors
/// When the database does not answer.
pub async fn list_about(app: &Callboard, who: EventReader, proposal: String) -> Result<Vec<Mail>> {
    app.db.read(move |conn| store::list_about(conn, &who, &proposal)).await
}

/// That the names behind its proposals are read is noted.
///
/// # Errors
/// `NotFound`.
pub async fn find(app: &Callboard, who: EventReader, code: String) -> Result<Mail> {
    let found = noted(app, who, move |conn, who| Ok(vec![store::find(conn, who, &code)?])).await?;
    found.into_iter().next().ok_or_else(Error::not_found)
}

async fn noted(
    app: &Callboard,
    who: EventReader,
    find: impl FnOnce(&mut Conn, &EventReader) -> Result<Vec<Mail>> + Send + 'static,
) -> Result<Vec<Mail>> {
    let (event, account) = (who.event(), who.account());
    let read = move |conn: &mut Conn| {
        let mails = find(conn, &who)?;
        let codes = store::codes_about(conn, &who, &mails)?;
        Ok((mails, codes))
    };
    let (mails, codes) = app.db.read(read).await?;
    app.reads.add(event, account, codes);
    Ok(mails)
}

/// # Errors
/// `NotFound`; `WrongState` for a mail that is being sent, or through.
pub async fn hold<R: Render<Mail>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let mail = store::hold(tx, who, &code)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::MailHeld, Object::Mail(code)))?;
            Ok(mail)
        })
        .await
}

/// # Errors
/// `NotFound`; `WrongState` for a mail that no organizer holds, or whose cause is gone.
pub async fn release<R: Render<Mail>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    // Under the event's lock its publication is not released meanwhile, which would leave it behind.
    let mail = app
        .db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let now = tx.now()?;
            let mail = store::release(tx, who, &code, now)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::MailReleased, Object::Mail(code)))?;
            Ok(mail)
        })
        .await?;
    app.mail_queued.notify_one();
    Ok(mail)
}

/// # Errors
/// `NotFound`; `WrongState` for a mail that is on its way, sent or canceled, or whose cause is gone.
pub async fn send_again<R: Render<Mail>>(app: &Callboard, who: Organizer, code: String, render: R) -> Result<R::Out> {
    let mail = app
        .db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let now = tx.now()?;
            let mail = store::send_again(tx, who, &code, now)?;
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
