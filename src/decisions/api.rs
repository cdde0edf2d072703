//! Private decisions over the API.

use super::{
    actions,
    model::{Decide, DecideMany},
    views::{DecidedMany, ForOrganizer},
};
use crate::{
    access::Organizer,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        reply::Json,
    },
};

pub async fn decide(
    who: Organizer,
    (app, code, Body(input)): (Callboard, CodePath, Body<Decide>),
) -> Result<Json<ForOrganizer>> {
    Ok(Json(actions::decide(&app, who, code.0, input).await?.into()))
}

pub async fn decide_many(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<DecideMany>),
) -> Result<Json<DecidedMany>> {
    let dry_run = input.dry_run;
    Ok(Json(DecidedMany::new(dry_run, actions::decide_many(&app, who, input).await?)))
}
