//! From the bytes of a file to records: pure, lenient about where a file comes from, and exact about what is wrong in it.

pub mod callboard;
pub mod columns;
pub mod mend;
pub mod past;
pub mod people;
pub mod proposals;
pub mod reviews;
pub mod sessionize;
pub mod sheet;

use super::model::{Ask, Found, Kind, Wrong};
use sheet::Sheet;

/// Rows, sessions or speakers of one file.
pub const MOST_ROWS: usize = 10_000;

/// What kind of file it is, by its first bytes: whatever a browser or a program calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Xlsx,
    Csv,
}

impl Form {
    pub fn of(file: &[u8]) -> Form {
        let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        match (first, file.starts_with(b"PK\x03\x04")) {
            (_, true) => Form::Xlsx,
            (Some(b'{' | b'['), _) => Form::Json,
            _ => Form::Csv,
        }
    }
}

/// # Errors
/// What is wrong with the file as a whole; what is wrong with a row stands with that row.
pub fn read(file: &[u8], ask: &Ask) -> Result<Found, Wrong> {
    let form = Form::of(file);
    if form == Form::Json {
        let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        // A list is what Callboard exports; Sessionize's view is one object.
        let is_list = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        match (ask.of, is_list) {
            (Kind::Proposals, true) => return callboard::read(text, ask),
            (Kind::Proposals, false) => return sessionize::read(text, ask),
            (Kind::PastTalks, false) => return past::of_proposals(sessionize::read(text, ask)?, None, ask),
            (Kind::Speakers | Kind::Reviews, false) => return Err(Wrong::new("file", "must be a list of them")),
            _ => {}
        }
    }
    let sheet = match form {
        Form::Json => Sheet::of_json(file)?,
        Form::Xlsx => Sheet::of_xlsx(file)?,
        Form::Csv => Sheet::of_csv(file)?,
    };
    match ask.of {
        Kind::Proposals => proposals::read(&sheet, ask),
        Kind::Speakers => people::read(&sheet, ask),
        Kind::Reviews => reviews::read(&sheet, ask),
        Kind::PastTalks => past::of_proposals(proposals::read(&sheet, ask)?, Some(&sheet), ask),
    }
}

/// Takes apart what serde says is wrong, without a value of the file in it.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Wrong {
    let inner = error.inner();
    Wrong::new("file", format!("is not as expected at {} (line {})", error.path(), inner.line()))
}
