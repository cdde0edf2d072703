//! SQL of mails beside their delivery: what organizers see and do, and what becomes of mails whose cause goes.

use super::{Hold, MailState, Recipient, deliver::MOST_AMBIGUOUS_ENDS, model::Which, outbox::Mail};
use crate::{
    access::{
        EventReader, Organizer, Tracks,
        store::{InTracks, in_tracks},
    },
    db::{
        Conn, Tx,
        portable::lower,
        schema::{mail_proposals, mails, proposals, publications},
        types::{EventId, MailId, ProposalId, PublicationId, Ts},
    },
    decisions::publications::model::PublicationState,
    error::{Error, Result},
    http::cursor::Cursor,
    locked,
    proposals::model::{Confirmation, Lifecycle},
    text_enum,
};
use diesel::{dsl, prelude::*};

text_enum! {
    /// Who keeps a held mail from being sent.
    pub enum HeldBy {
        /// Its publication, which can still be stopped.
        Publication = "publication",
        /// A person, who also releases it.
        Organizer = "organizer",
        /// The mail that it replaces, which was being handed over when its cause went.
        Predecessor = "predecessor",
    }
}

/// Nothing of what a canceled mail would have said is kept.
#[derive(AsChangeset)]
#[diesel(table_name = mails, treat_none_as_null = true)]
pub struct Cancellation {
    state: MailState,
    held_by: Option<HeldBy>,
    recalled: bool,
    lease_until: Option<Ts>,
    begun_at: Option<Ts>,
    body_text: &'static str,
    body_html: &'static str,
}

impl Cancellation {
    pub const NOW: Cancellation = Cancellation {
        state: MailState::Canceled,
        held_by: None,
        recalled: false,
        lease_until: None,
        begun_at: None,
        body_text: "",
        body_html: "",
    };
}

/// When the newest mails of these kinds to an address were written, newest first. `key` is the address in small letters.
pub fn latest_to(conn: &mut Conn, key: &str, kinds: &[&str], after: Ts, most: usize) -> Result<Vec<Ts>> {
    let query = mails::table
        .filter(lower(mails::to_address).eq(key))
        .filter(mails::created_at.gt(after))
        .filter(mails::kind.eq_any(kinds))
        .select(mails::created_at)
        .order(mails::created_at.desc())
        .limit(i64::try_from(most).unwrap_or(i64::MAX));
    Ok(query.load(conn)?)
}

/// A mail of the event, but none about a proposal that the reader has a conflict of interest with and only reads.
#[diesel::dsl::auto_type(no_type_alias)]
fn readable(who: &EventReader) -> _ {
    let event: EventId = who.event();
    let tracks: Tracks = who.tracks();
    let in_reach: InTracks = in_tracks(event, tracks);
    let hidden = mail_proposals::table
        .inner_join(proposals::table)
        .filter(mail_proposals::event_id.eq(event))
        .filter(dsl::not(in_reach))
        .select(mail_proposals::mail_id);
    mails::event_id.eq(event).and(dsl::not(mails::id.eq_any(hidden)))
}

/// The event's mails, newest first, behind the cursor.
pub fn list(
    conn: &mut Conn,
    who: &EventReader,
    which: &Which,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Mail>> {
    let mut query = mails::table.filter(readable(who)).select(Mail::as_select()).into_boxed();
    if let Some(Cursor { at, code }) = after {
        // The first condition follows from the second and lets an index begin there.
        query = query
            .filter(mails::created_at.le(*at))
            .filter(mails::created_at.lt(*at).or(mails::created_at.eq(*at).and(mails::code.gt(code))));
    }
    if let Some(state) = which.state {
        query = query.filter(mails::state.eq(state));
    }
    if let Some(kind) = &which.kind {
        query = query.filter(mails::kind.eq(kind));
    }
    Ok(query.order((mails::created_at.desc(), mails::code)).limit(limit).load(conn)?)
}

/// One mail of the event.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, who: &EventReader, code: &str) -> Result<Mail> {
    let query = mails::table.filter(readable(who)).filter(mails::code.eq(code));
    Ok(query.select(Mail::as_select()).first(conn)?)
}

/// The mails about the proposal with this code, newest first.
pub fn list_about(conn: &mut Conn, who: &EventReader, proposal: &str) -> Result<Vec<Mail>> {
    let about = mail_proposals::table
        .inner_join(proposals::table)
        .filter(mail_proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(proposal))
        .select(mail_proposals::mail_id);
    let query = mails::table.filter(readable(who)).filter(mails::id.eq_any(about)).select(Mail::as_select());
    Ok(query.order((mails::created_at.desc(), mails::code)).load(conn)?)
}

