//! Saved views as the committee sees them.

use super::model::SavedView;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = proposals::SavedView)]
pub struct SavedViewView {
    pub code: String,
    pub name: String,
    /// What stands behind the `?` of the list's address; the API's list takes the same but for `columns`.
    pub query: String,
}

impl From<SavedView> for SavedViewView {
    fn from(SavedView { code, name, query }: SavedView) -> SavedViewView {
        SavedViewView { code, name, query }
    }
}
