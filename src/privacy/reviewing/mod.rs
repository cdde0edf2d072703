//! What is held about a reviewer.

pub mod views;
