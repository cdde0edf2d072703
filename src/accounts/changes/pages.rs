//! The page behind the link that changes an address. It shows the new address only: the mail may have gone astray.

use super::actions;
use crate::{
    access::Public,
    accounts::links::{
        self,
        model::{Action, ButtonForm, LinkToken, Purpose},
    },
    app::Callboard,
    error::Result,
    http::{
        input::TokenPath,
        pages::{Form, LinkPage, Page},
    },
};

fn question(action: Action) -> LinkPage {
    LinkPage::new("Change the address of your account?")
        .paragraph("You sign in with the new address from then on, and mails go there. You stay signed in only where you asked for it.")
        .fact("New address", action.change.map(|change| change.email).unwrap_or_default())
        .button("Yes, change it")
}

pub async fn show_email(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    Ok(Page::new(question(links::actions::look_at(&app, &who, Purpose::ChangeEmail, &token).await?)))
}

pub async fn change_email(
    who: Public,
    (app, token, _): (Callboard, TokenPath, Form<ButtonForm>),
) -> Result<Page<LinkPage>> {
    actions::change_email(&app, who, LinkToken { token: token.0 }).await?;
    let done = LinkPage::new("Your address is changed").paragraph("Sign in with the new address from now on.");
    Ok(Page::new(done.next("Go on", "/me")))
}
