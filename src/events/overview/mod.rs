//! Where an event stands: what the team has to do next, and the figures of its proposals and reviews.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::pages("overview").get("/{event}/organize", "What the team has to do next, with figures", pages::show)
}
