//! The page behind a sign-in link. It hands the secret to the program in which it was asked for, which alone can keep a
//! session; so there is nothing to press here, and nothing is used up by looking.

use super::{actions, model::Purpose};
use crate::{
    access::Public,
    app::Callboard,
    error::Result,
    http::{input::TokenPath, pages::LinkPage, reply::Page},
};

pub async fn show_sign_in(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let action = actions::look_at(&app, &who, Purpose::SignIn, &token).await?;
    let page = LinkPage::new("Sign in with a code")
        .paragraph("Copy this code into the program in which you asked to sign in. It works once, within 15 minutes of asking. Give it to nobody.")
        .fact("Code", token.0)
        .fact("Address", action.account.email);
    Ok(Page::new(page))
}
