//! Who shall review what: what reviewers would like to read, and an exact plan of who reads what that can be replayed,
//! with the reason where it is impossible. [`plan::plan`] is pure: the same task has the same plan, on every machine and in
//! every order.

pub mod actions;
pub mod api;
pub mod cut;
pub mod document;
pub mod fairness;
pub mod flow;
pub mod inputs;
pub mod model;
pub mod pages;
pub mod plan;
pub mod planning;
pub mod report;
pub mod store;
pub mod version;
pub mod views;

use crate::{access::scopes::TokenScope, db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("assignment")
        .get("/events/{event}/reviewing/bids", "What I said I would like to review", api::list_bids)
        .get("/events/{event}/reviewing/proposals/{ref}/bid", "How gladly I would review it", api::show_bid)
        .put("/events/{event}/reviewing/proposals/{ref}/bid", "Say how gladly I would review it", api::place_bid)
        .post("/events/{event}/assignments/plan", "Plan who reviews what: look, then apply", api::make_plan)
        .class(Class::Bulk)
        .scope(TokenScope::ProposalsWrite)
        .fails(&[Code::PreviewOutdated])
        .post("/events/{event}/assignments/release", "Show reviewers what was planned for them", api::release)
        .scope(TokenScope::ProposalsWrite)
        .and(planning::routes())
        .and(Routes::pages("bids").get("/{event}/review/bids", "What I would like to review", pages::bids).post(
            "/{event}/review/bids",
            "Say what I would like to review",
            pages::place_bids,
        ))
}
