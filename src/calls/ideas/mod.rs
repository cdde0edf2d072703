//! Title ideas: talks that the organizers would like to be proposed. Speakers start a draft from one.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("ideas")
        .get("/events/{event}/title-ideas", "The title ideas", api::list)
        .post("/events/{event}/title-ideas", "Add a title idea", api::add)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/title-ideas/{code}", "Change a title idea", api::edit)
        .delete("/events/{event}/title-ideas/{code}", "Remove a title idea", api::remove)
        .post("/events/{event}/title-ideas/{code}/start", "Start a draft from a title idea", api::start)
}
