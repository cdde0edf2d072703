//! SQL of saved choices of columns.

use super::model::Preset;
use crate::{
    access::{Organizer, ProposalReader},
    db::{
        Conn, Tx,
        schema::export_presets,
        types::{EventId, TextList},
    },
    error::Result,
    exports::model::Table,
    locked,
};
use diesel::prelude::*;

type Row = (String, String, Table, TextList, i64);

macro_rules! of_event {
    ($event:expr) => {
        export_presets::table.filter(export_presets::event_id.eq($event)).select((
            export_presets::code,
            export_presets::name,
            export_presets::subject,
            export_presets::chosen,
            export_presets::version,
        ))
    };
}

fn preset((code, name, table, columns, version): Row) -> Preset {
    Preset { code, name, table, columns: columns.0, version }
}

/// By table and name.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Preset>> {
    let rows: Vec<Row> = of_event!(event).load(conn)?;
    let mut presets: Vec<Preset> = rows.into_iter().map(preset).collect();
    presets.sort_by(|one, other| (one.table, &one.name, &one.code).cmp(&(other.table, &other.name, &other.code)));
    Ok(presets)
}

/// The columns of the preset; `NotFound` when there is none of this code for the table.
pub fn columns(conn: &mut Conn, who: &ProposalReader, table: Table, code: &str) -> Result<Vec<String>> {
    let query = of_event!(who.event()).filter(export_presets::subject.eq(table)).filter(export_presets::code.eq(code));
    Ok(preset(query.first(conn)?).columns)
}

pub fn lock(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<Preset> {
    let query = of_event!(who.event()).filter(export_presets::code.eq(code));
    Ok(preset(locked!(tx.conn(), query, for_no_key_update, first::<Row>)?))
}

pub fn insert(tx: &mut Tx<'_>, who: &Organizer, new: &Preset) -> Result<()> {
    let row = (
        export_presets::event_id.eq(who.event()),
        export_presets::code.eq(&new.code),
        export_presets::name.eq(&new.name),
        export_presets::subject.eq(new.table),
        export_presets::chosen.eq(TextList(new.columns.clone())),
        export_presets::version.eq(new.version),
    );
    diesel::insert_into(export_presets::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, who: &Organizer, to: &Preset) -> Result<()> {
    let row = export_presets::table.filter(export_presets::event_id.eq(who.event()));
    diesel::update(row.filter(export_presets::code.eq(&to.code)))
        .set((
            export_presets::name.eq(&to.name),
            export_presets::chosen.eq(TextList(to.columns.clone())),
            export_presets::version.eq(to.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, who: &Organizer, code: &str) -> Result<()> {
    let row = export_presets::table.filter(export_presets::event_id.eq(who.event()));
    diesel::delete(row.filter(export_presets::code.eq(code))).execute(tx.conn())?;
    Ok(())
}
