//! Formats and tracks: what a proposal is one of, and may be in. Either can have a deadline of its own.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("calls")
        .get("/events/{event}/formats", "The formats", api::list_formats)
        .post("/events/{event}/formats", "Add a format", api::add_format)
        .patch("/events/{event}/formats/{code}", "Change a format", api::edit_format)
        .fails(&[Code::ConfirmFirst])
        .delete("/events/{event}/formats/{code}", "Remove a format", api::remove_format)
        .fails(&[Code::InUse])
        .get("/events/{event}/tracks", "The tracks", api::list_tracks)
        .post("/events/{event}/tracks", "Add a track", api::add_track)
        .patch("/events/{event}/tracks/{code}", "Change a track", api::edit_track)
        .fails(&[Code::ConfirmFirst])
        .delete("/events/{event}/tracks/{code}", "Remove a track", api::remove_track)
        .fails(&[Code::InUse])
        .and(
            Routes::pages("calls")
                .get("/{event}/organize/parts", "Formats and tracks", pages::show)
                .post("/{event}/organize/parts/formats", "Add a format", pages::add_format)
                .post("/{event}/organize/parts/formats/{code}", "Change a format", pages::edit_format)
                .post("/{event}/organize/parts/formats/{code}/remove", "Remove a format", pages::remove_format)
                .post("/{event}/organize/parts/tracks", "Add a track", pages::add_track)
                .post("/{event}/organize/parts/tracks/{code}", "Change a track", pages::edit_track)
                .post("/{event}/organize/parts/tracks/{code}/remove", "Remove a track", pages::remove_track),
        )
}
