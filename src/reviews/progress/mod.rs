//! How far a reviewer has come, at which pace, and how the own scores are spread.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("progress")
        .get("/events/{event}/reviewing", "My progress as a reviewer, and what I may do", api::show)
        .and(Routes::pages("progress").get("/{event}/review", "The reviewer's desk", pages::show))
}
