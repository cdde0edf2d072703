//! Texts of other tools, made to fit ours: what Callboard would refuse is mended where nothing is lost, and remarked on.

use crate::text::{Email, Line, Prose, without_refused};

/// What was done to a text.
pub type Remarks = Vec<String>;

/// One line of at most `MAX` characters. A longer one is refused by whoever asks, as no end of it can be dropped.
pub fn line(text: &str) -> String {
    let text = without_refused(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn prose(text: &str) -> String {
    without_refused(text).replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// # Errors
/// What is wrong with it.
pub fn fitting_line<const MIN: usize, const MAX: usize>(text: &str) -> Result<String, String> {
    Line::<MIN, MAX>::new(&line(text)).map(Line::into_string).map_err(|error| message(&error))
}

/// # Errors
/// What is wrong with it.
pub fn fitting_prose<const MIN: usize, const MAX: usize>(text: &str) -> Result<String, String> {
    Prose::<MIN, MAX>::new(&prose(text)).map(Prose::into_string).map_err(|error| message(&error))
}

/// The address, if it is one: tools write all sorts of things where there is none.
pub fn email(text: &str) -> Option<Email> {
    Email::new(text).ok()
}

/// An address on the web, as profiles hold them.
pub fn link(text: &str) -> Option<String> {
    let text = line(text);
    if text.chars().count() > 500 {
        return None;
    }
    let url = url::Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    (url.username().is_empty() && url.password().is_none()).then(|| url.into())
}

/// The beginning of a long text, up to `most` characters, that ends where a paragraph, a line or a word does.
pub fn beginning(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most.saturating_sub(1)) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or_default();
    let cut = ["\n\n", "\n", " "].iter().filter_map(|gap| head.rfind(gap)).find(|cut| *cut > end / 2).unwrap_or(end);
    format!("{}…", head.get(..cut).unwrap_or(head).trim_end())
}

/// Of an error with its code in front.
pub fn message(error: &str) -> String {
    error.split_once(crate::text::CODE_END).map_or(error, |(_, message)| message).to_owned()
}

/// A cell of a file that was exported: without the mark that keeps spreadsheets from calculating.
pub fn without_guard(text: &str) -> &str {
    let bare = text.strip_prefix('\'').filter(|bare| crate::exports::model::formula_safe(bare) == text);
    bare.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_mended() {
        assert_eq!(line(" A\u{200b} title\r\n over\ttwo  lines "), "A title over two lines");
        assert_eq!(prose("One\r\nTwo\u{202e}\rThree\n"), "One\nTwo\nThree");
        assert!(fitting_line::<1, 5>("long line").is_err() && fitting_line::<1, 9>("long line").is_ok());
        assert!(fitting_line::<1, 5>(" \u{200b} ").is_err());
    }

    #[test]
    fn long_texts_end_where_a_word_does() {
        assert_eq!(beginning("short", 10), "short");
        assert_eq!(beginning("exactly-10", 10), "exactly-1…");
        assert_eq!(beginning("one two three four", 12), "one two…");
        assert_eq!(beginning("日本語日本語日本語", 5), "日本語日…");
    }

    #[test]
    fn guards_go_and_other_quotes_stay() {
        assert_eq!(without_guard("'=1+1"), "=1+1");
        assert_eq!(without_guard("'tis"), "'tis");
        assert_eq!(without_guard("plain"), "plain");
    }

    #[test]
    fn links_lead_to_the_web() {
        assert_eq!(link(" https://example.org/a ").as_deref(), Some("https://example.org/a"));
        for text in ["", "@ada", "javascript:alert(1)", "https://a:b@c.org", "ftp://example.org"] {
            assert_eq!(link(text), None, "{text}");
        }
    }
}
