//! Who comes, goes and takes over. Accounts are locked first, then the proposal, under which places are counted.

use super::{
    letters::{Change, HandedOver, SpeakerInvitation, SpeakersChanged},
    model::{self, Invitation, Invite, InviteSpeaker, Place, Speakers, Stage, Waiting},
    store,
};
use crate::{
    access::{
        Public, SignedIn, Speaker,
        store::{Scope, scope_of},
    },
    accounts::{
        self,
        actions::{NewPerson, in_field},
        links::model::LinkToken,
        model::Account,
    },
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::{
        Conn, Turn, Tx,
        types::{AccountId, EventId, MailId},
    },
    decisions,
    error::{Code, Error, Result},
    events::{self, team_model::InvitationForm},
    http::limits,
    mail::{self, About, Recipient, message, unasked},
    once::model::Render,
    proposals::{
        self,
        model::{Lifecycle, check_lifecycle, check_owner},
    },
    reviews,
    secrets::{self, Link, LinkKind},
};

pub async fn list(app: &Callboard, who: Speaker, code: String) -> Result<Speakers> {
    let now = app.clock.now();
    let list = move |conn: &mut Conn| {
        let proposal = proposals::store::find_own(conn, &who, &code)?.row.id;
        let (places, invited) =
            (store::list_places(conn, who.event(), proposal)?, store::list_invited(conn, who.event(), proposal, now)?);
        Ok(Speakers { me: who.account(), places, invited })
    };
    app.db.read(list).await
}

/// My proposal, locked with everybody in it.
fn lock(tx: &mut Tx<'_>, who: &Speaker, code: &str) -> Result<(Stage, Speakers)> {
    let proposal = proposals::store::lock_own(tx, who, code)?.row.id;
    let now = tx.now()?;
    let stage = store::find_stage(tx.conn(), who.event(), proposal)?;
    let places = store::list_places(tx.conn(), who.event(), proposal)?;
    let invited = store::list_invited(tx.conn(), who.event(), proposal, now)?;
    Ok((stage, Speakers { me: who.account(), places, invited }))
}

/// Of drafts nothing is noted.
fn note(tx: &mut Tx<'_>, event: EventId, by: Option<AccountId>, stage: &Stage, action: Action) -> Result<()> {
    if stage.is_draft() {
        return Ok(());
    }
    audit::store::record_for(tx, event, by, &Entry::new(action, Object::Proposal(stage.code.clone())))
}

/// What a mail about who speaks is about. Organizers look through the mails of their event, and drafts are not theirs.
fn about(scope: &Scope, stage: &Stage, names: Option<AccountId>) -> About {
    if stage.is_draft() {
        return About { names, ..About::default() };
    }
    About { event: Some(scope.about()), proposals: vec![stage.id], names, ..About::default() }
}

/// Mails an invitation that only an account with that address can accept. A newer one replaces the older.
///
/// # Errors
/// `Forbidden` for whoever does not own it; `AddressNotVerified`; `Taken`; `WrongState`; `TooMany`.
pub async fn invite<R: Render<Waiting>>(
    app: &Callboard,
    who: Speaker,
    code: String,
    input: InviteSpeaker,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let me = accounts::store::lock_mine(tx, who.who())?;
            let (stage, mut speakers) = lock(tx, who, &code)?;
            check_owner(speakers.i_own())?;
            check_lifecycle(stage.lifecycle, &[Lifecycle::Draft, Lifecycle::Submitted], "given another speaker")?;
            if me.email_verified_at.is_none() {
                return Err(not_verified());
            }
            let key = input.email.key();
            if speakers.places.iter().any(|place| place.email_key.as_ref() == Some(&key)) {
                return Err(Error::new(Code::Taken, "This address speaks in it already."));
            }
            speakers.invited.retain(|waiting| waiting.email.to_lowercase() != key);
            speakers.check_room()?;
            let (event, inviter) = (who.event(), who.account());
            let invite = Invite { event, proposal: stage.id, inviter, email: &input.email };
            let older = store::delete_older(tx, &invite)?;
            cancel_mails(tx, event, older)?;
            note(tx, who.event(), Some(who.account()), &stage, Action::SpeakerInvited)?;
            send(tx, &board, who.scope(), &stage, &invite, &me.name)
        })
        .await
}

