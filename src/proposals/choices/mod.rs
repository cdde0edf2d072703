//! What was picked of the event's categories for a proposal, and who may know.

pub mod model;
pub mod store;
pub mod views;
