//! Links by which speakers show a proposal to somebody else before anybody knows of it. Each is a secret that is shown
//! once, runs out, and can be revoked; it dies with the part of whoever made it in the proposal.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("previews")
        .get("/events/{event}/my/proposals/{code}/preview-links", "The links that show my proposal", api::list)
        .post("/events/{event}/my/proposals/{code}/preview-links", "Make a link that shows my proposal", api::create)
        .fails(&[Code::WrongState])
        .delete(
            "/events/{event}/my/proposals/{code}/preview-links/{id}",
            "Revoke a link that shows my proposal",
            api::revoke,
        )
        .get("/previews/{token}", "A proposal that somebody shows me by a link", api::show)
        .and(
            Routes::pages("previews")
                .post("/{event}/mine/{code}/preview-links", "Make a link that shows my proposal", pages::create)
                .fails(&[Code::WrongState])
                .post(
                    "/{event}/mine/{code}/preview-links/{id}/revoke",
                    "Revoke a link that shows my proposal",
                    pages::revoke,
                )
                .get("/previews/{token}", "The page of a proposal that somebody shows me by a link", pages::show),
        )
}
