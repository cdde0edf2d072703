//! Categories: what speakers choose from to say what kind of proposal it is, beside its format and track.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("categories")
        .get("/events/{event}/categories", "The categories with their choices", api::list)
        .post("/events/{event}/categories", "Add a category with its choices", api::add)
        .fails(&[Code::WrongState])
        .post("/events/{event}/categories/from-preset", "Add one of the usual categories", api::add_preset)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/categories/{code}", "Change a category and its choices", api::edit)
        .fails(&[Code::InUse])
        .delete("/events/{event}/categories/{code}", "Remove a category that no proposal uses", api::remove)
        .fails(&[Code::InUse])
        .and(
            Routes::pages("calls")
                .get("/{event}/organize/categories", "The categories", pages::show)
                .get("/{event}/organize/categories/new", "The form for a new category", pages::show_new)
                .post("/{event}/organize/categories/new", "Add a category", pages::add)
                .post("/{event}/organize/categories/from-preset", "Add a usual category", pages::add_preset)
                .get("/{event}/organize/categories/{code}", "The form of a category", pages::show_one)
                .post("/{event}/organize/categories/{code}", "Change a category", pages::edit)
                .post("/{event}/organize/categories/{code}/remove", "Remove a category", pages::remove),
        )
}
