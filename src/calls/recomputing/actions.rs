//! Computing deadlines anew, event by event, each in one transaction.

use super::{
    model::{Kind, Moved, Stored},
    store,
};
use crate::{
    access,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{self, shortening},
    db::{Tx, types::EventId},
    error::Result,
    jobs::System,
};

/// What is not what it was, and on a dry run nothing else; otherwise what could be set right is.
///
/// # Errors
/// When the database refuses it.
pub async fn recompute(app: &Callboard, _: System, dry_run: bool) -> Result<Vec<Moved>> {
    let found: Vec<Moved> =
        app.db.read(|conn| Ok(store::all(conn)?.into_iter().filter_map(Stored::moved).collect())).await?;
    if dry_run {
        return Ok(found);
    }
    let mut events: Vec<EventId> = found.iter().map(|moved| moved.of.event).collect();
    events.sort_unstable();
    events.dedup();
    let mut moved = vec![];
    for event in events {
        let board = app.clone();
        moved.extend(app.db.write(move |tx| recompute_event(tx, &board, event)).await?);
    }
    Ok(moved)
}

fn recompute_event(tx: &mut Tx<'_>, app: &Callboard, event: EventId) -> Result<Vec<Moved>> {
    access::store::lock_event(tx, event)?;
    store::lock_call(tx, event)?;
    let before = calls::store::setup(tx.conn(), event)?;
    let of_event = store::all(tx.conn())?.into_iter().filter(|stored| stored.event == event);
    let moved: Vec<Moved> = of_event.filter_map(Stored::moved).collect();
    for Moved { of, to } in &moved {
        let Some(to) = to else { continue };
        store::set(tx, of, *to)?;
        let entry = Entry::new(Action::DeadlineRecomputed, object(of));
        let entry = entry.with("from", of.deadline.closes_at.to_string()).with("to", to.to_string());
        audit::store::record_for(tx, event, None, &entry)?;
    }
    let after = calls::store::setup(tx.conn(), event)?;
    let scope = access::store::scope_of(tx.conn(), event)?;
    shortening::actions::settle(tx, app, &scope, (&before, &after), true)?;
    Ok(moved)
}

fn object(of: &Stored) -> Object {
    let code = of.code.clone();
    match of.kind {
        Kind::Call => Object::Call,
        Kind::Format => Object::Format(code),
        Kind::Track => Object::Track(code),
        Kind::LateLink => Object::LateLink(code),
        Kind::Extension => Object::Extension(code),
    }
}
