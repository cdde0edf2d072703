//! What a proposal said at one time, and what an edit changed.

use super::diff::{self, Segment};
use crate::{
    db::types::{AccountId, ProposalId, TextList, Ts},
    text_enum,
};

text_enum! {
    /// A part of a proposal that can change.
    pub enum Field {
        Title = "title",
        Abstract = "abstract",
        Description = "description",
        Notes = "notes",
        Format = "format",
        Track = "track",
        Choices = "choices",
        ChoicesForOrganizers = "choices_for_organizers",
    }
}

impl Field {
    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Title => "Title",
            Field::Abstract => "Abstract",
            Field::Description => "Description for the committee",
            Field::Notes => "Notes for the organizers",
            Field::Format => "Format",
            Field::Track => "Track",
            Field::Choices | Field::ChoicesForOrganizers => "Choices",
        }
    }

    /// Notes and what was picked of some categories are for organizers only.
    pub const fn is_for_reviewers(self) -> bool {
        !matches!(self, Field::Notes | Field::ChoicesForOrganizers)
    }
}

/// What a proposal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    /// By name, as it was called then.
    pub format: String,
    pub track: Option<String>,
    /// By name too: a line for each category of which something is picked.
    pub choices: String,
    /// Those of categories that reviewers are not shown.
    pub choices_for_organizers: String,
}

impl Content {
    fn of(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Abstract => &self.abstract_,
            Field::Description => &self.description,
            Field::Notes => &self.notes,
            Field::Format => &self.format,
            Field::Track => self.track.as_deref().unwrap_or_default(),
            Field::Choices => &self.choices,
            Field::ChoicesForOrganizers => &self.choices_for_organizers,
        }
    }

    /// The fields in which this is another than `before`.
    pub fn changed(&self, before: &Content) -> Vec<Field> {
        Field::ALL.iter().copied().filter(|field| self.of(*field) != before.of(*field)).collect()
    }

    /// What is different from `before`, field by field.
    pub fn differences(&self, before: &Content) -> Vec<Difference> {
        let difference = |field| Difference { field, segments: diff::words(before.of(field), self.of(field)) };
        self.changed(before).into_iter().map(difference).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: Field,
    pub segments: Vec<Segment>,
}

/// What a proposal said from some instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: i64,
    pub content: Content,
    pub changed: Vec<Field>,
    /// The name of whoever of its speakers wrote it.
    pub by: Option<String>,
    pub at: Ts,
}

/// A version about to be stored.
pub struct NewVersion<'v> {
    pub proposal: ProposalId,
    pub number: i64,
    pub by: Option<AccountId>,
    pub content: &'v Content,
    pub changed: &'v [Field],
    pub at: Ts,
}

impl NewVersion<'_> {
    pub fn changed_list(&self) -> TextList {
        TextList(self.changed.iter().map(ToString::to_string).collect())
    }

    /// Whether reviewers see something else than before.
    pub fn is_shown(&self) -> bool {
        self.changed.iter().any(|field| field.is_for_reviewers())
    }
}

/// A version beside the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub version: Version,
    pub differences: Vec<Difference>,
}

/// What is different since a review, for its reviewer: neither who changed it nor when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinceReview {
    pub differences: Vec<Difference>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let before = Content {
            title: "Bears".into(),
            abstract_: "All.".into(),
            description: String::new(),
            notes: "My notes".into(),
            format: "Talk".into(),
            track: None,
            choices: String::new(),
            choices_for_organizers: String::new(),
        };
        assert_eq!(before.changed(&before), []);
        let after =
            Content { title: "Brown bears".into(), notes: String::new(), track: Some("Here".into()), ..before.clone() };
        assert_eq!(after.changed(&before), [Field::Title, Field::Notes, Field::Track]);
        let fields: Vec<Field> = after.differences(&before).into_iter().map(|difference| difference.field).collect();
        assert_eq!(fields, [Field::Title, Field::Notes, Field::Track]);
        let shown: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.is_for_reviewers()).collect();
        assert!(!shown.contains(&Field::Notes) && !shown.contains(&Field::ChoicesForOrganizers) && shown.len() == 6);
    }
}
