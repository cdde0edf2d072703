//! What is held about a reviewer.

pub mod store;
pub mod views;
