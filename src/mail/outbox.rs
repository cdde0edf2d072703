//! SQL of the outbox.

use super::{
    MailState, Recipient,
    deliver::{BATCH, MOST_AMBIGUOUS_ENDS, MOST_ATTEMPTS},
};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        connection::MultiBackend,
        schema::{mail_proposals, mails},
        types::{AccountId, EventId, MailId, ProposalId, PublicationId, Ts},
    },
    error::{Error, Result},
};
use diesel::prelude::*;
use std::time::Duration;

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

/// One mail of the event.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, who: &Organizer, code: &str) -> Result<Mail> {
    let query = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    Ok(query.select(Mail::as_select()).first(conn)?)
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

/// Cancels what has not left yet of the mails about a proposal, whose row the caller has locked; answers those canceled.
pub fn cancel_about(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<Vec<(MailId, MailState)>> {
    let unsent = [MailState::Held, MailState::Queued, MailState::Retrying];
    let mut canceled = vec![];
    // Again until none is left: one that was waited for may have been written anew by a proposal that left beside.
    loop {
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
        if found.is_empty() {
            return Ok(canceled);
        }
        for (mail, state) in found {
            let changed = diesel::update(mails::table.find(mail).filter(mails::state.eq_any(unsent)))
                .set(mails::state.eq(MailState::Canceled))
                .execute(tx.conn())?;
            if changed == 1 {
                canceled.push((mail, state));
            }
        }
    }
}

/// The proposals a mail is about.
pub fn proposals_of(tx: &mut Tx<'_>, mail: MailId) -> Result<Vec<ProposalId>> {
    let query = mail_proposals::table.filter(mail_proposals::mail_id.eq(mail)).select(mail_proposals::proposal_id);
    Ok(query.order(mail_proposals::id).load(tx.conn())?)
}

pub fn recipient_of(tx: &mut Tx<'_>, mail: MailId) -> Result<Recipient> {
    let columns = (mails::account_id, mails::to_address, mails::to_name);
    let (account, address, name) = mails::table.find(mail).select(columns).first(tx.conn())?;
    Ok(Recipient { account, address, name })
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

/// What is written when a lease ends.
#[derive(AsChangeset)]
#[diesel(table_name = mails, treat_none_as_null = true)]
pub struct LeaseEnd {
    pub state: MailState,
    pub attempts: i64,
    pub ambiguous_ends: i64,
    pub next_at: Ts,
    pub last_answer: Option<String>,
    pub sent_at: Option<Ts>,
    lease_until: Option<Ts>,
}

impl LeaseEnd {
    /// `mail` in another state, with nothing counted yet.
    pub fn new(state: MailState, mail: &Mail, next_at: Ts) -> LeaseEnd {
        LeaseEnd {
            state,
            attempts: mail.attempts,
            ambiguous_ends: mail.ambiguous_ends,
            next_at,
            last_answer: mail.last_answer.clone(),
            sent_at: None,
            lease_until: None,
        }
    }
}

/// Leases the mails that are due, at most a batch, oldest first. Workers that race never get the same one.
pub fn claim(tx: &mut Tx<'_>, lease: Duration) -> Result<Vec<Mail>> {
    let now = tx.now()?;
    expire_leases(tx, now)?;
    let due = diesel::alias!(mails as due);
    let is_ambiguous = due.field(mails::state).eq(MailState::Ambiguous);
    let waits = due
        .field(mails::state)
        .eq_any([MailState::Queued, MailState::Retrying])
        .or(is_ambiguous.and(due.field(mails::ambiguous_ends).lt(MOST_AMBIGUOUS_ENDS)));
    let first_due = due
        .filter(waits)
        .filter(due.field(mails::attempts).lt(MOST_ATTEMPTS))
        .filter(due.field(mails::next_at).le(now))
        .order((due.field(mails::next_at), due.field(mails::id)))
        .limit(i64::try_from(BATCH).unwrap_or(i64::MAX))
        .select(due.field(mails::id));
    // On PostgreSQL the query may be older than the commit of a worker that was faster: what that one took is
    // leased, or done, or due later, and is left out here.
    let still_due = mails::table
        .filter(mails::id.eq_any(first_due))
        .filter(mails::state.eq_any([MailState::Queued, MailState::Retrying, MailState::Ambiguous]))
        .filter(mails::next_at.le(now));
    let mut mails: Vec<Mail> = diesel::update(still_due)
        .set((mails::state.eq(MailState::Leased), mails::lease_until.eq(now.plus(lease))))
        .returning(<Mail as Selectable<MultiBackend>>::construct_selection())
        .get_results(tx.conn())?;
    mails.sort_by_key(|mail| (mail.created_at, mail.id));
    Ok(mails)
}

/// Whoever leased these is gone, and nobody knows whether they were sent.
fn expire_leases(tx: &mut Tx<'_>, now: Ts) -> Result<()> {
    let expired = mails::table.filter(mails::state.eq(MailState::Leased)).filter(mails::lease_until.le(now));
    diesel::update(expired)
        .set((
            mails::state.eq(MailState::Ambiguous),
            mails::lease_until.eq(None::<Ts>),
            mails::attempts.eq(mails::attempts + 1),
            mails::ambiguous_ends.eq(mails::ambiguous_ends + 1),
            mails::next_at.eq(now),
            mails::last_answer.eq("Callboard stopped while it was sending this mail."),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps leases from expiring while a mail server is slow.
pub fn renew(tx: &mut Tx<'_>, ids: &[MailId], lease: Duration) -> Result<()> {
    let until = tx.now()?.plus(lease);
    let leased = mails::table.filter(mails::id.eq_any(ids)).filter(mails::state.eq(MailState::Leased));
    diesel::update(leased).set(mails::lease_until.eq(until)).execute(tx.conn())?;
    Ok(())
}

/// Ends the lease of `mail`. Where it expired meanwhile the mail is left as it is, but for one thing: what was sent
/// is sent. The count of attempts tells our lease from a later one.
pub fn end_lease(tx: &mut Tx<'_>, mail: &Mail, end: &LeaseEnd) -> Result<()> {
    let row = mails::table.find(mail.id);
    let ours = row.filter(mails::state.eq(MailState::Leased)).filter(mails::attempts.eq(mail.attempts));
    let mut ended = diesel::update(ours).set(end).execute(tx.conn())?;
    if ended == 0 && end.state == MailState::Sent {
        let expired = row.filter(mails::state.eq_any([MailState::Leased, MailState::Ambiguous]));
        let sent = (
            mails::state.eq(MailState::Sent),
            mails::lease_until.eq(None::<Ts>),
            mails::sent_at.eq(end.sent_at),
            mails::last_answer.eq(&end.last_answer),
        );
        ended = diesel::update(expired).set(sent).execute(tx.conn())?;
    }
    if ended == 0 {
        tracing::warn!(mail = mail.code, "The lease of a mail was lost while it was being sent");
    }
    Ok(())
}
