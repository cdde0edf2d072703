//! What is held about a person: all of it for them to take, and its erasure. Both go over every table, so a new table
//! with something personal in it belongs here too; a test walks over all of them and tells which.

pub mod actions;
pub mod api;
pub mod data_store;
pub mod erase_store;
pub mod model;
pub mod pages;
pub mod proposals;
pub mod reviewing;
pub mod views;

use crate::{
    db::Class,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("privacy")
        .get("/me/data", "Everything that is held about me", api::data)
        .class(Class::Bulk)
        .delete("/me", "Erase my account", api::erase)
        .fails(&[Code::LastOrganizer])
        .and(
            Routes::pages("privacy")
                .get("/me/data", "What is held about me", pages::show)
                .class(Class::Bulk)
                .get("/me/data/download", "Everything that is held about me, as a file", pages::download)
                .class(Class::Bulk)
                .get("/me/data/erase", "The page to erase my account", pages::show_erase)
                .post("/me/data/erase", "Erase my account", pages::erase)
                .limited(&[Limit::SignInAs]),
        )
}
