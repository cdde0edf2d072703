//! Saving choices of columns.

use super::{
    model::{EditPreset, NewPreset, Preset, check_columns, check_room},
    store,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Turn, Tx},
    error::Result,
    http::once::IfMatch,
    once::model::Render,
    text::Line,
};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<Preset>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// # Errors
/// Field errors; `WrongState` when there are too many.
pub async fn add<R: Render<Preset>>(app: &Callboard, who: Organizer, input: NewPreset, render: R) -> Result<R::Out> {
    check_columns(&input.columns)?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx: &mut Tx<'_>, who: &Organizer| {
            check_room(store::list(tx.conn(), who.event())?.len())?;
            let columns = input.columns.into_iter().map(Line::into_string).collect();
            let code = tx.random().code(6);
            let new = Preset { code, name: input.name.into_string(), table: input.table, columns, version: 1 };
            store::insert(tx, who, &new)?;
            note(tx, who, Action::ExportPresetAdded, &new)?;
            Ok(new)
        })
        .await
}

/// # Errors
/// `NotFound`; `Stale`; field errors.
pub async fn edit(app: &Callboard, who: Organizer, code: String, edit: EditPreset, version: IfMatch) -> Result<Preset> {
    edit.columns.as_deref().map_or(Ok(()), check_columns)?;
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let before = store::lock(tx, who, &code)?;
            version.check(before.version)?;
            let mut after = Preset { version: before.version + 1, ..before };
            if let Some(name) = edit.name {
                after.name = name.into_string();
            }
            if let Some(columns) = edit.columns {
                after.columns = columns.into_iter().map(Line::into_string).collect();
            }
            store::update(tx, who, &after)?;
            note(tx, who, Action::ExportPresetChanged, &after)?;
            Ok(after)
        })
        .await
}

/// # Errors
/// `NotFound`; `Stale`.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let preset = store::lock(tx, who, &code)?;
            version.check_if_sent(preset.version)?;
            store::delete(tx, who, &code)?;
            note(tx, who, Action::ExportPresetRemoved, &preset)
        })
        .await
}

fn note(tx: &mut Tx<'_>, who: &Organizer, action: Action, preset: &Preset) -> Result<()> {
    let entry =
        Entry::new(action, Object::Table(preset.table.as_str().to_owned())).with("preset", preset.code.as_str());
    audit::record(tx, who, who.event(), &entry)
}
