//! What can be exported, and how.

use crate::{
    db::types::Ts,
    http::cursor::Cursor,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    reviews::model::{ReviewState, Summary, summarize, total, verdict},
    text_enum,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, str::FromStr};

text_enum! {
    pub enum Table {
        /// The published acceptances that have not left.
        Talks = "talks",
        /// All but drafts.
        Proposals = "proposals",
        Reviews = "reviews",
    }
}

text_enum! {
    pub enum Format {
        Csv = "csv",
        Json = "json",
    }
}

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

/// One of the files that an event can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    pub table: Table,
    pub format: Format,
}

impl FromStr for Export {
    type Err = String;
    fn from_str(file: &str) -> Result<Export, String> {
        let (table, format) = file.split_once('.').ok_or("no format")?;
        Ok(Export { table: table.parse()?, format: format.parse()? })
    }
}

impl Export {
    /// The name under which the file is saved.
    pub fn file_name(self, event: &str) -> String {
        format!("{event}-{}.{}", self.table, self.format)
    }
}

/// The rows of one table, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    Talks(Vec<Proposal>),
    Proposals(Vec<Proposal>),
    Reviews { criteria: Vec<Criterion>, reviews: Vec<Review> },
}

impl Rows {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Rows::Talks(proposals) | Rows::Proposals(proposals) => proposals.len(),
            Rows::Reviews { reviews, .. } => reviews.len(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub code: String,
    pub public_no: i64,
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub format: String,
    pub minutes: i64,
    pub track: Option<String>,
    pub lifecycle: Lifecycle,
    pub decided_at: Option<Ts>,
    pub decision: Decision,
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub speakers: Vec<Person>,
    /// `None` where the reader is a speaker of it.
    pub summary: Option<Summary>,
}

impl Proposal {
    /// Where a page ends that is sorted by code alone.
    pub fn place(&self) -> Cursor {
        Cursor { at: Ts::truncated(Timestamp::UNIX_EPOCH), code: self.code.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub affiliation: String,
    pub bio: String,
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    pub code: String,
    pub name: String,
    pub weight: f64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub proposal: String,
    pub title: String,
    pub reviewer: String,
    pub state: ReviewState,
    pub comment: String,
    pub feedback: String,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
}

impl Review {
    /// `None` when it abstains.
    pub fn total(&self, criteria: &[Criterion]) -> Option<f64> {
        total(criteria.iter().filter_map(|criterion| Some((criterion.weight, *self.scores.get(&criterion.code)?))))
    }
}

/// What the reviews of each proposal say together, by its code.
pub fn summaries(criteria: &[Criterion], reviews: &[Review]) -> BTreeMap<String, Summary> {
    let mut totals: BTreeMap<&str, Vec<Option<f64>>> = BTreeMap::new();
    for review in reviews {
        totals.entry(&review.proposal).or_default().extend(verdict(review.state, review.total(criteria)));
    }
    totals.into_iter().map(|(code, totals)| (code.to_owned(), summarize(totals))).collect()
}

/// The column of each criterion's scores: `score_` and its name in snake case; of those that come out equal, the later
/// ones get their code too.
pub fn score_columns(criteria: &[Criterion]) -> Vec<String> {
    let mut columns: Vec<String> = vec![];
    for criterion in criteria {
        let words: Vec<String> = criterion
            .name
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let column = format!("score_{}", words.join("_"));
        let taken = words.is_empty() || columns.contains(&column);
        columns.push(if taken { format!("{column}_{}", criterion.code.to_lowercase()) } else { column });
    }
    columns
}

/// A cell that no spreadsheet takes for a formula: what could start one, also behind blanks, gets a `'` in front.
pub fn formula_safe(text: &str) -> std::borrow::Cow<'_, str> {
    let starts_formula = |letter: char| matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let first = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').chars().next();
    if text.starts_with(['\t', '\r', '\n']) || first.is_some_and(starts_formula) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_six_files_exist() {
        for file in ["talks.csv", "talks.json", "proposals.csv", "proposals.json", "reviews.csv", "reviews.json"] {
            let export: Export = file.parse().unwrap();
            assert_eq!(export.file_name("posette2025"), format!("posette2025-{file}"));
        }
        for file in ["talks", "talks.", ".csv", "talks.xlsx", "talks.csv.json", "Talks.csv", "drafts.csv", ""] {
            assert!(file.parse::<Export>().is_err(), "{file}");
        }
    }

    #[test]
    fn formulas_are_disarmed() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", " =1", "\u{feff}=1", "\n=1"]
        {
            assert_eq!(formula_safe(text), format!("'{text}"));
        }
        for text in ["", "a=1", "1-1", "'=1", "–1", "日本", "a\n=1", " a"] {
            assert_eq!(formula_safe(text), text);
        }
    }

    #[test]
    fn score_columns_are_distinct_words() {
        let criterion = |code: &str, name: &str| Criterion { code: code.into(), name: name.into(), weight: 1.0 };
        let criteria = [
            criterion("AAAAAA", "Overall"),
            criterion("BBBBBB", "Fit for the audience?"),
            criterion("CCCCCC", "overall!"),
            criterion("DDDDDD", "内容"),
            criterion("EEEEEE", "???"),
        ];
        let columns =
            ["score_overall", "score_fit_for_the_audience", "score_overall_cccccc", "score_内容", "score__eeeeee"];
        assert_eq!(score_columns(&criteria), columns);
    }
}
