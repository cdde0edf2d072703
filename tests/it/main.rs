//! All tests that drive the whole service, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod access;
mod accounts;
mod admin;
mod architecture;
mod assignment;
mod audit;
mod calls;
mod contract;
mod db;
mod decisions;
mod demo;
mod events;
mod exports;
mod harness;
mod health;
mod imports;
mod jobs;
mod limits;
mod mail;
mod once;
mod privacy;
mod proposals;
mod ranking;
mod reviews;
mod search;
mod similar;
mod smoke;
