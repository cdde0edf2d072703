//! Asking for links over the API.

use super::{
    actions,
    model::{AskLink, Wish},
};
use crate::{
    access::Public,
    accounts::views::{self, LookIntoYourMail},
    app::Callboard,
    error::Result,
    http::{input::Body, reply::Accepted},
};

pub async fn ask_reset(
    who: Public,
    (app, Body(input)): (Callboard, Body<AskLink>),
) -> Result<Accepted<LookIntoYourMail>> {
    actions::ask(&app, who, Wish::Reset, input.email).await?;
    Ok(Accepted(views::look_into_your_mail()))
}

pub async fn ask_sign_in(
    who: Public,
    (app, Body(input)): (Callboard, Body<AskLink>),
) -> Result<Accepted<LookIntoYourMail>> {
    actions::ask(&app, who, Wish::SignIn, input.email).await?;
    Ok(Accepted(views::look_into_your_mail()))
}
