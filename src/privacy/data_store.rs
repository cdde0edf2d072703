//! SQL of what is held about a person. What others wrote or are called is left out, unless it is for the person.

use crate::{
    access::{Role, SignedIn},
    accounts::links::model::Purpose,
    audit::model::Action,
    db::{
        Conn,
        portable::lower,
        schema::{
            account_actions, accounts, audit, categories, choices, events, extensions, formats, headshots, import_keys,
            invitations, mails, members, preview_links, proposal_choices, proposal_speakers, proposal_versions,
            proposals, publication_items, publications, reviews, speaker_invitations, speakers, tracks,
        },
        types::{AccountId, ProposalId, TextList, Ts},
    },
    decisions::publications::model::PublicationState,
    error::Result,
    mail::MailState,
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
};
use diesel::prelude::*;

/// Where something is held.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Event {
    pub slug: String,
    pub name: String,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub code: String,
    pub email: String,
    pub name: String,
    pub email_verified_at: Option<Ts>,
    pub password_phc: Option<String>,
    pub is_admin: bool,
    pub version: i64,
    pub created_at: Ts,
}

pub fn account(conn: &mut Conn, who: &SignedIn) -> Result<Account> {
    Ok(accounts::table.find(who.account()).select(Account::as_select()).first(conn)?)
}

/// The address as it compares, and those that the account had before, but for what is another account's now. None for
/// an account that has not proved its address: it may be anybody's.
pub fn addresses(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    let now: Option<String> = accounts::table
        .find(account)
        .filter(accounts::email_verified_at.is_not_null())
        .select(accounts::email_key)
        .first(conn)
        .optional()?;
    let Some(now) = now else { return Ok(vec![]) };
    let query = mails::table.filter(mails::account_id.eq(account)).select(lower(mails::to_address)).distinct();
    let mut found: Vec<String> = query.load(conn)?;
    found.push(now);
    found.sort_unstable();
    found.dedup();
    let others: Vec<String> = accounts::table
        .filter(accounts::email_key.eq_any(&found))
        .filter(accounts::id.ne(account))
        .select(accounts::email_key)
        .load(conn)?;
    found.retain(|address| !others.contains(address));
    Ok(found)
}

/// A link that was mailed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = account_actions)]
pub struct Link {
    pub purpose: Purpose,
    pub email: Option<String>,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub used_at: Option<Ts>,
}

pub fn links(conn: &mut Conn, who: &SignedIn) -> Result<Vec<Link>> {
    let mine = account_actions::table.filter(account_actions::account_id.eq(who.account()));
    Ok(mine.select(Link::as_select()).order(account_actions::id).load(conn)?)
}

pub fn memberships(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, Role, Ts)>> {
    let mine = members::table.inner_join(events::table).filter(members::account_id.eq(who.account()));
    Ok(mine.select((Event::as_select(), members::role, members::created_at)).order(members::id).load(conn)?)
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub email: String,
    pub role: Role,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub used_at: Option<Ts>,
}

/// Without who sent them.
pub fn invitations_to(conn: &mut Conn, addresses: &[String]) -> Result<Vec<(Event, Invitation)>> {
    let mine = invitations::table.inner_join(events::table).filter(invitations::email_key.eq_any(addresses));
    Ok(mine.select((Event::as_select(), Invitation::as_select())).order(invitations::id).load(conn)?)
}

/// An invitation to speak: when, and until when.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = speaker_invitations)]
pub struct SpeakerInvitation {
    pub email: String,
    pub created_at: Ts,
    pub expires_at: Ts,
}

/// To speak, without who asks and in what.
pub fn speaker_invitations_to(conn: &mut Conn, addresses: &[String]) -> Result<Vec<(Event, SpeakerInvitation)>> {
    let mine =
        speaker_invitations::table.inner_join(events::table).filter(speaker_invitations::email_key.eq_any(addresses));
    let columns = (Event::as_select(), SpeakerInvitation::as_select());
    Ok(mine.select(columns).order(speaker_invitations::id).load(conn)?)
}

/// The views leave out to whom.
pub fn speaker_invitations_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, SpeakerInvitation)>> {
    let mine =
        speaker_invitations::table.inner_join(events::table).filter(speaker_invitations::inviter_id.eq(who.account()));
    let columns = (Event::as_select(), SpeakerInvitation::as_select());
    Ok(mine.select(columns).order(speaker_invitations::id).load(conn)?)
}

