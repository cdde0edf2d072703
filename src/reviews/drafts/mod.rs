//! Reviews that are not handed in: drafts that save themselves, and proposals put off for later. A draft is no review:
//! it stands in a table of its own, so nothing that counts or shows reviews can meet one.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("drafts")
        .get("/events/{event}/reviewing/proposals/{ref}/draft", "The draft of my review", api::show)
        .put("/events/{event}/reviewing/proposals/{ref}/draft", "Keep a draft of my review", api::save)
        .class(Class::Critical)
        .fails(&[Code::NotInPhase])
        .delete("/events/{event}/reviewing/proposals/{ref}/draft", "Throw my draft away", api::discard)
        .put("/events/{event}/reviewing/proposals/{ref}/skip", "Put a proposal off for later", api::skip)
        .delete("/events/{event}/reviewing/proposals/{ref}/skip", "Put a proposal off no longer", api::unskip)
        .and(
            Routes::pages("drafts")
                .post("/{event}/review/{ref}/draft", "Keep a draft of my review", pages::save)
                .class(Class::Critical)
                .post("/{event}/review/{ref}/autosave", "Keep a draft while it is written", pages::autosave)
                .class(Class::Critical)
                .post("/{event}/review/{ref}/discard", "Throw my draft away", pages::discard)
                .post("/{event}/review/{ref}/skip", "Put a proposal off for later", pages::skip)
                .post("/{event}/review/{ref}/unskip", "Put a proposal off no longer", pages::unskip),
        )
}
