//! SQL of the outbox.

use super::{
    MailState, Recipient,
    deliver::{BATCH, MOST_AMBIGUOUS_ENDS, MOST_ATTEMPTS},
};
use crate::{
    access::{EventReader, Organizer},
    db::{
        Conn, Tx,
        connection::MultiBackend,
        schema::{mail_proposals, mails, proposals},
        types::{AccountId, EventId, MailId, ProposalId, PublicationId, Ts},
    },
    error::{Error, Result},
    locked, locked_or_skipped,
    proposals::model::Lifecycle,
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
    /// When its worker began to hand it over. Together with the attempts it tells one lease from another.
    pub begun_at: Option<Ts>,
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
pub fn list(conn: &mut Conn, who: &EventReader, after: Option<(Ts, String)>, limit: i64) -> Result<Vec<Mail>> {
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
pub fn find(conn: &mut Conn, who: &EventReader, code: &str) -> Result<Mail> {
    let query = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    Ok(query.select(Mail::as_select()).first(conn)?)
}

/// Queues a failed mail, or one that stays ambiguous, once more.
///
/// # Errors
/// `NotFound`; `WrongState` for a mail that is on its way, sent or canceled, or whose cause is gone.
pub fn send_again(tx: &mut Tx<'_>, who: &Organizer, code: &str, now: Ts) -> Result<Mail> {
    let of_event = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    let (id, publication) = of_event.select((mails::id, mails::publication_id)).first(tx.conn())?;
    check_cause(tx, id, publication)?;
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

/// What a mail tells must still be so. Locks its proposals, so that none leaves before it is queued.
fn check_cause(tx: &mut Tx<'_>, mail: MailId, publication: Option<PublicationId>) -> Result<()> {
    let ids = proposals_of(tx, mail)?;
    let query = proposals::table
        .filter(proposals::id.eq_any(&ids))
        .select((proposals::lifecycle, proposals::publication_id))
        .order(proposals::id);
    let about = locked!(tx.conn(), query, for_no_key_update, load::<(Lifecycle, Option<PublicationId>)>)?;
    if !about.is_empty() && about.iter().all(|(lifecycle, _)| *lifecycle != Lifecycle::Submitted) {
        return Err(Error::wrong_state("What this mail is about was withdrawn or canceled."));
    }
    if publication.is_some() && about.iter().any(|(_, last)| *last != publication) {
        return Err(Error::wrong_state("This mail tells an old decision; a newer one has been published since."));
    }
    Ok(())
}

/// Cancels what has not left yet of the mails about a proposal, whose row the caller has locked; answers those canceled.
/// One that is just being handed over is canceled too: that it was sent, or may have been, is still noted when it ends.
pub fn cancel_about(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<Vec<(MailId, MailState)>> {
    let unsent = [MailState::Held, MailState::Queued, MailState::Retrying, MailState::Leased];
    let mut canceled = vec![];
    // Again until none is left: one that was waited for may have been written anew by a proposal that left beside.
    loop {
        let about = mail_proposals::table
            .filter(mail_proposals::event_id.eq(event))
            .filter(mail_proposals::proposal_id.eq(proposal))
            .select(mail_proposals::mail_id);
        let repeats = mails::state.eq(MailState::Ambiguous).and(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
        let query = mails::table
            .filter(mails::event_id.eq(event))
            .filter(mails::id.eq_any(about))
            .filter(mails::state.eq_any(unsent).or(repeats))
            .select((mails::id, mails::state))
            .order(mails::id);
        if query.clone().load::<(MailId, MailState)>(tx.conn())?.is_empty() {
            return Ok(canceled);
        }
        // Fewer than that when another canceled some while this waited for them.
        let found = locked!(tx.conn(), query, for_update, load::<(MailId, MailState)>)?;
        let ids: Vec<MailId> = found.iter().map(|(id, _)| *id).collect();
        diesel::update(mails::table.filter(mails::id.eq_any(ids)))
            .set((mails::state.eq(MailState::Canceled), mails::lease_until.eq(None::<Ts>)))
            .execute(tx.conn())?;
        canceled.extend(found);
    }
}

/// The states of a publication's mails about a proposal.
pub fn states_about(
    tx: &mut Tx<'_>,
    event: EventId,
    publication: PublicationId,
    proposal: ProposalId,
) -> Result<Vec<MailState>> {
    let about = mail_proposals::table
        .filter(mail_proposals::event_id.eq(event))
        .filter(mail_proposals::proposal_id.eq(proposal))
        .select(mail_proposals::mail_id);
    let mails = mails::table.filter(mails::publication_id.eq(publication)).filter(mails::id.eq_any(about));
    Ok(mails.select(mails::state).order(mails::id).load(tx.conn())?)
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
    let _: Vec<MailId> = locked!(tx.conn(), held.select(mails::id).order(mails::id), for_update, load::<MailId>)?;
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
    begun_at: Option<Ts>,
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
            begun_at: None,
        }
    }
}

/// Leases the mails that are due, at most a batch, oldest first. Workers that race never get the same one.
pub fn claim(tx: &mut Tx<'_>, lease: Duration) -> Result<Vec<Mail>> {
    let now = tx.now()?;
    expire_leases(tx, now)?;
    let repeats = mails::state.eq(MailState::Ambiguous).and(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
    let due = mails::table
        .filter(mails::state.eq_any([MailState::Queued, MailState::Retrying]).or(repeats))
        .filter(mails::attempts.lt(MOST_ATTEMPTS))
        .filter(mails::next_at.le(now))
        .order((mails::next_at, mails::id))
        .limit(i64::try_from(BATCH).unwrap_or(i64::MAX))
        .select(mails::id);
    let ids = locked_or_skipped!(tx.conn(), due, load::<MailId>)?;
    let mut mails: Vec<Mail> = diesel::update(mails::table.filter(mails::id.eq_any(ids)))
        .set((mails::state.eq(MailState::Leased), mails::lease_until.eq(now.plus(lease))))
        .returning(<Mail as Selectable<MultiBackend>>::construct_selection())
        .get_results(tx.conn())?;
    mails.sort_by_key(|mail| (mail.created_at, mail.id));
    Ok(mails)
}

/// Whoever leased these is gone. Of what was begun nobody knows whether it was sent; the rest is as it was before.
fn expire_leases(tx: &mut Tx<'_>, now: Ts) -> Result<()> {
    let expired = mails::table
        .filter(mails::state.eq(MailState::Leased))
        .filter(mails::lease_until.le(now))
        .order(mails::id)
        .select(mails::id);
    let ids = locked_or_skipped!(tx.conn(), expired, load::<MailId>)?;
    let gone = mails::table.filter(mails::id.eq_any(ids)).order(mails::id).select(Mail::as_select());
    for mail in gone.load(tx.conn())? {
        let mut end = LeaseEnd::new(mail.waiting_state(), &mail, now);
        if mail.begun_at.is_some() {
            end.state = MailState::Ambiguous;
            end.attempts += 1;
            end.ambiguous_ends += 1;
            end.last_answer = Some("Callboard stopped while it was sending this mail.".into());
        }
        diesel::update(mails::table.find(mail.id)).set(&end).execute(tx.conn())?;
    }
    Ok(())
}

impl Mail {
    /// The state that it was leased from.
    fn waiting_state(&self) -> MailState {
        match (self.ambiguous_ends, self.attempts) {
            (1.., _) => MailState::Ambiguous,
            (_, 1..) => MailState::Retrying,
            _ => MailState::Queued,
        }
    }
}

/// Marks a leased mail as being handed over, and leases it anew; `None` when it was canceled, or is another worker's.
/// Of several workers that believe to have it, one begins it.
pub fn begin(tx: &mut Tx<'_>, mail: &Mail, lease: Duration) -> Result<Option<Mail>> {
    let now = tx.now()?;
    let ours = mails::table
        .filter(mails::id.eq(mail.id))
        .filter(mails::state.eq(MailState::Leased))
        .filter(mails::attempts.eq(mail.attempts))
        .filter(mails::begun_at.is_null());
    Ok(diesel::update(ours)
        .set((mails::lease_until.eq(now.plus(lease)), mails::begun_at.eq(now)))
        .returning(<Mail as Selectable<MultiBackend>>::construct_selection())
        .get_result(tx.conn())
        .optional()?)
}

/// Keeps the lease of a begun mail from expiring while a mail server is slow.
pub fn renew(tx: &mut Tx<'_>, mail: &Mail, lease: Duration) -> Result<()> {
    let until = tx.now()?.plus(lease);
    let ours = mails::table
        .filter(mails::id.eq(mail.id))
        .filter(mails::state.eq(MailState::Leased))
        .filter(mails::attempts.eq(mail.attempts))
        .filter(mails::begun_at.eq(mail.begun_at));
    diesel::update(ours).set(mails::lease_until.eq(until)).execute(tx.conn())?;
    Ok(())
}

/// Ends the lease of a mail that was not handed over, as if it had not been taken.
pub fn give_back(tx: &mut Tx<'_>, mail: &Mail, now: Ts) -> Result<()> {
    let ours = mails::table
        .filter(mails::id.eq(mail.id))
        .filter(mails::state.eq(MailState::Leased))
        .filter(mails::attempts.eq(mail.attempts))
        .filter(mails::begun_at.is_null().or(mails::begun_at.eq(mail.begun_at)));
    diesel::update(ours).set(LeaseEnd::new(mail.waiting_state(), mail, now)).execute(tx.conn())?;
    Ok(())
}

/// Ends the lease of a begun mail. Where it expired meanwhile the mail is left as it is, but for one thing: what was
/// sent is sent. Where it was canceled meanwhile, that it may have been sent counts too, but is not repeated.
pub fn end_lease(tx: &mut Tx<'_>, mail: &Mail, end: LeaseEnd) -> Result<()> {
    let row = mails::table.find(mail.id);
    let begun = row.filter(mails::attempts.eq(mail.attempts)).filter(mails::begun_at.eq(mail.begun_at));
    let mut ended = diesel::update(begun.filter(mails::state.eq(MailState::Leased))).set(&end).execute(tx.conn())?;
    if ended == 0 && end.state == MailState::Sent {
        let unsent = row.filter(mails::state.ne(MailState::Sent));
        let sent = (
            mails::state.eq(MailState::Sent),
            mails::lease_until.eq(None::<Ts>),
            mails::begun_at.eq(None::<Ts>),
            mails::sent_at.eq(end.sent_at),
            mails::last_answer.eq(&end.last_answer),
        );
        ended = diesel::update(unsent).set(sent).execute(tx.conn())?;
    } else if ended == 0 && end.state == MailState::Ambiguous {
        let last = LeaseEnd { ambiguous_ends: end.ambiguous_ends.max(MOST_AMBIGUOUS_ENDS), ..end };
        ended = diesel::update(begun.filter(mails::state.eq(MailState::Canceled))).set(&last).execute(tx.conn())?;
    }
    if ended == 0 {
        tracing::warn!(mail = mail.code, "The lease of a mail was lost while it was being sent");
    }
    Ok(())
}

/// Makes every mail on its way one that may have been sent and is not repeated by itself.
pub fn set_aside_for_system(tx: &mut Tx<'_>) -> Result<usize> {
    let on_its_way = [MailState::Held, MailState::Queued, MailState::Retrying, MailState::Leased, MailState::Ambiguous];
    let open = mails::table.filter(mails::state.eq_any(on_its_way));
    let left = (
        mails::state.eq(MailState::Ambiguous),
        mails::ambiguous_ends.eq(MOST_AMBIGUOUS_ENDS),
        mails::lease_until.eq(None::<Ts>),
        mails::begun_at.eq(None::<Ts>),
        mails::last_answer.eq("Restored from a backup: it may have been sent since."),
    );
    let repeats = mails::state.ne(MailState::Ambiguous).or(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
    Ok(diesel::update(open.filter(repeats)).set(left).execute(tx.conn())?)
}
