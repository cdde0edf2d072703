//! SQL of who speaks in a proposal and who is invited to.

use super::model::{Invitation, Invite, Place, Stage, Target, Waiting};
use crate::{
    db::{
        Conn, Tx,
        schema::{accounts, events, proposal_speakers, proposals, speaker_invitations, speakers},
        types::{AccountId, EventId, MailId, ProposalId, SpeakerId, SpeakerInvitationId, Ts},
    },
    error::Result,
    locked, locked_or_skipped,
    mail::Recipient,
    proposals::store::{SpeakerAddress, recipient as of_address, touch_talk},
    secrets::LinkKind,
    text::Email,
};
use diesel::{dsl, prelude::*};
use std::time::Duration;

/// In the order in which they joined.
pub fn list_places(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Vec<Place>> {
    type Row = (SpeakerId, String, String, String, Option<AccountId>, (Option<String>, Option<String>), bool);
    let rows: Vec<Row> = proposal_speakers::table
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .select((
            speakers::id,
            speakers::code,
            speakers::name,
            speakers::affiliation,
            speakers::account_id,
            (accounts::email_key.nullable(), speakers::email_key),
            proposal_speakers::owner,
        ))
        .order((proposal_speakers::position, proposal_speakers::id))
        .load(conn)?;
    let place = |(speaker, code, name, affiliation, account, (email_key, entered), owner): Row| Place {
        speaker,
        code,
        name,
        affiliation,
        account,
        email_key: email_key.or(entered),
        owner,
    };
    Ok(rows.into_iter().map(place).collect())
}

/// Those that can still be accepted.
pub fn list_invited(conn: &mut Conn, event: EventId, proposal: ProposalId, now: Ts) -> Result<Vec<Waiting>> {
    let rows: Vec<(String, String, Ts, Ts)> = speaker_invitations::table
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::proposal_id.eq(proposal))
        .filter(speaker_invitations::expires_at.gt(now))
        .select((
            speaker_invitations::code,
            speaker_invitations::email,
            speaker_invitations::created_at,
            speaker_invitations::expires_at,
        ))
        .order((speaker_invitations::created_at, speaker_invitations::code))
        .load(conn)?;
    let waiting = |(code, email, created_at, expires_at)| Waiting { code, email, created_at, expires_at };
    Ok(rows.into_iter().map(waiting).collect())
}

/// The live invitation with this secret.
pub fn find_invitation(conn: &mut Conn, token_sha256: &[u8], now: Ts) -> Result<Option<Invitation>> {
    type Targets = (Option<ProposalId>, Option<SpeakerId>);
    type Row = (SpeakerInvitationId, EventId, (String, String), Targets, String, String, String);
    let found: Option<Row> = speaker_invitations::table
        .inner_join(events::table)
        .inner_join(accounts::table)
        .filter(speaker_invitations::token_sha256.eq(token_sha256))
        .filter(speaker_invitations::expires_at.gt(now))
        .select((
            speaker_invitations::id,
            speaker_invitations::event_id,
            (events::slug, events::name),
            (speaker_invitations::proposal_id, speaker_invitations::speaker_id),
            speaker_invitations::email,
            speaker_invitations::email_key,
            accounts::name,
        ))
        .first(conn)
        .optional()?;
    let invitation = |(id, event, (slug, event_name), targets, email, email_key, inviter): Row| {
        let target = match targets {
            (Some(proposal), _) => Target::Proposal(proposal),
            (None, speaker) => Target::Profile(speaker?),
        };
        Some(Invitation { id, event, slug, event_name, target, email, email_key, inviter })
    };
    Ok(found.and_then(invitation))
}

/// Takes back what the same address was invited to the same proposal by; answers the mails with those links.
pub fn delete_older(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, email: &Email) -> Result<Vec<MailId>> {
    let older = speaker_invitations::table
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::proposal_id.eq(proposal))
        .filter(speaker_invitations::email_key.eq(email.key()));
    let mails: Vec<Option<MailId>> =
        diesel::delete(older).returning(speaker_invitations::mail_id).get_results(tx.conn())?;
    Ok(mails.into_iter().flatten().collect())
}

/// Takes back what somebody was to take a profile over by; answers the mails with those links.
pub fn delete_of_profile(tx: &mut Tx<'_>, event: EventId, speaker: SpeakerId) -> Result<Vec<MailId>> {
    let older = speaker_invitations::table
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::speaker_id.eq(speaker));
    let mails: Vec<Option<MailId>> =
        diesel::delete(older).returning(speaker_invitations::mail_id).get_results(tx.conn())?;
    Ok(mails.into_iter().flatten().collect())
}

pub fn insert_invitation(tx: &mut Tx<'_>, new: &Invite<'_>, token_sha256: &[u8]) -> Result<Waiting> {
    let now = tx.now()?;
    let expires_at = now.plus(LinkKind::Speak.lifetime());
    let code = tx.random().code(10);
    let row = (
        speaker_invitations::event_id.eq(new.event),
        speaker_invitations::code.eq(&code),
        speaker_invitations::proposal_id.eq(new.target.proposal()),
        speaker_invitations::speaker_id.eq(new.target.profile()),
        speaker_invitations::email.eq(new.email.as_str()),
        speaker_invitations::email_key.eq(new.email.key()),
        speaker_invitations::inviter_id.eq(new.inviter),
        speaker_invitations::token_sha256.eq(token_sha256),
        speaker_invitations::expires_at.eq(expires_at),
        speaker_invitations::created_at.eq(now),
    );
    diesel::insert_into(speaker_invitations::table).values(row).execute(tx.conn())?;
    Ok(Waiting { code, email: new.email.to_string(), created_at: now, expires_at })
}

