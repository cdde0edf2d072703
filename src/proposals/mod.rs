//! Proposals and the people who make them: draft, submit, edit, withdraw; who speaks; cancel and reinstate by organizers.

pub mod actions;
pub mod api;
pub mod choices;
pub mod library;
pub mod mirror;
pub mod model;
pub mod organize;
pub mod speaking;
pub mod store;
pub mod versions;
pub mod views;

use crate::{
    access::scopes::TokenScope,
    db::Class,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("proposals")
        .get("/events/{event}/my/profile", "My profile as a speaker of this event", api::my_profile)
        .put("/events/{event}/my/profile", "Set my profile as a speaker of this event", api::set_profile)
        .get("/me/proposals", "My proposals in all events", api::mine_everywhere)
        .scope(TokenScope::MeRead)
        .get("/events/{event}/my/proposals", "My proposals", api::mine)
        .post("/events/{event}/my/proposals", "Draft or submit a proposal", api::create)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .get("/events/{event}/my/proposals/{code}", "One of my proposals", api::show_mine)
        .patch("/events/{event}/my/proposals/{code}", "Edit my proposal", api::edit)
        .class(Class::Critical)
        .delete("/events/{event}/my/proposals/{code}", "Delete my draft", api::delete)
        .fails(&[Code::Forbidden])
        .post("/events/{event}/my/proposals/{code}/submit", "Submit my draft", api::submit)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .fails(&[Code::Invalid, Code::LinkDead, Code::Forbidden])
        .post("/events/{event}/my/proposals/{code}/withdraw", "Withdraw my proposal", api::withdraw)
        .fails(&[Code::Forbidden])
        .post("/events/{event}/my/proposals/{code}/undo-withdrawal", "Take the withdrawal back", api::undo_withdrawal)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .fails(&[Code::Invalid, Code::LinkDead, Code::Forbidden])
        .get("/events/{event}/proposals", "All proposals but drafts", api::list)
        .get("/events/{event}/proposals/{code}", "One proposal with all that organizers see", api::show)
        .post("/events/{event}/proposals/{code}/cancel", "Take a proposal out of the running", api::cancel)
        .scope(TokenScope::ProposalsWrite)
        .post("/events/{event}/proposals/{code}/reinstate", "Take a canceled proposal back in", api::reinstate)
        .scope(TokenScope::ProposalsWrite)
        .post("/events/{event}/proposals/{code}/mark-invited", "Let a proposal skip the review", api::mark_invited)
        .scope(TokenScope::ProposalsWrite)
        .post(
            "/events/{event}/proposals/{code}/unmark-invited",
            "Have a proposal reviewed after all",
            api::unmark_invited,
        )
        .scope(TokenScope::ProposalsWrite)
        .and(speaking::routes())
        .and(versions::routes())
        .and(mirror::routes())
        .and(library::routes())
}