/// The codes of the proposals that these mails are about.
pub fn codes_about(conn: &mut Conn, who: &EventReader, of: &[Mail]) -> Result<Vec<String>> {
    let ids: Vec<MailId> = of.iter().map(|mail| mail.id).collect();
    let about = mail_proposals::table.inner_join(proposals::table).filter(mail_proposals::event_id.eq(who.event()));
    Ok(about.filter(mail_proposals::mail_id.eq_any(ids)).select(proposals::code).distinct().load(conn)?)
}

fn in_event(conn: &mut Conn, event: EventId, code: &str) -> Result<Mail> {
    let query = mails::table.filter(mails::event_id.eq(event)).filter(mails::code.eq(code));
    Ok(query.select(Mail::as_select()).first(conn)?)
}

/// How many mails of the event are in each state.
pub fn count(conn: &mut Conn, who: &EventReader) -> Result<Vec<(MailState, i64)>> {
    let query = mails::table.filter(readable(who)).group_by(mails::state);
    Ok(query.select((mails::state, diesel::dsl::count_star())).load(conn)?)
}

/// How many mails of the publication are in each state.
pub fn count_of_publication(conn: &mut Conn, publication: PublicationId) -> Result<Vec<(MailState, i64)>> {
    let query = mails::table.filter(mails::publication_id.eq(publication)).group_by(mails::state);
    Ok(query.select((mails::state, diesel::dsl::count_star())).load(conn)?)
}

