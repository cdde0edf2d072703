//! The page behind a sign-in link: its button begins a session here; its code begins one in the program in which it was
//! asked for. Nothing is used up by looking.

use super::{actions, model::Purpose};
use crate::{
    access::Public,
    app::Callboard,
    error::Result,
    http::{
        input::TokenPath,
        pages::{LinkPage, Page},
    },
};

pub async fn show_sign_in(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let action = actions::look_at(&app, &who, Purpose::SignIn, &token).await?;
    let page = LinkPage::new("Sign in")
        .fact("Address", action.account.email)
        .button("Sign in on this device")
        .paragraph("Asked for it in another program? Copy this code into it instead. It works once, within 15 minutes of asking. Give it to nobody.")
        .fact("Code", token.0);
    Ok(Page::new(page))
}
