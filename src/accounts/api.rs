//! Accounts over the API.

use super::{
    actions,
    model::{AskReset, LinkToken, SetPassword, SignIn, SignUp},
    views::{self, LookIntoYourMail, Me, NewSession},
};
use crate::{
    access::{Public, SignedIn},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, UserAgent},
        reply::{Accepted, Created, Json, NoContent},
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

pub async fn sign_in(
    who: Public,
    (app, Body(input), agent): (Callboard, Body<SignIn>, UserAgent),
) -> Result<Created<NewSession>> {
    let begun = actions::sign_in(&app, who, input, agent.0).await?;
    Ok(Created { location: "/me".into(), view: begun.into() })
}

pub async fn sign_out(who: SignedIn, (app,): (Callboard,)) -> Result<NoContent> {
    actions::sign_out(&app, who).await?;
    Ok(NoContent)
}

pub async fn ask_reset(
    who: Public,
    (app, Body(input)): (Callboard, Body<AskReset>),
) -> Result<Accepted<LookIntoYourMail>> {
    actions::ask_reset(&app, who, input.email.to_string()).await?;
    Ok(Accepted(views::look_into_your_mail()))
}

pub async fn reset(who: Public, (app, Body(input)): (Callboard, Body<SetPassword>)) -> Result<NoContent> {
    actions::reset(&app, who, input).await?;
    Ok(NoContent)
}

pub async fn me(who: SignedIn, (): ()) -> Result<Json<Me>> {
    Ok(Json(Me::from(&who)))
}

pub async fn send_verification(who: SignedIn, (app,): (Callboard,)) -> Result<Accepted<LookIntoYourMail>> {
    actions::send_verification(&app, who).await?;
    Ok(Accepted(views::look_into_your_mail()))
}
