//! The speaker's library: whatever they proposed before, in any event, can be proposed again. `GET /me/proposals` lists
//! it.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("library")
        .post("/events/{event}/my/proposals/again", "Draft an earlier proposal of mine again, here", api::propose_again)
        .and(
            Routes::pages("library")
                .get("/{event}/mine/again", "The page to propose something again", pages::show)
                .post("/{event}/mine/again", "Draft an earlier proposal of mine again, here", pages::propose_again),
        )
}
