//! The settings of an event in a browser.

pub mod pages;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::pages("changing").get("/{event}/organize/settings", "The settings of an event", pages::show).post(
        "/{event}/organize/settings",
        "Change the settings",
        pages::edit,
    )
}
