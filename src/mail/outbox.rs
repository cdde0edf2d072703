//! SQL of the outbox.

use super::MailState;
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::{mail_proposals, mails},
        types::{AccountId, EventId, MailId, ProposalId, PublicationId, Ts},
    },
    error::{Error, Result},
};
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = mails)]
pub struct NewMail {
    pub code: String,
    pub event_id: Option<EventId>,
    pub publication_id: Option<PublicationId>,
    pub account_id: Option<AccountId>,
    pub kind: String,
    pub to_address: String,
    pub to_name: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub message_id: String,
    pub state: MailState,
    pub attempts: i64,
    pub ambiguous_ends: i64,
    pub next_at: Ts,
    pub created_at: Ts,
}

/// A stored mail. Links in its bodies are markers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Mail {
    pub id: MailId,
    pub code: String,
    pub event_id: Option<EventId>,
    pub account_id: Option<AccountId>,
    pub kind: String,
    pub to_address: String,
    pub to_name: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub message_id: String,
    pub state: MailState,
    pub attempts: i64,
    pub ambiguous_ends: i64,
    pub last_answer: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
}

pub fn insert(tx: &mut Tx<'_>, mail: &NewMail, about: &[ProposalId]) -> Result<MailId> {
    let id: MailId = diesel::insert_into(mails::table).values(mail).returning(mails::id).get_result(tx.conn())?;
    if let Some(event) = mail.event_id {
        for proposal in about {
            let row = (
                mail_proposals::event_id.eq(event),
                mail_proposals::mail_id.eq(id),
                mail_proposals::proposal_id.eq(*proposal),
            );
            diesel::insert_into(mail_proposals::table).values(row).execute(tx.conn())?;
        }
    }
    Ok(id)
}

/// The event's mails, newest first, behind the cursor.
pub fn list(conn: &mut Conn, who: &Organizer, after: Option<(Ts, String)>, limit: i64) -> Result<Vec<Mail>> {
    let mut query = mails::table.filter(mails::event_id.eq(who.event())).select(Mail::as_select()).into_boxed();
    if let Some((at, code)) = after {
        query = query.filter(mails::created_at.lt(at).or(mails::created_at.eq(at).and(mails::code.gt(code))));
    }
    Ok(query.order((mails::created_at.desc(), mails::code)).limit(limit).load(conn)?)
}

/// Queues a failed mail, or one that stays ambiguous, once more.
///
/// # Errors
/// `NotFound`; `WrongState` for a mail that is on its way, sent or canceled.
pub fn send_again(tx: &mut Tx<'_>, who: &Organizer, code: &str, now: Ts) -> Result<Mail> {
    let of_event = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    let sent_again = diesel::update(of_event.filter(mails::state.eq_any([MailState::Failed, MailState::Ambiguous])))
        .set((
            mails::state.eq(MailState::Queued),
            mails::attempts.eq(0),
            mails::ambiguous_ends.eq(0),
            mails::next_at.eq(now),
        ))
        .execute(tx.conn())?;
    let mail = of_event.select(Mail::as_select()).first(tx.conn())?;
    if sent_again == 0 {
        return Err(Error::wrong_state(format!(
            "This mail is {}; only a failed or ambiguous one can be sent again.",
            mail.state
        )));
    }
    Ok(mail)
}

/// Cancels what has not left yet of the mails about a proposal; answers those that were about others too.
pub fn cancel_about(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<Vec<(MailId, MailState)>> {
    let unsent = [MailState::Held, MailState::Queued, MailState::Retrying];
    let about = mail_proposals::table
        .filter(mail_proposals::event_id.eq(event))
        .filter(mail_proposals::proposal_id.eq(proposal))
        .select(mail_proposals::mail_id);
    let found: Vec<(MailId, MailState)> = mails::table
        .filter(mails::event_id.eq(event))
        .filter(mails::id.eq_any(about))
        .filter(mails::state.eq_any(unsent))
        .select((mails::id, mails::state))
        .order(mails::id)
        .load(tx.conn())?;
    let mut canceled = vec![];
    for (mail, state) in found {
        let changed = diesel::update(mails::table.find(mail).filter(mails::state.eq_any(unsent)))
            .set(mails::state.eq(MailState::Canceled))
            .execute(tx.conn())?;
        if changed == 1 {
            canceled.push((mail, state));
        }
    }
    Ok(canceled)
}

/// The proposals a mail is about.
pub fn proposals_of(tx: &mut Tx<'_>, mail: MailId) -> Result<Vec<ProposalId>> {
    let query = mail_proposals::table.filter(mail_proposals::mail_id.eq(mail)).select(mail_proposals::proposal_id);
    Ok(query.order(mail_proposals::id).load(tx.conn())?)
}

pub fn publication_of(tx: &mut Tx<'_>, mail: MailId) -> Result<Option<PublicationId>> {
    Ok(mails::table.find(mail).select(mails::publication_id).first(tx.conn())?)
}

/// Sends a publication's held mails on their way, or cancels them.
pub fn end_hold(tx: &mut Tx<'_>, publication: PublicationId, state: MailState, now: Ts) -> Result<usize> {
    let held = mails::table.filter(mails::publication_id.eq(publication)).filter(mails::state.eq(MailState::Held));
    Ok(diesel::update(held).set((mails::state.eq(state), mails::next_at.eq(now))).execute(tx.conn())?)
}

/// How many mails of a publication are in each state.
pub fn count_by_state(conn: &mut Conn, publication: PublicationId) -> Result<Vec<(MailState, i64)>> {
    let query = mails::table
        .filter(mails::publication_id.eq(publication))
        .group_by(mails::state)
        .select((mails::state, diesel::dsl::count_star()))
        .order(mails::state);
    Ok(query.load(conn)?)
}
