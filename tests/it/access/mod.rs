mod blind;
mod matrix;
mod removed;
mod roles;
mod sweep;
mod tokens;
mod tracks;
mod worlds;
