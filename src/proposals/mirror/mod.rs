//! "See yourself as reviewers do": what a blind reviewer gets to read, and where one's own words give one away.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::http::routes::Routes;

pub fn routes() -> Routes {
    Routes::of("mirror")
        .get(
            "/events/{event}/my/proposals/{code}/as-reviewers-see-it",
            "My proposal as reviewers see it, and what tells who I am",
            api::show,
        )
        .and(Routes::pages("mirror").get(
            "/{event}/mine/{code}/as-reviewers-see-it",
            "The page that shows my proposal as reviewers see it",
            pages::show,
        ))
}
