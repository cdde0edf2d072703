//! Reading what is exported, in one short snapshot.

use super::{
    model::{Ask, Choice, Export, ListTalks, Listed, Proposal, Rows, names},
    presets,
    spool::spool,
    store,
};
use crate::{
    access::{ProposalReader, PublicEvent},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Conn, Turn},
    desk::Place,
    error::{Error, FieldErrors, Result},
    http::cursor::bad_cursor,
    jobs::System,
    search::model::Wanted,
    text::PublicCode,
};
use std::fs::File;

/// # Errors
/// `Busy`; `Invalid` for a column that does not exist; `NotFound` for a preset that does not.
pub async fn export(app: &Callboard, who: ProposalReader, mut export: Export, ask: Ask) -> Result<File> {
    let (reader, table) = (who.clone(), export.table);
    let preset = ask.preset.map(PublicCode::into_string);
    if let Some(columns) = ask.columns.as_deref() {
        export.columns = Choice::Exactly(names(columns));
    }
    let read = move |conn: &mut Conn| {
        let saved = match preset {
            Some(code) => Some(presets::store::columns(conn, &reader, table, &code)?),
            None => None,
        };
        Ok((store::list(conn, &reader, table)?, saved))
    };
    let place = app.desk.place().await?;
    let (rows, saved) = app.db.read(read).await?;
    if let Some(saved) = saved {
        export.columns = Choice::Saved(saved);
    }
    let exported = Entry::new(Action::Exported, Object::Table(export.table.as_str().to_owned()));
    let exported = exported.with("format", export.format.as_str()).with("rows", rows.count());
    let file = spooled(place, rows, export).await?;
    // Before the first byte goes out.
    app.db.write_as(who, Turn::Plain, move |tx, who| audit::record(tx, who, who.event(), &exported)).await?;
    Ok(file)
}

/// # Errors
/// `NotFound` when there is no such event.
pub async fn export_for_system(app: &Callboard, system: System, slug: String, export: Export) -> Result<File> {
    let (table, place) = (export.table, app.desk.place().await?);
    let rows = app.db.read(move |conn| store::list_for_system(conn, system, &slug, table));
    spooled(place, rows.await?, export).await
}

/// A big file takes its time.
async fn spooled(place: Place, rows: Rows, export: Export) -> Result<File> {
    place.work(move || spool(&rows, &export)).await?
}

/// The talks behind the cursor, at least one more than the page holds where there are more.
///
/// # Errors
/// `BadCursor`; `Invalid` for changes among what is searched for.
pub async fn list_talks(app: &Callboard, event: PublicEvent, ask: ListTalks) -> Result<Vec<Listed>> {
    let after = ask.after()?;
    if ask.q.is_some() && ask.changed_since.is_some() {
        return Err(FieldErrors::of("changed_since", "alone", "cannot be asked for together with q").into());
    }
    app.db
        .read(move |conn| {
            let (place, limit) = (after.as_deref().unwrap_or_default(), ask.limit() + 1);
            if let Some(since) = ask.changed_since {
                return store::list_changes(conn, &event, since, place, limit);
            }
            let found = match &ask.q {
                None => store::list_public_talks(conn, &event, place, limit)?,
                Some(question) => {
                    let mut found = store::search_public_talks(conn, &event, &Wanted::parse(question))?;
                    if let Some(after) = &after {
                        let last = found.iter().position(|talk| talk.code == *after).ok_or_else(bad_cursor)?;
                        found.drain(..=last);
                    }
                    found
                }
            };
            Ok(found.into_iter().map(Listed::talk).collect())
        })
        .await
}

/// All talks of the program, or those that are searched for.
///
/// # Errors
/// `Busy`.
pub async fn all_talks(app: &Callboard, event: PublicEvent, question: Option<String>) -> Result<Vec<Proposal>> {
    app.db
        .read(move |conn| match question {
            None => store::list_public_talks(conn, &event, "", i64::MAX),
            Some(question) => store::search_public_talks(conn, &event, &Wanted::parse(&question)),
        })
        .await
}

/// # Errors
/// `NotFound` for what is not in the program.
pub async fn show_talk(app: &Callboard, event: PublicEvent, code: String) -> Result<Proposal> {
    let found = app.db.read(move |conn| store::find_public_talk(conn, &event, &code));
    found.await?.ok_or_else(Error::not_found)
}
