//! Publications over the API.

use super::{
    actions,
    model::Publish,
    views::{PreviewView, PublicationView},
};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath},
        once::{Answered, Once},
        reply::{Created, Json, List},
    },
};

pub async fn preview(who: EventReader, (app,): (Callboard,)) -> Result<Json<PreviewView>> {
    Ok(Json(actions::preview(&app, who).await?.into()))
}

pub async fn list(who: EventReader, (app,): (Callboard,)) -> Result<List<PublicationView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(PublicationView::from)))
}

pub async fn publish(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<Publish>, Once),
) -> Result<Answered<Created<PublicationView>>> {
    let list = format!("/events/{}/publications", who.scope().slug);
    let view = move |publication| {
        let view = PublicationView::from(publication);
        Created::at(format!("{list}/{}", view.id), view)
    };
    actions::publish(&app, who, input, once.then(view)).await
}

pub async fn show(who: EventReader, (app, id): (Callboard, IdPath)) -> Result<Json<PublicationView>> {
    Ok(Json(actions::show(&app, who, id.0).await?.into()))
}

pub async fn stop(
    who: Organizer,
    (app, id, once): (Callboard, IdPath, Once),
) -> Result<Answered<Json<PublicationView>>> {
    actions::stop(&app, who, id.0, once.then(|publication| Json(PublicationView::from(publication)))).await
}
