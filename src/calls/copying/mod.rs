//! The call of an earlier event in a new one, its dates moved along.

pub mod actions;
pub mod model;
