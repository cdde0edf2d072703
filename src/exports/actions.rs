//! Reading what is exported, in one short snapshot.

use super::{
    model::{Export, Format, ListTalks, Proposal, Rows},
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
    db::Turn,
    error::{Error, Result},
    http::cursor::bad_cursor,
    jobs::System,
    search::model::Wanted,
};
use std::fs::File;

/// # Errors
/// `Busy`.
pub async fn export(app: &Callboard, who: ProposalReader, export: Export) -> Result<File> {
    let reader = who.clone();
    let rows = app.db.read(move |conn| store::list(conn, &reader, export.table)).await?;
    let exported = Entry::new(Action::Exported, Object::Table(export.table.as_str().to_owned()));
    let exported = exported.with("format", export.format.as_str()).with("rows", rows.count());
    // Before the first byte goes out.
    app.db.write_as(who, Turn::Plain, move |tx, who| audit::record(tx, who, who.event(), &exported)).await?;
    spooled(rows, export.format).await
}

/// # Errors
/// `NotFound` when there is no such event.
pub async fn export_for_system(app: &Callboard, system: System, slug: String, export: Export) -> Result<File> {
    let rows = app.db.read(move |conn| store::list_for_system(conn, system, &slug, export.table));
    spooled(rows.await?, export.format).await
}

/// Off the threads that serve requests: a big file takes its time.
async fn spooled(rows: Rows, format: Format) -> Result<File> {
    let file = tokio::task::spawn_blocking(move || spool(&rows, format)).await.map_err(Error::internal)?;
    file.map_err(Error::internal)
}

/// The talks behind the cursor, at least one more than the page holds where there are more.
///
/// # Errors
/// `BadCursor`.
pub async fn list_talks(app: &Callboard, event: PublicEvent, ask: ListTalks) -> Result<Vec<Proposal>> {
    let after = ask.after()?;
    app.db
        .read(move |conn| {
            let Some(question) = &ask.q else {
                return store::list_public_talks(conn, &event, after.as_deref().unwrap_or_default(), ask.limit() + 1);
            };
            let mut found = store::search_public_talks(conn, &event, &Wanted::parse(question))?;
            let Some(after) = after else { return Ok(found) };
            let last = found.iter().position(|talk| talk.code == after).ok_or_else(bad_cursor)?;
            Ok(found.split_off(last + 1))
        })
        .await
}
