//! What can be exported, and how.

use crate::{
    db::types::Ts,
    error::Result,
    http::cursor::Cursor,
    proposals::{
        choices::model::Picked,
        model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    },
    ranking::model::{Calibrated, Summary, total},
    reviews::model::{Confidence, ReviewState},
    text::PublicCode,
    text_enum,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{collections::BTreeMap, str::FromStr};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum Table {
        /// The published acceptances that have not left.
        Talks = "talks",
        /// All but drafts.
        Proposals = "proposals",
        /// Whoever speaks in one of those.
        Speakers = "speakers",
        Reviews = "reviews",
    }
}

text_enum! {
    pub enum Format {
        Csv = "csv",
        Json = "json",
        Xlsx = "xlsx",
    }
}

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// One of the files that an event can be exported to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub table: Table,
    pub format: Format,
    pub columns: Choice,
}

/// Which columns a file has, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    All,
    /// Exactly these: one that does not exist is an error.
    Exactly(Vec<String>),
    /// Those of these that exist: what was saved outlives a criterion.
    Saved(Vec<String>),
}

/// How many columns somebody can ask for.
pub const MOST_COLUMNS: usize = 100;

/// Which columns of which file somebody wants.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = exports::Ask)]
pub struct Ask {
    /// The columns with commas between them, in the order wanted; without it, all.
    #[schema(max_length = 4000)]
    #[validate(length(max = 4000, message = "must have at most 4000 characters"))]
    pub columns: Option<String>,
    /// The code of a saved preset instead.
    #[schema(value_type = Option<String>)]
    pub preset: Option<PublicCode>,
}

/// Names of columns as people write them, with commas between.
pub fn names(text: &str) -> Vec<String> {
    let names = text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    names.take(MOST_COLUMNS + 1).collect()
}

impl FromStr for Export {
    type Err = String;
    fn from_str(file: &str) -> Result<Export, String> {
        let (table, format) = file.split_once('.').ok_or("no format")?;
        Ok(Export { table: table.parse()?, format: format.parse()?, columns: Choice::All })
    }
}

impl Export {
    /// The name under which the file is saved.
    pub fn file_name(&self, event: &str) -> String {
        format!("{event}-{}.{}", self.table, self.format)
    }
}

/// The rows of one table, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    Talks { categories: Vec<Category>, talks: Vec<Proposal> },
    Proposals { categories: Vec<Category>, proposals: Vec<Proposal> },
    Speakers(Vec<Speaker>),
    Reviews { criteria: Vec<Criterion>, reviews: Vec<Review> },
}

impl Rows {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Rows::Talks { talks: proposals, .. } | Rows::Proposals { proposals, .. } => proposals.len(),
            Rows::Speakers(speakers) => speakers.len(),
            Rows::Reviews { reviews, .. } => reviews.len(),
        }
    }
}

/// Which of the public talks.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListTalks {
    /// Words, `"words in this order"` and `begin*` that title, abstract or the speakers' names have; those with them in the title first.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub q: Option<String>,
    /// Only what has changed at or after this instant: talks as they are now, and `gone` for each that is in the program
    /// no more. Not together with `q`.
    pub changed_since: Option<Ts>,
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl ListTalks {
    pub fn limit(&self) -> i64 {
        i64::from(self.limit.unwrap_or(50))
    }

    /// The code of the last talk of the page before.
    ///
    /// # Errors
    /// `BadCursor`.
    pub fn after(&self) -> Result<Option<String>> {
        let after = self.cursor.as_deref().map(Cursor::decode).transpose()?;
        Ok(after.map(|after| after.code))
    }
}

/// What the public list says of a talk.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    Talk(Box<Proposal>),
    /// The code of one that was in the program.
    Gone(String),
}

impl Listed {
    pub fn talk(talk: Proposal) -> Listed {
        Listed::Talk(Box::new(talk))
    }

    /// Where a page ends that is sorted by code alone.
    pub fn place(&self) -> Cursor {
        let code = match self {
            Listed::Talk(talk) => &talk.code,
            Listed::Gone(code) => code,
        };
        Cursor { at: Ts::truncated(Timestamp::UNIX_EPOCH), code: code.clone() }
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
    pub slides: Option<String>,
    pub format: String,
    pub minutes: i64,
    pub track: Option<String>,
    pub choices: Vec<Picked>,
    pub lifecycle: Lifecycle,
    pub decided_at: Option<Ts>,
    pub decision: Decision,
    pub published_decision: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub speakers: Vec<Person>,
    /// `None` where the reader is a speaker of it.
    pub summary: Option<Summary>,
    /// `None` where nobody has scored it, too.
    pub calibrated: Option<Calibrated>,
    /// Of those that are ranked.
    pub rank: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub bio: String,
    pub links: Vec<String>,
    pub email: Option<String>,
    pub has_headshot: bool,
}

/// A speaker of the event with what they speak in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub bio: String,
    pub links: Vec<String>,
    pub email: Option<String>,
    /// Codes and titles, by code.
    pub proposals: Vec<(String, String)>,
}

/// A category by its code and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub code: String,
    pub name: String,
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
    pub confidence: Option<Confidence>,
    /// By the criterion's code.
    pub scores: BTreeMap<String, i64>,
}

impl Review {
    /// `None` when it abstains.
    pub fn total(&self, criteria: &[Criterion]) -> Option<f64> {
        total(criteria.iter().filter_map(|criterion| Some((criterion.weight, *self.scores.get(&criterion.code)?))))
    }
}

/// The column of each criterion's scores: `score_` and its name in snake case; of those that come out equal, the later
/// ones get their code too.
pub fn score_columns(criteria: &[Criterion]) -> Vec<String> {
    columns("score", criteria.iter().map(|criterion| (&*criterion.name, &*criterion.code)))
}

/// The column of what was picked of each category.
pub fn category_columns(categories: &[Category]) -> Vec<String> {
    columns("category", categories.iter().map(|category| (&*category.name, &*category.code)))
}

/// `kind` and the name in snake case; of those that come out equal, the later ones get their code too.
fn columns<'n>(kind: &str, named: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<String> {
    let mut columns: Vec<String> = vec![];
    for (name, code) in named {
        let words: Vec<String> = name
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let column = format!("{kind}_{}", words.join("_"));
        let taken = words.is_empty() || columns.contains(&column);
        columns.push(if taken { format!("{column}_{}", code.to_lowercase()) } else { column });
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
    fn only_these_files_exist() {
        for table in ["talks", "proposals", "speakers", "reviews"] {
            for format in ["csv", "json", "xlsx"] {
                let export: Export = format!("{table}.{format}").parse().unwrap();
                assert_eq!(export.file_name("posette2025"), format!("posette2025-{table}.{format}"));
            }
        }
        for file in ["talks", "talks.", ".csv", "talks.xls", "talks.csv.json", "Talks.csv", "drafts.csv", ""] {
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
