//! A person's data over the API.

use super::{actions, model::EraseMe, views::DataView};
use crate::{
    access::SignedIn,
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        reply::{Json, NoContent},
    },
};

pub async fn data(who: SignedIn, (app,): (Callboard,)) -> Result<Json<DataView>> {
    Ok(Json(actions::data(&app, who).await?.into()))
}

pub async fn erase(who: SignedIn, (app, Body(input)): (Callboard, Body<EraseMe>)) -> Result<NoContent> {
    actions::erase(&app, who, input).await?;
    Ok(NoContent)
}
