//! What people see of categories. How many proposals are wanted is in the organizers' view only.

use super::model::{Category, Choice, ShownTo};
use crate::http::reply::HasVersion;
use serde::Serialize;
use utoipa::ToSchema;

/// A category as everybody sees it in the call.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::CategoryForPublic)]
pub struct CategoryForPublic {
    pub code: String,
    pub name: String,
    pub help: String,
    /// Whether more than one choice may be picked.
    pub several: bool,
    /// Whether a choice is needed to submit.
    pub required: bool,
    /// Who will be shown what was picked.
    pub shown_to: ShownTo,
    pub choices: Vec<ChoiceForPublic>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::ChoiceForPublic)]
pub struct ChoiceForPublic {
    pub code: String,
    pub name: String,
    pub help: String,
}

impl From<Category> for CategoryForPublic {
    fn from(category: Category) -> CategoryForPublic {
        let choice = |Choice { code, name, help, .. }| ChoiceForPublic { code, name, help };
        let Category { code, name, help, several, required, shown_to, choices, .. } = category;
        let choices = choices.into_iter().map(choice).collect();
        CategoryForPublic { code, name, help, several, required, shown_to, choices }
    }
}

/// A category as organizers set it.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::CategoryForOrganizer)]
pub struct CategoryForOrganizer {
    pub code: String,
    pub name: String,
    pub help: String,
    pub several: bool,
    pub required: bool,
    pub shown_to: ShownTo,
    pub choices: Vec<ChoiceForOrganizer>,
    pub version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::ChoiceForOrganizer)]
pub struct ChoiceForOrganizer {
    pub code: String,
    pub name: String,
    pub help: String,
    /// How many proposals you hope for.
    pub wanted: Option<i64>,
}

impl HasVersion for CategoryForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Category> for CategoryForOrganizer {
    fn from(category: Category) -> CategoryForOrganizer {
        let choice = |Choice { code, name, help, wanted, .. }| ChoiceForOrganizer { code, name, help, wanted };
        let Category { code, name, help, several, required, shown_to, version, choices, .. } = category;
        let choices = choices.into_iter().map(choice).collect();
        CategoryForOrganizer { code, name, help, several, required, shown_to, choices, version }
    }
}
