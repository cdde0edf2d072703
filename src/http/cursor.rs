//! Where a page of a list ended: the time it is sorted by and the public code that breaks ties. Opaque to clients, so
//! that it may change.

use crate::{
    clock::CODE_LETTERS,
    db::types::Ts,
    error::{Code, Error, Result},
};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;

/// The last item of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Ts,
    pub code: String,
}

impl Cursor {
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(format!("{}:{}", self.at.as_microsecond(), self.code).as_bytes())
    }

    /// # Errors
    /// `BadCursor` for anything that `encode` cannot have made.
    pub fn decode(text: &str) -> Result<Cursor> {
        read(text).ok_or_else(bad_cursor)
    }
}

pub fn bad_cursor() -> Error {
    Error::new(Code::BadCursor, "Take `next` of the page before, or start without one.")
}

/// Times before 1970 and letters that no code has are refused here: PostgreSQL would fail on some of them.
fn read(text: &str) -> Option<Cursor> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()?;
    let (at, code) = text.split_once(':')?;
    let at = Timestamp::from_microsecond(at.parse().ok().filter(|micros| *micros >= 0)?).ok()?;
    let cursor = Cursor { at: Ts::truncated(at), code: code.to_owned() };
    let is_code = !code.is_empty() && code.bytes().all(|byte| CODE_LETTERS.contains(&byte));
    (is_code && cursor.encode() == BASE64URL_NOPAD.encode(text.as_bytes())).then_some(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went() {
        let cursor =
            Cursor { at: Ts::truncated("2025-02-10T07:59:59.999999Z".parse().unwrap()), code: "K7QMZ2".into() };
        assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        assert!(cursor.encode().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }

    #[test]
    fn refuses_what_is_not_ours() {
        let of = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let wrong = ["1", "1:", ":K7QMZ2", "x:K7QMZ2", "-1:K7QMZ2", "+1:K7QMZ2", "01:K7QMZ2", "1:k7qmz2", "1:K7\0"];
        for text in wrong.map(of).iter().map(String::as_str).chain(["", "%", "a", "9223372036854775807"]) {
            assert_eq!(Cursor::decode(text).unwrap_err().code(), Code::BadCursor, "{text:?}");
        }
        assert!(Cursor::decode(&of("9223372036854775807:K7QMZ2")).is_err());
        assert!(Cursor::decode(&of("1:K7QMZ2")).is_ok());
    }
}
