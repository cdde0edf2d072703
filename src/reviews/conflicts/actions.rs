//! What reviewers and organizers do about conflicts of interest.

use super::{
    model::{Conflict, Declare, Kind, Own, Pin, Source},
    store::{self, NewConflict},
};
use crate::{
    access::{Organizer, Reviewer},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::Turn,
    error::{Error, FieldErrors, Result},
    http::input::Page,
    once::model::Render,
};

/// From now on the proposal does not exist for the reviewer, who is not assigned to it any more.
///
/// # Errors
/// `NotFound` for whatever is not theirs to review.
pub async fn declare(app: &Callboard, who: Reviewer, reference: String, input: Declare) -> Result<Kind> {
    let kind = input.kind;
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let proposal = store::lock_declarable(tx, who, &reference)?;
            if !store::update_declared(tx, who, proposal, kind)? {
                let (event, account, source) = (who.event(), who.account(), Source::Reviewer);
                store::insert(tx, &NewConflict { event, proposal, account, source, kind })?;
            }
            let declared = Entry::new(Action::ConflictDeclared, Object::Proposal(reference));
            audit::record(tx, who, who.event(), &declared.with("kind", kind.as_str()))?;
            Ok(kind)
        })
        .await
}

/// # Errors
/// `NotFound` when none was declared, or an organizer has pinned it.
pub async fn take_back(app: &Callboard, who: Reviewer, reference: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let proposal = store::find_declared(tx, who, &reference)?.ok_or_else(Error::not_found)?;
            store::delete_declared(tx, who, proposal)?;
            let taken_back = Entry::new(Action::ConflictTakenBack, Object::Proposal(reference));
            audit::record(tx, who, who.event(), &taken_back)
        })
        .await
}

/// What the reviewer has declared and can take back.
///
/// # Errors
/// `Busy`.
pub async fn list_declared(app: &Callboard, who: Reviewer) -> Result<Vec<Own>> {
    app.db.read(move |conn| store::list_declared(conn, &who)).await
}

/// One more than the page holds.
///
/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: Organizer, page: Page) -> Result<Vec<Conflict>> {
    let after = page.after()?;
    app.db.read(move |conn| store::list(conn, &who, after.as_ref(), page.limit() + 1)).await
}

/// # Errors
/// Field errors for what is no proposal or member of the event; `Taken` when it is pinned already.
pub async fn pin<R: Render<Conflict>>(app: &Callboard, who: Organizer, input: Pin, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let Some(account) = store::find_member(tx.conn(), who, &input.member)? else {
                return Err(FieldErrors::of("member", "unknown", "is no member of this event").into());
            };
            let Some(proposal) = store::lock_proposal(tx, who, &input.proposal)? else {
                return Err(FieldErrors::of("proposal", "unknown", "is no proposal of this event").into());
            };
            let (event, source, kind) = (who.event(), Source::Organizer, input.kind);
            let code = store::insert(tx, &NewConflict { event, proposal, account, source, kind })?;
            let pinned = Entry::new(Action::ConflictPinned, Object::Proposal(input.proposal.into_string()));
            audit::record(tx, who, event, &pinned.with("member", input.member).with("kind", kind.as_str()))?;
            store::find(tx.conn(), who, &code)
        })
        .await
}

/// # Errors
/// `NotFound`; `WrongState` for what a reviewer has declared: only they take it back.
pub async fn unpin(app: &Callboard, who: Organizer, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let conflict = store::find(tx.conn(), who, &code)?;
            if conflict.source == Source::Reviewer {
                return Err(Error::wrong_state("The reviewer has declared it. Only they can take it back."));
            }
            store::lock_proposal(tx, who, &conflict.proposal.0)?;
            if !store::delete(tx, who, &code)? {
                return Err(Error::not_found());
            }
            let unpinned = Entry::new(Action::ConflictUnpinned, Object::Proposal(conflict.proposal.0));
            audit::record(tx, who, who.event(), &unpinned.with("member", conflict.member.0))
        })
        .await
}
