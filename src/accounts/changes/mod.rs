//! Changing what an account is signed in with: its password and its address. Both ask for the password again, tell the
//! owner by mail, and end what was signed in or mailed before.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;

use crate::{
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("accounts")
        .put("/me/password", "Change my password", api::change_password)
        .limited(&[Limit::SignInAs])
        .put("/me/email", "Ask to change my address", api::ask_email)
        .limited(&[Limit::SignInAs, Limit::MailedLinks])
        .post("/email-changes/confirm", "Change the address with the mail's token", api::change_email)
        .fails(&[Code::LinkDead, Code::Taken])
        .and(
            Routes::pages("accounts")
                .get("/change-address/{token}", "The page to change the address", pages::show_email)
                .post("/change-address/{token}", "Change the address", pages::change_email),
        )
}
