//! Accounts: sign up, verify, reset a password, profile; below, what is mailed, sessions, and changes of password and
//! address.

pub mod actions;
pub mod api;
pub mod changes;
pub mod letters;
pub mod links;
pub mod model;
pub mod pages;
pub mod password;
pub mod security;
pub mod sessions;
pub mod store;
pub mod views;

use crate::{
    access::scopes::TokenScope,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("accounts")
        .post("/accounts", "Sign up", api::sign_up)
        .limited(&[Limit::SignUp])
        .post("/accounts/verify", "Verify an address with the mail's token", api::verify)
        .fails(&[Code::LinkDead])
        .post("/password-resets/confirm", "Set a new password with the mail's token", api::reset)
        .fails(&[Code::LinkDead])
        .get("/me", "My account", api::me)
        .scope(TokenScope::MeRead)
        .patch("/me", "Change my name", api::edit)
        .post("/me/verification", "Send the verification mail again; the one before dies", api::send_verification)
        .limited(&[Limit::MailedLinks])
        .fails(&[Code::WrongState])
        .and(sessions::routes())
        .and(links::routes())
        .and(changes::routes())
        .and(security::routes())
        .and(
            Routes::pages("accounts")
                .get("/sign-up", "The page to sign up", pages::show_sign_up)
                .post("/sign-up", "Sign up", pages::sign_up)
                .limited(&[Limit::SignUp])
                .get("/sign-up/sent", "What comes after signing up", pages::signed_up)
                .get("/me/profile", "My account", pages::show_profile)
                .post("/me/profile", "Change my name", pages::edit_profile)
                .get("/verify/{token}", "The page to verify an address", pages::show_verify)
                .post("/verify/{token}", "Verify the address", pages::verify)
                .get("/reset/{token}", "The page to set a new password", pages::show_reset)
                .post("/reset/{token}", "Set the new password", pages::reset),
        )
}
