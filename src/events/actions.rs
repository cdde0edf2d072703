//! What people do with events and their teams.

use super::{
    guest::Guest,
    invitation_store,
    model::{EditEvent, Event, Listed, NewEvent},
    store,
    team_model::{self, EditMember, Held, Invitation, InvitationForm, Invite, Limit, Member, NewInvitation},
};
use crate::{
    access::{
        self, Can, EventCreator, EventReader, Implies, Organizer, Public, PublicEvent, ReadEvent, Role, SignedIn,
    },
    accounts::{self, links::model::LinkToken, model::Account},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::{
        Turn, Tx,
        types::{AccountId, EventId, MailId, Ts},
    },
    error::{Code, Error, Result},
    http::once::IfMatch,
    mail::{self, About, Recipient, message, unasked},
    once::model::Render,
    secrets::{self, Link, LinkKind},
    text::PublicCode,
};

/// Something and the instant at which somebody looked at it.
pub struct Seen<T> {
    pub what: T,
    pub at: Ts,
}

/// An event that can be worked with at once: a team of one, an empty call, a format, a criterion.
///
/// # Errors
/// Field errors: a slug that is taken, no such zone, days in the wrong order.
pub async fn create<R: Render<Event>>(
    app: &Callboard,
    who: EventCreator,
    input: NewEvent,
    render: R,
) -> Result<R::Out> {
    let (slug, deadline) = (input.slug.clone(), input.deadline()?);
    let facts = input.facts()?;
    app.db
        .write_once(who, Turn::Plain, render, move |tx, creator| {
            accounts::store::lock_mine(tx, creator.who())?;
            let now = tx.now()?;
            let event = store::insert(tx, &slug, &facts, now)?;
            store::insert_member(tx, event, creator.who().account(), Role::Organizer, now)?;
            store::insert_overall_criterion(tx, event)?;
            calls::actions::set_up(tx, event, deadline.as_ref())?;
            audit::record(tx, creator, event, &Entry::new(Action::EventCreated, Object::Event))?;
            store::find(tx.conn(), event)
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, _: &Public) -> Result<Seen<Vec<Listed>>> {
    let at = app.clock.now();
    let listed = app.db.read(|conn| {
        let events = store::list_public(conn)?;
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        let mut setups = calls::store::setups(conn, &ids)?;
        let with_call = |event: Event| {
            let found = setups.iter().position(|setup| setup.call.event == event.id)?;
            Some(Listed { event, setup: setups.swap_remove(found) })
        };
        Ok(events.into_iter().filter_map(with_call).collect())
    });
    Ok(Seen { what: listed.await?, at })
}

/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: PublicEvent) -> Result<Seen<Listed>> {
    let at = app.clock.now();
    let shown = app.db.read(move |conn| {
        let event = store::find(conn, who.event())?;
        Ok(Listed { event, setup: calls::store::setup(conn, who.event())? })
    });
    Ok(Seen { what: shown.await?, at })
}

/// # Errors
/// `Busy`.
pub async fn settings(app: &Callboard, who: EventReader) -> Result<Event> {
    app.db.read(move |conn| store::find(conn, who.event())).await
}

/// # Errors
/// Field errors: no such zone, days in the wrong order.
pub async fn edit(app: &Callboard, who: Organizer, edit: EditEvent, version: IfMatch) -> Result<Event> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let mut event = store::find(tx.conn(), who.event())?;
            version.check(event.version)?;
            let facts = event.facts.clone().edited(edit)?;
            if facts != event.facts {
                store::update(tx, who, &facts)?;
                audit::record(tx, who, who.event(), &Entry::new(Action::SettingsChanged, Object::Event))?;
                event = Event { facts, version: event.version + 1, ..event };
            }
            Ok(event)
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list_members(app: &Callboard, who: Can<impl Implies<ReadEvent>>) -> Result<Vec<Member>> {
    app.db.read(move |conn| store::list_members(conn, &who)).await
}

fn limit(tx: &mut Tx<'_>, who: &Organizer, role: Role, codes: Option<&[PublicCode]>) -> Result<Limit> {
    let tracks = calls::parts::store::list_tracks(tx.conn(), who.event())?;
    Ok(team_model::limit(role, codes, &tracks)?)
}

/// Limits a member's role to tracks, or lifts the limit. It counts at once, also for what the member has under way.
///
/// # Errors
/// `NotFound` when the member does not hold the role; `Stale`; field errors of the tracks.
pub async fn limit_member(
    app: &Callboard,
    who: Organizer,
    code: String,
    input: EditMember,
    version: IfMatch,
) -> Result<Held> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let (member, stored) = store::find_membership(tx.conn(), who, &code, input.role)?;
            version.check(stored)?;
            let limit = limit(tx, who, input.role, input.tracks.as_deref())?;
            store::limit_member(tx, who.event(), member, &limit)?;
            let codes: Option<Vec<&str>> =
                limit.as_ref().map(|tracks| tracks.iter().map(|track| track.code.as_str()).collect());
            let limited = Entry::new(Action::MemberLimited, Object::Member(code.clone()));
            let limited = limited.with("role", input.role.as_str()).with("tracks", codes);
            audit::record(tx, who, who.event(), &limited)?;
            Ok(Held { role: input.role, limit, version: stored + 1 })
        })
        .await
}