/// Keeps a mail that was not begun from being sent until somebody releases it, also where its publication is released
/// meanwhile. Holding it twice is holding it.
///
/// # Errors
/// `NotFound`; `WrongState` for a mail that is being sent or may have been.
pub fn hold(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Mail> {
    let of_event = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    let leased = mails::state.eq(MailState::Leased).and(mails::begun_at.is_null()).and(mails::ambiguous_ends.eq(0));
    let behind_publication =
        mails::state.eq(MailState::Held).and(mails::held_by.eq(HeldBy::Publication).assume_not_null());
    let waits = mails::state.eq_any([MailState::Queued, MailState::Retrying]).or(leased).or(behind_publication);
    diesel::update(of_event.filter(waits))
        .set((
            mails::state.eq(MailState::Held),
            mails::held_by.eq(HeldBy::Organizer),
            mails::lease_until.eq(None::<Ts>),
        ))
        .execute(tx.conn())?;
    let mail = in_event(tx.conn(), who.event(), code)?;
    if mail.held_by != Some(HeldBy::Organizer) {
        let text = format!("This mail is {}; only one that is queued, retrying or held can be held.", mail.state);
        return Err(Error::wrong_state(text));
    }
    Ok(mail)
}

/// Sends a mail that somebody holds on its way; behind the stop button of its publication it waits for that.
///
/// # Errors
/// `NotFound`; `WrongState` for a mail that nobody holds, or whose cause is gone.
pub fn release(tx: &mut Tx<'_>, who: &Organizer, code: &str, now: Ts) -> Result<Mail> {
    let mail = in_event(tx.conn(), who.event(), code)?;
    if mail.held_by != Some(HeldBy::Organizer) {
        let text = format!("This mail is {}; only one that an organizer holds can be released.", mail.state);
        return Err(Error::wrong_state(text));
    }
    let publication = publication_of(tx, mail.id)?;
    let held = mails::table.find(mail.id).filter(mails::held_by.eq(HeldBy::Organizer));
    if is_waiting(tx, publication)? {
        diesel::update(held).set(mails::held_by.eq(HeldBy::Publication)).execute(tx.conn())?;
    } else {
        check_cause(tx, mail.id, publication)?;
        let state = if mail.attempts > 0 { MailState::Retrying } else { MailState::Queued };
        let due = (mails::state.eq(state), mails::held_by.eq(None::<HeldBy>), mails::next_at.eq(now));
        diesel::update(held).set(due).execute(tx.conn())?;
    }
    in_event(tx.conn(), who.event(), code)
}

fn is_waiting(tx: &mut Tx<'_>, publication: Option<PublicationId>) -> Result<bool> {
    let Some(publication) = publication else { return Ok(false) };
    let state: PublicationState = publications::table.find(publication).select(publications::state).first(tx.conn())?;
    Ok(state == PublicationState::Waiting)
}

/// Queues a failed mail, or one that stays ambiguous, once more.
///
/// # Errors
/// `NotFound`; `WrongState` for a mail that is on its way, sent or canceled, or whose cause or text is gone.
pub fn send_again(tx: &mut Tx<'_>, who: &Organizer, code: &str, now: Ts) -> Result<Mail> {
    let of_event = mails::table.filter(mails::event_id.eq(who.event())).filter(mails::code.eq(code));
    let (id, publication) = of_event.select((mails::id, mails::publication_id)).first(tx.conn())?;
    check_cause(tx, id, publication)?;
    let ended = of_event.filter(mails::state.eq_any([MailState::Failed, MailState::Ambiguous]));
    let sent_again = diesel::update(ended.filter(mails::body_text.ne("")))
        .set((
            mails::state.eq(MailState::Queued),
            mails::attempts.eq(0),
            mails::ambiguous_ends.eq(0),
            mails::next_at.eq(now),
        ))
        .execute(tx.conn())?;
    let mail = in_event(tx.conn(), who.event(), code)?;
    if sent_again > 0 {
        return Ok(mail);
    }
    if mail.body_text.is_empty() && mail.state != MailState::Canceled {
        return Err(Error::wrong_state("The text of this mail has been deleted; mails are kept for a while only."));
    }
    let text = format!("This mail is {}; only a failed or ambiguous one can be sent again.", mail.state);
    Err(Error::wrong_state(text))
}

/// All of what a mail tells must still be so. Locks its proposals, so that none leaves before it is queued.
fn check_cause(tx: &mut Tx<'_>, mail: MailId, publication: Option<PublicationId>) -> Result<()> {
    type Row = (Lifecycle, Option<Confirmation>, Option<PublicationId>);
    let ids = proposals_of(tx, mail)?;
    let query = proposals::table
        .filter(proposals::id.eq_any(&ids))
        .select((proposals::lifecycle, proposals::confirmation, proposals::publication_id))
        .order(proposals::id);
    for (lifecycle, confirmation, last) in locked!(tx.conn(), query, for_no_key_update, load::<Row>)? {
        let tells_decision = publication.is_some();
        if lifecycle != Lifecycle::Submitted || tells_decision && confirmation == Some(Confirmation::Declined) {
            return Err(Error::wrong_state("What this mail is about was withdrawn, declined or canceled."));
        }
        if tells_decision && last != publication {
            return Err(Error::wrong_state("This mail tells an old decision; a newer one has been published since."));
        }
    }
    Ok(())
}

/// A mail about a proposal that left, and what the mail written in its place has to wait for.
pub struct Taken {
    pub id: MailId,
    pub hold: Option<Hold>,
}

type Unsent = (MailId, Option<HeldBy>, Option<MailId>, Option<Ts>);

/// The mails that may still be sent, now or again, and are not recalled yet.
macro_rules! unsent {
    ($event:expr) => {{
        let states = [MailState::Held, MailState::Queued, MailState::Retrying, MailState::Leased, MailState::Failed];
        let repeats = mails::state.eq(MailState::Ambiguous).and(mails::ambiguous_ends.lt(MOST_AMBIGUOUS_ENDS));
        mails::table
            .filter(mails::event_id.eq($event))
            .filter(mails::recalled.eq(false))
            .filter(mails::state.eq_any(states).or(repeats))
            .select((mails::id, mails::held_by, mails::instead_of, mails::begun_at))
            .order(mails::id)
    }};
}

/// The mails to a person: to the account, and to the address before an account had it.
macro_rules! to {
    ($person:expr) => {
        mails::account_id
            .eq($person.account)
            .or(mails::account_id.is_null().and(lower(mails::to_address).eq($person.address.to_lowercase())))
    };
}

/// Which mails about a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mails<'a> {
    All,
    /// Those that tell what was published before this publication.
    Before(PublicationId),
    /// Those that tell one of its speakers a decision.
    OfPublicationsTo(&'a Recipient),
}

/// Cancels what has not left yet of the mails about a proposal, whose row the caller has locked. One that is just being
/// handed over is recalled: that it was sent, or may have been, is still noted when it ends.
pub fn cancel_about(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, which: Mails<'_>) -> Result<Vec<Taken>> {
    let mut taken = vec![];
    // Again until none is left: one that was waited for may have been written anew by a proposal that left beside.
    loop {
        let mut about = mail_proposals::table
            .inner_join(mails::table)
            .filter(mail_proposals::event_id.eq(event))
            .filter(mail_proposals::proposal_id.eq(proposal))
            .select(mail_proposals::mail_id)
            .into_boxed();
        match which {
            Mails::All => {}
            Mails::Before(publication) => about = about.filter(mails::publication_id.ne(publication)),
            Mails::OfPublicationsTo(person) => {
                about = about.filter(mails::publication_id.is_not_null()).filter(to!(person));
            }
        }
        let about: Vec<MailId> = about.load(tx.conn())?;
        let query = unsent!(event).filter(mails::id.eq_any(&about));
        if query.clone().load::<Unsent>(tx.conn())?.is_empty() {
            return Ok(taken);
        }
        // Fewer than that when another canceled some while this waited for them.
        let found = locked!(tx.conn(), query, for_update, load::<Unsent>)?;
        taken.extend(cancel(tx, found)?);
    }
}

/// Cancels or recalls a mail of the event, unless it is through.
pub fn cancel_one(tx: &mut Tx<'_>, event: EventId, mail: MailId) -> Result<()> {
    let query = unsent!(event).filter(mails::id.eq(mail));
    let found = locked!(tx.conn(), query, for_update, load::<Unsent>)?;
    cancel(tx, found)?;
    Ok(())
}

fn cancel(tx: &mut Tx<'_>, found: Vec<Unsent>) -> Result<Vec<Taken>> {
    let mut taken = vec![];
    for (id, held_by, instead_of, begun_at) in found {
        let row = diesel::update(mails::table.find(id));
        let hold = if begun_at.is_some() {
            row.set(mails::recalled.eq(true)).execute(tx.conn())?;
            Some(Hold::EndOf(id))
        } else {
            row.set(Cancellation::NOW).execute(tx.conn())?;
            match held_by {
                Some(HeldBy::Publication) => Some(Hold::Publication),
                Some(HeldBy::Organizer) => Some(Hold::Organizer),
                Some(HeldBy::Predecessor) => instead_of.map(Hold::EndOf),
                None => None,
            }
        };
        taken.push(Taken { id, hold });
    }
    Ok(taken)
}

/// What became of a letter about a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It never was written.
    Never,
    /// It went or is on its way.
    Yes,
    /// All of them were canceled.
    Canceled,
    /// Canceled, but one was being handed over already: its end shows.
    Recalled(MailId),
}

