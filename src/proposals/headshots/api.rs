//! Headshots over the API: the body is the picture itself.

use super::{actions, picture::Headshot};
use crate::{
    access::{ProposalReader, PublicEvent, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::CodePath,
        once::IfMatch,
        picture::{Jpeg, PictureBody, Shared},
        reply::NoContent,
    },
};

pub async fn mine(who: Speaker, (app,): (Callboard,)) -> Result<Jpeg> {
    Ok(jpeg(actions::mine(&app, who).await?, Shared::No))
}

pub async fn set(who: Speaker, (app, picture, version): (Callboard, PictureBody, IfMatch)) -> Result<NoContent> {
    actions::set(&app, who, picture.0, version).await?;
    Ok(NoContent)
}

pub async fn remove(who: Speaker, (app,): (Callboard,)) -> Result<NoContent> {
    actions::remove(&app, who).await?;
    Ok(NoContent)
}

pub async fn of_speaker(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<Jpeg> {
    Ok(jpeg(actions::of_speaker(&app, who, code.0).await?, Shared::No))
}

pub async fn of_program(event: PublicEvent, (app, code): (Callboard, CodePath)) -> Result<Jpeg> {
    Ok(jpeg(actions::of_program(&app, event, code.0).await?, Shared::Yes))
}

fn jpeg(headshot: Headshot, shared: Shared) -> Jpeg {
    Jpeg { bytes: headshot.jpeg, version: headshot.version, shared }
}
