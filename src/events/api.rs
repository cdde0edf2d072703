//! Events and their teams over the API.

use super::{
    actions,
    model::{EditEvent, NewEvent},
    views::{self, ForPublic, Settings},
};
use crate::{
    access::{EventCreator, Organizer, Public, PublicEvent},
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        reply::{Created, Json, List},
    },
};

pub async fn list(who: Public, (app,): (Callboard,)) -> Result<List<ForPublic>> {
    Ok(List::whole(views::list(actions::list(&app, &who).await?)))
}

pub async fn create(who: EventCreator, (app, Body(input)): (Callboard, Body<NewEvent>)) -> Result<Created<Settings>> {
    let event = actions::create(&app, who, input).await?;
    // A draft's public address answers 404, so it is the settings that one finds there.
    Ok(Created { location: format!("/events/{}/settings", event.slug), view: event.into() })
}

pub async fn show(who: PublicEvent, (app,): (Callboard,)) -> Result<Json<ForPublic>> {
    Ok(Json(actions::show(&app, who).await?.into()))
}

pub async fn settings(who: Organizer, (app,): (Callboard,)) -> Result<Json<Settings>> {
    Ok(Json(actions::settings(&app, who).await?.into()))
}

pub async fn edit(who: Organizer, (app, Body(input)): (Callboard, Body<EditEvent>)) -> Result<Json<Settings>> {
    Ok(Json(actions::edit(&app, who, input).await?.into()))
}
