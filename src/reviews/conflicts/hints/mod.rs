//! Hints that somebody on the team may have a conflict of interest. They decide nothing; only organizers see them, and
//! pin what they find to be one.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("conflict_hints")
        .get("/events/{event}/conflicts/hints", "Who may have a conflict of interest with what, and why", api::list)
        .class(Class::Bulk)
        .and(
            Routes::pages("conflict_hints")
                .get("/{event}/organize/conflicts", "The conflicts of interest, and what may be one", pages::show)
                .class(Class::Bulk)
                .post("/{event}/organize/conflicts", "Pin a conflict of interest", pages::pin)
                .post("/{event}/organize/conflicts/{id}/remove", "Unpin a conflict of interest", pages::unpin),
        )
}
