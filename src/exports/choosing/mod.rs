//! Exports in a browser: which file, with which columns.

pub mod model;
pub mod pages;

use crate::{db::Class, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::pages("choosing")
        .get("/{event}/organize/export", "The files for other tools", pages::show)
        .get("/{event}/organize/export/{file}", "One of them", pages::download)
        .class(Class::Bulk)
        .post("/{event}/organize/export/presets", "Keep a choice of columns", pages::keep)
        .post("/{event}/organize/export/presets/{code}/remove", "Remove a choice of columns", pages::remove)
}
