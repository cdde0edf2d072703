//! Slides: a link to where they are. Speakers set it whenever they have them, also long after the deadline; reviewers
//! never see it.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("slides")
        .put("/events/{event}/my/proposals/{code}/slides", "Say where my slides are", api::set)
        .fails(&[Code::WrongState])
        .and(
            Routes::pages("slides")
                .post("/{event}/mine/{code}/slides", "Say where my slides are", pages::set)
                .fails(&[Code::WrongState]),
        )
}
