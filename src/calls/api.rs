//! Calls over the API.

use super::{
    actions,
    model::EditCall,
    views::{ForOrganizer, ForPublic},
};
use crate::{
    access::{EventReader, Organizer, PublicEvent},
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        once::IfMatch,
        reply::{Json, Versioned},
    },
};

pub async fn show_call(who: PublicEvent, (app,): (Callboard,)) -> Result<Json<ForPublic>> {
    Ok(Json(actions::show_call(&app, who).await?.into()))
}

pub async fn show_settings(who: EventReader, (app,): (Callboard,)) -> Result<Versioned<ForOrganizer>> {
    Ok(Versioned(actions::show_settings(&app, who).await?.into()))
}

pub async fn edit_call(
    who: Organizer,
    (app, Body(edit), version): (Callboard, Body<EditCall>, IfMatch),
) -> Result<Versioned<ForOrganizer>> {
    Ok(Versioned(actions::edit_call(&app, who, edit, version).await?.into()))
}
