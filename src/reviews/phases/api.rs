//! Phases over the API.

use super::{
    actions,
    model::{EditPhase, NewPhase},
    views::PhaseView,
};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Created, List, NoContent, Versioned},
    },
};

pub async fn list(who: EventReader, (app,): (Callboard,)) -> Result<List<PhaseView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(PhaseView::from)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewPhase>, Once),
) -> Result<Answered<Created<PhaseView>>> {
    let list = format!("/events/{}/phases", who.scope().slug);
    actions::add(&app, who, input, once.then(|phase| Created::versioned(list, PhaseView::from(phase)))).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(input), version): (Callboard, CodePath, Body<EditPhase>, IfMatch),
) -> Result<Versioned<PhaseView>> {
    Ok(Versioned(actions::edit(&app, who, code.0, input, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}
