//! What the committee says to each other about a proposal. Reviewers read and write when they may see what others wrote,
//! under the same pseudonyms as the reviews.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{access::scopes::TokenScope, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("comments")
        .get("/events/{event}/reviewing/proposals/{ref}/comments", "What the committee says", api::list)
        .fails(&[Code::OwnReviewFirst, Code::NotInPhase])
        .post("/events/{event}/reviewing/proposals/{ref}/comments", "Say something to the committee", api::add)
        .fails(&[Code::OwnReviewFirst, Code::NotInPhase, Code::WrongState])
        .get("/events/{event}/proposals/{code}/comments", "What the committee says, with names", api::list_signed)
        .post(
            "/events/{event}/proposals/{code}/comments",
            "Say something to the committee, as organizer",
            api::add_signed,
        )
        .fails(&[Code::WrongState])
        .scope(TokenScope::ProposalsWrite)
        .and(Routes::pages("comments").post(
            "/{event}/review/{ref}/comments",
            "Say something to the committee",
            pages::add,
        ))
}