fn send(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    stage: &Stage,
    invite: &Invite<'_>,
    inviter: &str,
) -> Result<Waiting> {
    unasked::check(tx, app, invite.email)?;
    let link = Link::new(LinkKind::Speak, tx.random());
    let waiting = store::insert_invitation(tx, invite, &secrets::hash(&app.keys.link_secret(&link)))?;
    // Whoever has not proved the address must not learn that it was invited.
    let known = accounts::store::find_by_key(tx.conn(), &invite.email.key())?;
    let known = known.filter(|account| account.email_verified_at.is_some());
    let to =
        Recipient { account: known.map(|account| account.id), address: invite.email.to_string(), name: String::new() };
    let letter = SpeakerInvitation { event: &scope.name, inviter, link: &link }.letter(&app.config.base_url);
    let mail = mail::queue_behind(tx, app, &to, &about(scope, stage, Some(invite.inviter)), &letter, None)?;
    store::update_invitation_mail(tx, invite.event, &waiting.code, mail)?;
    Ok(waiting)
}

/// Nobody needs a dead link.
fn cancel_mails(tx: &mut Tx<'_>, event: EventId, mails: impl IntoIterator<Item = MailId>) -> Result<()> {
    mails.into_iter().try_for_each(|mail| mail::store::cancel_one(tx, event, mail))
}

fn not_verified() -> Error {
    let detail = "Use the link in the verification mail; POST /api/v1/me/verification sends it again.";
    Error::new(Code::AddressNotVerified, detail)
}

/// A speaker leaves, or its owner removes one or takes an invitation back.
///
/// # Errors
/// `NotFound`; `Forbidden`; `WrongState` for the owner, who withdraws or declines instead.
pub async fn remove(app: &Callboard, who: Speaker, code: String, id: String) -> Result<()> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let (stage, speakers) = lock(tx, who, &code)?;
            if let Some(waiting) = speakers.invited.iter().find(|waiting| waiting.code == id) {
                check_owner(speakers.i_own())?;
                let mail = store::delete_invitation(tx, who.event(), stage.id, &waiting.code)?;
                cancel_mails(tx, who.event(), mail)?;
                return note(tx, who.event(), Some(who.account()), &stage, Action::SpeakerInvitationTakenBack);
            }
            let place = speakers.find(&id)?;
            if place.account != Some(who.account()) {
                check_owner(speakers.i_own())?;
            }
            if place.owner {
                let detail = "Its owner withdraws or declines it, or hands it over.";
                return Err(Error::wrong_state(detail));
            }
            leave(tx, &board, who, (&stage, &speakers), place)
        })
        .await
}

fn leave(
    tx: &mut Tx<'_>,
    app: &Callboard,
    who: &Speaker,
    (stage, speakers): (&Stage, &Speakers),
    place: &Place,
) -> Result<()> {
    store::delete_place(tx, who.event(), stage.id, place.speaker)?;
    note(tx, who.event(), Some(who.account()), stage, Action::SpeakerLeft)?;
    let owner = speakers.places.iter().find(|place| place.owner);
    if place.account == Some(who.account()) {
        tell(tx, app, who.scope(), stage, (owner, Some(place)), Change::Left)?;
    } else {
        tell(tx, app, who.scope(), stage, (Some(place), owner), Change::Removed)?;
    }
    if !stage.is_in_program() {
        return Ok(());
    }
    let letter = message::SpeakerLeft {
        event: &who.scope().name,
        speaker: &place.name,
        title: &stage.title,
        code: &stage.code,
        deed: "left",
    };
    let about = About { event: Some(who.scope().about()), names: place.account, ..About::default() };
    for organizer in events::store::organizers(tx, who.event())? {
        mail::queue(tx, app, &organizer, &about, &letter.letter())?;
    }
    Ok(())
}

/// Tells one of the speakers about another one.
fn tell(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    stage: &Stage,
    (to, other): (Option<&Place>, Option<&Place>),
    change: Change,
) -> Result<()> {
    let Some(to) = to else { return Ok(()) };
    let Some(to) = store::recipient(tx.conn(), scope.id, to.speaker)? else { return Ok(()) };
    let letter = SpeakersChanged {
        event: &scope.name,
        name: &to.name,
        title: &stage.title,
        other: other.map_or("", |other| &other.name),
        change,
    };
    mail::queue(tx, app, &to, &about(scope, stage, other.and_then(|other| other.account)), &letter.letter())
}

