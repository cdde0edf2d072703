//! What a proposal said, from its submission on: every edit is kept as a version, with what it changed word by word.
//! Reviewers learn that a proposal changed since their review and how, and nothing else.

pub mod actions;
pub mod api;
pub mod diff;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("versions")
        .get("/events/{event}/my/proposals/{code}/versions", "What my proposal said before", api::list_mine)
        .get("/events/{event}/my/proposals/{code}/versions/{number}", "What an edit changed", api::show_mine)
        .get("/events/{event}/proposals/{code}/versions", "What a proposal said before", api::list)
        .get("/events/{event}/proposals/{code}/versions/{number}", "What an edit of a proposal changed", api::show)
        .get(
            "/events/{event}/reviewing/proposals/{ref}/changes",
            "What changed in a proposal since my review",
            api::since_review,
        )
        .and(Routes::pages("versions").get(
            "/{event}/mine/{code}/versions/{number}",
            "The page of what an edit changed",
            pages::show_mine,
        ))
}
