//! Saying where the slides are.

use super::{model::SetSlides, store};
use crate::{
    access::Speaker,
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::Turn,
    error::Result,
    http::once::IfMatch,
    proposals::{
        self,
        actions::Mine,
        model::{Lifecycle, check_lifecycle},
    },
};

/// Any of its speakers, at any time.
///
/// # Errors
/// `NotFound`; `Stale`; `WrongState` for what has left.
pub async fn set(app: &Callboard, who: Speaker, code: String, input: SetSlides, version: IfMatch) -> Result<Mine> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let proposal = proposals::store::lock_own(tx, who, &code)?.row;
            version.check(proposal.version)?;
            check_lifecycle(proposal.lifecycle, &[Lifecycle::Draft, Lifecycle::Submitted], "given slides")?;
            let url = input.url.map(|url| url.0);
            if url != proposal.slides {
                store::update(tx, proposal.id, url.as_deref())?;
                if proposal.lifecycle == Lifecycle::Submitted {
                    let set = Entry::new(Action::SlidesSet, Object::Proposal(code.clone()));
                    audit::record(tx, who, who.event(), &set)?;
                }
            }
            proposals::actions::one(tx.conn(), who, &code)
        })
        .await
}
