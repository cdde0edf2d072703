//! What organizers see of proposals and do with them.

pub mod actions;
pub mod ask;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

/// The pages; the API's routes stand with those of the other proposals.
pub fn routes() -> Routes {
    Routes::pages("proposals")
        .get("/{event}/organize/proposals", "All proposals, to look for and to choose among", pages::list)
        .get("/{event}/organize/proposals/{code}", "One proposal with all that is known of it", pages::one::show)
        .post("/{event}/organize/proposals/{code}/comment", "Say something to the committee", pages::one::comment)
        .post("/{event}/organize/proposals/{code}/cancel", "Take a proposal out of the running", pages::one::cancel)
        .fails(&[Code::WrongState])
        .post("/{event}/organize/proposals/{code}/reinstate", "Take a canceled proposal back in", pages::one::reinstate)
        .fails(&[Code::WrongState, Code::LimitReached])
        .post("/{event}/organize/proposals/{code}/invited", "Let a proposal skip the review", pages::one::mark_invited)
        .post(
            "/{event}/organize/proposals/{code}/reviewed",
            "Have a proposal reviewed after all",
            pages::one::unmark_invited,
        )
}
