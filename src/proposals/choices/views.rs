//! What people see of what was picked.

use super::model::Picked;
use serde::Serialize;
use utoipa::ToSchema;

/// What was picked of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = proposals::Choice)]
pub struct ChoiceView {
    /// The name of the category.
    pub category: String,
    pub code: String,
    pub name: String,
}

impl From<Picked> for ChoiceView {
    fn from(Picked { code, name, category, .. }: Picked) -> ChoiceView {
        ChoiceView { category, code, name }
    }
}

/// All of them, in their order.
pub fn views(picked: Vec<Picked>) -> Vec<ChoiceView> {
    picked.into_iter().map(Into::into).collect()
}
