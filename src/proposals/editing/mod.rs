//! Writing a proposal: drafts at any time, and what is submitted while the call is open for it.

pub mod actions;
pub mod choosing;
pub mod pages;

use super::SUBMITTING;
use crate::{
    db::Class,
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::pages("proposals")
        .get("/{event}/submit", "The form to propose something", pages::show_new)
        .post("/{event}/submit", "Draft or submit a proposal", pages::create)
        .fails(SUBMITTING)
        .limited(&[Limit::Newcomers])
        .class(Class::Critical)
        .post("/{event}/submit/autosave", "Keep what is being written as a draft", pages::autosave_new)
        .fails(&[Code::LinkDead])
        .get("/{event}/mine/{code}/edit", "The form to edit my proposal", pages::show_edit)
        .post("/{event}/mine/{code}/edit", "Edit my proposal, and submit it", pages::edit)
        .fails(SUBMITTING)
        .class(Class::Critical)
        .post("/{event}/mine/{code}/autosave", "Keep what is being written of my draft", pages::autosave)
        .fails(&[Code::WrongState, Code::LinkDead])
}
