//! Reviews: who may review what, scores per criterion, what reviewers see of proposals and of each other, and the
//! summary that organizers rank by.

pub mod actions;
pub mod api;
pub mod assignments;
pub mod charts;
pub mod comments;
pub mod conflicts;
pub mod criteria;
pub mod drafts;
pub mod model;
pub mod pages;
pub mod phases;
pub mod progress;
pub mod queue_model;
pub mod queue_store;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("reviews")
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
        .get("/events/{event}/proposals/{code}/reviews", "All reviews of a proposal", api::list_all)
        .and(
            Routes::pages("reviews")
                .get("/{event}/review/mine", "My reviews", pages::list_mine)
                .get("/{event}/review/{ref}", "A proposal and my review of it", pages::show)
                .post("/{event}/review/{ref}", "Review, or replace my review", pages::write)
                .post("/{event}/review/{ref}/abstain", "Leave the judgment to others", pages::abstain)
                .post("/{event}/review/{ref}/take-back", "Take my review back", pages::take_back),
        )
        .and(progress::routes())
        .and(drafts::routes())
        .and(comments::routes())
        .and(criteria::routes())
        .and(phases::routes())
        .and(conflicts::routes())
        .and(assignments::routes())
}
