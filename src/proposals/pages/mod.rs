//! The pages of one's own proposals: all of them, one of them, and what is done with one by a button.

pub mod deeds;
pub mod list;
pub mod show;
pub mod standing;

use super::SUBMITTING;
use crate::{
    db::Class,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::pages("proposals")
        .get("/me", "The page of my proposals in all events", list::everywhere)
        .get("/{event}/mine", "The page of my proposals", list::here)
        .get("/{event}/mine/{code}", "The page of one of my proposals", show::show)
        .post("/{event}/mine/{code}/submit", "Submit my draft", deeds::submit)
        .fails(SUBMITTING)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .post("/{event}/mine/{code}/withdraw", "Withdraw my proposal", deeds::withdraw)
        .fails(&[Code::WrongState])
        .post("/{event}/mine/{code}/undo-withdrawal", "Take the withdrawal back", deeds::undo_withdrawal)
        .fails(SUBMITTING)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .post("/{event}/mine/{code}/delete", "Delete my draft", deeds::delete)
        .fails(&[Code::WrongState])
}
