//! Changing password and address over the API.

use super::{
    actions,
    model::{AskEmail, ChangePassword},
};
use crate::{
    access::{Public, SignedIn},
    accounts::{
        links::model::LinkToken,
        views::{self, LookIntoYourMail},
    },
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        reply::{Accepted, NoContent},
    },
};

pub async fn change_password(
    who: SignedIn,
    (app, Body(input)): (Callboard, Body<ChangePassword>),
) -> Result<NoContent> {
    actions::change_password(&app, who, input).await?;
    Ok(NoContent)
}

pub async fn ask_email(
    who: SignedIn,
    (app, Body(input)): (Callboard, Body<AskEmail>),
) -> Result<Accepted<LookIntoYourMail>> {
    actions::ask_email(&app, who, input).await?;
    Ok(Accepted(views::look_into_your_mail()))
}

pub async fn change_email(who: Public, (app, Body(input)): (Callboard, Body<LinkToken>)) -> Result<NoContent> {
    actions::change_email(&app, who, input).await?;
    Ok(NoContent)
}
