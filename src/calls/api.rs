//! Calls over the API.

use super::{
    actions,
    model::{EditCall, EditFormat, EditTrack, NewFormat, NewTrack},
    views::{ForOrganizer, ForPublic, FormatForOrganizer, TrackForOrganizer},
};
use crate::{
    access::{Organizer, PublicEvent},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        reply::{Created, Json, List, NoContent},
    },
};

pub async fn show_call(who: PublicEvent, (app,): (Callboard,)) -> Result<Json<ForPublic>> {
    Ok(Json(actions::show_call(&app, who).await?.into()))
}

pub async fn show_settings(who: Organizer, (app,): (Callboard,)) -> Result<Json<ForOrganizer>> {
    Ok(Json(actions::show_settings(&app, who).await?.into()))
}

pub async fn edit_call(who: Organizer, (app, Body(edit)): (Callboard, Body<EditCall>)) -> Result<Json<ForOrganizer>> {
    Ok(Json(actions::edit_call(&app, who, edit).await?.into()))
}

pub async fn list_formats(who: Organizer, (app,): (Callboard,)) -> Result<List<FormatForOrganizer>> {
    Ok(List::whole(actions::list_formats(&app, who).await?.into_iter().map(FormatForOrganizer::from)))
}

pub async fn add_format(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<NewFormat>),
) -> Result<Created<FormatForOrganizer>> {
    let event = who.scope().slug.clone();
    let format = actions::add_format(&app, who, input).await?;
    Ok(Created { location: format!("/events/{event}/formats"), view: format.into() })
}

pub async fn edit_format(
    who: Organizer,
    (app, code, Body(edit)): (Callboard, CodePath, Body<EditFormat>),
) -> Result<Json<FormatForOrganizer>> {
    Ok(Json(actions::edit_format(&app, who, code.0, edit).await?.into()))
}

pub async fn remove_format(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::remove_format(&app, who, code.0).await?;
    Ok(NoContent)
}

pub async fn list_tracks(who: Organizer, (app,): (Callboard,)) -> Result<List<TrackForOrganizer>> {
    Ok(List::whole(actions::list_tracks(&app, who).await?.into_iter().map(TrackForOrganizer::from)))
}

pub async fn add_track(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<NewTrack>),
) -> Result<Created<TrackForOrganizer>> {
    let event = who.scope().slug.clone();
    let track = actions::add_track(&app, who, input).await?;
    Ok(Created { location: format!("/events/{event}/tracks"), view: track.into() })
}

pub async fn edit_track(
    who: Organizer,
    (app, code, Body(edit)): (Callboard, CodePath, Body<EditTrack>),
) -> Result<Json<TrackForOrganizer>> {
    Ok(Json(actions::edit_track(&app, who, code.0, edit).await?.into()))
}

pub async fn remove_track(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::remove_track(&app, who, code.0).await?;
    Ok(NoContent)
}
