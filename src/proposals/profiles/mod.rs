//! How people appear in one event: the first proposal makes a profile from the account, and the speaker edits it.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("profiles")
        .get("/events/{event}/my/profile", "My profile as a speaker of this event", api::show)
        .put("/events/{event}/my/profile", "Set my profile as a speaker of this event", api::set)
        .and(
            Routes::pages("profiles")
                .get("/{event}/mine/profile", "The page of my profile as a speaker of this event", pages::show)
                .post("/{event}/mine/profile", "Set my profile as a speaker of this event", pages::set),
        )
}
