//! Formats and tracks over the API.

use super::{
    actions,
    model::{EditFormat, EditTrack, NewFormat, NewTrack},
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    calls::views::{FormatForOrganizer, TrackForOrganizer},
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Created, List, NoContent, Versioned},
    },
};

pub async fn list_formats(who: ProposalReader, (app,): (Callboard,)) -> Result<List<FormatForOrganizer>> {
    Ok(List::whole(actions::list_formats(&app, who).await?.into_iter().map(FormatForOrganizer::from)))
}

pub async fn add_format(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewFormat>, Once),
) -> Result<Answered<Created<FormatForOrganizer>>> {
    let list = format!("/events/{}/formats", who.scope().slug);
    let view = |format| Created::versioned(list, FormatForOrganizer::from(format));
    actions::add_format(&app, who, input, once.then(view)).await
}

pub async fn edit_format(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditFormat>, IfMatch),
) -> Result<Versioned<FormatForOrganizer>> {
    Ok(Versioned(actions::edit_format(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove_format(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove_format(&app, who, code.0, version).await?;
    Ok(NoContent)
}

pub async fn list_tracks(who: ProposalReader, (app,): (Callboard,)) -> Result<List<TrackForOrganizer>> {
    Ok(List::whole(actions::list_tracks(&app, who).await?.into_iter().map(TrackForOrganizer::from)))
}

pub async fn add_track(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewTrack>, Once),
) -> Result<Answered<Created<TrackForOrganizer>>> {
    let list = format!("/events/{}/tracks", who.scope().slug);
    let view = |track| Created::versioned(list, TrackForOrganizer::from(track));
    actions::add_track(&app, who, input, once.then(view)).await
}

pub async fn edit_track(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditTrack>, IfMatch),
) -> Result<Versioned<TrackForOrganizer>> {
    Ok(Versioned(actions::edit_track(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove_track(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove_track(&app, who, code.0, version).await?;
    Ok(NoContent)
}
