//! Looking at the balance.

use super::{model::Balance, store};
use crate::{
    access::ProposalReader,
    app::Callboard,
    calls::{categories, parts},
    error::Result,
};

/// Without who speaks, so nobody has read any name.
///
/// # Errors
/// `Busy`.
pub async fn show_folded(app: &Callboard, who: ProposalReader) -> Result<Balance> {
    let mut balance = found(app, who).await?;
    balance.people.clear();
    balance.affiliations.clear();
    Ok(balance)
}

/// With who speaks in several and where they come from, which is noted.
///
/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: ProposalReader) -> Result<Balance> {
    let (event, account) = (who.event(), who.account());
    let balance = found(app, who).await?;
    app.reads.add(event, account, balance.codes.clone());
    Ok(balance)
}

async fn found(app: &Callboard, who: ProposalReader) -> Result<Balance> {
    app.db
        .read(move |conn| {
            let rows = store::rows(conn, &who)?;
            let formats = parts::store::list_formats(conn, who.event())?;
            let tracks = parts::store::list_tracks(conn, who.event())?;
            let categories = categories::store::list(conn, who.event())?;
            let mut balance = Balance::new(&rows, store::speakers(conn, &who, &rows)?);
            balance.add_kinds(&rows, formats, tracks);
            balance.add_choices(&rows, &store::choices(conn, &who)?, categories);
            Ok(balance)
        })
        .await
}
