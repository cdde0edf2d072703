//! Who did what, to what, and when: written in the transaction of the deed, so that neither is there without the other.
//! Drafts leave no trace. Who looked at people's names is gathered in memory and noted in batches.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod reads;
pub mod store;
pub mod views;

use crate::{db::Class, http::routes::Routes};
pub use store::record;

pub fn routes() -> Routes {
    Routes::of("audit")
        .get("/events/{event}/audit", "Who did what in the event, newest first", api::list)
        .class(Class::Bulk)
        .and(Routes::pages("audit").get("/{event}/organize/audit", "Who did what", pages::show).class(Class::Bulk))
}
