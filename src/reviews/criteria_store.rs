//! SQL of criteria.

use super::model::{Criterion, NewCriterion};
use crate::{
    access::{Organizer, Reviewer},
    db::{
        Conn, Tx,
        schema::{criteria, review_scores},
        types::{CriterionId, EventId},
    },
    error::Result,
    locked,
};
use diesel::{dsl, prelude::*};

type CriterionRow = (CriterionId, String, String, String, f64, i64, i64, i64);

fn criterion((id, code, name, help, weight, lowest, highest, version): CriterionRow) -> Criterion {
    Criterion { id, code, name, help, weight, lowest, highest, version }
}

const CRITERION: (
    criteria::id,
    criteria::code,
    criteria::name,
    criteria::help,
    criteria::weight,
    criteria::lowest,
    criteria::highest,
    criteria::version,
) = (
    criteria::id,
    criteria::code,
    criteria::name,
    criteria::help,
    criteria::weight,
    criteria::lowest,
    criteria::highest,
    criteria::version,
);

/// The criteria of the capability's event, in their order.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Criterion>> {
    let query = criteria::table.filter(criteria::event_id.eq(event)).select(CRITERION);
    let rows: Vec<CriterionRow> = query.order((criteria::position, criteria::code)).load(conn)?;
    Ok(rows.into_iter().map(criterion).collect())
}

/// The criteria, kept from being changed or removed while a review is written by them.
pub fn hold_all(tx: &mut Tx<'_>, who: &Reviewer) -> Result<Vec<Criterion>> {
    let query = criteria::table.filter(criteria::event_id.eq(who.event())).select(CRITERION);
    let query = query.order((criteria::position, criteria::code));
    let rows = locked!(tx.conn(), query, for_share, load::<CriterionRow>)?;
    Ok(rows.into_iter().map(criterion).collect())
}

/// Locks a criterion: no review can begin to use it meanwhile.
pub fn lock(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Criterion> {
    let query = criteria::table.filter(criteria::event_id.eq(who.event())).filter(criteria::code.eq(code));
    let query = query.select(CRITERION);
    Ok(criterion(locked!(tx.conn(), query, for_update, first::<CriterionRow>)?))
}

/// Adds a criterion after the others.
pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: &NewCriterion) -> Result<Criterion> {
    let event = who.event();
    let last: Option<i64> =
        criteria::table.filter(criteria::event_id.eq(event)).select(dsl::max(criteria::position)).first(tx.conn())?;
    let row = (
        criteria::event_id.eq(event),
        criteria::code.eq(tx.random().code(6)),
        criteria::name.eq(new.name.as_str()),
        criteria::help.eq(new.help.as_str()),
        criteria::weight.eq(new.weight),
        criteria::lowest.eq(new.lowest),
        criteria::highest.eq(new.highest),
        criteria::position.eq(last.unwrap_or_default() + 1),
        criteria::version.eq(1),
    );
    let row = diesel::insert_into(criteria::table).values(row).returning(CRITERION).get_result(tx.conn())?;
    Ok(criterion(row))
}

/// Gives a new event the criteria of an earlier one.
pub fn copy(tx: &mut Tx<'_>, from: EventId, to: EventId) -> Result<()> {
    for (position, criterion) in (1_i64..).zip(list(tx.conn(), from)?) {
        let row = (
            criteria::event_id.eq(to),
            criteria::code.eq(tx.random().code(6)),
            criteria::name.eq(criterion.name),
            criteria::help.eq(criterion.help),
            criteria::weight.eq(criterion.weight),
            criteria::lowest.eq(criterion.lowest),
            criteria::highest.eq(criterion.highest),
            criteria::position.eq(position),
            criteria::version.eq(1),
        );
        diesel::insert_into(criteria::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, _: &Organizer, after: &Criterion) -> Result<()> {
    let content = (
        criteria::name.eq(&after.name),
        criteria::help.eq(&after.help),
        criteria::weight.eq(after.weight),
        criteria::lowest.eq(after.lowest),
        criteria::highest.eq(after.highest),
        criteria::version.eq(criteria::version + 1),
    );
    diesel::update(criteria::table.find(after.id)).set(content).execute(tx.conn())?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, _: &Organizer, criterion: CriterionId) -> Result<()> {
    diesel::delete(criteria::table.find(criterion)).execute(tx.conn())?;
    Ok(())
}

pub fn is_used(conn: &mut Conn, criterion: CriterionId) -> Result<bool> {
    let used = review_scores::table.filter(review_scores::criterion_id.eq(criterion));
    Ok(diesel::select(dsl::exists(used)).get_result(conn)?)
}
