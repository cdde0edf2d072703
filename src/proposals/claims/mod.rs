//! Taking over a profile that organizers entered: whoever proves its address is its speaker from then on, with all it
//! speaks in. Where they have a profile in the event already, both become one.

pub mod actions;
pub mod store;
