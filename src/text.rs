//! What people type, cleaned once where it enters: NFC, trimmed, without what can deceive a reader or break a header.
//! The types carry the proof; lengths are the inputs' own rules. Errors never repeat the rejected text.

use crate::clock::CODE_LETTERS;
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt, ops::Deref};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, SchemaFormat, Type},
};
use validator::ValidateEmail;

/// At most so many combining marks may follow each other.
const MOST_MARKS: usize = 4;

/// Between a code and its message in errors that travel through serde: fields of inputs get both.
pub const CODE_END: char = '\u{1F}';

fn wrong(code: &str, message: impl fmt::Display) -> String {
    format!("{code}{CODE_END}{message}")
}

macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident $([$min:ident, $max:ident])?, $schema:literal, $read:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name$(<const $min: usize, const $max: usize>)?(String);

        impl$(<const $min: usize, const $max: usize>)? $name$(<$min, $max>)? {
            /// # Errors
            /// A code and what is wrong, [`CODE_END`] between them, in words that do not repeat the text.
            pub fn new(text: &str) -> Result<Self, String> {
                let text = $read(text)?;
                $(fits(&text, $min, $max)?;)?
                Ok($name(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl$(<const $min: usize, const $max: usize>)? Deref for $name$(<$min, $max>)? {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl$(<const $min: usize, const $max: usize>)? fmt::Display for $name$(<$min, $max>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de, $(const $min: usize, const $max: usize)?> Deserialize<'de> for $name$(<$min, $max>)? {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(from)?).map_err(de::Error::custom)
            }
        }

        impl$(<const $min: usize, const $max: usize>)? utoipa::PartialSchema for $name$(<$min, $max>)? {
            fn schema() -> RefOr<Schema> {
                let schema = ObjectBuilder::new().schema_type(Type::String);
                $(let schema = schema.min_length(Some($min)).max_length(Some($max));)?
                let format = ($schema == "Email").then(|| SchemaFormat::Custom("email".into()));
                schema.format(format).into()
            }
        }

        impl$(<const $min: usize, const $max: usize>)? utoipa::ToSchema for $name$(<$min, $max>)? {
            fn name() -> Cow<'static, str> {
                let name = String::from($schema)$( + &format!("{}To{}", $min, $max))?;
                name.into()
            }
        }
    };
}

text_type! {
    /// One line of `MIN` to `MAX` characters: a title, a name.
    Line[MIN, MAX], "Line", line
}

text_type! {
    /// Several lines of `MIN` to `MAX` characters: an abstract, a comment. Line ends are `\n`.
    Prose[MIN, MAX], "Text", clean
}

text_type! {
    /// A mail address as its owner writes it.
    Email, "Email", email
}

fn fits(text: &str, min: usize, max: usize) -> Result<(), String> {
    let length = text.chars().count();
    if length < min {
        let message =
            if min == 1 { "must not be empty".into() } else { format!("must have at least {min} characters") };
        return Err(wrong("too_short", message));
    }
    if length > max {
        return Err(wrong("too_long", format!("must have at most {max} characters; it has {length}")));
    }
    Ok(())
}

text_type! {
    /// A public code of six letters, of a proposal or of a part of an event.
    PublicCode, "Code", code
}

impl Email {
    /// What makes two addresses the same: letters' case never does.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

fn line(text: &str) -> Result<String, String> {
    let cleaned = clean(text)?;
    if cleaned.contains(['\n', '\t']) {
        return Err(wrong("one_line", "must be one line"));
    }
    Ok(cleaned)
}

fn code(text: &str) -> Result<String, String> {
    let fits = text.len() == 6 && text.bytes().all(|byte| CODE_LETTERS.contains(&byte));
    if fits { Ok(text.into()) } else { Err(wrong("code", "must be a code of six letters and digits")) }
}

fn email(text: &str) -> Result<String, String> {
    let address = text.trim();
    let fits = address.len() <= 254 && address.is_ascii() && address.validate_email();
    // What the validator takes and a mail library does not would be found out only when sending.
    if !fits || address.parse::<lettre::Address>().is_err() {
        return Err(wrong("email", "must be a mail address, like ada@example.org"));
    }
    Ok(address.into())
}

/// NFC, `\n` line ends, trimmed; control and bidi override characters are refused, invisible ones too unless a script
/// needs them (UTS #39 and Trojan Source).
fn clean(text: &str) -> Result<String, String> {
    let text: String = text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    let text = text.trim();
    if !text.is_empty() && text.chars().all(is_unseen) {
        return Err(wrong("letters", "holds nothing that can be seen"));
    }
    let mut marks = 0;
    for letter in text.chars() {
        if is_refused(letter) {
            return Err(wrong("letters", "holds an invisible or control character: type it again instead of pasting"));
        }
        marks = if is_combining_mark(letter) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
            return Err(wrong("letters", "stacks too many accents on one letter"));
        }
    }
    Ok(text.into())
}

/// The text without what [`clean`] refuses: for what was typed elsewhere and cannot be typed again.
pub fn without_refused(text: &str) -> String {
    let mut marks = 0;
    let kept = text.nfc().filter(|letter| {
        marks = if is_combining_mark(*letter) { marks + 1 } else { 0 };
        marks <= MOST_MARKS && (*letter == '\r' || !is_refused(*letter))
    });
    kept.collect()
}

/// What shows nothing when it stands alone.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace() || is_combining_mark(letter) || matches!(letter, '\u{200C}' | '\u{200D}' | '\u{2800}')
}

