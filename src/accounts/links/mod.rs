//! Links with a secret that are mailed to an account's address: each works once, for a while, and only the newest of its
//! kind. Whoever is not signed in asks for one by an address; that request is stored the same way for every address and
//! answered later, so that neither the answer nor its time tells whether there is an account.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;

use crate::http::{limits::Limit, routes::Routes};

pub fn routes() -> Routes {
    Routes::of("accounts")
        .post("/password-resets", "Ask for a link to set a new password", api::ask_reset)
        .limited(&[Limit::MailedLinks])
        .post("/sign-in-links", "Ask for a link to sign in without a password", api::ask_sign_in)
        .limited(&[Limit::MailedLinks])
        .and(
            Routes::pages("accounts")
                .get("/sign-in/{token}", "The page to sign in with a link", pages::show_sign_in)
                .get("/sign-in-link", "The page to ask for a link to sign in", pages::show_ask_sign_in)
                .post("/sign-in-link", "Ask for a link to sign in", pages::ask_sign_in)
                .limited(&[Limit::MailedLinks])
                .get("/sign-in-link/sent", "What comes after asking for it", pages::sign_in_sent)
                .get("/forgot", "The page to ask for a link to set a new password", pages::show_ask_reset)
                .post("/forgot", "Ask for a link to set a new password", pages::ask_reset)
                .limited(&[Limit::MailedLinks])
                .get("/forgot/sent", "What comes after asking for it", pages::reset_sent),
        )
}
