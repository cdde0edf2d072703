//! A choice that was picked for a proposal.

use crate::{calls::categories::model::ShownTo, db::types::ChoiceId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub id: ChoiceId,
    pub code: String,
    pub name: String,
    /// The category's name.
    pub category: String,
    /// The category's code.
    pub category_code: String,
}

/// For whom choices are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    Reviewers,
    /// And the proposal's own speakers.
    Organizers,
}

impl Audience {
    /// Whose categories the audience is shown.
    pub const fn sees(self) -> &'static [ShownTo] {
        match self {
            Audience::Everyone => &[ShownTo::Everyone],
            Audience::Reviewers => &[ShownTo::Everyone, ShownTo::Reviewers],
            Audience::Organizers => ShownTo::ALL,
        }
    }
}
