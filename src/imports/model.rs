//! What can be imported, what was read of a file, and what becomes of each row.

use crate::{
    error::{Error, FieldErrors, Result},
    proposals::model::{Decision, Lifecycle},
    reviews::model::Confidence,
    similar::model::{NewPastTalk, Occasion},
    text::Email,
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// What the rows of a file are.
    #[derive(Default)]
    pub enum Kind {
        #[default]
        Proposals = "proposals",
        /// What speakers say about themselves, for proposals that were imported without it.
        Speakers = "speakers",
        Reviews = "reviews",
        /// Talks that were given elsewhere, for proposals to be compared with.
        PastTalks = "past_talks",
    }
}

text_enum! {
    /// Whose column names a file has. Without one, the header tells.
    pub enum Preset {
        Callboard = "callboard",
        Sessionize = "sessionize",
        Pretalx = "pretalx",
    }
}

/// How an import is to be read; the query of the request.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = imports::Ask)]
pub struct Ask {
    #[serde(default)]
    #[schema(inline, required = false)]
    pub of: Kind,
    /// Answer what would happen to each row, and change nothing.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub dry_run: bool,
    /// Leave out rows that cannot be imported, instead of importing nothing.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub skip_refused: bool,
    /// Where the records come from. What was imported from there before is recognized by its id.
    #[schema(max_length = 50, min_length = 1)]
    #[validate(length(min = 1, max = 50, message = "must have 1 to 50 characters"))]
    pub source: Option<String>,
    #[schema(inline)]
    pub preset: Option<Preset>,
    /// Of past talks: where and when they were given, where the file does not say it.
    pub occasion: Option<Occasion>,
    /// `field=Header of the column`, once for each column whose name is not known; `category.Level=Header` and
    /// `score.Criterion=Header` name what is the event's own. See IMPORTING.md.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    #[validate(length(max = 100, message = "must be at most 100"))]
    pub map: Vec<String>,
}

impl Ask {
    /// Where the records come from, where it was not said.
    pub fn source_or(&self, usual: &str) -> String {
        self.source.clone().unwrap_or_else(|| usual.to_owned())
    }
}

/// What is wrong with the request or with the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub message: String,
}

impl Wrong {
    pub fn new(field: &'static str, message: impl Into<String>) -> Wrong {
        Wrong { field, message: message.into() }
    }
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Error {
        FieldErrors::of(wrong.field, "invalid", wrong.message).into()
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it comes from.
    pub source: String,
    pub rows: Rows,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    Proposals(Vec<Row<ProposalRecord>>),
    Speakers(Vec<Row<PersonRecord>>),
    Reviews(Vec<Row<ReviewRecord>>),
    PastTalks(Vec<Row<NewPastTalk>>),
}

/// A row of a table, or an entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<R> {
    /// As the file shows it: the header of a table is 1, and so is the first entry of a list.
    pub number: usize,
    /// The record's own id where it comes from.
    pub id: String,
    pub content: Content<R>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content<R> {
    Record(R),
    /// It is not for import, and why.
    Skipped(String),
    /// It cannot be imported, and why.
    Refused(String),
}

/// A proposal that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalRecord {
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    /// By name.
    pub format: Option<String>,
    pub minutes: Option<i64>,
    /// By name.
    pub track: Option<String>,
    pub choices: Vec<Pick>,
    pub lifecycle: Lifecycle,
    pub decision: Decision,
    /// The first one is the owner.
    pub speakers: Vec<PersonRecord>,
    /// What was mended.
    pub remarks: Vec<String>,
}

/// What was picked of a category, all by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    pub category: String,
    pub choices: Vec<String>,
}

/// A speaker who fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRecord {
    /// The person's own id where it comes from; `None` where there is only a name.
    pub id: Option<String>,
    pub name: String,
    pub email: Option<Email>,
    pub bio: String,
    pub affiliation: String,
    pub links: Vec<String>,
    pub remarks: Vec<String>,
}

/// A review that fits what can be known without the event.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewRecord {
    /// A code, a reference, or an id that was imported before.
    pub proposal: String,
    /// A reviewer's address, code or name.
    pub reviewer: String,
    pub abstains: bool,
    /// By a criterion's code or name.
    pub scores: Vec<(String, i64)>,
    pub confidence: Option<Confidence>,
    pub comment: String,
    pub feedback: String,
}

text_enum! {
    /// What becomes of a row.
    pub enum Outcome {
        Created = "created",
        Updated = "updated",
        /// It is here already, exactly so.
        Unchanged = "unchanged",
        /// It is here and was changed here since: the file does not overwrite it.
        Kept = "kept",
        /// It is not for import.
        Skipped = "skipped",
        Refused = "refused",
    }
}

/// A row and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub number: usize,
    pub id: String,
    pub outcome: Outcome,
    /// Of the proposal, where there is one.
    pub code: Option<String>,
    pub remarks: Vec<String>,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub source: String,
    pub rows: Vec<Told>,
    /// What becomes of the speakers of proposals; of a file of speakers, the rows tell.
    pub speakers: Vec<Outcome>,
    pub new_formats: Vec<String>,
    pub new_tracks: Vec<String>,
    pub new_categories: Vec<String>,
    /// Of all categories, with the category's name in front.
    pub new_choices: Vec<(String, String)>,
}

impl Report {
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == outcome).count()
    }

    /// # Errors
    /// `Invalid` with the first hundred rows that cannot be imported.
    pub fn all_possible(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        for row in self.rows.iter().filter(|row| row.outcome == Outcome::Refused).take(100) {
            errors.add(&format!("rows[{}]", row.number), "refused", row.remarks.join("; "));
        }
        errors.into_result()
    }
}
