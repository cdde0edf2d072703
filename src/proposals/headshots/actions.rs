//! Setting, removing and looking at headshots.

use super::{
    picture::{self, Headshot},
    store,
};
use crate::{
    access::{ProposalReader, PublicEvent, Speaker},
    accounts,
    app::Callboard,
    db::Turn,
    error::{Error, Result},
    http::once::IfMatch,
    proposals,
};

/// # Errors
/// A field error for what is no picture; `Stale`; `Busy` while others are decoded.
pub async fn set(app: &Callboard, who: Speaker, upload: Vec<u8>, version: IfMatch) -> Result<()> {
    let picture = app.desk.place().await?.work(move || picture::small(&upload)).await??;
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let profile = proposals::profiles::store::ensure_profile(tx, who)?;
            version.check_or_new(store::version(tx, profile.id)?)?;
            store::replace(tx, who, profile.id, &picture)
        })
        .await
}

/// # Errors
/// `NotFound` when there is none.
pub async fn remove(app: &Callboard, who: Speaker) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let profile = proposals::profiles::store::profile(tx.conn(), who)?.ok_or_else(Error::not_found)?;
            if store::delete(tx, profile.id)? { Ok(()) } else { Err(Error::not_found()) }
        })
        .await
}

pub async fn mine(app: &Callboard, who: Speaker) -> Result<Headshot> {
    app.db.read(move |conn| store::mine(conn, &who)).await
}

pub async fn of_speaker(app: &Callboard, who: ProposalReader, code: String) -> Result<Headshot> {
    app.db.read(move |conn| store::of_speaker(conn, &who, &code)).await
}

pub async fn of_program(app: &Callboard, event: PublicEvent, code: String) -> Result<Headshot> {
    app.db.read(move |conn| store::of_program(conn, &event, &code)).await
}
