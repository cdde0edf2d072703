//! Copying a call part by part. Late links, extensions and whatever people have proposed stay where they are.

use super::model::Counterparts;
use crate::{
    calls::{
        categories::{self, model::NewChoice},
        ideas, milestones,
        model::Call,
        parts::{self, model::NewPart},
        store,
        time::{self, Deadline},
    },
    db::{Tx, types::EventId},
    error::Result,
};

/// Fills the call of a new event, which has nothing yet, with that of an earlier one, all dates so many days later.
/// `zone` is that of the event. Answers what stands for what.
///
/// # Errors
/// A field error for `shift_days` where a date would be too far away.
pub fn copy(tx: &mut Tx<'_>, from: EventId, to: EventId, days: i64, zone: &str) -> Result<Counterparts> {
    store::insert_empty(tx, to)?;
    let setup = store::setup(tx.conn(), from)?;
    let call = Call {
        event: to,
        opens_at: setup.call.opens_at.map(|at| time::instant_shifted(at, zone, days)).transpose()?,
        deadline: shifted(setup.call.deadline.as_ref(), days)?,
        notify_on: setup.call.notify_on.as_deref().map(|day| time::day_shifted(day, days)).transpose()?,
        ..setup.call.clone()
    };
    store::update_of(tx, to, &call)?;
    let mut counterparts = Counterparts::default();
    for format in &setup.formats {
        let deadline = shifted(format.deadline.as_ref(), days)?;
        let part = NewPart { code: tx.random().code(6), name: format.name.clone(), deadline };
        parts::store::insert_format(tx, to, &part, format.minutes)?;
    }
    let copies = parts::store::list_formats(tx.conn(), to)?;
    counterparts.formats = setup.formats.iter().map(|one| one.id).zip(copies.iter().map(|one| one.id)).collect();
    for track in &setup.tracks {
        let deadline = shifted(track.deadline.as_ref(), days)?;
        let part = NewPart { code: tx.random().code(6), name: track.name.clone(), deadline };
        parts::store::insert_track(tx, to, &part)?;
    }
    let copies = parts::store::list_tracks(tx.conn(), to)?;
    counterparts.tracks = setup.tracks.iter().map(|one| one.id).zip(copies.iter().map(|one| one.id)).collect();
    copy_categories(tx, from, to, &mut counterparts)?;
    copy_ideas(tx, from, to, &counterparts)?;
    for milestone in milestones::store::list(tx.conn(), from)? {
        let mut facts = milestone.facts;
        facts.on = time::day_shifted(&facts.on, days)?;
        facts.until = facts.until.map(|day| time::day_shifted(&day, days)).transpose()?;
        milestones::store::insert(tx, to, &facts)?;
    }
    Ok(counterparts)
}

fn shifted(deadline: Option<&Deadline>, days: i64) -> Result<Option<Deadline>> {
    deadline.map(|deadline| time::deadline_shifted(deadline, days)).transpose()
}

fn copy_categories(tx: &mut Tx<'_>, from: EventId, to: EventId, counterparts: &mut Counterparts) -> Result<()> {
    let categories = categories::store::list(tx.conn(), from)?;
    for category in &categories {
        let choices: Vec<NewChoice> = category.choices.iter().map(NewChoice::like).collect();
        categories::store::insert(tx, to, &category.facts(), &choices)?;
    }
    let copies = categories::store::list(tx.conn(), to)?;
    let old = categories.iter().flat_map(|category| &category.choices).map(|choice| choice.id);
    let new = copies.iter().flat_map(|category| &category.choices).map(|choice| choice.id);
    counterparts.choices = old.zip(new).collect();
    Ok(())
}

fn copy_ideas(tx: &mut Tx<'_>, from: EventId, to: EventId, counterparts: &Counterparts) -> Result<()> {
    for idea in ideas::store::list(tx.conn(), from)? {
        let mut facts = idea.facts;
        facts.format = facts.format.and_then(|id| counterparts.formats.get(&id).copied());
        facts.track = facts.track.and_then(|id| counterparts.tracks.get(&id).copied());
        facts.choices = facts.choices.iter().filter_map(|id| counterparts.choices.get(id).copied()).collect();
        facts.choices.sort_unstable();
        ideas::store::insert(tx, to, &facts)?;
    }
    Ok(())
}
