//! Tokens over the API.

use super::{
    actions,
    model::NewToken,
    views::{MadeView, TokenView},
};
use crate::{
    access::{Organizer, SignedIn},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath},
        reply::{Created, List, NoContent},
    },
};

pub async fn list_mine(who: SignedIn, (app,): (Callboard,)) -> Result<List<TokenView>> {
    Ok(List::whole(actions::list_mine(&app, who).await?.into_iter().map(TokenView::from)))
}

pub async fn create_mine(who: SignedIn, (app, Body(input)): (Callboard, Body<NewToken>)) -> Result<Created<MadeView>> {
    Ok(Created::at("/me/tokens".into(), actions::create_mine(&app, who, input).await?.into()))
}

pub async fn revoke_mine(who: SignedIn, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::revoke_mine(&app, who, id.0).await?;
    Ok(NoContent)
}

pub async fn list_of_event(who: Organizer, (app,): (Callboard,)) -> Result<List<TokenView>> {
    Ok(List::whole(actions::list_of_event(&app, who).await?.into_iter().map(TokenView::from)))
}

pub async fn create_of_event(
    who: Organizer,
    (app, Body(input)): (Callboard, Body<NewToken>),
) -> Result<Created<MadeView>> {
    let list = format!("/events/{}/tokens", who.scope().slug);
    Ok(Created::at(list, actions::create_of_event(&app, who, input).await?.into()))
}

pub async fn revoke_of_event(who: Organizer, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::revoke_of_event(&app, who, id.0).await?;
    Ok(NoContent)
}
