//! The program's balance: what is accepted now beside all that is submitted, by track, format, category and people.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::pages("balance").get(
        "/{event}/organize/balance",
        "What is accepted beside all that is submitted",
        pages::show,
    )
}
