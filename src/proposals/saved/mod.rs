//! Views of the list of proposals that an event saves: what is looked for, in which order and with which columns.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("proposal_views")
        .get("/events/{event}/proposal-views", "Saved views of the list of proposals", api::list)
        .post("/events/{event}/proposal-views", "Save a view", api::add)
        .fails(&[Code::WrongState])
        .delete("/events/{event}/proposal-views/{code}", "Remove a saved view", api::remove)
        .and(
            Routes::pages("proposal_views")
                .post("/{event}/organize/proposals/views", "Save a view", pages::save)
                .fails(&[Code::WrongState])
                .post("/{event}/organize/proposals/views/{code}/remove", "Remove a saved view", pages::remove),
        )
}
