//! Conflicts of interest: declared by reviewers, pinned by organizers. To whoever has one, the proposal does not exist;
//! that rule is `access::store::in_tracks`, which every query about proposals has.

pub mod actions;
pub mod api;
pub mod hints;
pub mod model;
pub mod pages;
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
        .and(
            Routes::pages("conflicts")
                .get("/{event}/review/conflicts", "My conflicts of interest", pages::list_mine)
                .post("/{event}/review/conflicts", "Declare a conflict of interest by reference", pages::declare_by_ref)
                .post("/{event}/review/{ref}/conflict", "Declare a conflict of interest", pages::declare)
                .post("/{event}/review/{ref}/conflict/take-back", "Take my declaration back", pages::take_back),
        )
        .and(hints::routes())
}
