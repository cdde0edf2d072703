//! The gap map as people see it.

use super::model::{Gaps, missing};
use serde::Serialize;
use utoipa::ToSchema;

/// How many proposals there are, and how many are wanted.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::Gaps)]
pub struct GapsView {
    /// How many are submitted, invited ones too.
    pub proposals: i64,
    pub categories: Vec<CategoryGaps>,
    pub title_ideas: Vec<Gap>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::CategoryGaps)]
pub struct CategoryGaps {
    pub code: String,
    pub name: String,
    pub choices: Vec<Gap>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::Gap)]
pub struct Gap {
    pub code: String,
    pub name: String,
    /// How many proposals have picked it, or were started from it.
    pub proposals: i64,
    /// How many are hoped for, where the organizers say so.
    pub wanted: Option<i64>,
    /// How many more.
    pub missing: Option<i64>,
}

impl Gap {
    fn new(code: String, name: String, proposals: Option<&i64>, wanted: Option<i64>) -> Gap {
        let proposals = proposals.copied().unwrap_or_default();
        Gap { code, name, proposals, wanted, missing: missing(wanted, proposals) }
    }
}

impl From<Gaps> for GapsView {
    fn from(Gaps { categories, ideas, counts }: Gaps) -> GapsView {
        let category = |category: crate::calls::categories::model::Category| CategoryGaps {
            code: category.code,
            name: category.name,
            choices: category
                .choices
                .into_iter()
                .map(|choice| Gap::new(choice.code, choice.name, counts.of_choices.get(&choice.id), choice.wanted))
                .collect(),
        };
        let idea = |idea: crate::calls::ideas::model::Idea| {
            Gap::new(idea.code, idea.facts.title, counts.of_ideas.get(&idea.id), idea.facts.wanted)
        };
        GapsView {
            proposals: counts.proposals,
            categories: categories.into_iter().map(category).collect(),
            title_ideas: ideas.into_iter().map(idea).collect(),
        }
    }
}
