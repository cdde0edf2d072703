//! SQL of proposals and speakers.

use super::{
    choices::{
        self,
        model::{Audience, Picked},
    },
    model::{Confirmation, Lifecycle, PublishedDecision},
};
use crate::{
    access::{SignedIn, Speaker},
    calls::store::OpenCall,
    db::{
        Conn, Tx,
        schema::{
            accounts, events, extensions, formats, late_link_uses, late_links, proposal_speakers, proposals, speakers,
            tracks,
        },
        types::{AccountId, ChoiceId, EventId, FormatId, ProposalId, SpeakerId, TrackId, Ts},
    },
    error::{Error, OnReferenced, Result},
    locked,
    mail::Recipient,
};
use diesel::{
    prelude::*,
    result::{
        DatabaseErrorKind::{ForeignKeyViolation, UniqueViolation},
        Error::DatabaseError,
    },
};

/// Who gets the mails about a proposal: its owner, if an address is known. The name is that of the event profile.
pub fn owner(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Option<Recipient>> {
    let found: Option<(SpeakerAddress, String)> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .filter(proposal_speakers::owner.eq(true))
        .select(((accounts::id.nullable(), accounts::email.nullable(), speakers::email), speakers::name))
        .first(conn)
        .optional()?;
    Ok(found.and_then(|(address, name)| recipient(address, &name)))
}

/// The account with its address, and the address that organizers entered where there is none.
pub type SpeakerAddress = (Option<AccountId>, Option<String>, Option<String>);

/// Who gets the mails to a speaker; nobody where no address is known.
pub fn recipient((account, email, entered): SpeakerAddress, name: &str) -> Option<Recipient> {
    email.or(entered).map(|address| Recipient { account, address, name: name.to_owned() })
}

/// A proposal as its speakers may know it: neither the private decision nor the committee's reference is read.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct OwnRow {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub slides: Option<String>,
    pub lifecycle: Lifecycle,
    pub decided_at: Option<Ts>,
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = formats)]
pub struct FormatName {
    pub id: FormatId,
    pub code: String,
    pub name: String,
    pub minutes: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tracks)]
pub struct TrackName {
    pub id: TrackId,
    pub code: String,
    pub name: String,
}

/// The event a proposal belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct EventName {
    pub id: EventId,
    pub slug: String,
    pub name: String,
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnProposal {
    pub row: OwnRow,
    pub format: FormatName,
    pub track: Option<TrackName>,
    pub event: EventName,
    pub choices: Vec<Picked>,
    /// Until when its late link or the speaker's extension lets it in.
    pub pass_until: Option<Ts>,
    /// Whether the account is its owner, not only a speaker beside.
    pub owner: bool,
}

/// Whether the account owns the proposal.
#[diesel::dsl::auto_type(no_type_alias)]
fn owned_by(account: AccountId) -> _ {
    let theirs: diesel::dsl::InnerJoin<proposal_speakers::table, speakers::table> =
        proposal_speakers::table.inner_join(speakers::table);
    diesel::dsl::exists(
        theirs
            .filter(proposal_speakers::proposal_id.eq(proposals::id))
            .filter(proposal_speakers::owner.eq(true))
            .filter(speakers::account_id.eq(account)),
    )
}

/// The ends of its late link, when that was revoked, and of the speaker's extension.
type Passes = (Option<Ts>, Option<Ts>, Option<Ts>);
type OwnFound = (OwnRow, FormatName, Option<TrackName>, EventName, Passes, bool);

/// The proposals of which the account is a speaker.
#[diesel::dsl::auto_type(no_type_alias)]
fn of_account(account: AccountId) -> _ {
    let mine: diesel::dsl::InnerJoin<proposal_speakers::table, speakers::table> =
        proposal_speakers::table.inner_join(speakers::table);
    mine.filter(speakers::account_id.eq(account)).select(proposal_speakers::proposal_id)
}

/// The extension that whoever has proved this address has in the proposal's event.
#[diesel::dsl::auto_type(no_type_alias)]
fn of_person(email_key: Option<String>) -> _ {
    extensions::event_id.eq(proposals::event_id).and(extensions::email_key.nullable().eq(email_key))
}

macro_rules! own {
    ($who:expr) => {
        proposals::table
            .inner_join(formats::table)
            .left_join(tracks::table)
            .inner_join(events::table)
            .left_join(late_link_uses::table)
            .left_join(late_links::table.on(late_links::id.nullable().eq(late_link_uses::late_link_id.nullable())))
            .left_join(extensions::table.on(of_person($who.proved_email_key())))
            .filter(proposals::id.eq_any(of_account($who.account())))
            .select((
                OwnRow::as_select(),
                FormatName::as_select(),
                Option::<TrackName>::as_select(),
                EventName::as_select(),
                (late_links::closes_at.nullable(), late_links::revoked_at.nullable(), extensions::closes_at.nullable()),
                owned_by($who.account()),
            ))
    };
}

