//! SQL of milestones.

use super::model::{Facts, Milestone};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::milestones,
        types::{EventId, MilestoneId},
    },
    error::Result,
};
use diesel::prelude::*;

type Row = (MilestoneId, String, (String, String, Option<String>, String), i64);

const MILESTONE: (
    milestones::id,
    milestones::code,
    (milestones::name, milestones::first_day, milestones::last_day, milestones::text),
    milestones::version,
) = (
    milestones::id,
    milestones::code,
    (milestones::name, milestones::first_day, milestones::last_day, milestones::text),
    milestones::version,
);

fn milestone((id, code, (name, on, until, text), version): Row) -> Milestone {
    Milestone { id, code, facts: Facts { name, on, until, text }, version }
}

/// By their days.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Milestone>> {
    let query = milestones::table.filter(milestones::event_id.eq(event)).select(MILESTONE);
    let rows: Vec<Row> = query.order((milestones::first_day, milestones::code)).load(conn)?;
    Ok(rows.into_iter().map(milestone).collect())
}

pub fn find(conn: &mut Conn, event: EventId, code: &str) -> Result<Milestone> {
    let query = milestones::table.filter(milestones::event_id.eq(event)).filter(milestones::code.eq(code));
    Ok(milestone(query.select(MILESTONE).first(conn)?))
}

/// Answers its code.
pub fn insert(tx: &mut Tx<'_>, event: EventId, facts: &Facts) -> Result<String> {
    let code = tx.random().code(6);
    let row = (
        milestones::event_id.eq(event),
        milestones::code.eq(&code),
        milestones::name.eq(&facts.name),
        milestones::first_day.eq(&facts.on),
        milestones::last_day.eq(&facts.until),
        milestones::text.eq(&facts.text),
        milestones::version.eq(1),
    );
    diesel::insert_into(milestones::table).values(row).execute(tx.conn())?;
    Ok(code)
}

pub fn update(tx: &mut Tx<'_>, _: &Organizer, id: MilestoneId, facts: &Facts) -> Result<()> {
    diesel::update(milestones::table.find(id))
        .set((
            milestones::name.eq(&facts.name),
            milestones::first_day.eq(&facts.on),
            milestones::last_day.eq(&facts.until),
            milestones::text.eq(&facts.text),
            milestones::version.eq(milestones::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, _: &Organizer, id: MilestoneId) -> Result<()> {
    diesel::delete(milestones::table.find(id)).execute(tx.conn())?;
    Ok(())
}
