//! What the instance's admins see and do: events, accounts, and how the server is. None of it shows a proposal.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("admin")
        .get("/admin/events", "All events, with counts", api::list_events)
        .post("/admin/events/{slug}/organizers", "Invite an organizer where nobody is left", api::invite_organizer)
        .fails(&[Code::WrongState])
        .limited(&[Limit::Invitations])
        .get("/admin/accounts", "All accounts, newest first", api::list_accounts)
        .patch("/admin/accounts/{id}", "Disable or enable an account, make it admin or not", api::edit_account)
        .fails(&[Code::WrongState])
        .get("/admin/health", "How the server is", api::health)
        .and(
            Routes::pages("admin")
                .get("/admin", "How the server is", pages::show)
                .get("/admin/events", "All events, with counts", pages::events)
                .post("/admin/events/{slug}/organizers", "Invite an organizer where nobody is left", pages::invite)
                .limited(&[Limit::Invitations])
                .get("/admin/accounts", "All accounts, newest first", pages::accounts)
                .post(
                    "/admin/accounts/{id}",
                    "Disable or enable an account, make it admin or not",
                    pages::edit_account,
                ),
        )
}
