//! What is held about a person: all of it for them to take, and its erasure. Both go over every table, so a new table
//! with something personal in it belongs here too; a test walks over all of them and tells which.

pub mod actions;
pub mod api;
pub mod data_store;
pub mod erase_store;
pub mod model;
pub mod proposals;
pub mod reviewing;
pub mod views;

use crate::{db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("privacy")
        .get("/me/data", "Everything that is held about me", api::data)
        .class(Class::Bulk)
        .delete("/me", "Erase my account", api::erase)
        .fails(&[Code::LastOrganizer])
}
