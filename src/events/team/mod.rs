//! The team of an event in a browser.

pub mod pages;

use crate::http::{limits::Limit, routes::Routes};

pub fn routes() -> Routes {
    Routes::pages("team")
        .get("/{event}/organize/team", "The team", pages::show)
        .post("/{event}/organize/team/invitations", "Invite somebody to the team", pages::invite)
        .limited(&[Limit::Invitations])
        .post("/{event}/organize/team/invitations/{code}/take-back", "Take an invitation back", pages::take_back)
        .post("/{event}/organize/team/{id}/limit", "Limit a member's role to tracks", pages::limit)
        .post("/{event}/organize/team/{id}/remove", "Take one of a member's roles", pages::remove)
}
