//! The gap map: how many proposals there are for each choice and title idea, and how many are wanted.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("gaps")
        .get("/events/{event}/gaps", "How many proposals there are and are wanted, where that is public", api::show)
        .get("/events/{event}/gaps/all", "How many proposals there are and are wanted", api::show_all)
}
