//! Proposals and the people who make them.

pub mod model;
pub mod store;
