//! Hints that somebody on the team may have a conflict of interest. They decide nothing; only organizers see them, and
//! pin what they find to be one.

pub mod actions;
pub mod api;
pub mod model;
pub mod store;
pub mod views;

use crate::{db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("conflict_hints")
        .get("/events/{event}/conflicts/hints", "Who may have a conflict of interest with what, and why", api::list)
        .class(Class::Bulk)
}
