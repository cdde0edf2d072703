//! Criteria: by what reviews score. Some count in the overall mean, some stand beside it; each for all tracks or for some.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
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
        .and(
            Routes::pages("criteria")
                .get("/{event}/organize/reviewing", "How the committee reviews", pages::show)
                .post("/{event}/organize/reviewing/criteria", "Add a criterion", pages::add)
                .get("/{event}/organize/reviewing/criteria/{code}", "A criterion", pages::show_one)
                .post("/{event}/organize/reviewing/criteria/{code}", "Change a criterion", pages::edit)
                .post("/{event}/organize/reviewing/criteria/{code}/remove", "Remove a criterion", pages::remove),
        )
}
