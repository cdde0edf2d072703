//! The mails of an event over the API.

use super::{
    actions,
    outbox::Mail,
    views::{InList, Whole},
};
use crate::{
    access::{EventReader, Organizer},
    app::Callboard,
    error::Result,
    http::{
        cursor::Cursor,
        input::{IdPath, Page, Query},
        once::{Answered, Once},
        reply::{Json, List},
    },
};

pub async fn list(who: EventReader, (app, Query(page)): (Callboard, Query<Page>)) -> Result<List<InList>> {
    let mails = actions::list(&app, who, page.after()?, page.limit()).await?;
    let cursor = |mail: &Mail| Cursor { at: mail.created_at, code: mail.code.clone() };
    Ok(List::page(mails, page.limit(), cursor, InList::from))
}

pub async fn show(who: EventReader, (app, IdPath(id)): (Callboard, IdPath)) -> Result<Json<Whole>> {
    Ok(Json(actions::find(&app, who, id).await?.into()))
}

pub async fn send_again(
    who: Organizer,
    (app, IdPath(id), once): (Callboard, IdPath, Once),
) -> Result<Answered<Json<InList>>> {
    actions::send_again(&app, who, id, once.then(|mail| Json(InList::from(mail)))).await
}
