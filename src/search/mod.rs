//! Search: what people look for, and where it stands. Words are folded by ourselves, so both databases find the same;
//! the databases hold the index. Who may see what is found is decided where the lists are made.

pub mod model;
pub mod store;
