//! What the address of the list says: which proposals, which columns, and whether with names.

use crate::{
    http::{
        input::blank,
        pages::{FormState, address},
    },
    proposals::model::{Confirmation, Decision, Filter, Lifecycle, PublishedDecision, Sort},
    text::PublicCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = proposals::Ask)]
pub struct Ask {
    #[serde(default)]
    #[validate(length(max = 200))]
    pub q: String,
    #[serde(default, deserialize_with = "blank")]
    pub lifecycle: Option<Lifecycle>,
    #[serde(default, deserialize_with = "blank")]
    pub decision: Option<Decision>,
    #[serde(default, deserialize_with = "blank")]
    pub published_decision: Option<PublishedDecision>,
    #[serde(default, deserialize_with = "blank")]
    pub confirmation: Option<Confirmation>,
    #[serde(default, deserialize_with = "blank")]
    #[schema(value_type = Option<String>)]
    pub format: Option<PublicCode>,
    #[serde(default, deserialize_with = "blank")]
    #[schema(value_type = Option<String>)]
    pub track: Option<PublicCode>,
    #[serde(default, deserialize_with = "blank")]
    #[schema(value_type = Option<String>)]
    pub choice: Option<PublicCode>,
    pub invited: Option<bool>,
    #[serde(default, deserialize_with = "blank")]
    pub sort: Option<Sort>,
    /// Those of [`Column`] that are shown; the usual ones when none is named.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Whether the speakers' names are shown, which is noted.
    pub names: Option<bool>,
    #[validate(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// What a list can show of each proposal beside its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Reference,
    Format,
    Track,
    Choices,
    Submitted,
    Reviews,
    Mean,
    State,
    Decision,
    Told,
    Answer,
}

impl Column {
    pub const ALL: &'static [(Column, &'static str, &'static str)] = &[
        (Column::Reference, "ref", "Reference"),
        (Column::Format, "format", "Format"),
        (Column::Track, "track", "Track"),
        (Column::Choices, "choices", "Choices"),
        (Column::Submitted, "submitted", "Submitted on"),
        (Column::Reviews, "reviews", "Reviews"),
        (Column::Mean, "mean", "Mean"),
        (Column::State, "state", "State"),
        (Column::Decision, "decision", "Decision"),
        (Column::Told, "told", "Told"),
        (Column::Answer, "answer", "Answer"),
    ];

    const USUAL: &'static [Column] =
        &[Column::Format, Column::Track, Column::Reviews, Column::Mean, Column::Decision, Column::Answer];
}

impl Ask {
    pub fn filter(&self) -> Filter {
        Filter {
            lifecycle: self.lifecycle,
            decision: self.decision,
            published_decision: self.published_decision,
            confirmation: self.confirmation,
            format: self.format.clone(),
            track: self.track.clone(),
            choice: self.choice.clone(),
            invited: self.invited,
            q: Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()),
            sort: self.sort,
            limit: self.limit,
            cursor: self.cursor.clone().filter(|cursor| !cursor.is_empty()),
        }
    }

    pub fn columns(&self) -> Vec<Column> {
        let named: Vec<Column> = Column::ALL
            .iter()
            .filter(|(_, name, _)| self.columns.iter().any(|asked| asked == name))
            .map(|(column, ..)| *column)
            .collect();
        if named.is_empty() { Column::USUAL.to_vec() } else { named }
    }

    pub fn with_names(&self) -> bool {
        self.names == Some(true)
    }

    /// Whether it asks for less than everything.
    pub fn is_narrow(&self) -> bool {
        self.pairs().iter().any(|(name, _)| !["columns", "names", "limit", "sort"].contains(name))
    }

    /// What is said, but for the page.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![];
        let mut say = |name: &'static str, value: Option<String>| {
            pairs.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value)));
        };
        say("q", Some(self.q.trim().to_owned()));
        say("lifecycle", self.lifecycle.map(|is| is.to_string()));
        say("decision", self.decision.map(|is| is.to_string()));
        say("published_decision", self.published_decision.map(|is| is.to_string()));
        say("confirmation", self.confirmation.map(|is| is.to_string()));
        say("format", self.format.as_ref().map(|code| code.as_str().to_owned()));
        say("track", self.track.as_ref().map(|code| code.as_str().to_owned()));
        say("choice", self.choice.as_ref().map(|code| code.as_str().to_owned()));
        say("invited", self.invited.map(|is| is.to_string()));
        say("sort", self.sort.map(|sort| sort.to_string()));
        for column in &self.columns {
            say("columns", Some(column.clone()));
        }
        say("names", self.names.filter(|names| *names).map(|names| names.to_string()));
        say("limit", self.limit.map(|limit| limit.to_string()));
        pairs
    }

    /// What is saved of it: neither the page and its length, nor whether names are shown. Empty if it asks for nothing.
    pub fn query(&self) -> String {
        let mut pairs = self.pairs();
        pairs.retain(|(name, _)| !["names", "limit", "columns"].contains(name));
        if !self.columns.is_empty() && self.columns() != Column::USUAL {
            pairs.extend(self.column_names().into_iter().map(|name| ("columns", name.to_owned())));
        }
        address("", pairs).trim_start_matches('?').to_owned()
    }

    /// The address of such a list, at a page.
    pub fn address(&self, slug: &str, cursor: Option<&str>) -> String {
        let cursor = cursor.map(|cursor| ("cursor", cursor.to_owned()));
        address(&format!("/{slug}/organize/proposals"), self.pairs().into_iter().chain(cursor))
    }

    /// For the form above the list.
    pub fn form(&self) -> FormState {
        let mut form = FormState::default().with_all("columns", self.column_names());
        for (name, value) in self.pairs().into_iter().filter(|(name, _)| *name != "columns") {
            form = form.with(name, value);
        }
        form
    }

    fn column_names(&self) -> Vec<&'static str> {
        let shown = self.columns();
        Column::ALL.iter().filter(|(column, ..)| shown.contains(column)).map(|(_, name, _)| *name).collect()
    }
}

type Choice = (&'static str, &'static str);

pub fn any() -> [Choice; 1] {
    [("", "Any")]
}

pub fn decisions() -> [Choice; 5] {
    let [accepted, waitlisted, rejected] = outcomes();
    [("", "Any"), ("undecided", "Undecided"), accepted, waitlisted, rejected]
}

pub fn told() -> [Choice; 4] {
    let [accepted, waitlisted, rejected] = outcomes();
    [("", "Any"), accepted, waitlisted, rejected]
}

fn outcomes() -> [Choice; 3] {
    [("accepted", "Accepted"), ("waitlisted", "Waitlisted"), ("rejected", "Rejected")]
}

pub fn states() -> [Choice; 4] {
    [("", "Any"), ("submitted", "Submitted"), ("withdrawn", "Withdrawn"), ("canceled", "Canceled")]
}

pub fn answers() -> [Choice; 4] {
    [("", "Any"), ("pending", "Not answered"), ("confirmed", "Confirmed"), ("declined", "Declined")]
}

pub fn orders() -> [Choice; 7] {
    [
        ("", "Best match or newest"),
        ("newest", "Newest"),
        ("oldest", "Oldest"),
        ("title", "Title"),
        ("changed", "Changed last"),
        ("reviews", "Fewest reviews"),
        ("mean", "Highest mean"),
    ]
}

pub fn invited() -> [Choice; 3] {
    [("", "Any"), ("true", "Invited"), ("false", "Not invited")]
}
