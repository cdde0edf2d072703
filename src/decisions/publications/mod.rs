//! Publications: the act that tells the decisions. Between publishing and the first mail lies a while in which it can
//! be stopped; at its end the decisions become visible and the mails go, in one transaction.

pub mod actions;
pub mod api;
pub mod item_store;
pub mod letters;
pub mod model;
pub mod pages;
pub mod store;
pub mod version;
pub mod views;

use crate::{access::scopes::TokenScope, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("publications")
        .get("/events/{event}/publications/preview", "What publishing would tell whom", api::preview)
        .get("/events/{event}/publications", "Publications, newest first", api::list)
        .post("/events/{event}/publications", "Publish what the preview showed", api::publish)
        .fails(&[Code::PublicationWaiting, Code::PreviewOutdated, Code::NothingToPublish])
        .scope(TokenScope::DecisionsWrite)
        .get("/events/{event}/publications/{id}", "One publication and its mails", api::show)
        .post("/events/{event}/publications/{id}/stop", "Stop a publication that waits", api::stop)
        .fails(&[Code::WrongState])
        .scope(TokenScope::DecisionsWrite)
        .and(
            Routes::pages("publications")
                .get("/{event}/organize/publish", "Rehearse: every mail as it would go", pages::show)
                .post("/{event}/organize/publish", "Publish what was rehearsed", pages::publish)
                .fails(&[Code::PublicationWaiting, Code::PreviewOutdated, Code::NothingToPublish])
                .get("/{event}/organize/publish/{id}", "One publication, and how far it is", pages::show_one)
                .post("/{event}/organize/publish/{id}/stop", "Stop a publication that waits", pages::stop)
                .fails(&[Code::WrongState]),
        )
}
