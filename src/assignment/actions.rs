//! Bidding, planning, and releasing what was planned.

use super::{
    inputs::{MakePlan, PlaceBid, PlaceBids, PlacedBid},
    plan::{Plan, plan},
    store::{self, Board},
    version::Version,
};
use crate::{
    access::{Decider, Reviewer},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Turn, Tx},
    error::{Code, Error, FieldErrors, Result},
    once::model::Render,
};
use data_encoding::HEXLOWER;
use std::time::Duration;

/// A plan and what it was made from.
pub struct Planned {
    pub board: Board,
    pub plan: Plan,
    pub took: Duration,
}

impl Planned {
    pub fn version(&self) -> String {
        Version::of(&self.board.task).token()
    }
}

/// # Errors
/// When the database refuses it.
pub async fn list_bids(app: &Callboard, who: Reviewer) -> Result<Vec<PlacedBid>> {
    app.db.read(move |conn| store::list_bids(conn, &who)).await
}

/// # Errors
/// `NotFound` for what is not theirs to review.
pub async fn show_bid(app: &Callboard, who: Reviewer, reference: String) -> Result<PlacedBid> {
    app.db.read(move |conn| store::find_bid(conn, &who, &reference)).await
}

/// Says again, or anew, how gladly the reviewer would read it.
///
/// # Errors
/// `NotFound` for what is not theirs to review.
pub async fn place_bid(app: &Callboard, who: Reviewer, reference: String, input: PlaceBid) -> Result<PlacedBid> {
    let placed = PlacedBid { reference, bid: input.bid, expertise: input.expertise };
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            store::place_bid(tx, who, &placed)?;
            Ok(placed)
        })
        .await
}

/// Says it of many. What is not theirs to review any more is passed over.
///
/// # Errors
/// When the database refuses it.
pub async fn place_bids(app: &Callboard, who: Reviewer, input: PlaceBids) -> Result<usize> {
    let said = list_bids(app, who.clone()).await?;
    let mut count = 0;
    for PlacedBid { reference, bid, expertise } in input.new_among(&said) {
        match place_bid(app, who.clone(), reference, PlaceBid { bid, expertise }).await {
            Ok(_) => count += 1,
            Err(error) if error.code() == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// Makes the plan; unless it is a dry run, puts it into effect if everything is still as its preview showed it.
///
/// # Errors
/// `PreviewOutdated` with what changed; `Invalid` without the version of a preview.
pub async fn make_plan<R: Render<Planned>>(
    app: &Callboard,
    who: Decider,
    input: MakePlan,
    render: R,
) -> Result<R::Out> {
    if input.dry_run {
        let planned = planned(app, who, input).await?;
        return Ok(render.render(planned)?.0);
    }
    let shown = input.version.as_deref().and_then(Version::parse);
    let shown = shown.ok_or_else(|| {
        FieldErrors::of("version", "missing", "must be the version of a preview: ask for one with dry_run")
    })?;
    let planned = planned(app, who.clone(), input.clone()).await?;
    compare(&shown, &Version::of(&planned.board.task))?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx: &mut Tx<'_>, who: &Decider| {
            store::lock_proposals(tx, who)?;
            // Once more under the locks: what was planned outside of them is put into effect only for this very task.
            let board = store::board(tx.conn(), who, &input)?;
            compare(&shown, &Version::of(&board.task))?;
            store::apply(tx, who, &board, &planned.plan.pairs)?;
            audit::record(tx, who, who.event(), &noted(&planned))?;
            Ok(planned)
        })
        .await
}

/// Reads in one snapshot, and searches at the desk.
async fn planned(app: &Callboard, who: Decider, input: MakePlan) -> Result<Planned> {
    let place = app.desk.place().await?;
    let board = app.db.read(move |conn| store::board(conn, &who, &input)).await?;
    let clock = app.clock.clone();
    let search = move || {
        let begun = clock.monotonic();
        let plan = plan(&board.task);
        Planned { board, plan, took: clock.monotonic().saturating_sub(begun) }
    };
    place.work(search).await
}

fn compare(shown: &Version, now: &Version) -> Result<()> {
    let changed = shown.differences(now);
    if changed.is_empty() {
        return Ok(());
    }
    let error = Error::new(Code::PreviewOutdated, "Look at the preview again, then apply its version.");
    Err(error.with_differences(serde_json::json!({ "changed": changed })))
}

/// All that it takes to make the same plan of the same task.
fn noted(planned: &Planned) -> Entry {
    let (task, plan) = (&planned.board.task, &planned.plan);
    let changes = plan.report.changes;
    let entry = Entry::new(Action::AssignmentsPlanned, Object::Proposals);
    let entry = entry.with("rules", super::model::VERSION).with("seed", task.rules.seed);
    let entry = entry.with("input", HEXLOWER.encode(&task.hash())).with("kept", changes.kept);
    entry
        .with("added", changes.added)
        .with("removed", changes.removed)
        .with("missing", plan.report.needed - plan.report.filled)
}

/// # Errors
/// When the database refuses it.
pub async fn release<R: Render<usize>>(app: &Callboard, who: Decider, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, |tx: &mut Tx<'_>, who: &Decider| {
            let count = store::release(tx, who)?;
            let released = Entry::new(Action::AssignmentsReleased, Object::Proposals).with("count", count);
            audit::record(tx, who, who.event(), &released)?;
            Ok(count)
        })
        .await
}
