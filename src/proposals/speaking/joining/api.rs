//! Accepting and declining over the API.

use super::actions;
use crate::{
    access::{Public, SignedIn},
    accounts::links::model::LinkToken,
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        once::{Answered, Once},
        reply::{Json, NoContent},
    },
    proposals::speaking::views::JoinedView,
};

pub async fn accept(
    who: SignedIn,
    (app, Body(input), once): (Callboard, Body<LinkToken>, Once),
) -> Result<Answered<Json<JoinedView>>> {
    actions::accept(&app, who, input, once.then(|joined: actions::Joined| Json(joined.into()))).await
}

pub async fn decline(who: Public, (app, Body(input)): (Callboard, Body<LinkToken>)) -> Result<NoContent> {
    actions::decline(&app, who, input).await?;
    Ok(NoContent)
}
