//! Criteria: by what reviews score. Some count in the overall mean, some stand beside it; each for all tracks or for some.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("criteria")
        .get("/events/{event}/criteria", "The criteria of the reviews", api::list)
        .post("/events/{event}/criteria", "Add a criterion", api::add)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/criteria/{code}", "Change a criterion", api::edit)
        .fails(&[Code::InUse])
        .delete("/events/{event}/criteria/{code}", "Remove a criterion that no review uses", api::remove)
        .fails(&[Code::InUse, Code::WrongState])
}
