//! Assigning reviewers by hand and from CSV.

use super::{
    csv,
    model::{self, Assign, AssignCsv, Assignment, Filter, Load, Outcome, Wanted},
    store,
};
use crate::{
    access::{Can, Decider, Implies, ReadProposals},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::Turn,
    error::Result,
    http::cursor::Cursor,
    once::model::Render,
};

/// One more than the page holds.
///
/// # Errors
/// `BadCursor`.
pub async fn list(app: &Callboard, who: Can<impl Implies<ReadProposals>>, filter: Filter) -> Result<Vec<Assignment>> {
    let after = filter.cursor.as_deref().map(Cursor::decode).transpose()?;
    let limit = i64::from(filter.limit.unwrap_or(50)) + 1;
    app.db.read(move |conn| store::list(conn, &who, &filter, after.as_ref(), limit)).await
}

/// What each reviewer has to do.
///
/// # Errors
/// `Busy`.
pub async fn loads(app: &Callboard, who: Decider) -> Result<Vec<Load>> {
    app.db.read(move |conn| store::loads(conn, &who)).await
}

/// # Errors
/// `Invalid` with the place of each pair that cannot be assigned, unless it is a dry run.
pub async fn assign<R: Render<Vec<Outcome>>>(
    app: &Callboard,
    who: Decider,
    input: Assign,
    render: R,
) -> Result<R::Out> {
    let dry_run = input.dry_run;
    assign_wanted(app, who, input.wanted()?, dry_run, render).await
}

/// # Errors
/// As [`assign`]; and what the file itself is wrong in.
pub async fn assign_csv<R: Render<Vec<Outcome>>>(
    app: &Callboard,
    who: Decider,
    input: AssignCsv,
    render: R,
) -> Result<R::Out> {
    assign_wanted(app, who, csv::read(&input.csv)?, input.dry_run, render).await
}

async fn assign_wanted<R: Render<Vec<Outcome>>>(
    app: &Callboard,
    who: Decider,
    wanted: Vec<Wanted>,
    dry_run: bool,
    render: R,
) -> Result<R::Out> {
    if dry_run {
        let outcomes = app.db.read(move |conn| Ok(store::read_board(conn, &who, &wanted)?.judge(wanted)));
        return Ok(render.render(outcomes.await?)?.0);
    }
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let outcomes = store::lock_board(tx, who, &wanted)?.judge(wanted);
            let new = model::all_possible(&outcomes)?;
            store::insert(tx, who.event(), &new, true)?;
            let assigned = Entry::new(Action::Assigned, Object::Proposals).with("count", new.len());
            audit::record(tx, who, who.event(), &assigned.with("pairs", pairs(&outcomes)))?;
            Ok(outcomes)
        })
        .await
}

/// The codes of what is new, proposal and reviewer.
fn pairs(outcomes: &[Outcome]) -> Vec<Vec<String>> {
    let new = outcomes.iter().filter_map(|outcome| outcome.found.as_ref().ok()).filter(|found| found.is_new);
    new.map(|found| vec![found.proposal.0.clone(), found.reviewer.0.clone()]).collect()
}

/// # Errors
/// `NotFound`.
pub async fn remove(app: &Callboard, who: Decider, code: String) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (proposal, reviewer) = store::delete(tx, who, &code)?;
            let unassigned = Entry::new(Action::Unassigned, Object::Proposal(proposal)).with("reviewer", reviewer);
            audit::record(tx, who, who.event(), &unassigned)
        })
        .await
}
