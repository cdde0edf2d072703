//! Accounts: sign up, verify, sign in and out, reset a password.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod password;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("accounts")
        .post("/accounts", "Sign up", api::sign_up)
        .post("/accounts/verify", "Verify an address with the mail's token", api::verify)
        .post("/sessions", "Sign in", api::sign_in)
        .fails(&[Code::WrongCredentials])
        .delete("/sessions/current", "Sign out", api::sign_out)
        .post("/password-resets", "Ask for a link to set a new password", api::ask_reset)
        .post("/password-resets/confirm", "Set a new password with the mail's token", api::reset)
        .get("/me", "My account", api::me)
        .post("/me/verification", "Send the verification mail again", api::send_verification)
        .and(
            Routes::pages("accounts")
                .get("/verify/{token}", "The page to verify an address", pages::show_verify)
                .post("/verify/{token}", "Verify the address", pages::verify)
                .get("/reset/{token}", "The page to set a new password", pages::show_reset)
                .post("/reset/{token}", "Set the new password", pages::reset),
        )
}
