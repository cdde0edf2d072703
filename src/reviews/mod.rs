//! Reviews: who may review what, scores per criterion, what reviewers see of proposals and of each other, and the
//! summary that organizers rank by.

pub mod actions;
pub mod api;
pub mod assignments;
pub mod conflicts;
pub mod criteria_store;
pub mod model;
pub mod phases;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("reviews")
        .get("/events/{event}/reviewing", "My progress as a reviewer", api::progress)
        .get("/events/{event}/reviewing/next", "The proposal to review next", api::next)
        .get("/events/{event}/reviewing/proposals", "The proposals I may review", api::list)
        .get("/events/{event}/reviewing/proposals/{ref}", "A proposal as reviewers see it", api::show)
        .get("/events/{event}/reviewing/proposals/{ref}/reviews", "The reviews by others, once mine is in", api::others)
        .fails(&[Code::OwnReviewFirst, Code::NotInPhase])
        .get("/events/{event}/reviewing/proposals/{ref}/review", "My review", api::show_mine)
        .put("/events/{event}/reviewing/proposals/{ref}/review", "Review, abstain, or replace my review", api::write)
        .fails(&[Code::NotInPhase])
        .delete("/events/{event}/reviewing/proposals/{ref}/review", "Take my review back", api::take_back)
        .fails(&[Code::NotInPhase])
        .get("/events/{event}/criteria", "The criteria of the reviews", api::list_criteria)
        .post("/events/{event}/criteria", "Add a criterion", api::add_criterion)
        .patch("/events/{event}/criteria/{code}", "Change a criterion", api::edit_criterion)
        .delete("/events/{event}/criteria/{code}", "Remove a criterion that no review uses", api::remove_criterion)
        .get("/events/{event}/proposals/{code}/reviews", "All reviews of a proposal", api::list_all)
        .and(phases::routes())
        .and(conflicts::routes())
        .and(assignments::routes())
}
