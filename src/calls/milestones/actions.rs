//! What organizers do with milestones.

use super::{
    model::{EditMilestone, MOST, Milestone, NewMilestone},
    store,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::Turn,
    error::{Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<Milestone>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// A field error for days in the wrong order; `WrongState` when the event has as many as it may.
pub async fn add<R: Render<Milestone>>(
    app: &Callboard,
    who: Organizer,
    input: NewMilestone,
    render: R,
) -> Result<R::Out> {
    let facts = input.read()?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            if store::list(tx.conn(), who.event())?.len() >= MOST {
                return Err(Error::wrong_state(format!("An event has at most {MOST} milestones.")));
            }
            let code = store::insert(tx, who.event(), &facts)?;
            let added = Entry::new(Action::MilestoneAdded, Object::Milestone(code.clone()));
            audit::record(tx, who, who.event(), &added)?;
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`; a field error for days in the wrong order.
pub async fn edit(
    app: &Callboard,
    who: Organizer,
    code: String,
    edit: EditMilestone,
    version: IfMatch,
) -> Result<Milestone> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let old = store::find(tx.conn(), who.event(), &code)?;
            version.check(old.version)?;
            let facts = old.facts.clone().edited(edit)?;
            if facts != old.facts {
                store::update(tx, who, old.id, &facts)?;
                let changed = Entry::new(Action::MilestoneChanged, Object::Milestone(code.clone()));
                audit::record(tx, who, who.event(), &changed)?;
            }
            store::find(tx.conn(), who.event(), &code)
        })
        .await
}

/// # Errors
/// `NotFound`.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let milestone = store::find(tx.conn(), who.event(), &code)?;
            version.check_if_sent(milestone.version)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::MilestoneRemoved, Object::Milestone(code)))?;
            store::delete(tx, who, milestone.id)
        })
        .await
}
