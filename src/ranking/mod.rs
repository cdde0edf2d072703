//! The ranking: scores corrected for who gave them, with how sure that is. It is shown beside the raw means and never
//! decides anything. Every list and export takes its figures from here.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{access::scopes::TokenScope, db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("ranking")
        .get("/events/{event}/ranking", "The proposals ranked, raw and calibrated side by side", api::show)
        .class(Class::Bulk)
        .get(
            "/events/{event}/ranking/reviewers",
            "How much each reviewer scores above or below the others",
            api::offsets,
        )
        .scope(TokenScope::ProposalsRead)
        .class(Class::Bulk)
        .get("/events/{event}/rankings", "The rankings that are kept, newest first", api::list)
        .post("/events/{event}/rankings", "Keep the ranking of now with all it is made of", api::keep)
        .fails(&[Code::WrongState])
        .scope(TokenScope::DecisionsWrite)
        .class(Class::Bulk)
        .get("/events/{event}/rankings/{id}", "A kept ranking, made again from what was kept", api::replay)
        .class(Class::Bulk)
        .and(
            Routes::pages("ranking")
                .get("/{event}/organize/ranking", "The proposals ranked, with a line to move", pages::show)
                .class(Class::Bulk)
                .post("/{event}/organize/ranking/keep", "Keep the ranking of now", pages::keep)
                .fails(&[Code::WrongState])
                .class(Class::Bulk),
        )
}
