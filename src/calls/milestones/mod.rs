//! Milestones: the days that speakers should know, beside the deadline and the promised day of the answer.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("milestones")
        .get("/events/{event}/milestones", "The milestones", api::list)
        .post("/events/{event}/milestones", "Add a milestone", api::add)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/milestones/{code}", "Change a milestone", api::edit)
        .delete("/events/{event}/milestones/{code}", "Remove a milestone", api::remove)
}
