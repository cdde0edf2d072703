//! What organizers are told of an import.

use super::model::{Kind, Outcome, Report, Told};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What an import did; of a dry run, what it would do.
#[derive(Serialize, ToSchema)]
#[schema(as = imports::Report)]
pub struct ReportView {
    #[schema(inline)]
    pub of: Kind,
    pub dry_run: bool,
    /// Under which its records are known from now on.
    pub source: String,
    /// How many rows, by what became of them.
    pub counts: BTreeMap<&'static str, usize>,
    /// The same of the speakers that came with proposals.
    pub speakers: BTreeMap<&'static str, usize>,
    /// Formats that the event did not have, by name.
    pub new_formats: Vec<String>,
    /// Tracks that the event did not have, by name.
    pub new_tracks: Vec<String>,
    /// Categories that the event did not have, by name.
    pub new_categories: Vec<String>,
    /// Choices that it did not have, of all categories.
    pub new_choices: Vec<NewChoiceView>,
    /// In the order of the file.
    pub rows: Vec<RowView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = imports::NewChoice)]
pub struct NewChoiceView {
    pub category: String,
    pub name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = imports::Row)]
pub struct RowView {
    /// As the file shows it: the header of a table is row 1, and so is the first entry of a list.
    pub row: usize,
    /// The record's id where it comes from.
    pub id: String,
    #[schema(inline)]
    pub outcome: Outcome,
    /// The proposal's code here.
    pub code: Option<String>,
    /// What was mended, and why it was not imported.
    pub remarks: Vec<String>,
}

impl ReportView {
    pub fn of(of: Kind, dry_run: bool, report: Report) -> ReportView {
        let count = |outcomes: &mut dyn Iterator<Item = Outcome>| {
            let mut counts: BTreeMap<&'static str, usize> =
                Outcome::ALL.iter().map(|outcome| (outcome.as_str(), 0)).collect();
            outcomes.for_each(|outcome| *counts.entry(outcome.as_str()).or_default() += 1);
            counts
        };
        ReportView {
            of,
            dry_run,
            source: report.source,
            counts: count(&mut report.rows.iter().map(|row| row.outcome)),
            speakers: count(&mut report.speakers.iter().copied()),
            new_formats: report.new_formats,
            new_tracks: report.new_tracks,
            new_categories: report.new_categories,
            new_choices: report
                .new_choices
                .into_iter()
                .map(|(category, name)| NewChoiceView { category, name })
                .collect(),
            rows: report.rows.into_iter().map(RowView::from).collect(),
        }
    }
}

impl From<Told> for RowView {
    fn from(told: Told) -> RowView {
        RowView { row: told.number, id: told.id, outcome: told.outcome, code: told.code, remarks: told.remarks }
    }
}
