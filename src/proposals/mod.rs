//! Proposals and the people who make them: draft, submit, edit, withdraw; who speaks; cancel and reinstate by organizers.

pub mod actions;
pub mod api;
pub mod choices;
pub mod claims;
pub mod editing;
pub mod entering;
pub mod headshots;
pub mod library;
pub mod mirror;
pub mod model;
pub mod organize;
pub mod pages;
pub mod previews;
pub mod profiles;
pub mod saved;
pub mod slides;
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

/// What a submission, or one that comes back, can fail with.
const SUBMITTING: &[Code] = &[
    Code::CallNotOpen,
    Code::CallClosed,
    Code::LimitReached,
    Code::WrongState,
    Code::Invalid,
    Code::LinkDead,
    Code::Forbidden,
];

pub fn routes() -> Routes {
    Routes::of("proposals")
        .get("/me/proposals", "My proposals in all events", api::mine_everywhere)
        .scope(TokenScope::MeRead)
        .get("/events/{event}/my/proposals", "My proposals", api::mine)
        .post("/events/{event}/my/proposals", "Draft or submit a proposal", api::create)
        .fails(&[Code::CallNotOpen, Code::CallClosed, Code::LimitReached, Code::LinkDead, Code::WrongState])
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .get("/events/{event}/my/proposals/{code}", "One of my proposals", api::show_mine)
        .patch("/events/{event}/my/proposals/{code}", "Edit my proposal", api::edit)
        .fails(&[Code::CallClosed, Code::LinkDead, Code::WrongState])
        .class(Class::Critical)
        .delete("/events/{event}/my/proposals/{code}", "Delete my draft", api::delete)
        .fails(&[Code::Forbidden, Code::WrongState])
        .post("/events/{event}/my/proposals/{code}/submit", "Submit my draft", api::submit)
        .fails(SUBMITTING)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .post("/events/{event}/my/proposals/{code}/withdraw", "Withdraw my proposal", api::withdraw)
        .fails(&[Code::WrongState, Code::Forbidden])
        .post("/events/{event}/my/proposals/{code}/undo-withdrawal", "Take the withdrawal back", api::undo_withdrawal)
        .fails(SUBMITTING)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .get("/events/{event}/proposals", "All proposals but drafts", api::list)
        .get("/events/{event}/proposals/{code}", "One proposal with all that organizers see", api::show)
        .post("/events/{event}/proposals/{code}/cancel", "Take a proposal out of the running", api::cancel)
        .fails(&[Code::WrongState])
        .scope(TokenScope::ProposalsWrite)
        .post("/events/{event}/proposals/{code}/reinstate", "Take a canceled proposal back in", api::reinstate)
        .fails(&[Code::WrongState, Code::LimitReached])
        .scope(TokenScope::ProposalsWrite)
        .post("/events/{event}/proposals/{code}/mark-invited", "Let a proposal skip the review", api::mark_invited)
        .scope(TokenScope::ProposalsWrite)
        .post(
            "/events/{event}/proposals/{code}/unmark-invited",
            "Have a proposal reviewed after all",
            api::unmark_invited,
        )
        .scope(TokenScope::ProposalsWrite)
        .and(pages::routes())
        .and(editing::routes())
        .and(profiles::routes())
        .and(speaking::routes())
        .and(versions::routes())
        .and(mirror::routes())
        .and(library::routes())
        .and(previews::routes())
        .and(entering::routes())
        .and(headshots::routes())
        .and(slides::routes())
        .and(organize::routes())
        .and(saved::routes())
}
