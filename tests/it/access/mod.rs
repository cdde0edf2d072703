mod blind;
mod matrix;
pub mod removed;
mod roles;
