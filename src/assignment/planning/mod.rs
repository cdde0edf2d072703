//! Planning in a browser.

pub mod pages;

use crate::{db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::pages("assignment")
        .get("/{event}/organize/assignments/plan", "Plan who reviews what", pages::show)
        .post("/{event}/organize/assignments/plan", "Look at a plan", pages::look)
        .class(Class::Bulk)
        .post("/{event}/organize/assignments/plan/apply", "Put a plan into effect", pages::apply)
        .class(Class::Bulk)
        .post("/{event}/organize/assignments/release", "Show reviewers what was planned", pages::release)
}
