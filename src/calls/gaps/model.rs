//! What is there and what is wanted.

use crate::{
    calls::{
        categories::model::{Category, ShownTo},
        ideas::model::Idea,
    },
    db::types::{ChoiceId, TitleIdeaId},
};
use std::collections::HashMap;

/// How many submitted proposals have picked a choice, or were started from an idea; invited ones count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub proposals: i64,
    pub of_choices: HashMap<ChoiceId, i64>,
    pub of_ideas: HashMap<TitleIdeaId, i64>,
}

/// The gap map of an event, or of the tracks that somebody sees.
pub struct Gaps {
    pub categories: Vec<Category>,
    pub ideas: Vec<Idea>,
    pub counts: Counts,
}

impl Gaps {
    /// Without what only the team is shown.
    #[must_use]
    pub fn for_everyone(mut self) -> Gaps {
        self.categories.retain(|category| category.shown_to == ShownTo::Everyone);
        self
    }
}

/// How many more are wanted.
pub fn missing(wanted: Option<i64>, there: i64) -> Option<i64> {
    wanted.map(|wanted| (wanted - there).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_missing_where_there_is_enough() {
        assert_eq!(missing(None, 3), None);
        assert_eq!([missing(Some(4), 3), missing(Some(3), 3), missing(Some(0), 3)], [Some(1), Some(0), Some(0)]);
    }
}
