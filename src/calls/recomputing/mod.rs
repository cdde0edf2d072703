//! When zone data changes, the instants of deadlines that were typed before it are computed anew: by a command, never by
//! itself.

pub mod actions;
pub mod model;
pub mod store;
