//! Where a text tells who wrote it. What is found is a hint, for the author alone: nothing is changed or refused.

use crate::{proposals::versions::diff::is_without_spaces, text_enum};
use unicode_normalization::UnicodeNormalization;

text_enum! {
    /// What gives an author away.
    pub enum Tell {
        Name = "name",
        Company = "company",
        /// One of the own links, the name one has there, or any other address on the web.
        Link = "link",
        Address = "address",
    }
}

impl Tell {
    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Tell::Name => "a name",
            Tell::Company => "a company",
            Tell::Link => "a link",
            Tell::Address => "an address",
        }
    }
}

/// A place in a text, counted in characters (Unicode code points) from 0; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub tell: Tell,
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// Somebody who speaks in the proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    pub names: Vec<String>,
    pub affiliation: String,
    pub links: Vec<String>,
    pub email: Option<String>,
}

/// How a word has to look to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Any,
    /// Will and Max are also words: their first letter has to be as written.
    AsWritten,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    tell: Tell,
    letters: Vec<char>,
    folded: Vec<char>,
    case: Case,
}

impl Term {
    fn new(tell: Tell, text: &str, case: Case) -> Option<Term> {
        let letters: Vec<char> = text.trim().chars().collect();
        let long_enough = letters.len() >= 2 && letters.iter().any(|letter| letter.is_alphanumeric());
        let folded = letters.iter().copied().map(fold).collect();
        long_enough.then_some(Term { tell, letters, folded, case })
    }
}

/// Without accents and case, one letter for one letter.
fn fold(letter: char) -> char {
    let base = letter.nfd().next().unwrap_or(letter);
    base.to_lowercase().next().unwrap_or(base)
}

const SHORTEST_PART: usize = 3;
const SHORTEST_HANDLE: usize = 4;

/// What a company's name may end with and is mostly left out.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "limited",
    "llc",
    "ltd",
    "nv",
    "oy",
    "plc",
    "sa",
    "sas",
    "se",
];

fn terms(authors: &[Author]) -> Vec<Term> {
    let mut terms = vec![];
    for author in authors {
        for name in &author.names {
            terms.extend(Term::new(Tell::Name, name, Case::Any));
            let parts = name.split(|letter: char| letter.is_whitespace() || letter == '-');
            let parts = parts.filter(|part| part.chars().count() >= SHORTEST_PART);
            terms.extend(parts.filter_map(|part| Term::new(Tell::Name, part, Case::AsWritten)));
        }
        terms.extend(Term::new(Tell::Company, &author.affiliation, Case::Any));
        terms.extend(Term::new(Tell::Company, without_legal_form(&author.affiliation), Case::Any));
        terms.extend(author.email.as_deref().and_then(|email| Term::new(Tell::Address, email, Case::Any)));
        for link in &author.links {
            terms.extend(of_link(link));
        }
    }
    terms
}

fn without_legal_form(company: &str) -> &str {
    let Some((rest, last)) = company.trim().rsplit_once(' ') else { return "" };
    let last = last.replace('.', "").to_lowercase();
    if LEGAL_FORMS.contains(&last.as_str()) { rest.trim_end_matches([',', ' ']) } else { "" }
}

/// A link without what all links share, and the name that one has there.
fn of_link(link: &str) -> Vec<Term> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    let handle = rest.split_once('/').and_then(|(_, path)| path.rsplit('/').next());
    let handle = handle.map(|handle| handle.trim_start_matches('@'));
    let handle = handle.filter(|handle| handle.chars().count() >= SHORTEST_HANDLE);
    let terms =
        [Term::new(Tell::Link, rest, Case::Any), handle.and_then(|handle| Term::new(Tell::Link, handle, Case::Any))];
    terms.into_iter().flatten().collect()
}

/// Everything in the text that tells who its authors are, in order; nothing is found twice.
pub fn hints(text: &str, authors: &[Author]) -> Vec<Hint> {
    let letters: Vec<char> = text.chars().collect();
    let folded: Vec<char> = letters.iter().copied().map(fold).collect();
    let mut found: Vec<(usize, usize, Tell)> = addresses(&letters);
    for term in terms(authors) {
        let places =
            folded.windows(term.folded.len()).enumerate().filter(|(_, window)| *window == term.folded.as_slice());
        let ends = places.map(|(start, _)| (start, start + term.folded.len()));
        let ends =
            ends.filter(|(start, end)| stands_alone(&letters, *start, *end) && fits_case(&letters, *start, &term));
        found.extend(ends.map(|(start, end)| (start, end, term.tell)));
    }
    // The longer of two that begin together comes first and covers the other.
    found.sort_by_key(|(start, end, tell)| (*start, usize::MAX - end, *tell));
    let mut hints: Vec<Hint> = vec![];
    for (start, end, tell) in found {
        if hints.last().is_none_or(|last| last.end < end && last.end <= start) {
            let text = letters.get(start..end).unwrap_or_default().iter().collect();
            hints.push(Hint { tell, start, end, text });
        }
    }
    hints
}

