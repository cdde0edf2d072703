//! Looking at where an event stands.

use super::{model::Overview, store};
use crate::{access::ProposalReader, app::Callboard, calls, error::Result};

/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: ProposalReader) -> Result<Overview> {
    let now = app.clock.now();
    app.db
        .read(move |conn| {
            let setup = calls::store::setup(conn, who.event())?;
            let rows = store::rows(conn, &who)?;
            let reviewing = store::reviewing(conn, &who)?;
            Ok(Overview::new(setup, &rows, reviewing, who.scope().zone.clone(), now))
        })
        .await
}
