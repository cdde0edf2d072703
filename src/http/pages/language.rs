//! The language of the pages. The key of a text is its English; `docs/` has no translation yet, but a made-up language
//! proves that every text can have one: a test reads all pages in it and finds no English.

use std::{borrow::Cow, cell::Cell};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    /// English in brackets with accents. Only in debug builds.
    Pseudo,
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// A page is rendered without a pause on one thread, so that its texts need not be told the language one by one.
pub fn speaking<T>(language: Language, render: impl FnOnce() -> T) -> T {
    let before = SPOKEN.replace(language);
    let done = render();
    SPOKEN.set(before);
    done
}

impl Language {
    /// Of an `Accept-Language`.
    pub fn of(header: &str) -> Language {
        if cfg!(debug_assertions) && header == "qps-ploc" { Language::Pseudo } else { Language::English }
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Pseudo => "qps-ploc",
        }
    }
}

/// The text in the language of the page. `{}` stands for what [`super::filters::fill`] puts there.
pub fn t(text: &str) -> Cow<'_, str> {
    match SPOKEN.get() {
        Language::English => Cow::Borrowed(text),
        Language::Pseudo => Cow::Owned(format!("⟦{}⟧", text.chars().map(accented).collect::<String>())),
    }
}

fn accented(letter: char) -> char {
    match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        'A' => 'Á',
        'E' => 'É',
        'I' => 'Í',
        'O' => 'Ó',
        'U' => 'Ú',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_spoken_as_the_page_is() {
        assert_eq!(t("Sign in"), "Sign in");
        assert_eq!(speaking(Language::Pseudo, || t("Sign in").into_owned()), "⟦Sígn ín⟧");
        assert_eq!(t("Sign in"), "Sign in");
    }
}