/// The mail that carries its link.
pub fn update_invitation_mail(tx: &mut Tx<'_>, event: EventId, code: &str, mail: MailId) -> Result<()> {
    let one = speaker_invitations::table
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::code.eq(code));
    diesel::update(one).set(speaker_invitations::mail_id.eq(mail)).execute(tx.conn())?;
    Ok(())
}

/// Answers the mail with its link.
///
/// # Errors
/// `NotFound` when there is none that waits.
pub fn delete_invitation(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, code: &str) -> Result<Option<MailId>> {
    let one = speaker_invitations::table
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::proposal_id.eq(proposal))
        .filter(speaker_invitations::code.eq(code));
    Ok(diesel::delete(one).returning(speaker_invitations::mail_id).get_result(tx.conn())?)
}

/// Uses the invitation up; `false` when somebody else did, or took it back. Nothing of the address is kept.
pub fn use_up(tx: &mut Tx<'_>, id: SpeakerInvitationId) -> Result<bool> {
    Ok(diesel::delete(speaker_invitations::table.find(id)).execute(tx.conn())? > 0)
}

/// How long the owner can be asked what became of an invitation that has run out.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Deletes invitations that ran out long ago: they hold an address. Answers how many.
pub fn purge(tx: &mut Tx<'_>, now: Ts, most: i64) -> Result<usize> {
    let old = speaker_invitations::table
        .filter(speaker_invitations::expires_at.le(now.minus(KEPT)))
        .order(speaker_invitations::expires_at)
        .limit(most)
        .select(speaker_invitations::id);
    let ids = locked_or_skipped!(tx.conn(), old, load::<SpeakerInvitationId>)?;
    Ok(diesel::delete(speaker_invitations::table.filter(speaker_invitations::id.eq_any(ids))).execute(tx.conn())?)
}

macro_rules! stage {
    ($event:expr, $proposal:expr) => {
        proposals::table.filter(proposals::event_id.eq($event)).filter(proposals::id.eq($proposal)).select((
            proposals::id,
            proposals::code,
            proposals::title,
            proposals::lifecycle,
            proposals::published_decision,
        ))
    };
}

type StageRow = (
    ProposalId,
    String,
    String,
    crate::proposals::model::Lifecycle,
    Option<crate::proposals::model::PublishedDecision>,
);

fn stage((id, code, title, lifecycle, published): StageRow) -> Stage {
    Stage { id, code, title, lifecycle, published }
}

pub fn find_stage(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Stage> {
    Ok(stage(stage!(event, proposal).first(conn)?))
}

/// Locks the proposal: whoever comes, goes or takes over does so one at a time.
pub fn lock_stage(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<Stage> {
    Ok(stage(locked!(tx.conn(), stage!(event, proposal), for_no_key_update, first::<StageRow>)?))
}

/// Behind those who speak already.
pub fn insert_place(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, speaker: SpeakerId) -> Result<()> {
    let now = tx.now()?;
    let last: Option<i64> = proposal_speakers::table
        .filter(proposal_speakers::event_id.eq(event))
        .filter(proposal_speakers::proposal_id.eq(proposal))
        .select(dsl::max(proposal_speakers::position))
        .first(tx.conn())?;
    let row = (
        proposal_speakers::event_id.eq(event),
        proposal_speakers::proposal_id.eq(proposal),
        proposal_speakers::speaker_id.eq(speaker),
        proposal_speakers::position.eq(last.unwrap_or_default() + 1),
        proposal_speakers::owner.eq(false),
        proposal_speakers::accepted_at.eq(now),
    );
    diesel::insert_into(proposal_speakers::table).values(row).execute(tx.conn())?;
    touch_talk(tx, proposal)
}

macro_rules! place {
    ($event:expr, $proposal:expr, $speaker:expr) => {
        proposal_speakers::table
            .filter(proposal_speakers::event_id.eq($event))
            .filter(proposal_speakers::proposal_id.eq($proposal))
            .filter(proposal_speakers::speaker_id.eq($speaker))
    };
}

pub fn delete_place(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, speaker: SpeakerId) -> Result<()> {
    diesel::delete(place!(event, proposal, speaker)).execute(tx.conn())?;
    touch_talk(tx, proposal)
}

/// From one speaker to another one, in this order: there is never a second owner.
pub fn update_owner(
    tx: &mut Tx<'_>,
    event: EventId,
    proposal: ProposalId,
    from: SpeakerId,
    to: SpeakerId,
) -> Result<()> {
    for (speaker, owner) in [(from, false), (to, true)] {
        diesel::update(place!(event, proposal, speaker)).set(proposal_speakers::owner.eq(owner)).execute(tx.conn())?;
    }
    touch_talk(tx, proposal)
}

/// Who gets a mail to one of the event's speakers; nobody where no address is known.
pub fn recipient(conn: &mut Conn, event: EventId, speaker: SpeakerId) -> Result<Option<Recipient>> {
    let found: Option<(SpeakerAddress, String)> = speakers::table
        .left_join(accounts::table)
        .filter(speakers::event_id.eq(event))
        .filter(speakers::id.eq(speaker))
        .select(((accounts::id.nullable(), accounts::email.nullable(), speakers::email), speakers::name))
        .first(conn)
        .optional()?;
    Ok(found.and_then(|(address, name)| of_address(address, &name)))
}