/// Whether a publication's mails tell somebody about a proposal.
pub fn told(
    tx: &mut Tx<'_>,
    event: EventId,
    publication: PublicationId,
    proposal: ProposalId,
    to: &Recipient,
) -> Result<Told> {
    let about = mail_proposals::table
        .filter(mail_proposals::event_id.eq(event))
        .filter(mail_proposals::proposal_id.eq(proposal))
        .select(mail_proposals::mail_id);
    let mails: Vec<(MailId, MailState, bool)> = mails::table
        .filter(mails::publication_id.eq(publication))
        .filter(mails::id.eq_any(about))
        .filter(to!(to))
        .select((mails::id, mails::state, mails::recalled))
        .order(mails::id)
        .load(tx.conn())?;
    if mails.iter().any(|(_, state, recalled)| *state != MailState::Canceled && !recalled) {
        return Ok(Told::Yes);
    }
    let recalled = mails.iter().find(|(_, _, recalled)| *recalled).map(|(id, ..)| Told::Recalled(*id));
    Ok(recalled.unwrap_or(if mails.is_empty() { Told::Never } else { Told::Canceled }))
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

/// Sends the mails of a released publication on their way, but for those that somebody holds.
pub fn release_of(tx: &mut Tx<'_>, publication: PublicationId, now: Ts) -> Result<()> {
    let held =
        mails::table.filter(mails::publication_id.eq(publication)).filter(mails::held_by.eq(HeldBy::Publication));
    let due = (mails::state.eq(MailState::Queued), mails::held_by.eq(None::<HeldBy>), mails::next_at.eq(now));
    diesel::update(held).set(due).execute(tx.conn())?;
    Ok(())
}

/// Cancels the mails of a stopped publication.
pub fn cancel_of(tx: &mut Tx<'_>, publication: PublicationId) -> Result<()> {
    let held = mails::table.filter(mails::publication_id.eq(publication)).filter(mails::state.eq(MailState::Held));
    diesel::update(held).set(Cancellation::NOW).execute(tx.conn())?;
    Ok(())
}
