//! A new event like an earlier one.

pub mod actions;
pub mod api;
pub mod model;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("copies")
        .post("/events/{slug}/copy", "Create an event like an earlier one, its dates moved along", api::copy)
        .fails(&[Code::Forbidden])
        .session_only()
}
