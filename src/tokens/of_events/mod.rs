//! The tokens of an event in a browser.

pub mod pages;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::pages("of_events")
        .get("/{event}/organize/tokens", "The event's tokens", pages::show)
        .post("/{event}/organize/tokens", "Make a token; it is shown this once", pages::create)
        .fails(&[Code::WrongState])
        .post("/{event}/organize/tokens/{id}/revoke", "Revoke a token", pages::revoke)
}
