//! What organizers do with phases.

use super::{
    model::{self, Dated, EditPhase, MOST_PHASES, NewPhase},
    store,
};
use crate::{
    access::{Can, Implies, Organizer, ReadEvent},
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
pub async fn list(app: &Callboard, who: Can<impl Implies<ReadEvent>>) -> Result<Vec<Dated>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// `Taken` when another one begins at the same instant; `WrongState` when the event has as many as it may.
pub async fn add<R: Render<Dated>>(app: &Callboard, who: Organizer, input: NewPhase, render: R) -> Result<R::Out> {
    let starts_at = model::start(input.starts_at)?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            if store::list(tx.conn(), who.event())?.len() >= MOST_PHASES {
                return Err(Error::wrong_state(format!("An event has at most {MOST_PHASES} phases.")));
            }
            let code = store::insert(tx, who, &input, starts_at)?;
            let added = store::find(tx, who, &code)?;
            audit::record(tx, who, who.event(), &noted(Action::PhaseAdded, &added))?;
            Ok(added)
        })
        .await
}

/// # Errors
/// `NotFound`; `Stale`; `Taken`.
pub async fn edit(app: &Callboard, who: Organizer, code: String, input: EditPhase, version: IfMatch) -> Result<Dated> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let old = store::find(tx, who, &code)?;
            version.check(old.version)?;
            let mut phase = old.clone().edited(input)?;
            if phase != old {
                store::update(tx, who, &phase)?;
                phase.version += 1;
                audit::record(tx, who, who.event(), &noted(Action::PhaseChanged, &phase))?;
            }
            Ok(phase)
        })
        .await
}

/// # Errors
/// `NotFound`; `Stale`.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let phase = store::find(tx, who, &code)?;
            version.check_if_sent(phase.version)?;
            audit::record(tx, who, who.event(), &noted(Action::PhaseRemoved, &phase))?;
            store::delete(tx, who, phase.id)
        })
        .await
}

/// With all its switches: what reviewers could see at a time has to be told later.
fn noted(action: Action, phase: &Dated) -> Entry {
    let switches = phase.switches;
    Entry::new(action, Object::Phase(phase.code.clone()))
        .with("starts_at", phase.starts_at.to_string())
        .with("scoring", switches.scoring)
        .with("sees", switches.sees.as_str())
        .with("names", switches.names)
        .with("reviews", switches.reviews.as_str())
        .with("deciding", switches.deciding)
}
