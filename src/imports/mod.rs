//! Bringing a call along from another tool, or from another event: proposals with their speakers and choices, reviews, and
//! past talks to compare proposals with. Read and
//! made to fit outside of the database, then compared with what is here and stored in one transaction. A second import of
//! the same file changes nothing.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod plan;
pub mod read;
pub mod review_store;
pub mod speaker_store;
pub mod store;
pub mod views;

use crate::{access::scopes::TokenScope, db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("imports")
        .post("/events/{event}/imports", "Import proposals, speakers, reviews or past talks from a file", api::import)
        .class(Class::Bulk)
        .scope(TokenScope::ProposalsWrite)
        .and(
            Routes::pages("imports")
                .get("/{event}/organize/import", "The form for a file from another tool", pages::show)
                .post("/{event}/organize/import", "Look at a file, or import it", pages::import)
                .class(Class::Bulk),
        )
}
