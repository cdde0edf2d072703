//! Conflicts of interest over the API.

use super::{
    actions,
    model::{Conflict, Declare, Pin},
    views::{ConflictView, Declared},
};
use crate::{
    access::{Organizer, Reviewer},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath, Page, Query, RefPath},
        once::{Answered, Once},
        reply::{Created, Json, List, NoContent},
    },
};

pub async fn declare(
    who: Reviewer,
    (app, reference, Body(input)): (Callboard, RefPath, Body<Declare>),
) -> Result<Json<Declared>> {
    Ok(Json(Declared { kind: actions::declare(&app, who, reference.0, input).await? }))
}

pub async fn take_back(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<NoContent> {
    actions::take_back(&app, who, reference.0).await?;
    Ok(NoContent)
}

pub async fn list(who: Organizer, (app, Query(page)): (Callboard, Query<Page>)) -> Result<List<ConflictView>> {
    let limit = page.limit();
    let found = actions::list(&app, who, page).await?;
    Ok(List::page(found, limit, Conflict::place, ConflictView::from))
}

pub async fn pin(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<Pin>, Once),
) -> Result<Answered<Created<ConflictView>>> {
    let list = format!("/events/{}/conflicts", who.scope().slug);
    actions::pin(&app, who, input, once.then(|conflict| Created::at(list, ConflictView::from(conflict)))).await
}

pub async fn unpin(who: Organizer, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::unpin(&app, who, id.0).await?;
    Ok(NoContent)
}
