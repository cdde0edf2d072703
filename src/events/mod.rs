//! Events, their team and their settings.

pub mod actions;
pub mod api;
pub mod changing;
pub mod copies;
pub mod guest;
pub mod invitation_store;
pub mod making;
pub mod model;
pub mod overview;
pub mod pages;
pub mod store;
pub mod team;
pub mod team_model;
pub mod views;

use crate::{
    access::scopes::TokenScope,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("events")
        .get("/events", "The public events", api::list)
        .post("/events", "Create an event", api::create)
        .get("/events/{event}", "An event", api::show)
        .get("/events/{event}/settings", "The settings of an event", api::settings)
        .patch("/events/{event}/settings", "Change the settings", api::edit)
        .get("/events/{event}/members", "The team", api::list_members)
        .patch("/events/{event}/members/{id}", "Limit a member's role to tracks", api::limit_member)
        .scope(TokenScope::TeamWrite)
        .delete("/events/{event}/members/{id}", "Take a member's roles, or one of them", api::remove_member)
        .fails(&[Code::LastOrganizer])
        .scope(TokenScope::TeamWrite)
        .get("/events/{event}/invitations", "The invitations that were not accepted yet", api::list_invitations)
        .post("/events/{event}/invitations", "Invite somebody to the team", api::invite)
        .fails(&[Code::Taken])
        .limited(&[Limit::Invitations])
        .scope(TokenScope::TeamWrite)
        .delete("/events/{event}/invitations/{code}", "Take an invitation back", api::take_back_invitation)
        .scope(TokenScope::TeamWrite)
        .post("/invitations/accept", "Accept an invitation with the mail's token", api::accept)
        .fails(&[Code::LinkDead, Code::OtherAddress, Code::AddressNotVerified])
        .and(copies::routes())
        .and(overview::routes())
        .and(making::routes())
        .and(changing::routes())
        .and(team::routes())
        .and(
            Routes::pages("events")
                .get("/", "The open calls", pages::home)
                .get("/invitation/{token}", "The page to accept an invitation", pages::show_invitation)
                .post("/invitation/{token}", "Accept the invitation", pages::accept)
                .limited(&[Limit::SignIn, Limit::SignInAs]),
        )
}
