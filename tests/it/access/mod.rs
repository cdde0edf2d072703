mod blind;
mod matrix;
mod removed;
mod roles;