pub fn find_own(conn: &mut Conn, who: &Speaker, code: &str) -> Result<OwnProposal> {
    let query = own!(who.who()).filter(proposals::event_id.eq(who.event())).filter(proposals::code.eq(code));
    let found: OwnFound = query.first(conn)?;
    with_choices(conn, vec![found])?.pop().ok_or_else(Error::not_found)
}

fn with_choices(conn: &mut Conn, found: Vec<OwnFound>) -> Result<Vec<OwnProposal>> {
    let ids: Vec<ProposalId> = found.iter().map(|(row, ..)| row.id).collect();
    let mut choices = choices::store::of(conn, &ids, Audience::Organizers)?;
    let own = |(row, format, track, event, (link, revoked_at, extension), owner): OwnFound| {
        let choices = choices.remove(&row.id).unwrap_or_default();
        let pass_until = link.filter(|_| revoked_at.is_none()).max(extension);
        OwnProposal { row, format, track, event, choices, pass_until, owner }
    };
    Ok(found.into_iter().map(own).collect())
}

/// In one event, or in all.
pub fn list_own(conn: &mut Conn, who: &SignedIn, event: Option<EventId>) -> Result<Vec<OwnProposal>> {
    let mut query = own!(who).into_boxed();
    if let Some(event) = event {
        query = query.filter(proposals::event_id.eq(event));
    }
    let found: Vec<OwnFound> = query.load(conn)?;
    let mut own = with_choices(conn, found)?;
    // Not by the database: SQLite would walk through the event in this order to find the few.
    own.sort_by(|one, other| (one.row.created_at, &one.row.code).cmp(&(other.row.created_at, &other.row.code)));
    Ok(own)
}

/// Locks an own proposal. The account is locked before, so its speaker changes it one deed at a time; this keeps
/// organizers away.
pub fn lock_own(tx: &mut Tx<'_>, who: &Speaker, code: &str) -> Result<OwnProposal> {
    let query = proposals::table
        .filter(proposals::id.eq_any(of_account(who.account())))
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::code.eq(code));
    let id: ProposalId = query.select(proposals::id).first(tx.conn())?;
    lock(tx, who.event(), id)?;
    find_own(tx.conn(), who, code)
}

/// Locks a proposal. Its key stays free: a mail about several is written while others of them may be locked.
pub fn lock(tx: &mut Tx<'_>, event: EventId, id: ProposalId) -> Result<()> {
    let query = proposals::table.find(id).filter(proposals::event_id.eq(event)).select(proposals::id);
    let _: ProposalId = locked!(tx.conn(), query, for_no_key_update, first::<ProposalId>)?;
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub format: FormatId,
    pub track: Option<TrackId>,
    /// In ascending order.
    pub choices: Vec<ChoiceId>,
}

impl Texts {
    /// As they are stored.
    pub fn of(proposal: &OwnProposal) -> Texts {
        let OwnRow { title, abstract_, description, notes, .. } = proposal.row.clone();
        let track = proposal.track.as_ref().map(|track| track.id);
        let mut choices: Vec<ChoiceId> = proposal.choices.iter().map(|picked| picked.id).collect();
        choices.sort_unstable();
        Texts { title, abstract_, description, notes, format: proposal.format.id, track, choices }
    }
}

/// Stores a draft; answers its key and its code.
pub fn insert_draft(tx: &mut Tx<'_>, who: &Speaker, owner: SpeakerId, texts: &Texts) -> Result<(ProposalId, String)> {
    insert(tx, who.event(), owner, texts, None)
}

