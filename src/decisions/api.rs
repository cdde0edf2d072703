//! Private decisions over the API.

use super::{
    actions,
    model::{Decide, DecideMany},
    views::{DecidedMany, ForOrganizer},
};
use crate::{
    access::Decider,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Json, Versioned},
    },
};

pub async fn decide(
    who: Decider,
    (app, code, Body(input), version): (Callboard, CodePath, Body<Decide>, IfMatch),
) -> Result<Versioned<ForOrganizer>> {
    Ok(Versioned(actions::decide(&app, who, code.0, input, version).await?.into()))
}

pub async fn show(who: Decider, (app, code): (Callboard, CodePath)) -> Result<Versioned<ForOrganizer>> {
    Ok(Versioned(actions::show(&app, who, code.0).await?.into()))
}

pub async fn decide_many(
    who: Decider,
    (app, Body(input), once): (Callboard, Body<DecideMany>, Once),
) -> Result<Answered<Json<DecidedMany>>> {
    let dry_run = input.dry_run;
    actions::decide_many(&app, who, input, once.then(move |changes| Json(DecidedMany::new(dry_run, changes)))).await
}
