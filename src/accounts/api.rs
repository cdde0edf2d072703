//! Accounts over the API.

use super::{
    actions,
    links::model::LinkToken,
    model::{EditMe, SetPassword, SignUp},
    views::{self, LookIntoYourMail, Me},
};
use crate::{
    access::{Public, SignedIn},
    app::Callboard,
    error::Result,
    http::{
        input::Body,
        once::{Answered, IfMatch, Once},
        reply::{Accepted, NoContent, Versioned},
    },
};

pub async fn sign_up(who: Public, (app, Body(input)): (Callboard, Body<SignUp>)) -> Result<Accepted<LookIntoYourMail>> {
    actions::sign_up(&app, who, input).await?;
    Ok(Accepted(views::look_into_your_mail()))
}

pub async fn verify(who: Public, (app, Body(input)): (Callboard, Body<LinkToken>)) -> Result<NoContent> {
    actions::verify(&app, who, input).await?;
    Ok(NoContent)
}

pub async fn reset(who: Public, (app, Body(input)): (Callboard, Body<SetPassword>)) -> Result<NoContent> {
    actions::reset(&app, who, input).await?;
    Ok(NoContent)
}

pub async fn me(who: SignedIn, (app,): (Callboard,)) -> Result<Versioned<Me>> {
    Ok(Versioned(actions::me(&app, who).await?.into()))
}

pub async fn edit(
    who: SignedIn,
    (app, Body(input), version): (Callboard, Body<EditMe>, IfMatch),
) -> Result<Versioned<Me>> {
    Ok(Versioned(actions::edit(&app, who, input, version).await?.into()))
}

pub async fn send_verification(
    who: SignedIn,
    (app, once): (Callboard, Once),
) -> Result<Answered<Accepted<LookIntoYourMail>>> {
    actions::send_verification(&app, who, once.then(|()| Accepted(views::look_into_your_mail()))).await
}
