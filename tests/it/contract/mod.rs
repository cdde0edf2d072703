//! What is generated equals what is committed.

mod config;
mod errors;
mod generated;
mod language;
mod openapi;

/// Compares with a committed file; with `CALLBOARD_TEST_UPDATE=1` writes it instead.
pub fn equals_committed(path: &str, made: &str) {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the server")]
    let update = std::env::var("CALLBOARD_TEST_UPDATE").is_ok();
    if update {
        std::fs::write(path, made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == made, "{path} is not what the code makes; look at it with CALLBOARD_TEST_UPDATE=1 cargo test");
}