/// Another speaker answers for the proposal from now on, who is told. What is submitted counts for them.
///
/// # Errors
/// `NotFound`; `Forbidden` for whoever does not own it; `LimitReached`; `WrongState` for a speaker without an account,
/// and while a decision is being published.
pub async fn hand_over<R: Render<()>>(
    app: &Callboard,
    who: Speaker,
    code: String,
    input: model::HandOver,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let seen = proposals::store::find_own(tx.conn(), who, &code)?;
            let places = store::list_places(tx.conn(), who.event(), seen.row.id)?;
            let heir = places.iter().find(|place| place.code == input.to.as_str()).ok_or_else(Error::not_found)?;
            let heir = heir.account.ok_or_else(without_account)?;
            accounts::store::lock_two(tx, who.account(), heir)?;
            accounts::store::lock_mine(tx, who.who())?;
            let (stage, speakers) = lock(tx, who, &code)?;
            check_owner(speakers.i_own())?;
            let to = speakers.find(input.to.as_str())?;
            let from = speakers.places.iter().find(|place| place.owner).ok_or_else(Error::not_found)?;
            if to.owner {
                return Err(Error::wrong_state("It is yours already."));
            }
            // The account was looked up before it was locked.
            if to.account != Some(heir) {
                return Err(Error::busy());
            }
            if stage.lifecycle == Lifecycle::Submitted {
                check_their_limit(tx, who.event(), heir)?;
            }
            let link = decisions::actions::change_owner(tx, &board, who.scope(), stage.id)?;
            store::update_owner(tx, who.event(), stage.id, from.speaker, to.speaker)?;
            if input.leave {
                store::delete_place(tx, who.event(), stage.id, from.speaker)?;
            }
            note(tx, who.event(), Some(who.account()), &stage, Action::HandedOver)?;
            tell_heir(tx, &board, who.scope(), &stage, (from, to), link.as_ref())
        })
        .await
}

fn without_account() -> Error {
    Error::wrong_state("This speaker has no account, so nobody could answer for it.")
}

/// As for a submission of their own; how many they have is theirs to know.
fn check_their_limit(tx: &mut Tx<'_>, event: EventId, heir: AccountId) -> Result<()> {
    let submitted = proposals::store::count_submitted(tx, event, heir)?;
    let limit = calls::store::setup(tx.conn(), event)?.call.limit_per_speaker;
    let full = |_| Error::new(Code::LimitReached, "This speaker has submitted as many as one may here.");
    proposals::model::check_limit(submitted, limit).map_err(full)
}

fn tell_heir(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    stage: &Stage,
    (from, to): (&Place, &Place),
    link: Option<&Link>,
) -> Result<()> {
    let Some(recipient) = store::recipient(tx.conn(), scope.id, to.speaker)? else { return Ok(()) };
    let letter = HandedOver {
        event: &scope.name,
        name: &recipient.name,
        before: &from.name,
        title: &stage.title,
        published: stage.published,
        link,
    };
    mail::queue(tx, app, &recipient, &about(scope, stage, from.account), &letter.letter(&app.config.base_url))
}

/// Where somebody speaks from now on.
pub struct Joined {
    pub invitation: Invitation,
    pub stage: Stage,
}

/// # Errors
/// `LinkDead`, `OtherAddress`, `AddressNotVerified`.
pub async fn accept<R: Render<Joined>>(app: &Callboard, who: SignedIn, input: LinkToken, render: R) -> Result<R::Out> {
    let (board, hash) = (app.clone(), secrets::hash(&input.token));
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let account = accounts::store::lock_mine(tx, who)?;
            let now = tx.now()?;
            let invitation = store::find_invitation(tx.conn(), &hash, now)?.ok_or_else(dead_link)?;
            if invitation.email_key != account.email.to_lowercase() {
                return Err(Error::new(Code::OtherAddress, "Sign in with the address that the mail went to."));
            }
            if account.email_verified_at.is_none() {
                return Err(not_verified());
            }
            join(tx, &board, invitation, &account)
        })
        .await
}

