//! Events, their team and their settings.

pub mod store;
