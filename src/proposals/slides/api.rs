//! Slides over the API.

use super::{actions, model::SetSlides};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::IfMatch,
        reply::Versioned,
    },
    proposals::views::ForSpeaker,
};

pub async fn set(
    who: Speaker,
    (app, code, Body(input), version): (Callboard, CodePath, Body<SetSlides>, IfMatch),
) -> Result<Versioned<ForSpeaker>> {
    Ok(Versioned(actions::set(&app, who, code.0, input, version).await?.into()))
}
