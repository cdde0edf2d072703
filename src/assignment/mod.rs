//! Who reviews what: an exact assignment of proposals to reviewers that can be replayed, with the reason where it is
//! impossible. [`plan::plan`] is pure: the same task has the same plan, on every machine and in every order.

pub mod cut;
pub mod document;
pub mod fairness;
pub mod flow;
pub mod model;
pub mod plan;
pub mod report;
pub mod views;
