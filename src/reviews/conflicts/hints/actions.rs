//! Looking for what may be a conflict of interest.

use super::{
    model::{self, Hint},
    store,
};
use crate::{access::Organizer, app::Callboard, error::Result};

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: Organizer) -> Result<Vec<Hint>> {
    let (event, account) = (who.event(), who.account());
    let hints = app.db.read(move |conn| Ok(model::hints(&store::known(conn, &who)?))).await?;
    app.reads.add(event, account, hints.iter().map(|hint| hint.proposal.0.clone()));
    Ok(hints)
}
