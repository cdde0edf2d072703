//! SQL of the outbox: what the workers do. Each mail is leased, begun, and then it ends.

use super::{
    MailState,
    deliver::{BATCH, MOST_AMBIGUOUS_ENDS, MOST_ATTEMPTS},
    store::{Cancellation, HeldBy},
};
use crate::{
    db::{
        Tx,
        connection::MultiBackend,
        portable,
        schema::{mail_proposals, mails},
        types::{AccountId, EventId, MailId, ProposalId, PublicationId, Ts},
    },
    error::Result,
    locked_or_skipped,
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
    pub names_id: Option<AccountId>,
    pub kind: String,
    pub to_address: String,
    pub to_name: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub message_id: String,
    pub state: MailState,
    pub held_by: Option<HeldBy>,
    /// The mail whose end it waits for.
    pub instead_of: Option<MailId>,
    pub recalled: bool,
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
    pub held_by: Option<HeldBy>,
    /// Its cause went while it was being handed over: unless it is sent, it is canceled.
    pub recalled: bool,
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
    recalled: bool,
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
            recalled: false,
            lease_until: None,
            begun_at: None,
        }
    }

    /// May have been sent, and is not repeated by itself.
    fn for_good(self) -> LeaseEnd {
        LeaseEnd { ambiguous_ends: self.ambiguous_ends.max(MOST_AMBIGUOUS_ENDS), ..self }
    }
}

/// Leases the mails that are due, at most a batch and at most what fits into this minute, oldest first; what people
/// wait for at the screen, the mails of their accounts, before those of events. Workers that race never get the same.
pub fn claim(tx: &mut Tx<'_>, lease: Duration, per_minute: Option<u32>) -> Result<Vec<Mail>> {
    let now = tx.now()?;
    expire_leases(tx, now)?;
    settle_replacements(tx, now)?;
    let room = room(tx, per_minute)?;
    if room == 0 {
        return Ok(vec![]);
    }
    let repeats = mails::state.eq(MailState::Ambiguous).and(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
    let due = mails::table
        .filter(mails::state.eq_any([MailState::Queued, MailState::Retrying]).or(repeats))
        .filter(mails::attempts.lt(MOST_ATTEMPTS))
        .filter(mails::next_at.le(now))
        .order((mails::event_id.is_not_null(), mails::next_at, mails::id))
        .limit(room)
        .select(mails::id);
    let ids = locked_or_skipped!(tx.conn(), due, load::<MailId>)?;
    let mut mails: Vec<Mail> = diesel::update(mails::table.filter(mails::id.eq_any(ids)))
        .set((mails::state.eq(MailState::Leased), mails::lease_until.eq(now.plus(lease))))
        .returning(<Mail as Selectable<MultiBackend>>::construct_selection())
        .get_results(tx.conn())?;
    mails.sort_by_key(|mail| (mail.event_id.is_some(), mail.created_at, mail.id));
    Ok(mails)
}

const MINUTE: Duration = Duration::from_mins(1);

/// How many may be leased: whatever was begun within the last minute and whatever is going to be begun uses up the
/// minute. Whoever counts keeps others from counting until its lease is written.
fn room(tx: &mut Tx<'_>, per_minute: Option<u32>) -> Result<i64> {
    let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let Some(most) = per_minute else { return Ok(batch) };
    portable::lock_word(tx.conn(), "mails a minute")?;
    // One statement: a mail that is begun between two would be in neither count.
    let to_begin = mails::state.eq(MailState::Leased).and(mails::begun_at.is_null());
    let used = mails::table.filter(mails::tried_at.gt(tx.now()?.minus(MINUTE)).or(to_begin));
    let used: i64 = used.count().get_result(tx.conn())?;
    Ok((i64::from(most) - used).clamp(0, batch))
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
        if mail.recalled {
            end = end.for_good();
        }
        diesel::update(mails::table.find(mail.id)).set(&end).execute(tx.conn())?;
    }
    Ok(())
}

