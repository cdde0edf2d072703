//! Profiles over the API.

use super::{actions, model::NewProfile, views::ProfileView};
use crate::{
    access::Speaker,
    app::Callboard,
    error::{Error, Result},
    http::{input::Body, once::IfMatch, reply::Versioned},
};

/// 404 until there is one: the first proposal makes it from the account, and so does setting it.
pub async fn show(who: Speaker, (app,): (Callboard,)) -> Result<Versioned<ProfileView>> {
    let profile = actions::show(&app, who).await?;
    profile.map(|profile| Versioned(profile.into())).ok_or_else(Error::not_found)
}

pub async fn set(
    who: Speaker,
    (app, Body(input), version): (Callboard, Body<NewProfile>, IfMatch),
) -> Result<Versioned<ProfileView>> {
    Ok(Versioned(actions::set(&app, who, input, version).await?.into()))
}
