//! Title ideas: talks that the organizers would like to be proposed. Speakers start a draft from one.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("ideas")
        .get("/events/{event}/title-ideas", "The title ideas", api::list)
        .post("/events/{event}/title-ideas", "Add a title idea", api::add)
        .fails(&[Code::WrongState])
        .patch("/events/{event}/title-ideas/{code}", "Change a title idea", api::edit)
        .delete("/events/{event}/title-ideas/{code}", "Remove a title idea", api::remove)
        .post("/events/{event}/title-ideas/{code}/start", "Start a draft from a title idea", api::start)
        .and(
            Routes::pages("ideas")
                .get("/{event}/organize/ideas", "Title ideas, wanted numbers and dates", pages::show)
                .get("/{event}/organize/ideas/new", "The form for a new title idea", pages::show_new)
                .post("/{event}/organize/ideas/new", "Add a title idea", pages::add)
                .post("/{event}/organize/ideas/numbers", "Show the numbers to everybody, or not", pages::switch)
                .post("/{event}/organize/ideas/dates", "Add a date", pages::add_milestone)
                .post("/{event}/organize/ideas/dates/{code}", "Change a date", pages::edit_milestone)
                .post("/{event}/organize/ideas/dates/{code}/remove", "Remove a date", pages::remove_milestone)
                .get("/{event}/organize/ideas/{code}", "The form of a title idea", pages::show_one)
                .post("/{event}/organize/ideas/{code}", "Change a title idea", pages::edit)
                .post("/{event}/organize/ideas/{code}/remove", "Remove a title idea", pages::remove),
        )
}