/// Takes one role or all of them from a member, who may be the organizer that asks.
///
/// # Errors
/// `NotFound`; `LastOrganizer` when nobody would be left to organize the event.
pub async fn remove_member(app: &Callboard, who: Organizer, code: String, role: Option<Role>) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            if !store::delete_member(tx, who, &code, role)? {
                return Err(Error::not_found());
            }
            let mails = invitation_store::delete_invitations_of(tx, who, &code)?;
            cancel_mails(tx, who.event(), mails)?;
            let removed = Entry::new(Action::MemberRemoved, Object::Member(code));
            audit::record(tx, who, who.event(), &removed.with("role", role.map(Role::as_str)))?;
            if !store::has_organizer(tx.conn(), who.event())? {
                return Err(Error::new(Code::LastOrganizer, "Make somebody else organizer first."));
            }
            Ok(())
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list_invitations(app: &Callboard, who: EventReader) -> Result<Vec<Invitation>> {
    app.db.read(move |conn| invitation_store::list_invitations(conn, &who)).await
}

/// Mails a link that makes its addressee a member.
///
/// # Errors
/// `Taken` when the address has the role already; field errors of the tracks; `TooMany`.
pub async fn invite<R: Render<Invitation>>(
    app: &Callboard,
    who: Organizer,
    input: NewInvitation,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            let key = input.email.key();
            if store::holds_role(tx.conn(), who.event(), &key, input.role)? {
                return Err(Error::new(Code::Taken, format!("This address is {} already.", input.role)));
            }
            let limit = limit(tx, who, input.role, input.tracks.as_deref())?;
            let (event, inviter) = (who.event(), who.account());
            let invite = Invite { event, inviter, email: &input.email, role: input.role, limit: &limit };
            let invitation = send_invitation(tx, &board, &invite)?;
            let invited = Entry::new(Action::MemberInvited, Object::Invitation(invitation.code.clone()));
            audit::record(tx, who, event, &invited.with("role", input.role.as_str()))?;
            Ok(invitation)
        })
        .await
}

/// Stores an invitation and mails its link.
///
/// # Errors
/// `TooMany`.
pub fn send_invitation(tx: &mut Tx<'_>, app: &Callboard, invite: &Invite<'_>) -> Result<Invitation> {
    let now = tx.now()?;
    let older = invitation_store::delete_older_invitations(tx, invite)?;
    cancel_mails(tx, invite.event, older)?;
    unasked::check(tx, app, invite.email)?;
    let link = Link::new(LinkKind::Invitation, tx.random());
    let invitation =
        invitation_store::insert_invitation(tx, invite, &secrets::hash(&app.keys.link_secret(&link)), now)?;
    let letter = message::Invitation {
        event: &invitation.event_name,
        role: &team_model::role_in_words(invite.role, invite.limit),
        inviter: &invitation.inviter,
        link: &link,
    };
    // Whoever has not proved the address must not learn that it was invited.
    let known = accounts::store::find_by_key(tx.conn(), &invitation.email_key)?;
    let known = known.filter(|account| account.email_verified_at.is_some());
    let to =
        Recipient { account: known.map(|account| account.id), address: invitation.email.clone(), name: String::new() };
    let about = access::store::scope_of(tx.conn(), invite.event)?.about();
    let about = About { event: Some(about), names: Some(invite.inviter), ..About::default() };
    let mail = mail::queue_behind(tx, app, &to, &about, &letter.letter(&app.config.base_url), None)?;
    invitation_store::update_invitation_mail(tx, invitation.id, mail)?;
    Ok(invitation)
}

