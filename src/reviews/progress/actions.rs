//! A reviewer's progress, read in one snapshot.

use super::{
    model::{self, Progress},
    store,
};
use crate::{
    access::Reviewer,
    app::Callboard,
    error::Result,
    reviews::{criteria, phases},
};

/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: Reviewer) -> Result<Progress> {
    let now = app.clock.now();
    app.db
        .read(move |conn| {
            let phases = phases::store::list(conn, who.event())?;
            let (phase, next_phase) = phases::model::around(&phases, now);
            let (phase, next_phase) = (phase.cloned(), next_phase.cloned());
            let criteria = criteria::store::list(conn, who.event())?;
            let counts = store::counts(conn, &who)?;
            let histogram = model::histogram(&criteria, &store::given(conn, &who)?);
            let pace = model::pace(&counts, &phases, now);
            Ok(Progress { switches: who.phase(), phase, next_phase, counts, pace, criteria, histogram })
        })
        .await
}
