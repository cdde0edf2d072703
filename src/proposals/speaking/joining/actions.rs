//! What the person at an invited address does with the invitation.

use crate::{
    access::{Public, SignedIn, store::scope_of},
    accounts::{self, links::model::LinkToken, model::Account},
    app::Callboard,
    audit::model::Action,
    db::{
        Conn, Turn, Tx,
        types::{ProposalId, SpeakerId},
    },
    error::{Code, Error, Result},
    events::{guest::Guest, team_model::InvitationForm},
    once::model::Render,
    proposals::{
        claims, profiles,
        speaking::{
            actions::{not_verified, note, tell},
            letters::Change,
            model::{Invitation, Stage, Target},
            store,
        },
    },
    reviews, secrets,
};

/// Where somebody speaks from now on.
pub struct Joined {
    pub invitation: Invitation,
    pub stages: Vec<Stage>,
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
    let stages = match invitation.target {
        Target::Proposal(proposal) => vec![join_proposal(tx, app, &invitation, proposal, account)?],
        Target::Profile(speaker) => take_over(tx, &invitation, speaker, account)?,
    };
    Ok(Joined { invitation, stages })
}

fn join_proposal(
    tx: &mut Tx<'_>,
    app: &Callboard,
    invitation: &Invitation,
    proposal: ProposalId,
    account: &Account,
) -> Result<Stage> {
    let event = invitation.event;
    let stage = store::lock_stage(tx, event, proposal)?;
    if !stage.is_open() || !store::use_up(tx, invitation.id)? {
        return Err(dead_link());
    }
    let profile = profiles::store::ensure_profile_of(tx, event, account.id, &account.name)?;
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
    Ok(stage)
}

fn take_over(tx: &mut Tx<'_>, invitation: &Invitation, speaker: SpeakerId, account: &Account) -> Result<Vec<Stage>> {
    if !store::use_up(tx, invitation.id)? {
        return Err(dead_link());
    }
    let spoken = claims::actions::take_over(tx, invitation.event, speaker, account.id)?.ok_or_else(dead_link)?;
    let mut stages = vec![];
    for proposal in spoken {
        let stage = store::find_stage(tx.conn(), invitation.event, proposal)?;
        note(tx, invitation.event, Some(account.id), &stage, Action::SpeakerJoined)?;
        stages.push(stage);
    }
    Ok(stages)
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
        let Target::Proposal(proposal) = invitation.target else {
            return if store::use_up(tx, invitation.id)? { Ok(()) } else { Err(dead_link()) };
        };
        let stage = store::lock_stage(tx, invitation.event, proposal)?;
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
    /// None where it is to take a profile over.
    pub stage: Option<Stage>,
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
        let stage = match invitation.target {
            Target::Proposal(proposal) => Some(store::find_stage(conn, invitation.event, proposal)?),
            Target::Profile(_) => None,
        };
        if stage.as_ref().is_some_and(|stage| !stage.is_open()) {
            return Err(dead_link());
        }
        let account = accounts::store::find_by_key(conn, &invitation.email_key)?;
        Ok(Invited { invitation, stage, account })
    };
    app.db.read(look).await
}

/// Speaks with the link alone: it was mailed to the address, so holding it verifies the address. Who has an account
/// there proves it by its password; others get one.
///
/// # Errors
/// `LinkDead`; field errors of the form.
pub async fn accept_by_link(app: &Callboard, who: Public, token: String, form: InvitationForm) -> Result<Joined> {
    let invited = look_at(app, &who, &token).await?;
    let address = (invited.invitation.email, invited.invitation.email_key.as_str());
    let guest = Guest::prove(app, invited.account, address, form).await?;
    let board = app.clone();
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let account = guest.enter(tx)?;
            let invitation = store::find_invitation(tx.conn(), &secrets::hash(&token), now)?.ok_or_else(dead_link)?;
            join(tx, &board, invitation, &account)
        })
        .await
}
