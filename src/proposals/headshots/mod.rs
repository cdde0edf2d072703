//! Headshots. What somebody uploads is decoded and encoded anew, small and without anything but the picture: where and by
//! which camera it was taken does not leave with it. Pictures stand in a table of their own and are shown only to those
//! who may know the speaker; reviewers who are blind have no route to any.

pub mod actions;
pub mod api;
pub mod pages;
pub mod picture;
pub mod store;

use crate::{
    access::scopes::TokenScope,
    db::Class,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("headshots")
        .get("/events/{event}/my/profile/headshot", "My headshot", api::mine)
        .put("/events/{event}/my/profile/headshot", "Set my headshot", api::set)
        .limited(&[Limit::Uploads])
        .fails(&[Code::Invalid])
        .delete("/events/{event}/my/profile/headshot", "Remove my headshot", api::remove)
        .get("/events/{event}/speakers/{code}/headshot", "The headshot of a speaker, for the team", api::of_speaker)
        .scope(TokenScope::ProposalsRead)
        .get("/events/{event}/headshots/{code}", "The headshot of a speaker of the program", api::of_program)
        .class(Class::Public)
        .and(
            Routes::pages("headshots")
                .get("/{event}/mine/profile/headshot", "My headshot", pages::mine)
                .post("/{event}/mine/profile/headshot", "Set my headshot", pages::set)
                .limited(&[Limit::Uploads])
                .fails(&[Code::Invalid])
                .post("/{event}/mine/profile/headshot/remove", "Remove my headshot", pages::remove),
        )
}
