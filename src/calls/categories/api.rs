//! Categories over the API.

use super::{
    actions,
    model::{Category, EditCategory, FromPreset, NewCategory},
    views::CategoryForOrganizer,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Created, List, NoContent, Versioned},
    },
};

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<CategoryForOrganizer>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(Into::into)))
}

fn created(who: &Organizer) -> impl FnOnce(Category) -> Created<CategoryForOrganizer> + Send + use<> {
    let list = format!("/events/{}/categories", who.scope().slug);
    move |category| Created::versioned(list, category.into())
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewCategory>, Once),
) -> Result<Answered<Created<CategoryForOrganizer>>> {
    let view = created(&who);
    actions::add(&app, who, input, once.then(view)).await
}

pub async fn add_preset(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<FromPreset>, Once),
) -> Result<Answered<Created<CategoryForOrganizer>>> {
    let view = created(&who);
    actions::add_preset(&app, who, input, once.then(view)).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditCategory>, IfMatch),
) -> Result<Versioned<CategoryForOrganizer>> {
    Ok(Versioned(actions::edit(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}
