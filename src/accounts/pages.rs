//! The pages behind mailed links: looking at one changes nothing, sending its form does.

use super::{
    actions,
    links::{
        self,
        model::{ButtonForm, LinkToken, Purpose},
    },
    model::{PasswordForm, SetPassword},
};
use crate::{
    access::Public,
    app::Callboard,
    error::Result,
    http::{
        input::TokenPath,
        pages::{Field, Form, LinkPage, Page},
    },
};

fn verify_page(email: &str) -> LinkPage {
    LinkPage::new("Is this your mail address?").fact("Address", email).button("Yes, verify it")
}

pub async fn show_verify(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let account = links::actions::look_at(&app, &who, Purpose::Verify, &token).await?.account;
    Ok(Page::new(verify_page(&account.email)))
}

pub async fn verify(who: Public, (app, token, _): (Callboard, TokenPath, Form<ButtonForm>)) -> Result<Page<LinkPage>> {
    actions::verify(&app, who, LinkToken { token: token.0 }).await?;
    let done = LinkPage::new("Your address is verified").paragraph("Thank you. What you submitted is complete now.");
    Ok(Page::new(done))
}

fn reset_page() -> LinkPage {
    LinkPage::new("Set a new password")
        .paragraph("All sessions and tokens of your account end with it.")
        .field(Field::new_password())
        .button("Set the password")
}

pub async fn show_reset(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    links::actions::look_at(&app, &who, Purpose::Reset, &token).await?;
    Ok(Page::new(reset_page()))
}

pub async fn reset(
    who: Public,
    (app, token, Form { input: form, .. }): (Callboard, TokenPath, Form<PasswordForm>),
) -> Result<Page<LinkPage>> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(reset_page().again(&errors)),
    };
    actions::reset(&app, who, SetPassword { token: token.0, password: form.password }).await?;
    Ok(Page::new(LinkPage::new("Your new password is set").paragraph("Sign in with it from now on.")))
}
