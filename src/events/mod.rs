//! Events, their team and their settings.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("events")
        .get("/events", "The public events", api::list)
        .post("/events", "Create an event", api::create)
        .get("/events/{event}", "An event", api::show)
        .get("/events/{event}/settings", "The settings of an event", api::settings)
        .patch("/events/{event}/settings", "Change the settings", api::edit)
}
