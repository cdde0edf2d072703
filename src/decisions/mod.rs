//! Decisions: made privately by organizers, told to everybody at once by a publication, answered by the speakers.

pub mod actions;
pub mod api;
pub mod balance;
pub mod confirmations;
pub mod model;
pub mod pages;
pub mod publications;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("decisions")
        .get("/events/{event}/proposals/{code}/decision", "The private decision, and what was published", api::show)
        .put("/events/{event}/proposals/{code}/decision", "Decide, privately", api::decide)
        .fails(&[Code::NotInPhase, Code::WrongState])
        .post("/events/{event}/decisions", "Decide many, privately; all or nothing", api::decide_many)
        .fails(&[Code::NotInPhase])
        .and(
            Routes::pages("decisions")
                .post("/{event}/organize/decide", "Look at what would change, and decide", pages::decide_many)
                .fails(&[Code::NotInPhase])
                .post("/{event}/organize/proposals/{code}/decide", "Decide on one proposal", pages::decide)
                .fails(&[Code::NotInPhase, Code::WrongState]),
        )
        .and(balance::routes())
        .and(publications::routes())
        .and(confirmations::routes())
}
