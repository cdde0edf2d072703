//! The page on which somebody looks after the own account: address, password, sessions and tokens.

pub mod pages;

use crate::http::{limits::Limit, routes::Routes};

pub fn routes() -> Routes {
    Routes::pages("security")
        .get("/me/security", "Address, password, sessions and tokens", pages::show)
        .post("/me/security/verification", "Send the verification mail again", pages::send_verification)
        .limited(&[Limit::MailedLinks])
        .post("/me/security/address", "Ask to change my address", pages::ask_email)
        .limited(&[Limit::SignInAs, Limit::MailedLinks])
        .post("/me/security/password", "Change my password", pages::change_password)
        .limited(&[Limit::SignInAs])
        .post("/me/security/sessions/{id}/end", "End one of my sessions", pages::end)
        .post("/me/security/sessions/end-all", "Sign out everywhere, here too", pages::end_all)
        .post("/me/security/tokens", "Make a token of mine; it is shown this once", pages::make_token)
        .post("/me/security/tokens/{id}/revoke", "Revoke one of my tokens", pages::revoke_token)
}
