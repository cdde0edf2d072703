//! Looking at the gap map.

use super::{model::Gaps, store};
use crate::{
    access::{ProposalReader, PublicEvent, Tracks},
    app::Callboard,
    calls::{self, categories, ideas},
    db::{Conn, types::EventId},
    error::{Error, Result},
};

fn gaps(conn: &mut Conn, event: EventId, tracks: Tracks) -> Result<Gaps> {
    let categories = categories::store::list(conn, event)?;
    let ideas = ideas::store::list(conn, event)?;
    Ok(Gaps { categories, ideas, counts: store::counts(conn, event, tracks)? })
}

/// # Errors
/// `NotFound` unless the organizers have made it public.
pub async fn show(app: &Callboard, who: PublicEvent) -> Result<Gaps> {
    let read = move |conn: &mut Conn| {
        if !calls::store::setup(conn, who.event())?.call.gaps_public {
            return Err(Error::not_found());
        }
        Ok(gaps(conn, who.event(), who.tracks())?.for_everyone())
    };
    app.db.read(read).await
}

/// # Errors
/// `Busy`.
pub async fn show_all(app: &Callboard, who: ProposalReader) -> Result<Gaps> {
    app.db.read(move |conn| gaps(conn, who.event(), who.tracks())).await
}
