//! Private decisions, and what follows when a proposal leaves.

use super::{
    model::{self, Change, Decide, DecideMany, Deed, Facts},
    publications::{self, letters::Sender},
    store,
};
use crate::{
    access::{Decider, store::Scope},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Turn, Tx,
        types::{ProposalId, PublicationId},
    },
    error::{Error, Result},
    events,
    http::once::IfMatch,
    mail::{self, About, Hold, Recipient, message, store::Taken},
    once::model::Render,
    proposals,
    secrets::{self, Link, LinkKind},
};

/// # Errors
/// `NotFound`; `NotInPhase`; `Stale`; `WrongState` unless submitted.
pub async fn decide(app: &Callboard, who: Decider, code: String, input: Decide, version: IfMatch) -> Result<Facts> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            who.check_deciding()?;
            let found = store::lock_by_codes(tx, who, &[code])?.pop().ok_or_else(Error::not_found)?;
            version.check(found.decision_version)?;
            if !found.can_be_decided() {
                return Err(model::cannot_be_decided(&found));
            }
            store::update_decision(tx, who, &[found.id], input.decision)?;
            let decided = Entry::new(Action::Decided, Object::Proposal(found.code.clone()));
            let decided = decided.with("from", found.decision.as_str()).with("to", input.decision.as_str());
            audit::record(tx, who, who.event(), &decided)?;
            Ok(Facts { decision: input.decision, decision_version: found.decision_version + 1, ..found })
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn show(app: &Callboard, who: Decider, code: String) -> Result<Facts> {
    app.db.read(move |conn| store::list_by_codes(conn, &who, &[code])?.pop().ok_or_else(Error::not_found)).await
}

/// What would change, each with its title, before anything is decided.
///
/// # Errors
/// `Busy`.
pub async fn rehearse(app: &Callboard, who: Decider, input: DecideMany) -> Result<Vec<(Change, String)>> {
    app.db
        .read(move |conn| {
            let found = store::list_by_codes(conn, &who, &input.codes)?;
            let mut titles = store::titles(conn, &who, &input.codes)?;
            let titled = |change: Change| {
                let title = titles.remove(&change.code).unwrap_or_default();
                (change, title)
            };
            Ok(model::changes(&input.codes, input.decision, &found).into_iter().map(titled).collect())
        })
        .await
}

/// Everything or nothing; a dry run answers what would change.
///
/// # Errors
/// `NotInPhase`, and `Invalid` with the path of each code that cannot be decided, unless it is a dry run.
pub async fn decide_many<R: Render<Vec<Change>>>(
    app: &Callboard,
    who: Decider,
    input: DecideMany,
    render: R,
) -> Result<R::Out> {
    if input.dry_run {
        let changes = app.db.read(move |conn| {
            let found = store::list_by_codes(conn, &who, &input.codes)?;
            Ok(model::changes(&input.codes, input.decision, &found))
        });
        return Ok(render.render(changes.await?)?.0);
    }
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            who.check_deciding()?;
            let found = store::lock_by_codes(tx, who, &input.codes)?;
            let changes = model::changes(&input.codes, input.decision, &found);
            model::all_possible(&changes)?;
            let ids: Vec<ProposalId> = found.iter().map(|facts| facts.id).collect();
            store::update_decision(tx, who, &ids, input.decision)?;
            let decided = Entry::new(Action::Decided, Object::Proposals).with("to", input.decision.as_str());
            audit::record(tx, who, who.event(), &decided.with("count", ids.len()).with("codes", input.codes))?;
            Ok(changes)
        })
        .await
}

/// What follows when a proposal leaves, whoever made it leave; its row is locked by the caller. Mails about it that
/// have not gone are canceled. One that tells about others too is written anew without it, and waits for whatever that
/// one waited for: also for its end, where it is just being handed over and may tell the others itself.
///
/// # Errors
/// When the database refuses it.
pub fn leave(tx: &mut Tx<'_>, app: &Callboard, scope: &Scope, proposal: ProposalId) -> Result<()> {
    publications::item_store::remove_waiting_item(tx, scope.id, proposal)?;
    take_back_mails(tx, app, scope, proposal, mail::store::Mails::All)
}

/// Cancels what has not gone of these mails about a proposal, and writes anew what they tell about others.
pub(super) fn take_back_mails(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    proposal: ProposalId,
    which: mail::store::Mails<'_>,
) -> Result<()> {
    for taken in mail::store::cancel_about(tx, scope.id, proposal, which)? {
        let mut others = mail::store::proposals_of(tx, taken.id)?;
        others.retain(|other| *other != proposal);
        write_anew(tx, app, scope, &taken, &others)?;
    }
    Ok(())
}

