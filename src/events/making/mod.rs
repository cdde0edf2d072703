//! Making an event in a browser, from nothing or like an earlier one.

pub mod actions;
pub mod pages;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::pages("making")
        .get("/new", "The form for a new event", pages::show)
        .post("/new", "Create an event", pages::create)
        .get("/new/{slug}", "The form for an event like an earlier one", pages::show_like)
        .post("/new/{slug}", "Create an event like an earlier one", pages::create_like)
}
