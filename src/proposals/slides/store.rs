//! SQL of where slides are.

use crate::{
    db::{Tx, schema::proposals, types::ProposalId},
    error::Result,
    proposals::store::touch_talk,
};
use diesel::prelude::*;

pub fn update(tx: &mut Tx<'_>, proposal: ProposalId, url: Option<&str>) -> Result<()> {
    let now = tx.now()?;
    diesel::update(proposals::table.find(proposal))
        .set((proposals::slides.eq(url), proposals::version.eq(proposals::version + 1), proposals::updated_at.eq(now)))
        .execute(tx.conn())?;
    touch_talk(tx, proposal)
}
