//! Copies of events over the API.

use super::{actions, model::NewCopy};
use crate::{
    access::EventCreator,
    app::Callboard,
    error::Result,
    events::{model::Event, views::Settings},
    http::{
        input::{Body, SlugPath},
        once::{Answered, Once},
        reply::Created,
    },
};

pub async fn copy(
    who: EventCreator,
    (app, slug, Body(input), once): (Callboard, SlugPath, Body<NewCopy>, Once),
) -> Result<Answered<Created<Settings>>> {
    let view = |event: Event| Created::versioned(format!("/events/{}/settings", event.slug), Settings::from(event));
    actions::copy(&app, who, slug.0, input, once.then(view)).await
}
