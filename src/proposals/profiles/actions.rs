//! What speakers do with how they appear in an event.

use super::{
    model::NewProfile,
    store::{self, Profile, ProfileTexts},
};
use crate::{
    access::Speaker,
    accounts,
    app::Callboard,
    db::{Turn, Tx, types::TextList},
    error::Result,
    http::once::IfMatch,
};

pub async fn show(app: &Callboard, who: Speaker) -> Result<Option<Profile>> {
    app.db.read(move |conn| store::profile(conn, &who)).await
}

/// # Errors
/// `Stale`.
pub async fn set(app: &Callboard, who: Speaker, input: NewProfile, version: IfMatch) -> Result<Profile> {
    app.db.write_as(who, Turn::Plain, move |tx, who| set_in(tx, who, input, &version)).await
}

/// [`set`], as a part of a transaction.
///
/// # Errors
/// As [`set`].
pub fn set_in(tx: &mut Tx<'_>, who: &Speaker, input: NewProfile, version: &IfMatch) -> Result<Profile> {
    let texts = ProfileTexts {
        name: input.name.into_string(),
        bio: input.bio.into_string(),
        affiliation: input.affiliation.into_string(),
        links: TextList(input.links.into_iter().map(|link| link.0).collect()),
    };
    accounts::store::lock_mine(tx, who.who())?;
    version.check_or_new(store::profile(tx.conn(), who)?.map(|profile| profile.version))?;
    let profile = store::ensure_profile(tx, who)?;
    store::update_profile(tx, profile.id, &texts)?;
    store::ensure_profile(tx, who)
}
