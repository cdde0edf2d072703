//! What somebody looks for.

use crate::words::words;

/// Words that stand together, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub words: Vec<String>,
    /// Whether the last of them may go on.
    pub prefix: bool,
}

/// All of these have to be there. None of them is found everywhere, but by a question without words nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(pub Vec<Term>);

impl Wanted {
    /// Words, `"words in this order"`, and `begin*`. What is written without a space, or in a script that knows none, stands
    /// together too.
    pub fn parse(text: &str) -> Wanted {
        let mut terms = vec![];
        // Between quotes stands every second part.
        for (at, part) in text.split(['"', '“', '”', '„', '«', '»']).enumerate() {
            if at % 2 == 1 {
                terms.push(term(part));
            } else {
                terms.extend(part.split_whitespace().map(term));
            }
        }
        terms.retain(|term| !term.words.is_empty());
        Wanted(terms)
    }

    /// How many of the terms stand in a text.
    pub fn hits(&self, text: &str) -> usize {
        let text = folded(text);
        self.0.iter().filter(|term| term.is_in(&text)).count()
    }
}

fn term(text: &str) -> Term {
    Term { words: folded(text), prefix: text.trim_end().ends_with(['*', '＊']) }
}

/// The words of a text as they are looked for.
pub fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

impl Term {
    pub fn is_in(&self, text: &[String]) -> bool {
        let Some((last, first)) = self.words.split_last() else { return false };
        text.windows(self.words.len()).any(|window| {
            window.split_last().is_some_and(|(end, before)| {
                before == first && if self.prefix { end.starts_with(last.as_str()) } else { end == last }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, bool)> {
        Wanted::parse(text).0.into_iter().map(|term| (term.words.join(" "), term.prefix)).collect()
    }

    fn is(words: &str, prefix: bool) -> (String, bool) {
        (words.to_owned(), prefix)
    }

    #[test]
    fn words_phrases_and_beginnings() {
        assert_eq!(parsed("Café  rust*"), [is("cafe", false), is("rust", true)]);
        assert_eq!(parsed(r#"a "Two  Words" b"#), [is("a", false), is("two words", false), is("b", false)]);
        assert_eq!(parsed("“never closed"), [is("never closed", false)]);
        assert_eq!(parsed("event-driven 東京*"), [is("event driven", false), is("東 京", true)]);
        assert_eq!(parsed(r#" * "" ' -- 🎉 "#), []);
    }

    #[test]
    fn terms_stand_in_a_text_or_not() {
        let hits = |question: &str, text: &str| Wanted::parse(question).hits(text);
        assert_eq!(hits("postgres vacuum", "Vacuum in Postgres"), 2);
        assert_eq!(hits("\"in postgres\"", "Vacuum in Postgres"), 1);
        assert_eq!(hits("\"postgres in\"", "Vacuum in Postgres"), 0);
        assert_eq!(hits("post", "Vacuum in Postgres") + hits("ostgres*", "Vacuum in Postgres"), 0);
        assert_eq!(hits("post* \"in post*\"", "Vacuum in Postgres"), 2);
        assert_eq!(hits("京都", "東京都"), 1, "letter by letter");
        assert_eq!(hits("", "anything"), 0);
    }
}
