//! Proposing something again.

use super::{
    model::{self, ProposeAgain},
    store,
};
use crate::{
    access::Speaker,
    accounts,
    app::Callboard,
    calls,
    db::Turn,
    error::Result,
    once::model::Render,
    proposals::{self, actions::Mine, store::Texts, versions},
};

/// A draft with the texts of an earlier proposal, but for the notes to that event's organizers. Whoever has no profile
/// here yet gets the one they had there.
///
/// # Errors
/// `NotFound` for whatever is not theirs; field errors of format and track.
pub async fn propose_again<R: Render<Mine>>(
    app: &Callboard,
    who: Speaker,
    input: ProposeAgain,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let earlier = store::find(tx, who, &input.event, input.code.as_str())?;
            let (content, _) = versions::store::content(tx.conn(), earlier.event, earlier.proposal)?;
            let setup = calls::store::setup(tx.conn(), who.event())?;
            let texts = Texts {
                format: model::format(&setup.formats, input.format.as_ref(), &content.format)?.id,
                track: model::track(&setup.tracks, input.track.as_ref(), content.track.as_deref())?
                    .map(|track| track.id),
                title: content.title,
                abstract_: content.abstract_,
                description: content.description,
                notes: String::new(),
                // Each event names its own.
                choices: vec![],
            };
            let is_new = proposals::profiles::store::profile(tx.conn(), who)?.is_none();
            let profile = proposals::profiles::store::ensure_profile(tx, who)?;
            if is_new {
                proposals::profiles::store::update_profile(tx, profile.id, &earlier.profile)?;
            }
            let (_, code) = proposals::store::insert_draft(tx, who, profile.id, &texts)?;
            proposals::actions::one(tx.conn(), who, &code)
        })
        .await
}