/// Zero-width joiner and non-joiner stay: Persian, Indic scripts and emoji need them.
fn is_refused(letter: char) -> bool {
    let control = letter.is_control() && letter != '\n' && letter != '\t';
    let bidi =
        matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    let invisible =
        matches!(letter, '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{2028}' | '\u{2029}');
    let fillers = matches!(letter, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}');
    let tags = matches!(letter, '\u{E0000}'..='\u{E007F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}');
    control || bidi || invisible || fillers || tags || u32::from(letter) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    type Title = Line<1, 200>;

    #[test]
    fn normalizes() {
        assert_eq!(Title::new("  Cafe\u{301}  ").unwrap().as_str(), "Café");
        assert_eq!(Prose::<0, 10>::new("a\r\nb\rc").unwrap().as_str(), "a\nb\nc");
    }

    #[test]
    fn keeps_what_scripts_need() {
        for text in ["می\u{200C}خواهم", "👩\u{200D}💻 talks", "日本語のタイトル", "שלום", "ẹ̀kọ́"]
        {
            assert!(Title::new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn refuses_what_deceives() {
        for text in [
            "a\u{202E}b",
            "a\u{0}b",
            "a\u{1}b",
            "a\u{200B}b",
            "a\u{2066}b",
            "a\nb",
            "a\u{FEFF}b",
            "a\u{3164}b",
            "\u{200D}",
            "\u{2800}",
        ] {
            assert!(Title::new(text).is_err(), "{text:?}");
        }
        assert!(Title::new(&format!("e{}", "\u{0316}".repeat(MOST_MARKS))).is_ok());
        assert!(Title::new(&format!("e{}", "\u{0316}".repeat(MOST_MARKS + 1))).is_err());
    }

    #[test]
    fn addresses() {
        assert_eq!(Email::new(" Ada@Example.org ").unwrap().key(), "ada@example.org");
        for text in
            ["", "ada", "ada@", "@b.c", "a b@c.d", "ada@example.org\nBcc: x@y.z", "ada@example.org, b@c.d", "<a@b.c>"]
        {
            assert!(Email::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lengths_are_characters_and_inclusive() {
        assert!(Line::<2, 3>::new("日本").is_ok() && Line::<2, 3>::new(" 日本語 ").is_ok());
        assert!(Line::<2, 3>::new(" 日 ").is_err() && Line::<2, 3>::new("日本語で").is_err());
    }
}
