//! A word in a color that says how something stands.

use super::language::t;
use askama::filters::HtmlSafe;
use std::fmt;

/// The word is a text of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    /// `good`, `warn`, `wrong`, `info` or nothing.
    pub tone: &'static str,
    pub word: &'static str,
}

impl Badge {
    pub const fn new(tone: &'static str, word: &'static str) -> Badge {
        Badge { tone, word }
    }
}

impl HtmlSafe for Badge {}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span class=\"badge {}\">{}</span>", self.tone, t(self.word))
    }
}