/// The views leave out to whom.
pub fn invitations_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, Invitation)>> {
    let mine = invitations::table.inner_join(events::table).filter(invitations::inviter_id.eq(who.account()));
    Ok(mine.select((Event::as_select(), Invitation::as_select())).order(invitations::id).load(conn)?)
}

/// Own deadlines, as their organizers have given them to the address.
pub fn extensions_of(conn: &mut Conn, addresses: &[String]) -> Result<Vec<(Event, String, Ts, Ts)>> {
    let mine = extensions::table.inner_join(events::table).filter(extensions::email_key.eq_any(addresses));
    let columns = (Event::as_select(), extensions::email, extensions::closes_at, extensions::created_at);
    Ok(mine.select(columns).order(extensions::id).load(conn)?)
}

/// That a profile is the account's, or was entered for one of the addresses.
macro_rules! mine {
    ($account:expr, $addresses:expr) => {
        speakers::account_id
            .eq($account)
            .assume_not_null()
            .or(speakers::account_id.is_null().and(speakers::email_key.eq_any($addresses).assume_not_null()))
    };
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = speakers)]
pub struct Profile {
    pub code: String,
    pub name: String,
    pub bio: String,
    pub affiliation: String,
    pub links: TextList,
    pub email: Option<String>,
    pub created_at: Ts,
}

/// With the headshot, where there is one.
pub type ShownProfile = (Event, Profile, Option<Vec<u8>>);

/// Those that organizers entered for one of the addresses too, which nobody has taken over.
pub fn profiles(conn: &mut Conn, who: &SignedIn, addresses: &[String]) -> Result<Vec<ShownProfile>> {
    // Speakers and events are not joined elsewhere.
    let mine = speakers::table
        .inner_join(events::table.on(events::id.eq(speakers::event_id)))
        .left_join(headshots::table)
        .filter(mine!(who.account(), addresses));
    let columns = (Event::as_select(), Profile::as_select(), headshots::jpeg.nullable());
    Ok(mine.select(columns).order(speakers::id).load(conn)?)
}

/// Under which names of other tools the person's profiles came: where from, what id, since when.
pub fn imported(conn: &mut Conn, who: &SignedIn, addresses: &[String]) -> Result<Vec<(Event, String, String, Ts)>> {
    let mine = import_keys::table
        .inner_join(speakers::table)
        .inner_join(events::table.on(events::id.eq(import_keys::event_id)))
        .filter(mine!(who.account(), addresses));
    let columns = (Event::as_select(), import_keys::source, import_keys::foreign_id, import_keys::created_at);
    Ok(mine.select(columns).order(import_keys::id).load(conn)?)
}

/// Neither the private decision nor the committee's reference: those are the committee's.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct Proposal {
    pub id: ProposalId,
    pub code: String,
    pub public_no: i64,
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
    pub invited: bool,
    pub version: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
}

#[derive(Clone, Debug, Queryable)]
pub struct MyProposal {
    pub event: Event,
    pub proposal: Proposal,
    pub format: String,
    pub track: Option<String>,
    pub owner: bool,
}

pub fn proposals_of(conn: &mut Conn, who: &SignedIn, addresses: &[String]) -> Result<Vec<MyProposal>> {
    let mine = proposal_speakers::table
        .inner_join(speakers::table)
        .inner_join(proposals::table.inner_join(events::table).inner_join(formats::table).left_join(tracks::table))
        .filter(mine!(who.account(), addresses))
        .select((
            Event::as_select(),
            Proposal::as_select(),
            formats::name,
            tracks::name.nullable(),
            proposal_speakers::owner,
        ))
        .order(proposals::id);
    Ok(mine.load(conn)?)
}

/// What was picked for these proposals: name of the category and of the choice.
pub fn choices(conn: &mut Conn, proposals: &[ProposalId]) -> Result<Vec<(ProposalId, String, String)>> {
    let query = proposal_choices::table
        .inner_join(choices::table.inner_join(categories::table))
        .filter(proposal_choices::proposal_id.eq_any(proposals))
        .select((proposal_choices::proposal_id, categories::name, choices::name))
        .order((categories::position, categories::code, choices::position, choices::code));
    Ok(query.load(conn)?)
}

