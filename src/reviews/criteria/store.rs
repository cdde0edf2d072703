//! SQL of criteria.

use super::model::{Criterion, NewCriterion, texts};
use crate::{
    access::{Organizer, Reviewer},
    db::{
        Conn, Tx,
        among::among,
        schema::{criteria, criterion_tracks, review_scores, tracks},
        types::{CriterionId, EventId, TextList, TrackId},
    },
    error::{Error, Result},
    locked,
};
use diesel::{dsl, prelude::*};
use std::{collections::HashMap, hash::BuildHasher};

type Row = (CriterionId, String, String, String, f64, (i64, i64, TextList), (bool, bool), i64);

macro_rules! of_event {
    ($event:expr) => {
        criteria::table.filter(criteria::event_id.eq($event)).select((
            criteria::id,
            criteria::code,
            criteria::name,
            criteria::help,
            criteria::weight,
            (criteria::lowest, criteria::highest, criteria::labels),
            (criteria::required, criteria::independent),
            criteria::version,
        ))
    };
}

fn with_tracks(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Criterion>> {
    let limits: Vec<(CriterionId, TrackId, String)> = criterion_tracks::table
        .inner_join(tracks::table)
        .filter(among(criterion_tracks::criterion_id, rows.iter().map(|row| row.0).collect::<Vec<_>>()))
        .select((criterion_tracks::criterion_id, tracks::id, tracks::code))
        .order((tracks::position, tracks::code))
        .load(conn)?;
    let mut of_criterion: HashMap<CriterionId, Vec<(TrackId, String)>> = HashMap::new();
    for (criterion, track, code) in limits {
        of_criterion.entry(criterion).or_default().push((track, code));
    }
    let criterion = |(id, code, name, help, weight, scale, (required, independent), version): Row| {
        let (lowest, highest, labels) = scale;
        let tracks = of_criterion.remove(&id).unwrap_or_default();
        let labels = labels.0;
        Criterion { id, code, name, help, weight, lowest, highest, labels, required, independent, tracks, version }
    };
    Ok(rows.into_iter().map(criterion).collect())
}

/// The criteria of the capability's event, in their order.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Criterion>> {
    let rows: Vec<Row> = of_event!(event).order((criteria::position, criteria::code)).load(conn)?;
    with_tracks(conn, rows)
}

/// The criteria, kept from being changed or removed while a review is written by them.
pub fn hold_all(tx: &mut Tx<'_>, who: &Reviewer) -> Result<Vec<Criterion>> {
    let query = of_event!(who.event()).order((criteria::position, criteria::code));
    let rows = locked!(tx.conn(), query, for_share, load::<Row>)?;
    with_tracks(tx.conn(), rows)
}

/// Locks a criterion: no review can begin to use it meanwhile.
pub fn lock(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Criterion> {
    let query = of_event!(who.event()).filter(criteria::code.eq(code));
    let row = locked!(tx.conn(), query, for_update, first::<Row>)?;
    with_tracks(tx.conn(), vec![row])?.pop().ok_or_else(Error::not_found)
}

/// Adds a criterion after the others.
pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: NewCriterion, tracks: &[(TrackId, String)]) -> Result<Criterion> {
    let event = who.event();
    let last: Option<i64> =
        criteria::table.filter(criteria::event_id.eq(event)).select(dsl::max(criteria::position)).first(tx.conn())?;
    let code = tx.random().code(6);
    let row = (
        criteria::event_id.eq(event),
        criteria::code.eq(&code),
        criteria::name.eq(new.name.as_str()),
        criteria::help.eq(new.help.as_str()),
        criteria::weight.eq(new.weight),
        criteria::lowest.eq(new.lowest),
        criteria::highest.eq(new.highest),
        criteria::labels.eq(TextList(texts(new.labels))),
        criteria::required.eq(new.required),
        criteria::independent.eq(new.independent),
        criteria::position.eq(last.unwrap_or_default() + 1),
        criteria::version.eq(1),
    );
    let id = diesel::insert_into(criteria::table).values(row).returning(criteria::id).get_result(tx.conn())?;
    insert_tracks(tx, event, id, tracks)?;
    lock(tx, who, &code)
}

fn insert_tracks(tx: &mut Tx<'_>, event: EventId, criterion: CriterionId, tracks: &[(TrackId, String)]) -> Result<()> {
    for (track, _) in tracks {
        let row = (
            criterion_tracks::event_id.eq(event),
            criterion_tracks::criterion_id.eq(criterion),
            criterion_tracks::track_id.eq(track),
        );
        diesel::insert_into(criterion_tracks::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// Gives a new event the criteria of an earlier one, for its tracks in place of the earlier ones.
pub fn copy(
    tx: &mut Tx<'_>,
    from: EventId,
    to: EventId,
    counterparts: &HashMap<TrackId, TrackId, impl BuildHasher>,
) -> Result<()> {
    for (position, criterion) in (1_i64..).zip(list(tx.conn(), from)?) {
        let row = (
            criteria::event_id.eq(to),
            criteria::code.eq(tx.random().code(6)),
            criteria::name.eq(criterion.name),
            criteria::help.eq(criterion.help),
            criteria::weight.eq(criterion.weight),
            criteria::lowest.eq(criterion.lowest),
            criteria::highest.eq(criterion.highest),
            criteria::labels.eq(TextList(criterion.labels)),
            criteria::required.eq(criterion.required),
            criteria::independent.eq(criterion.independent),
            criteria::position.eq(position),
            criteria::version.eq(1),
        );
        let id = diesel::insert_into(criteria::table).values(row).returning(criteria::id).get_result(tx.conn())?;
        let tracks = criterion.tracks.into_iter();
        let tracks: Vec<(TrackId, String)> =
            tracks.filter_map(|(track, name)| Some((*counterparts.get(&track)?, name))).collect();
        insert_tracks(tx, to, id, &tracks)?;
    }
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, who: &Organizer, after: &Criterion) -> Result<()> {
    let content = (
        criteria::name.eq(&after.name),
        criteria::help.eq(&after.help),
        criteria::weight.eq(after.weight),
        criteria::lowest.eq(after.lowest),
        criteria::highest.eq(after.highest),
        criteria::labels.eq(TextList(after.labels.clone())),
        criteria::required.eq(after.required),
        criteria::independent.eq(after.independent),
        criteria::version.eq(criteria::version + 1),
    );
    diesel::update(criteria::table.find(after.id)).set(content).execute(tx.conn())?;
    let before = criterion_tracks::table.filter(criterion_tracks::criterion_id.eq(after.id));
    diesel::delete(before).execute(tx.conn())?;
    insert_tracks(tx, who.event(), after.id, &after.tracks)
}

pub fn delete(tx: &mut Tx<'_>, _: &Organizer, criterion: CriterionId) -> Result<()> {
    diesel::delete(criteria::table.find(criterion)).execute(tx.conn())?;
    Ok(())
}

pub fn is_used(conn: &mut Conn, criterion: CriterionId) -> Result<bool> {
    let used = review_scores::table.filter(review_scores::criterion_id.eq(criterion));
    Ok(diesel::select(dsl::exists(used)).get_result(conn)?)
}
