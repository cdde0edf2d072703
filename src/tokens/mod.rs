//! Tokens for programs: a person's own, and those of an event, which outlive whoever made them.

pub mod actions;
pub mod api;
pub mod model;
pub mod of_events;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("tokens")
        .get("/me/tokens", "My tokens", api::list_mine)
        .post("/me/tokens", "Make a token of mine; it is shown this once", api::create_mine)
        .fails(&[Code::WrongState])
        .delete("/me/tokens/{id}", "Revoke one of my tokens", api::revoke_mine)
        .get("/events/{event}/tokens", "The event's tokens", api::list_of_event)
        .session_only()
        .post("/events/{event}/tokens", "Make a token of the event; it is shown this once", api::create_of_event)
        .fails(&[Code::WrongState])
        .session_only()
        .delete("/events/{event}/tokens/{id}", "Revoke a token of the event", api::revoke_of_event)
        .session_only()
        .and(of_events::routes())
}
