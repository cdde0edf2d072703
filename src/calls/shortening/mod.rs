//! Whoever was told a deadline plans by it: one that comes earlier is asked about twice, and whoever has a draft hears
//! of it.

pub mod actions;
pub mod model;
pub mod store;
