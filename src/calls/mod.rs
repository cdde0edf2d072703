//! The call for proposals: when it is open, the formats and tracks one can choose, and the rules for submitting.

pub mod actions;
pub mod api;
pub mod categories;
pub mod copying;
pub mod gaps;
pub mod ideas;
pub mod milestones;
pub mod model;
pub mod part_model;
pub mod passes;
pub mod recomputing;
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
        .get("/events/{event}/formats", "The formats", api::list_formats)
        .post("/events/{event}/formats", "Add a format", api::add_format)
        .patch("/events/{event}/formats/{code}", "Change a format", api::edit_format)
        .fails(&[Code::ConfirmFirst])
        .delete("/events/{event}/formats/{code}", "Remove a format", api::remove_format)
        .get("/events/{event}/tracks", "The tracks", api::list_tracks)
        .post("/events/{event}/tracks", "Add a track", api::add_track)
        .patch("/events/{event}/tracks/{code}", "Change a track", api::edit_track)
        .fails(&[Code::ConfirmFirst])
        .delete("/events/{event}/tracks/{code}", "Remove a track", api::remove_track)
        .and(categories::routes())
        .and(ideas::routes())
        .and(gaps::routes())
        .and(milestones::routes())
        .and(passes::routes())
}
