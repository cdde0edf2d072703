//! Near-duplicates: texts that share much with other proposals, with talks of other events here and with talks that an
//! organizer knows of. Speakers are told of their own and of public talks only; organizers see pairs.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{access::scopes::TokenScope, db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("similar")
        .get(
            "/events/{event}/my/proposals/{code}/similar",
            "Talks much like my proposal, of mine and public ones",
            api::of_mine,
        )
        .get("/events/{event}/similar", "Pairs of proposals, and of proposals and talks, that share much", api::pairs)
        .class(Class::Bulk)
        .get("/events/{event}/past-talks", "The past talks that proposals are compared with", api::list_past)
        .post("/events/{event}/past-talks", "Add past talks to compare proposals with", api::add_past)
        .fails(&[Code::WrongState])
        .class(Class::Bulk)
        .delete("/events/{event}/past-talks/{id}", "Remove a past talk", api::remove_past)
        .scope(TokenScope::EventWrite)
        .and(
            Routes::pages("similar")
                .get("/{event}/organize/duplicates", "What is much alike, and the past talks", pages::show)
                .class(Class::Bulk)
                .post("/{event}/organize/duplicates/past/{id}/remove", "Remove a past talk", pages::remove_past),
        )
}
