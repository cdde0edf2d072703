//! Callboard: a call-for-proposals service. This list is the map of the code.

/// Who may do what: capabilities, roles, blindness.
pub mod access;
/// Sign up, sign in, reset a password.
pub mod accounts;
/// What the instance's admins do.
pub mod admin;
/// The state that everything works with.
pub mod app;
/// Who shall review what.
pub mod assignment;
/// Who did what, and who looked at names.
pub mod audit;
/// The call for proposals: window, deadlines, tracks, formats.
pub mod calls;
/// The command line.
pub mod cli;
/// The only place that reads time or randomness.
pub mod clock;
/// Every setting, checked once.
pub mod config;
/// Both databases behind one door.
pub mod db;
/// Private decisions, publications, confirmations.
pub mod decisions;
/// An example event, and a walk through everything.
pub mod demo;
/// Work that keeps a processor for long, a little at a time.
pub mod desk;
/// The one error type.
pub mod error;
/// Events, their team and settings.
pub mod events;
/// Talks, proposals and reviews for other tools.
pub mod exports;
/// Points at which tests let the process die.
pub mod faults;
/// Whether the process lives, and whether it is ready.
pub mod health;
/// How a request becomes a call of a handler, and a result an answer.
pub mod http;
/// Proposals, speakers and reviews from other tools.
pub mod imports;
/// The background work of the process.
pub mod jobs;
/// The outbox and how it is emptied.
pub mod mail;
/// What the process counts, for Prometheus.
pub mod metrics;
/// A request that is sent again acts once.
pub mod once;
/// What is held about a person, and its erasure.
pub mod privacy;
/// Proposals and the people who make them.
pub mod proposals;
/// Scores corrected for who gave them, and how sure that is.
pub mod ranking;
/// Reviews, criteria and what reviewers see.
pub mod reviews;
/// What people look for, and where it stands.
pub mod search;
/// Tokens and the secrets of mailed links.
pub mod secrets;
/// Texts that share much with others.
pub mod similar;
/// What people type, cleaned once.
pub mod text;
/// Tokens for programs.
pub mod tokens;
/// The words of a text, folded.
pub mod words;

/// Every route of the server.
///
/// # Errors
/// When two routes or schemas clash; `tests/it/contract` builds it.
pub fn routes() -> Result<http::routes::RouteTable, String> {
    http::routes::RouteTable::new([
        http::server::routes(),
        health::routes(),
        accounts::routes(),
        audit::routes(),
        privacy::routes(),
        events::routes(),
        calls::routes(),
        exports::routes(),
        imports::routes(),
        assignment::routes(),
        mail::routes(),
        reviews::routes(),
        ranking::routes(),
        proposals::routes(),
        similar::routes(),
        decisions::routes(),
        tokens::routes(),
        admin::routes(),
        demo::routes(),
    ])
}