/// What was written instead of a mail that was being handed over goes once it is clear that it has to.
fn settle_replacements(tx: &mut Tx<'_>, now: Ts) -> Result<()> {
    let waiting = mails::table
        .filter(mails::state.eq(MailState::Held))
        .filter(mails::held_by.eq(HeldBy::Predecessor))
        .order(mails::id)
        .select((mails::id, mails::instead_of));
    for (id, predecessor) in locked_or_skipped!(tx.conn(), waiting, load::<(MailId, Option<MailId>)>)? {
        let state = match predecessor {
            Some(id) => mails::table.find(id).select(mails::state).first(tx.conn())?,
            None => MailState::Canceled,
        };
        let replacement = diesel::update(mails::table.find(id));
        match state {
            MailState::Leased => 0,
            MailState::Sent => replacement.set(Cancellation::NOW).execute(tx.conn())?,
            _ => replacement
                .set((mails::state.eq(MailState::Queued), mails::held_by.eq(None::<HeldBy>), mails::next_at.eq(now)))
                .execute(tx.conn())?,
        };
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
        .set((mails::lease_until.eq(now.plus(lease)), mails::begun_at.eq(now), mails::tried_at.eq(now)))
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
    let end = LeaseEnd::new(mail.waiting_state(), mail, now);
    let ended = diesel::update(ours.filter(mails::recalled.eq(false))).set(end).execute(tx.conn())?;
    if ended == 0 {
        diesel::update(ours.filter(mails::recalled.eq(true))).set(Cancellation::NOW).execute(tx.conn())?;
    }
    Ok(())
}

/// Ends the lease of a begun mail. Where it expired meanwhile the mail is left as it is, but for one thing: what was
/// sent is sent. Where it was recalled meanwhile it is not tried again.
pub fn end_lease(tx: &mut Tx<'_>, mail: &Mail, end: LeaseEnd) -> Result<()> {
    let row = mails::table.find(mail.id);
    let begun = row
        .filter(mails::state.eq(MailState::Leased))
        .filter(mails::attempts.eq(mail.attempts))
        .filter(mails::begun_at.eq(mail.begun_at));
    let sent = end.state == MailState::Sent;
    let ours = begun.filter(mails::recalled.eq(false).or(sent.into_sql::<diesel::sql_types::Bool>()));
    if diesel::update(ours).set(&end).execute(tx.conn())? > 0 {
        return Ok(());
    }
    let recalled = begun.filter(mails::recalled.eq(true));
    let ended = match end.state {
        MailState::Sent => {
            let unsent = row.filter(mails::state.ne(MailState::Sent));
            let sent = (
                mails::state.eq(MailState::Sent),
                mails::held_by.eq(None::<HeldBy>),
                mails::recalled.eq(false),
                mails::lease_until.eq(None::<Ts>),
                mails::begun_at.eq(None::<Ts>),
                mails::sent_at.eq(end.sent_at),
                mails::last_answer.eq(&end.last_answer),
            );
            diesel::update(unsent).set(sent).execute(tx.conn())?
        }
        MailState::Ambiguous => diesel::update(recalled).set(&end.for_good()).execute(tx.conn())?,
        _ => diesel::update(recalled).set(Cancellation::NOW).execute(tx.conn())?,
    };
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
        mails::held_by.eq(None::<HeldBy>),
        mails::recalled.eq(false),
        mails::ambiguous_ends.eq(MOST_AMBIGUOUS_ENDS),
        mails::lease_until.eq(None::<Ts>),
        mails::begun_at.eq(None::<Ts>),
        mails::last_answer.eq("Restored from a backup: it may have been sent since."),
    );
    let repeats = mails::state.ne(MailState::Ambiguous).or(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
    Ok(diesel::update(open.filter(repeats)).set(left).execute(tx.conn())?)
}

/// Deletes the texts of mails that are through and were written before then, at most so many; answers how many.
/// What became of the mails stays.
pub fn purge_bodies(tx: &mut Tx<'_>, before: Ts, chunk: i64) -> Result<usize> {
    // As in the index of those that have a text; a bound value would not be recognized.
    let has_text = || diesel::dsl::sql::<diesel::sql_types::Bool>("body_text <> ''");
    let unsure = mails::state.eq(MailState::Ambiguous).and(mails::ambiguous_ends.ge(MOST_AMBIGUOUS_ENDS));
    let through = mails::state.eq_any([MailState::Sent, MailState::Failed]).or(unsure);
    let old = mails::table
        .filter(has_text())
        .filter(mails::created_at.lt(before))
        .filter(through)
        .order((mails::created_at, mails::id))
        .limit(chunk)
        .select(mails::id);
    let ids = locked_or_skipped!(tx.conn(), old, load::<MailId>)?;
    let texts = (mails::body_text.eq(""), mails::body_html.eq(""));
    Ok(diesel::update(mails::table.filter(mails::id.eq_any(ids))).set(texts).execute(tx.conn())?)
}
