//! What people do with events and their teams.

use super::{
    model::{EditEvent, Event, Listed, NewEvent},
    store,
};
use crate::{
    access::{EventCreator, Organizer, Public, PublicEvent, Role},
    app::Callboard,
    calls,
    db::{Turn, types::Ts},
    error::Result,
};

/// Something and the instant at which somebody looked at it.
pub struct Seen<T> {
    pub what: T,
    pub at: Ts,
}

/// An event that can be worked with at once: a team of one, an empty call, a format, a criterion.
///
/// # Errors
/// Field errors: a slug that is taken, no such zone, days in the wrong order.
pub async fn create(app: &Callboard, who: EventCreator, input: NewEvent) -> Result<Event> {
    let slug = input.slug.clone();
    let facts = input.facts()?;
    app.db
        .write_as(who, Turn::Plain, move |tx, creator| {
            let now = tx.now()?;
            let event = store::insert(tx, &slug, &facts, now)?;
            store::insert_member(tx, event, creator.who().account(), Role::Organizer, now)?;
            store::insert_overall_criterion(tx, event)?;
            calls::actions::set_up(tx, event)?;
            store::find(tx.conn(), event)
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, _: &Public) -> Result<Seen<Vec<Listed>>> {
    let at = app.clock.now();
    let listed = app.db.read(|conn| {
        let events = store::list_public(conn)?;
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        let mut setups = calls::store::setups(conn, &ids)?;
        let with_call = |event: Event| {
            let found = setups.iter().position(|setup| setup.call.event == event.id)?;
            Some(Listed { event, setup: setups.swap_remove(found) })
        };
        Ok(events.into_iter().filter_map(with_call).collect())
    });
    Ok(Seen { what: listed.await?, at })
}

/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: PublicEvent) -> Result<Seen<Listed>> {
    let at = app.clock.now();
    let shown = app.db.read(move |conn| {
        let event = store::find(conn, who.event())?;
        Ok(Listed { event, setup: calls::store::setup(conn, who.event())? })
    });
    Ok(Seen { what: shown.await?, at })
}

/// # Errors
/// `Busy`.
pub async fn settings(app: &Callboard, who: Organizer) -> Result<Event> {
    app.db.read(move |conn| store::find(conn, who.event())).await
}

/// # Errors
/// Field errors: no such zone, days in the wrong order.
pub async fn edit(app: &Callboard, who: Organizer, edit: EditEvent) -> Result<Event> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let mut event = store::find(tx.conn(), who.event())?;
            let facts = event.facts.clone().edited(edit)?;
            if facts != event.facts {
                store::update(tx, who, &facts)?;
                event = Event { facts, version: event.version + 1, ..event };
            }
            Ok(event)
        })
        .await
}
