//! Callboard to look at: an example event with invented people, and a walk through the whole main job.

pub mod load;
pub mod words;
