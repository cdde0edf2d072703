//! Editing: drafts at any time, and what is submitted while the call is open for it.

pub mod actions;
