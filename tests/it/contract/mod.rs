//! What is generated equals what is committed.

mod errors;
