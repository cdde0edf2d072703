//! What organizers see of proposals and do with them.

pub mod actions;
pub mod store;
pub mod views;
