//! HTTP: how a request becomes a call of a handler, and a result an answer.

pub mod client;
pub mod connection;
pub mod cursor;
pub mod headers;
pub mod input;
mod invalid;
pub mod limits;
mod mount;
pub mod once;
pub mod openapi;
pub mod pages;
pub mod picture;
pub mod problem;
pub mod reply;
pub mod routes;
pub mod server;
pub mod sketch;
pub mod upload;

/// The base path of the REST API.
pub const API: &str = "/api/v1";
