//! Choices of columns that an event keeps, so that everybody takes along the same.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("export_presets")
        .get("/events/{event}/export-presets", "Saved choices of columns", api::list)
        .post("/events/{event}/export-presets", "Save a choice of columns", api::add)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/export-presets/{code}", "Change a saved choice of columns", api::edit)
        .delete("/events/{event}/export-presets/{code}", "Remove a saved choice of columns", api::remove)
}