/// # Errors
/// `NotFound`, also when it was accepted meanwhile.
pub async fn take_back_invitation(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let mail = invitation_store::delete_invitation(tx, who, &code)?;
            cancel_mails(tx, who.event(), mail)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::InvitationTakenBack, Object::Invitation(code)))
        })
        .await
}

/// Nobody needs a dead link.
fn cancel_mails(tx: &mut Tx<'_>, event: EventId, mails: impl IntoIterator<Item = MailId>) -> Result<()> {
    mails.into_iter().try_for_each(|mail| mail::store::cancel_one(tx, event, mail))
}

/// The signed-in account joins the team that invited its address.
///
/// # Errors
/// `LinkDead`, `OtherAddress`, `AddressNotVerified`.
pub async fn accept<R: Render<Invitation>>(
    app: &Callboard,
    who: SignedIn,
    input: LinkToken,
    render: R,
) -> Result<R::Out> {
    let hash = secrets::hash(&input.token);
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let account = accounts::store::lock_mine(tx, who)?;
            let now = tx.now()?;
            let invitation = invitation_store::find_invitation(tx.conn(), &hash, now)?.ok_or_else(dead_link)?;
            if invitation.email_key != account.email.to_lowercase() {
                return Err(Error::new(Code::OtherAddress, "Sign in with the address that the mail went to."));
            }
            if account.email_verified_at.is_none() {
                let detail = "Use the link in the verification mail; POST /api/v1/me/verification sends it again.";
                return Err(Error::new(Code::AddressNotVerified, detail));
            }
            join(tx, invitation, who.account(), now)
        })
        .await
}

fn join(tx: &mut Tx<'_>, invitation: Invitation, account: AccountId, now: Ts) -> Result<Invitation> {
    access::store::lock_event(tx, invitation.event)?;
    if !invitation_store::use_invitation(tx, invitation.id, now)? {
        return Err(dead_link());
    }
    let accepted = Entry::new(Action::InvitationAccepted, Object::Invitation(invitation.code.clone()));
    let accepted = accepted.with("role", invitation.role.as_str());
    audit::store::record_for(tx, invitation.event, Some(account), &accepted)?;
    if !store::holds_role(tx.conn(), invitation.event, &invitation.email_key, invitation.role)? {
        let member = store::insert_member(tx, invitation.event, account, invitation.role, now)?;
        if invitation.limit.is_some() {
            store::limit_member(tx, invitation.event, member, &invitation.limit)?;
        }
    }
    Ok(invitation)
}

fn dead_link() -> Error {
    Error::new(Code::LinkDead, "It was used already, has expired, or was taken back. Ask the organizers for a new one.")
}

/// An invitation, and the account with its address if there is one.
pub struct Invited {
    pub invitation: Invitation,
    pub account: Option<Account>,
}

/// What the link is for, without using it up.
///
/// # Errors
/// `LinkDead`.
pub async fn look_at_invitation(app: &Callboard, _: &Public, token: &str) -> Result<Invited> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let look = move |conn: &mut crate::db::Conn| {
        let invitation = invitation_store::find_invitation(conn, &hash, now)?.ok_or_else(dead_link)?;
        let account = accounts::store::find_by_key(conn, &invitation.email_key)?;
        Ok(Invited { invitation, account })
    };
    app.db.read(look).await
}

/// Joins the team with the link alone: it was mailed to the address, so holding it verifies the address. Who has an
/// account there proves it by its password; others get one.
///
/// # Errors
/// `LinkDead`; field errors of the form.
pub async fn accept_by_link(app: &Callboard, who: Public, token: String, form: InvitationForm) -> Result<Invitation> {
    let invited = look_at_invitation(app, &who, &token).await?;
    let address = (invited.invitation.email, invited.invitation.email_key.as_str());
    let guest = Guest::prove(app, invited.account, address, form).await?;
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let account = guest.enter(tx)?;
            let invitation =
                invitation_store::find_invitation(tx.conn(), &secrets::hash(&token), now)?.ok_or_else(dead_link)?;
            join(tx, invitation, account.id, now)
        })
        .await
}
