//! Proposals that organizers enter for speakers who have no account, at any time; the speakers can take them over by a
//! mailed link.

pub mod actions;
pub mod api;
pub mod letters;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{
    access::scopes::TokenScope,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("entering")
        .post("/events/{event}/proposals", "Enter a proposal for speakers without an account", api::enter)
        .limited(&[Limit::Invitations])
        .scope(TokenScope::ProposalsWrite)
        .post(
            "/events/{event}/speakers/{code}/invitation",
            "Mail a speaker the link to take over the profile",
            api::invite,
        )
        .fails(&[Code::WrongState, Code::Taken])
        .limited(&[Limit::Invitations])
        .scope(TokenScope::ProposalsWrite)
        .and(
            Routes::pages("entering")
                .get("/{event}/organize/exceptions/enter", "The form for somebody's proposal", pages::show)
                .post("/{event}/organize/exceptions/enter", "Enter somebody's proposal", pages::enter)
                .limited(&[Limit::Invitations]),
        )
}
