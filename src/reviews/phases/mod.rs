//! Phases: the dated switches of what the committee may do and see. What holds at a time is read in `access`, where it
//! becomes a part of the capability.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("phases")
        .get("/events/{event}/phases", "The phases, in their order", api::list)
        .post("/events/{event}/phases", "Add a phase", api::add)
        .fails(&[Code::Taken, Code::WrongState])
        .patch("/events/{event}/phases/{code}", "Change a phase", api::edit)
        .fails(&[Code::Taken])
        .delete("/events/{event}/phases/{code}", "Remove a phase", api::remove)
        .and(
            Routes::pages("phases")
                .post("/{event}/organize/reviewing/phases", "Add a phase", pages::add)
                .get("/{event}/organize/reviewing/phases/{code}", "A phase", pages::show)
                .post("/{event}/organize/reviewing/phases/{code}", "Change a phase", pages::edit)
                .post("/{event}/organize/reviewing/phases/{code}/remove", "Remove a phase", pages::remove),
        )
}
