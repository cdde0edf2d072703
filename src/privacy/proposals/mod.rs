//! The proposals of a person, with all that belongs to them.

pub mod views;
