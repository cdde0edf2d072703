//! Assignments: who shall review what. By hand and from CSV; with a dry run that tells what would happen to each pair.

pub mod actions;
pub mod api;
pub mod csv;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{access::scopes::TokenScope, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("assignments")
        .get("/events/{event}/assignments", "Who shall review what, newest first", api::list)
        .post("/events/{event}/assignments", "Assign reviewers; all pairs or none", api::assign)
        .scope(TokenScope::ProposalsWrite)
        .post("/events/{event}/assignments/csv", "Assign reviewers from CSV; all rows or none", api::assign_csv)
        .scope(TokenScope::ProposalsWrite)
        .delete("/events/{event}/assignments/{id}", "Take an assignment away", api::remove)
        .scope(TokenScope::ProposalsWrite)
        .and(
            Routes::pages("assignments")
                .get("/{event}/organize/assignments", "Who shall review what", pages::show)
                .post("/{event}/organize/assignments", "Assign reviewers by hand", pages::assign_one)
                .post("/{event}/organize/assignments/csv", "Assign reviewers from rows", pages::assign_csv)
                .post("/{event}/organize/assignments/{id}/remove", "Take an assignment away", pages::remove),
        )
}
