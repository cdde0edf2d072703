//! Ways past the deadline: late links, which count their uses, and extensions for one person. Both count without grace.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("passes")
        .get("/events/{event}/late-links", "The late links and how often they were used", api::list_links)
        .post("/events/{event}/late-links", "Make a late link; its secret is shown this once", api::add_link)
        .fails(&[Code::WrongState])
        .session_only()
        .delete("/events/{event}/late-links/{code}", "Revoke a late link", api::revoke_link)
        .get("/events/{event}/extensions", "Who has a later deadline", api::list_extensions)
        .post("/events/{event}/extensions", "Give one person a later deadline", api::add_extension)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/extensions/{code}", "Move somebody's own deadline", api::edit_extension)
        .delete("/events/{event}/extensions/{code}", "Take somebody's own deadline back", api::remove_extension)
        .and(
            Routes::pages("passes")
                .get("/{event}/organize/exceptions", "Late links and deadlines of single people", pages::show)
                .post("/{event}/organize/exceptions/links", "Make a late link", pages::add_link)
                .post("/{event}/organize/exceptions/links/{code}/revoke", "Revoke a late link", pages::revoke_link)
                .post("/{event}/organize/exceptions/people", "Give one person a later deadline", pages::add_extension)
                .post("/{event}/organize/exceptions/people/{code}", "Move somebody's deadline", pages::edit_extension)
                .post("/{event}/organize/exceptions/people/{code}/remove", "Take it back", pages::remove_extension),
        )
}