/// Stores a proposal: submitted at some instant, or a draft.
pub fn insert(
    tx: &mut Tx<'_>,
    event: EventId,
    owner: SpeakerId,
    texts: &Texts,
    decided_at: Option<Ts>,
) -> Result<(ProposalId, String)> {
    let now = tx.now()?;
    let code = tx.random().code(6);
    let lifecycle = if decided_at.is_some() { Lifecycle::Submitted } else { Lifecycle::Draft };
    let row = (
        (
            proposals::event_id.eq(event),
            proposals::code.eq(&code),
            proposals::ref_.eq(tx.random().code(6)),
            proposals::public_no.eq(tx.random().number()),
            proposals::title.eq(&texts.title),
            proposals::abstract_.eq(&texts.abstract_),
            proposals::description.eq(&texts.description),
            proposals::notes.eq(&texts.notes),
        ),
        (
            proposals::format_id.eq(texts.format),
            proposals::track_id.eq(texts.track),
            proposals::lifecycle.eq(lifecycle),
            proposals::decided_at.eq(decided_at),
            proposals::decision.eq(super::model::Decision::Undecided),
            proposals::decision_version.eq(1),
            proposals::version.eq(1),
            proposals::created_at.eq(now),
            proposals::updated_at.eq(now),
        ),
    );
    let inserted = diesel::insert_into(proposals::table).values(row).returning(proposals::id).get_result(tx.conn());
    let id: ProposalId = inserted.map_err(|error| match error {
        // A random code that exists already, or a format or track that was removed in this moment: nothing is stored,
        // and the next try finds things otherwise.
        DatabaseError(UniqueViolation | ForeignKeyViolation, _) => Error::busy(),
        other => other.into(),
    })?;
    let speaker = (
        proposal_speakers::event_id.eq(event),
        proposal_speakers::proposal_id.eq(id),
        proposal_speakers::speaker_id.eq(owner),
        proposal_speakers::position.eq(1),
        proposal_speakers::owner.eq(true),
        proposal_speakers::accepted_at.eq(now),
    );
    diesel::insert_into(proposal_speakers::table).values(speaker).execute(tx.conn())?;
    choices::store::insert(tx, event, id, &texts.choices)?;
    Ok((id, code))
}

/// Stores what has changed since `before`, which was read under the proposal's lock.
pub fn update_texts(tx: &mut Tx<'_>, before: &OwnProposal, texts: &Texts) -> Result<()> {
    let (now, id) = (tx.now()?, before.row.id);
    if texts.choices != Texts::of(before).choices {
        choices::store::set(tx, before.event.id, id, &texts.choices)?;
    }
    diesel::update(proposals::table.find(id))
        .set((
            proposals::title.eq(&texts.title),
            proposals::abstract_.eq(&texts.abstract_),
            proposals::description.eq(&texts.description),
            proposals::notes.eq(&texts.notes),
            proposals::format_id.eq(texts.format),
            proposals::track_id.eq(texts.track),
            proposals::version.eq(proposals::version + 1),
            proposals::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .on_referenced(Error::busy)?;
    if before.row.published_decision.is_some() { touch_talk(tx, id) } else { Ok(()) }
}

/// Notes that everybody sees something else of a talk from now on; nothing of what never was in the program.
pub fn touch_talk(tx: &mut Tx<'_>, proposal: ProposalId) -> Result<()> {
    let now = tx.now()?;
    let talk = proposals::table.find(proposal).filter(proposals::talk_changed_at.is_not_null());
    diesel::update(talk).set(proposals::talk_changed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// How many the account has submitted here as owner; drafts, withdrawn and canceled ones do not count.
pub fn count_submitted(tx: &mut Tx<'_>, event: EventId, account: AccountId) -> Result<i64> {
    let owned = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(speakers::account_id.eq(account))
        .filter(proposal_speakers::owner.eq(true))
        .select(proposal_speakers::proposal_id);
    let query = proposals::table
        .filter(proposals::event_id.eq(event))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .filter(proposals::id.eq_any(owned));
    Ok(query.count().get_result(tx.conn())?)
}

/// Makes it count; only with the proof that the call is open.
pub fn set_submitted(tx: &mut Tx<'_>, id: ProposalId, from: Lifecycle, call: &OpenCall) -> Result<()> {
    let now = tx.now()?;
    let changed = diesel::update(proposals::table.find(id).filter(proposals::lifecycle.eq(from)))
        .set((
            proposals::lifecycle.eq(Lifecycle::Submitted),
            proposals::decided_at.eq(call.decided_at()),
            proposals::version.eq(proposals::version + 1),
            proposals::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    // The call was looked at in between: the proposal is locked only now, after it.
    if changed == 1 { Ok(()) } else { Err(Error::wrong_state("It has changed in this moment. Look again.")) }
}

/// Any other step of the lifecycle.
pub fn set_lifecycle(tx: &mut Tx<'_>, id: ProposalId, from: Lifecycle, to: Lifecycle) -> Result<()> {
    let now = tx.now()?;
    let changed = diesel::update(proposals::table.find(id).filter(proposals::lifecycle.eq(from)))
        .set((
            proposals::lifecycle.eq(to),
            proposals::version.eq(proposals::version + 1),
            proposals::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    if changed == 1 { touch_talk(tx, id) } else { Err(Error::not_found()) }
}

/// 0 rows when it is no draft any more.
pub fn delete_draft(tx: &mut Tx<'_>, id: ProposalId) -> Result<()> {
    let draft = proposals::table.find(id).filter(proposals::lifecycle.eq(Lifecycle::Draft));
    if diesel::delete(draft).execute(tx.conn())? == 1 { Ok(()) } else { Err(Error::not_found()) }
}