/// Writes a letter of a publication that was canceled anew, about these proposals, as far as they are still to be told.
fn write_anew(tx: &mut Tx<'_>, app: &Callboard, scope: &Scope, taken: &Taken, about: &[ProposalId]) -> Result<()> {
    let Some(publication) = mail::store::publication_of(tx, taken.id)? else { return Ok(()) };
    let to = mail::store::recipient_of(tx, taken.id)?;
    tell(tx, app, scope, (publication, about), (&to, taken.hold))
}

/// Writes to somebody what a publication still has to tell them about these proposals.
fn tell(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    (publication, about): (PublicationId, &[ProposalId]),
    (to, hold): (&Recipient, Option<Hold>),
) -> Result<()> {
    let told = publications::item_store::still_to_tell(tx.conn(), scope.id, publication, about, to)?;
    if told.is_empty() {
        return Ok(());
    }
    let sender = Sender { base_url: &app.config.base_url, event: &scope.name };
    let proposals = told.iter().map(|told| told.proposal).collect();
    let about = About { event: Some(scope.about()), publication: Some(publication), proposals, ..About::default() };
    mail::queue_behind(tx, app, to, &about, &sender.letter(&to.name, &told), hold)?;
    Ok(())
}

/// What follows when a proposal that had left is submitted again; its row is locked by the caller. What was published
/// about it stands again, so a letter that was canceled before it went is written anew.
///
/// # Errors
/// When the database refuses it.
pub fn return_to(tx: &mut Tx<'_>, app: &Callboard, scope: &Scope, proposal: ProposalId) -> Result<()> {
    let Some(publication) = publications::item_store::last_of(tx.conn(), scope.id, proposal)? else { return Ok(()) };
    let speakers = publications::store::speakers_of(tx.conn(), scope.id, vec![proposal])?.remove(&proposal);
    for to in speakers.into_iter().flatten().filter_map(|speaker| speaker.recipient) {
        let hold = match mail::store::told(tx, scope.id, publication, proposal, &to)? {
            mail::store::Told::Never | mail::store::Told::Yes => continue,
            mail::store::Told::Canceled => None,
            mail::store::Told::Recalled(mail) => Some(Hold::EndOf(mail)),
        };
        tell(tx, app, scope, (publication, &[proposal]), (&to, hold))?;
    }
    Ok(())
}

/// What follows when somebody stops speaking in a proposal, whose row is locked by the caller: what tells them a decision
/// about it and has not gone is canceled.
///
/// # Errors
/// When the database refuses it.
pub fn leave_alone(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    proposal: ProposalId,
    who: &Recipient,
) -> Result<()> {
    take_back_mails(tx, app, scope, proposal, mail::store::Mails::OfPublicationsTo(who))
}

/// What follows when a proposal has got another owner; its row is locked by the caller. The link to answer an acceptance
/// becomes another one, which is answered where there is something to answer. What tells the one before a decision and has
/// not gone is canceled, and written anew without the link for who speaks there still.
///
/// # Errors
/// `WrongState` while a publication about it waits: whom its link goes to is settled.
pub fn change_owner(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    proposal: ProposalId,
    before: Option<&Recipient>,
) -> Result<Option<Link>> {
    if publications::item_store::waits(tx.conn(), scope.id, proposal)? {
        return Err(Error::wrong_state("A decision about it is just being published. Try again in some minutes."));
    }
    if let Some(before) = before {
        let theirs = mail::store::Mails::OfPublicationsTo(before);
        for taken in mail::store::cancel_about(tx, scope.id, proposal, theirs)? {
            let about = mail::store::proposals_of(tx, taken.id)?;
            write_anew(tx, app, scope, &taken, &about)?;
        }
    }
    let link = Link::new(LinkKind::Confirm, tx.random());
    let hash = secrets::hash(&app.keys.link_secret(&link));
    let renewed = publications::item_store::renew_link(tx, scope.id, proposal, &link, &hash)?;
    Ok(renewed.then_some(link))
}

/// Tells every organizer that a speaker left. These mails are not tied to the proposal: whatever becomes of it next
/// must not cancel them.
///
/// # Errors
/// When the database refuses it.
pub fn tell_organizers_left(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    proposal: ProposalId,
    deed: Deed,
) -> Result<()> {
    let (title, code) = store::title_and_code(tx.conn(), scope.id, proposal)?;
    let owner = proposals::store::owner(tx.conn(), scope.id, proposal)?;
    let speaker = owner.as_ref().map_or("A speaker", |owner| owner.name.as_str());
    let letter = message::SpeakerLeft { event: &scope.name, speaker, title: &title, code: &code, deed: deed.as_str() };
    let letter = letter.letter();
    let names = owner.as_ref().and_then(|owner| owner.account);
    let about = About { event: Some(scope.about()), names, ..About::default() };
    for organizer in events::store::organizers(tx, scope.id)? {
        mail::queue(tx, app, &organizer, &about, &letter)?;
    }
    Ok(())
}
