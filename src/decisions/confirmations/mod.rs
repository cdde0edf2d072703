//! Confirmations: the speaker's answer to a published acceptance, signed in or with the link of the mail.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;

use crate::{db::Class, error::Code, http::routes::Routes};

pub fn routes() -> Routes {
    Routes::of("confirmations")
        .post("/events/{event}/my/proposals/{code}/confirm", "Confirm that the talk will be given", api::confirm)
        .fails(&[Code::WrongState])
        .class(Class::Critical)
        .post("/events/{event}/my/proposals/{code}/decline", "Decline to give the talk", api::decline)
        .fails(&[Code::Forbidden, Code::WrongState])
        .class(Class::Critical)
        .post("/confirmations", "Confirm or decline with the mail's token", api::answer)
        .fails(&[Code::LinkDead, Code::WrongState])
        .class(Class::Critical)
        .and(
            Routes::pages("confirmations")
                .get("/confirm/{token}", "The page to confirm or decline a talk", pages::show)
                .post("/confirm/{token}", "Confirm or decline the talk", pages::answer)
                .class(Class::Critical)
                .post("/{event}/mine/{code}/confirm", "Confirm that the talk will be given", pages::confirm)
                .fails(&[Code::WrongState])
                .class(Class::Critical)
                .post("/{event}/mine/{code}/decline", "Decline to give the talk", pages::decline)
                .fails(&[Code::WrongState])
                .class(Class::Critical),
        )
}
