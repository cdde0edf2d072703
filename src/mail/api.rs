//! The mails of an event over the API.

use super::{
    actions,
    model::Which,
    outbox::Mail,
    views::{InList, Summary, Whole},
};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    error::Result,
    http::{
        cursor::Cursor,
        input::{IdPath, Query},
        once::{Answered, Once},
        reply::{Json, List},
    },
};

pub async fn list(who: EventReader, (app, Query(which)): (Callboard, Query<Which>)) -> Result<List<InList>> {
    let limit = which.limit();
    let mails = actions::list(&app, who, which).await?;
    let cursor = |mail: &Mail| Cursor { at: mail.created_at, code: mail.code.clone() };
    Ok(List::page(mails, limit, cursor, InList::from))
}

pub async fn show(who: EventReader, (app, IdPath(id)): (Callboard, IdPath)) -> Result<Json<Whole>> {
    Ok(Json(actions::find(&app, who, id).await?.into()))
}

pub async fn summary(who: EventReader, (app,): (Callboard,)) -> Result<Json<Summary>> {
    Ok(Json(actions::summary(&app, who).await?.into()))
}

fn view(mail: Mail) -> Json<InList> {
    Json(mail.into())
}

pub async fn hold(
    who: Organizer,
    (app, IdPath(id), once): (Callboard, IdPath, Once),
) -> Result<Answered<Json<InList>>> {
    actions::hold(&app, who, id, once.then(view)).await
}

pub async fn release(
    who: Organizer,
    (app, IdPath(id), once): (Callboard, IdPath, Once),
) -> Result<Answered<Json<InList>>> {
    actions::release(&app, who, id, once.then(view)).await
}

pub async fn send_again(
    who: Organizer,
    (app, IdPath(id), once): (Callboard, IdPath, Once),
) -> Result<Answered<Json<InList>>> {
    actions::send_again(&app, who, id, once.then(view)).await
}