/// The account is locked by the caller.
fn join(tx: &mut Tx<'_>, app: &Callboard, invitation: Invitation, account: &Account) -> Result<Joined> {
    let event = invitation.event;
    let stage = store::lock_stage(tx, event, invitation.proposal)?;
    if !stage.is_open() || !store::use_up(tx, invitation.id)? {
        return Err(dead_link());
    }
    let profile = proposals::store::ensure_profile_of(tx, event, account.id, &account.name)?;
    let places = store::list_places(tx.conn(), event, stage.id)?;
    if places.iter().all(|place| place.speaker != profile.id) {
        store::insert_place(tx, event, stage.id, profile.id)?;
        // Nobody judges the own talk, not even from before it was theirs.
        reviews::store::delete_of_speaker(tx, event, stage.id, account.id)?;
        note(tx, event, Some(account.id), &stage, Action::SpeakerJoined)?;
        let scope = scope_of(tx.conn(), event)?;
        let places = store::list_places(tx.conn(), event, stage.id)?;
        let owner = places.iter().find(|place| place.owner);
        let joined = places.iter().find(|place| place.speaker == profile.id);
        tell(tx, app, &scope, &stage, (owner, joined), Change::Joined)?;
    }
    Ok(Joined { invitation, stage })
}

fn dead_link() -> Error {
    Error::new(Code::LinkDead, "It was used already, has expired, or was taken back. Ask for a new one.")
}

/// The link was mailed to the address, so whoever holds it may say no for it.
///
/// # Errors
/// `LinkDead`.
pub async fn decline(app: &Callboard, _: Public, input: LinkToken) -> Result<()> {
    let (board, hash) = (app.clone(), secrets::hash(&input.token));
    let job = move |tx: &mut Tx<'_>| {
        let now = tx.now()?;
        let invitation = store::find_invitation(tx.conn(), &hash, now)?.ok_or_else(dead_link)?;
        let stage = store::lock_stage(tx, invitation.event, invitation.proposal)?;
        if !store::use_up(tx, invitation.id)? {
            return Err(dead_link());
        }
        note(tx, invitation.event, None, &stage, Action::SpeakerRefused)?;
        let scope = scope_of(tx.conn(), invitation.event)?;
        let places = store::list_places(tx.conn(), invitation.event, stage.id)?;
        let owner = places.iter().find(|place| place.owner);
        tell(tx, &board, &scope, &stage, (owner, None), Change::Refused)
    };
    app.db.write(job).await
}

/// An invitation, what it is to, and the account with its address if there is one.
pub struct Invited {
    pub invitation: Invitation,
    pub stage: Stage,
    pub account: Option<Account>,
}

/// What the link is for, without using it up.
///
/// # Errors
/// `LinkDead`.
pub async fn look_at(app: &Callboard, _: &Public, token: &str) -> Result<Invited> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    let look = move |conn: &mut Conn| {
        let invitation = store::find_invitation(conn, &hash, now)?.ok_or_else(dead_link)?;
        let stage = store::find_stage(conn, invitation.event, invitation.proposal)?;
        if !stage.is_open() {
            return Err(dead_link());
        }
        let account = accounts::store::find_by_key(conn, &invitation.email_key)?;
        Ok(Invited { invitation, stage, account })
    };
    app.db.read(look).await
}

enum Person {
    Known(Account),
    New(NewPerson),
}

/// Speaks with the link alone: it was mailed to the address, so holding it verifies the address. Who has an account
/// there proves it by its password; others get one.
///
/// # Errors
/// `LinkDead`; field errors of the form.
pub async fn accept_by_link(app: &Callboard, who: Public, token: String, form: InvitationForm) -> Result<Joined> {
    let invited = look_at(app, &who, &token).await?;
    let email = invited.invitation.email;
    let person = if let Some(account) = invited.account {
        app.limits.spend(limits::Limit::SignInAs, &invited.invitation.email_key)?;
        let proven = accounts::actions::proven(app, Some(account), form.password).await;
        Person::Known(proven.map_err(|error| in_field(error, "password"))?)
    } else {
        let (name, password) = form.new_account()?;
        Person::New(NewPerson { email, name, phc: app.hashing.hash(password.0).await? })
    };
    let board = app.clone();
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let account = match person {
                Person::Known(account) => {
                    accounts::actions::still_confirmed(tx, &account, "password")?;
                    account
                }
                Person::New(person) => accounts::actions::create(tx, person)?,
            };
            accounts::store::verify_email(tx, account.id, now)?;
            let invitation = store::find_invitation(tx.conn(), &secrets::hash(&token), now)?.ok_or_else(dead_link)?;
            join(tx, &board, invitation, &account)
        })
        .await
}
