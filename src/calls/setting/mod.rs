//! The call as organizers set it in a browser.

pub mod pages;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::pages("setting").get("/{event}/organize/call", "The call as organizers set it", pages::show).post(
        "/{event}/organize/call",
        "Change the call",
        pages::edit,
    )
}
