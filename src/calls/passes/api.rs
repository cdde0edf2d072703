//! Late links and extensions over the API.

use super::{
    actions,
    model::{EditExtension, Extension, NewExtension, NewLateLink},
    views::{ExtensionView, LateLinkView, MadeLinkView},
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

pub async fn list_links(who: EventReader, (app,): (Callboard,)) -> Result<List<LateLinkView>> {
    Ok(List::whole(actions::list_links(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add_link(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<NewLateLink>),
) -> Result<Created<MadeLinkView>> {
    let list = format!("/events/{}/late-links", who.scope().slug);
    Ok(Created::at(list, actions::add_link(&app, who, input).await?.into()))
}

pub async fn revoke_link(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::revoke_link(&app, who, code.0).await?;
    Ok(NoContent)
}

pub async fn list_extensions(who: EventReader, (app,): (Callboard,)) -> Result<List<ExtensionView>> {
    Ok(List::whole(actions::list_extensions(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add_extension(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewExtension>, Once),
) -> Result<Answered<Created<ExtensionView>>> {
    let list = format!("/events/{}/extensions", who.scope().slug);
    let view = |extension: Extension| Created::versioned(list, ExtensionView::from(extension));
    actions::add_extension(&app, who, input, once.then(view)).await
}

pub async fn edit_extension(
    who: Organizer,
    (app, code, Body(input), version): (Callboard, CodePath, Body<EditExtension>, IfMatch),
) -> Result<Versioned<ExtensionView>> {
    Ok(Versioned(actions::edit_extension(&app, who, code.0, input, version).await?.into()))
}

pub async fn remove_extension(
    who: Organizer,
    (app, code, version): (Callboard, CodePath, IfMatch),
) -> Result<NoContent> {
    actions::remove_extension(&app, who, code.0, version).await?;
    Ok(NoContent)
}