/// What reviewers wrote for the speakers of these proposals, by its text: the order tells nothing about who wrote it.
/// Only where a decision is published, and of those who did not abstain.
pub fn feedback(conn: &mut Conn, proposals: &[ProposalId]) -> Result<Vec<(ProposalId, String)>> {
    let query = reviews::table
        .inner_join(proposals::table)
        .filter(proposals::id.eq_any(proposals))
        .filter(proposals::published_decision.is_not_null())
        .filter(reviews::feedback.ne(""))
        .select((reviews::proposal_id, reviews::feedback));
    let mut found: Vec<(ProposalId, String)> = query.load(conn)?;
    found.sort();
    Ok(found)
}

/// A link that shows a proposal, which the person made.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = preview_links)]
pub struct PreviewLink {
    pub created_at: Ts,
    pub expires_at: Ts,
}

pub fn preview_links(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, PreviewLink)>> {
    let mine = preview_links::table
        .inner_join(events::table.on(events::id.eq(preview_links::event_id)))
        .filter(preview_links::account_id.eq(who.account()));
    Ok(mine.select((Event::as_select(), PreviewLink::as_select())).order(preview_links::id).load(conn)?)
}

/// What a proposal said at some time.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = proposal_versions)]
pub struct Version {
    pub number: i64,
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub choices: String,
    pub choices_for_organizers: String,
    pub created_at: Ts,
}

pub fn versions(conn: &mut Conn, proposals: &[ProposalId]) -> Result<Vec<(ProposalId, Version)>> {
    let query = proposal_versions::table
        .filter(proposal_versions::proposal_id.eq_any(proposals))
        .select((proposal_versions::proposal_id, Version::as_select()))
        .order((proposal_versions::proposal_id, proposal_versions::number));
    Ok(query.load(conn)?)
}

/// When what was said about these proposals in publications that have gone out.
pub fn published(conn: &mut Conn, proposals: &[ProposalId]) -> Result<Vec<(ProposalId, PublishedDecision, Ts)>> {
    let query = publication_items::table
        .inner_join(publications::table)
        .filter(publication_items::proposal_id.eq_any(proposals))
        .filter(publications::state.eq(PublicationState::Released))
        .select((publication_items::proposal_id, publication_items::decision, publications::release_at))
        .order(publication_items::id);
    Ok(query.load(conn)?)
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Mail {
    pub code: String,
    pub kind: String,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub state: MailState,
    pub attempts: i64,
    pub last_answer: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
}

/// Those to the account, and those to its addresses before anybody knew whose they are. What a publication has not told
/// is not among them: it was held back, stopped, or canceled before it went.
pub fn mails_to(conn: &mut Conn, who: &SignedIn, addresses: &[String]) -> Result<Vec<Mail>> {
    let of_account = mails::account_id.eq(who.account()).assume_not_null();
    let of_address = mails::account_id.is_null().and(lower(mails::to_address).eq_any(addresses));
    let told = mails::publication_id.is_null().or(mails::state.ne_all([MailState::Held, MailState::Canceled]));
    let query = mails::table.filter(of_account.or(of_address)).filter(told);
    Ok(query.select(Mail::as_select()).order(mails::id).load(conn)?)
}

/// What was noted of the person's deeds; not to what, because the committee knows proposals by another name.
pub fn deeds(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, Action, Ts)>> {
    let mine = audit::table
        .inner_join(events::table.on(events::id.eq(audit::event_id)))
        .filter(audit::account_id.eq(who.account()));
    let columns = (Event::as_select(), audit::action, audit::created_at);
    Ok(mine.select(columns).order(audit::id).load(conn)?)
}

/// Publications that the person started.
pub fn publications_by(conn: &mut Conn, who: &SignedIn) -> Result<Vec<(Event, String, PublicationState, Ts)>> {
    let mine = publications::table
        .inner_join(events::table.on(events::id.eq(publications::event_id)))
        .filter(publications::account_id.eq(who.account()));
    let columns = (Event::as_select(), publications::code, publications::state, publications::created_at);
    Ok(mine.select(columns).order(publications::id).load(conn)?)
}
