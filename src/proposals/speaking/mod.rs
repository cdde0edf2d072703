//! Who speaks: the owner of a proposal invites others by an invitation that is bound to their address. Whoever is
//! invited is nobody to anybody until they accept. Speakers leave; only the owner withdraws or declines, and can hand the
//! proposal over.

pub mod actions;
pub mod api;
pub mod joining;
pub mod letters;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("speakers")
        .get("/events/{event}/my/proposals/{code}/speakers", "Who speaks, and who is invited to", api::list)
        .post("/events/{event}/my/proposals/{code}/speakers", "Invite somebody to speak with me", api::invite)
        .fails(&[Code::Forbidden, Code::AddressNotVerified, Code::Taken, Code::WrongState])
        .limited(&[Limit::Invitations])
        .delete(
            "/events/{event}/my/proposals/{code}/speakers/{id}",
            "Leave, remove a speaker, or take an invitation back",
            api::remove,
        )
        .fails(&[Code::Forbidden, Code::WrongState])
        .post("/events/{event}/my/proposals/{code}/hand-over", "Make another speaker the owner", api::hand_over)
        .fails(&[Code::Forbidden, Code::LimitReached, Code::WrongState])
        .and(joining::routes())
        .and(
            Routes::pages("speakers")
                .post("/{event}/mine/{code}/speakers", "Invite somebody to speak with me", pages::invite)
                .fails(&[Code::Forbidden, Code::AddressNotVerified, Code::Taken, Code::WrongState])
                .limited(&[Limit::Invitations])
                .post(
                    "/{event}/mine/{code}/speakers/{id}/remove",
                    "Leave, remove a speaker, or take an invitation back",
                    pages::remove,
                )
                .fails(&[Code::WrongState])
                .post("/{event}/mine/{code}/hand-over", "Make another speaker the owner", pages::hand_over)
                .fails(&[Code::LimitReached, Code::WrongState]),
        )
}
