//! What other tools take along: accepted talks, proposals, speakers and reviews as CSV, XLSX and JSON, with the columns one
//! wants, and the public list of talks.
//! An export is one short read, spooled to a temporary file and streamed from there.

pub mod actions;
pub mod api;
pub mod choosing;
pub mod model;
pub mod pages;
pub mod presets;
pub mod spool;
pub mod store;
pub mod views;

use crate::{db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("exports")
        .get("/events/{event}/talks", "The accepted talks, for everybody", api::list_talks)
        .get("/events/{event}/exports/{file}", "Talks, proposals, speakers or reviews as one file", api::export)
        .class(Class::Bulk)
        .and(presets::routes())
        .and(Routes::pages("exports").get("/{event}/talks", "The accepted talks", pages::list).get(
            "/{event}/talks/{code}",
            "An accepted talk",
            pages::show,
        ))
        .and(choosing::routes())
}
