//! Conflicts of interest: declared by reviewers, pinned by organizers. To whoever has one, the proposal does not exist;
//! that rule is `access::store::in_tracks`, which every query about proposals has.

pub mod actions;
pub mod api;
pub mod hints;
pub mod model;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("conflicts")
        .put("/events/{event}/reviewing/proposals/{ref}/conflict", "Declare a conflict of interest", api::declare)
        .delete("/events/{event}/reviewing/proposals/{ref}/conflict", "Take my declaration back", api::take_back)
        .get("/events/{event}/conflicts", "The conflicts of interest, newest first", api::list)
        .post("/events/{event}/conflicts", "Pin a conflict of interest on a member", api::pin)
        .fails(&[Code::Taken])
        .delete("/events/{event}/conflicts/{id}", "Unpin a conflict of interest", api::unpin)
        .fails(&[Code::WrongState])
        .and(hints::routes())
}
