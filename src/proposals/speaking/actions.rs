//! Who comes, goes and takes over. Accounts are locked first, then the proposal, under which places are counted.

use super::{
    letters::{Change, HandedOver, SpeakerInvitation, SpeakersChanged},
    model::{self, Invite, InviteSpeaker, Place, Speakers, Stage, Target, Waiting},
    store,
};
use crate::{
    access::{Speaker, store::Scope},
    accounts,
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
    events,
    mail::{self, About, Recipient, message, unasked},
    once::model::Render,
    proposals::{
        self,
        model::{Lifecycle, check_lifecycle, check_owner},
        previews,
    },
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
pub(super) fn note(
    tx: &mut Tx<'_>,
    event: EventId,
    by: Option<AccountId>,
    stage: &Stage,
    action: Action,
) -> Result<()> {
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
            let invite = Invite { event, target: Target::Proposal(stage.id), inviter, email: &input.email };
            let older = store::delete_older(tx, event, stage.id, &input.email)?;
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
///
/// # Errors
/// When the database refuses it.
pub fn cancel_mails(tx: &mut Tx<'_>, event: EventId, mails: impl IntoIterator<Item = MailId>) -> Result<()> {
    mails.into_iter().try_for_each(|mail| mail::store::cancel_one(tx, event, mail))
}

pub(super) fn not_verified() -> Error {
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
    if let Some(gone) = store::recipient(tx.conn(), who.event(), place.speaker)? {
        decisions::actions::leave_alone(tx, app, who.scope(), stage.id, &gone)?;
    }
    if let Some(account) = place.account {
        previews::store::delete_by(tx, who.event(), stage.id, account)?;
    }
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
pub(super) fn tell(
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
            let before = store::recipient(tx.conn(), who.event(), from.speaker)?;
            store::update_owner(tx, who.event(), stage.id, from.speaker, to.speaker)?;
            if input.leave {
                store::delete_place(tx, who.event(), stage.id, from.speaker)?;
                previews::store::delete_by(tx, who.event(), stage.id, who.account())?;
            }
            let link = decisions::actions::change_owner(tx, &board, who.scope(), stage.id, before.as_ref())?;
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
