//! Confirm and decline.

use super::{
    model::{Answer, AnswerByToken, Talk, dead_link, step},
    store,
};
use crate::{
    access::{
        Public, Speaker,
        store::{Scope, scope_of},
    },
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Turn, Tx, types::AccountId},
    decisions::{
        actions::{leave, tell_organizers_left},
        model::Deed,
    },
    error::Result,
    mail::{self, About, message},
    once::model::Render,
    proposals::{self, model::Confirmation},
    secrets,
};

/// A talk with the answer given, and the event it is of.
pub struct Answered {
    pub event: Scope,
    pub talk: Talk,
}

/// Any of its speakers confirms; only its owner declines. The same answer twice is given once.
///
/// # Errors
/// `NotFound`; `Forbidden`; `WrongState` without a published acceptance, or when confirming what was declined.
pub async fn answer_mine<R: Render<Answered>>(
    app: &Callboard,
    who: Speaker,
    code: String,
    answer: Answer,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    let job = move |tx: &mut Tx<'_>, who: &Speaker| {
        let (talk, owner) = store::lock_mine(tx, who, &code)?;
        if answer == Answer::Decline {
            proposals::model::check_owner(owner)?;
        }
        give(tx, &board, who.scope().clone(), talk, answer, Some(who.account()))
    };
    app.db.write_once(who, Turn::Plain, render, job).await
}

/// # Errors
/// `LinkDead`; `WrongState` when confirming what was declined.
pub async fn answer_by_token(app: &Callboard, _: Public, input: AnswerByToken) -> Result<Answered> {
    let board = app.clone();
    let hash = secrets::hash(&input.token);
    let job = move |tx: &mut Tx<'_>| {
        let link = store::find_link(tx.conn(), &hash)?.ok_or_else(dead_link)?;
        let talk = store::lock_linked(tx, &link)?;
        if !talk.is_open_for(link.publication) {
            return Err(dead_link());
        }
        let event = scope_of(tx.conn(), link.event)?;
        give(tx, &board, event, talk, input.answer, None)
    };
    app.db.write(job).await
}

/// What the link is about, without answering.
///
/// # Errors
/// `LinkDead`.
pub async fn look_at_link(app: &Callboard, _: &Public, token: &str) -> Result<Answered> {
    let hash = secrets::hash(token);
    let job = move |conn: &mut Conn| {
        let link = store::find_link(conn, &hash)?.ok_or_else(dead_link)?;
        let talk = store::find_linked(conn, &link)?;
        let event = scope_of(conn, link.event)?;
        if talk.is_open_for(link.publication) { Ok(Answered { event, talk }) } else { Err(dead_link()) }
    };
    app.db.read(job).await
}

/// `by` is who signed in for it; nobody, with the link of the mail.
fn give(
    tx: &mut Tx<'_>,
    app: &Callboard,
    event: Scope,
    talk: Talk,
    answer: Answer,
    by: Option<AccountId>,
) -> Result<Answered> {
    let Some(to) = step(&talk, answer)? else { return Ok(Answered { event, talk }) };
    store::update_confirmation(tx, event.id, &talk, to)?;
    let action = match answer {
        Answer::Confirm => Action::Confirmed,
        Answer::Decline => Action::Declined,
    };
    let entry = Entry::new(action, Object::Proposal(talk.code.clone()));
    audit::store::record_for(tx, event.id, by, &entry.with("by_link", by.is_none()))?;
    match answer {
        Answer::Confirm => mail_receipt(tx, app, &event, &talk)?,
        Answer::Decline => {
            leave(tx, app, &event, talk.id)?;
            tell_organizers_left(tx, app, &event, talk.id, Deed::Declined)?;
        }
    }
    Ok(Answered { event, talk: Talk { confirmation: Some(to), ..talk } })
}

fn mail_receipt(tx: &mut Tx<'_>, app: &Callboard, event: &Scope, talk: &Talk) -> Result<()> {
    let Some(owner) = proposals::store::owner(tx.conn(), event.id, talk.id)? else { return Ok(()) };
    let about = About { event: Some(event.about()), proposals: vec![talk.id], ..About::default() };
    let letter = message::ConfirmationReceived { event: &event.name, name: &owner.name, title: &talk.title };
    mail::queue(tx, app, &owner, &about, &letter.letter())
}

impl Answered {
    pub fn confirmation(&self) -> Confirmation {
        self.talk.confirmation.unwrap_or(Confirmation::Pending)
    }
}
