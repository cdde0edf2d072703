//! Signing in and out, and the sessions of an account. Only a hash of a session's token is stored.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("sessions")
        .post("/sessions", "Sign in", api::sign_in)
        .fails(&[Code::WrongCredentials])
        .limited(&[Limit::SignIn, Limit::SignInAs])
        .post("/sessions/link", "Sign in with the token of a mailed link", api::sign_in_by_link)
        .fails(&[Code::LinkDead])
        .delete("/sessions/current", "Sign out", api::sign_out)
        .get("/me/sessions", "Where I am signed in", api::list)
        .delete("/me/sessions", "Sign out everywhere, here too", api::end_all)
        .delete("/me/sessions/{id}", "End one of my sessions", api::end)
        .and(
            Routes::pages("sessions")
                .get("/sign-in", "The page to sign in", pages::show)
                .post("/sign-in", "Sign in", pages::sign_in)
                .limited(&[Limit::SignIn, Limit::SignInAs])
                .post("/sign-in/{token}", "Sign in with a mailed link", pages::sign_in_by_link)
                .post("/sign-out", "Sign out", pages::sign_out),
        )
}
