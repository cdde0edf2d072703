//! Talking about a proposal within the committee.

use super::{
    model::{Comment, NewComment, Side, Veiled},
    store::{self, NewRow},
};
use crate::{
    access::{Decider, ProposalReader, Reviewer, phase::OthersReviews},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Turn, types::ProposalId},
    error::{Error, Result},
    once::model::Render,
    reviews::{self, actions::check_sight_of_others, queue_store},
};

/// # Errors
/// `NotInPhase`; `OwnReviewFirst` until the own review or abstention is in.
pub async fn list(app: &Callboard, who: Reviewer, reference: String) -> Result<Vec<Veiled>> {
    let board = app.clone();
    app.db
        .read(move |conn| {
            let proposal = queue_store::find_reviewable(conn, &who, &reference)?;
            check_sight(conn, &who, proposal)?;
            let veil = |comment| veiled(&board, &who, &reference, comment);
            Ok(store::list_unbiased(conn, proposal)?.into_iter().map(veil).collect())
        })
        .await
}

fn check_sight(conn: &mut Conn, who: &Reviewer, proposal: ProposalId) -> Result<()> {
    let own_is_in = who.sees_reviews() == OthersReviews::AfterOwn && reviews::store::has_mine(conn, who, proposal)?;
    check_sight_of_others(who, own_is_in)
}

fn veiled(app: &Callboard, who: &Reviewer, reference: &str, comment: Comment) -> Veiled {
    let by = match comment.side {
        Side::Reviewer => reviews::actions::pseudonym(app, who, reference, comment.account),
        Side::Organizer => "Organizers".to_owned(),
    };
    Veiled { code: comment.code, by, mine: comment.account == who.account(), text: comment.text }
}

/// # Errors
/// As [`list`]; `WrongState` when the proposal has as many as it may.
pub async fn add<R: Render<Veiled>>(
    app: &Callboard,
    who: Reviewer,
    reference: String,
    input: NewComment,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let (proposal, _) = queue_store::lock_reviewable(tx, who, &reference)?;
            check_sight(tx.conn(), who, proposal)?;
            let (event, account, side) = (who.event(), who.account(), Side::Reviewer);
            let code = store::insert(tx, &NewRow { event, proposal, account, side, text: &input.text })?;
            audit::record(tx, who, event, &Entry::new(Action::Commented, Object::Proposal(reference.clone())))?;
            let by = reviews::actions::pseudonym(&board, who, &reference, account);
            Ok(Veiled { code, by, mine: true, text: input.text.into_string() })
        })
        .await
}

/// # Errors
/// `NotFound`, also for whoever has a conflict of interest with it.
pub async fn list_signed(app: &Callboard, who: ProposalReader, code: String) -> Result<Vec<Comment>> {
    app.db
        .read(move |conn| {
            let proposal = reviews::store::find_for_reader(conn, &who, &code)?;
            store::list(conn, proposal)
        })
        .await
}

/// # Errors
/// As [`list_signed`]; `WrongState` when the proposal has as many as it may.
pub async fn add_signed<R: Render<Comment>>(
    app: &Callboard,
    who: Decider,
    code: String,
    input: NewComment,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let proposal = store::lock_proposal(tx, who, &code)?;
            let (event, account, side) = (who.event(), who.account(), Side::Organizer);
            let added = store::insert(tx, &NewRow { event, proposal, account, side, text: &input.text })?;
            audit::record(tx, who, event, &Entry::new(Action::Commented, Object::Proposal(code)))?;
            let all = store::list(tx.conn(), proposal)?;
            all.into_iter().find(|comment| comment.code == added).ok_or_else(Error::not_found)
        })
        .await
}
