//! Publications over the API.

use super::{
    actions,
    model::Publish,
    views::{PreviewView, PublicationView},
};
use crate::{
    access::Organizer,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath},
        reply::{Created, Json, List},
    },
};

pub async fn preview(who: Organizer, (app,): (Callboard,)) -> Result<Json<PreviewView>> {
    Ok(Json(actions::preview(&app, who).await?.into()))
}

pub async fn list(who: Organizer, (app,): (Callboard,)) -> Result<List<PublicationView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(PublicationView::from)))
}

pub async fn publish(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<Publish>),
) -> Result<Created<PublicationView>> {
    let slug = who.scope().slug.clone();
    let view = PublicationView::from(actions::publish(&app, who, input).await?);
    Ok(Created { location: format!("/events/{slug}/publications/{}", view.id), view })
}

pub async fn show(who: Organizer, (app, id): (Callboard, IdPath)) -> Result<Json<PublicationView>> {
    Ok(Json(actions::show(&app, who, id.0).await?.into()))
}

pub async fn stop(who: Organizer, (app, id): (Callboard, IdPath)) -> Result<Json<PublicationView>> {
    Ok(Json(actions::stop(&app, who, id.0).await?.into()))
}