fn fits_case(letters: &[char], start: usize, term: &Term) -> bool {
    term.case == Case::Any || letters.get(start) == term.letters.first()
}

/// Whether no word goes on at either end.
fn stands_alone(letters: &[char], start: usize, end: usize) -> bool {
    let joins = |one: Option<&char>, other: Option<&char>| match (one, other) {
        (Some(one), Some(other)) => {
            one.is_alphanumeric() && other.is_alphanumeric() && !is_without_spaces(*one) && !is_without_spaces(*other)
        }
        _ => false,
    };
    let before = start.checked_sub(1).and_then(|at| letters.get(at));
    let last = end.checked_sub(1).and_then(|at| letters.get(at));
    !joins(before, letters.get(start)) && !joins(last, letters.get(end))
}

/// Whatever looks like a place on the web or a mail address.
fn addresses(letters: &[char]) -> Vec<(usize, usize, Tell)> {
    let mut found = vec![];
    let mut start = 0;
    for word in letters.split(|letter| letter.is_whitespace() || "()<>[]{}\"".contains(*letter)) {
        let end = start + word.len();
        let text: String = word.iter().collect();
        let plain = text.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let lower = plain.to_lowercase();
        let web = ["http://", "https://", "www."].iter().any(|scheme| lower.starts_with(scheme));
        let mail = lower.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
        });
        let tell = if web { Some(Tell::Link) } else { mail.then_some(Tell::Address) };
        found.extend(tell.map(|tell| (start, start + plain.chars().count(), tell)));
        start = end + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Author {
        Author {
            names: vec!["Ada Löwe-King".into()],
            affiliation: "Analytical Engines Ltd.".into(),
            links: vec!["https://www.github.com/adalove/".into(), "https://loewe.example".into()],
            email: Some("ada@engines.example".into()),
        }
    }

    fn found(text: &str) -> Vec<(Tell, String)> {
        hints(text, &[ada()]).into_iter().map(|hint| (hint.tell, hint.text)).collect()
    }

    #[test]
    fn names_companies_links_and_addresses() {
        assert_eq!(found("All about bears."), []);
        assert_eq!(found("ADA LOWE-KING speaks"), [(Tell::Name, "ADA LOWE-KING".into())]);
        assert_eq!(found("I, Ada, built it with Löwe."), [(Tell::Name, "Ada".into()), (Tell::Name, "Löwe".into())]);
        assert_eq!(found("the king of adaptive kings"), [], "parts of other words, and common words");
        assert_eq!(found("at Analytical Engines we"), [(Tell::Company, "Analytical Engines".into())]);
        assert_eq!(found("at analytical engines ltd. we"), [(Tell::Company, "analytical engines ltd.".into())]);
        assert_eq!(found("see github.com/adalove."), [(Tell::Link, "github.com/adalove".into())]);
        assert_eq!(found("follow @AdaLove"), [(Tell::Link, "AdaLove".into())]);
        assert_eq!(found("(https://blog.example/x)."), [(Tell::Link, "https://blog.example/x".into())]);
        assert_eq!(found("write to ada@engines.example!"), [(Tell::Address, "ada@engines.example".into())]);
        assert_eq!(found("write to me@other.example, or"), [(Tell::Address, "me@other.example".into())]);
        assert_eq!(found("a @ b, x@y, @home"), []);
    }

    #[test]
    fn places_count_characters() {
        let hints = hints("日本語 👩‍💻 by Ada!", &[ada()]);
        let [hint] = hints.as_slice() else { panic!("{hints:?}") };
        let letters: Vec<char> = "日本語 👩‍💻 by Ada!".chars().collect();
        assert_eq!(letters[hint.start..hint.end].iter().collect::<String>(), "Ada");
    }

    #[test]
    fn names_are_found_where_words_have_no_spaces() {
        let author = Author { names: vec!["山田太郎".into()], ..Author::default() };
        let hints = hints("私は山田太郎です。", &[author]);
        assert_eq!((hints.len(), hints[0].start, hints[0].end), (1, 2, 6));
    }

    #[test]
    fn what_overlaps_is_told_once() {
        assert_eq!(found("https://github.com/adalove"), [(Tell::Link, "https://github.com/adalove".into())]);
        assert_eq!(hints("anything", &[Author::default()]), []);
    }
}
