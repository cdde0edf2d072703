//! Links that show a proposal, over the API. Making one takes no `Idempotency-Key`: its secret would be kept.

use super::{
    actions,
    model::NewPreview,
    views::{MadeLink, PreviewLink, PreviewView},
};
use crate::{
    access::{Public, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, IdPath, TokenPath},
        reply::{Created, Json, List, NoContent},
    },
};

pub async fn list(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<List<PreviewLink>> {
    Ok(List::whole(PreviewLink::all(actions::list(&app, who, code.0).await?)))
}

pub async fn create(
    who: Speaker,
    (app, code, Body(input)): (Callboard, CodePath, Body<NewPreview>),
) -> Result<Created<MadeLink>> {
    let list = format!("/events/{}/my/proposals/{}/preview-links", who.scope().slug, code.0);
    Ok(Created::at(list, actions::create(&app, who, code.0, input).await?.into()))
}

pub async fn revoke(who: Speaker, (app, code, id): (Callboard, CodePath, IdPath)) -> Result<NoContent> {
    actions::revoke(&app, who, code.0, id.0).await?;
    Ok(NoContent)
}

pub async fn show(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Json<PreviewView>> {
    Ok(Json(actions::show(&app, who, &token).await?.into()))
}
