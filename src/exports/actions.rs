//! Reading what is exported, in one short snapshot.

use super::{
    model::{Export, Format, Proposal, Rows, Table},
    spool::spool,
    store,
};
use crate::{
    access::{Organizer, PublicEvent},
    app::Callboard,
    db::Conn,
    error::{Error, Result},
};
use std::fs::File;

/// # Errors
/// `Busy`.
pub async fn export(app: &Callboard, who: Organizer, export: Export) -> Result<File> {
    let read = move |conn: &mut Conn| match export.table {
        Table::Talks => Ok(Rows::Talks(store::list_talks(conn, &who)?)),
        Table::Proposals => Ok(Rows::Proposals(store::list_proposals(conn, &who)?)),
        Table::Reviews => {
            store::list_reviews(conn, &who).map(|(criteria, reviews)| Rows::Reviews { criteria, reviews })
        }
    };
    spooled(app.db.read(read).await?, export.format).await
}

/// Off the threads that serve requests: a big file takes its time.
async fn spooled(rows: Rows, format: Format) -> Result<File> {
    let file = tokio::task::spawn_blocking(move || spool(&rows, format)).await.map_err(Error::internal)?;
    file.map_err(Error::internal)
}

/// The talks behind the code `after`, one more than `limit`.
///
/// # Errors
/// `Busy`.
pub async fn list_talks(app: &Callboard, event: PublicEvent, after: String, limit: i64) -> Result<Vec<Proposal>> {
    app.db.read(move |conn| store::list_public_talks(conn, &event, &after, limit + 1)).await
}
