//! The call for proposals: when it is open, the formats and tracks one can choose, and the rules for submitting.

pub mod actions;
pub mod api;
pub mod categories;
pub mod copying;
pub mod gaps;
pub mod ideas;
pub mod milestones;
pub mod model;
pub mod pages;
pub mod parts;
pub mod passes;
pub mod recomputing;
pub mod setting;
pub mod shortening;
pub mod store;
pub mod time;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("calls")
        .get("/events/{event}/call", "The call: window, formats, tracks", api::show_call)
        .patch("/events/{event}/call", "Change the call", api::edit_call)
        .fails(&[Code::ConfirmFirst])
        .get("/events/{event}/call/settings", "The call as organizers set it, with its grace", api::show_settings)
        .and(parts::routes())
        .and(categories::routes())
        .and(ideas::routes())
        .and(gaps::routes())
        .and(milestones::routes())
        .and(passes::routes())
        .and(Routes::pages("calls").get("/{event}", "An event and its call", pages::show))
        .and(setting::routes())
}
