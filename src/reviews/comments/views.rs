//! Comments as the committee reads them.

use super::model::{self, Side};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// For reviewers: neither who nor when.
#[derive(Serialize, ToSchema)]
#[schema(as = comments::ForReviewer)]
pub struct ForReviewer {
    pub id: String,
    /// A pseudonym for this proposal only, or `Organizers`.
    pub by: String,
    pub mine: bool,
    pub text: String,
}

impl From<model::Veiled> for ForReviewer {
    fn from(model::Veiled { code: id, by, mine, text }: model::Veiled) -> ForReviewer {
        ForReviewer { id, by, mine, text }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = comments::ForOrganizer)]
pub struct ForOrganizer {
    pub id: String,
    pub name: String,
    /// As what it was said.
    pub side: Side,
    pub text: String,
    pub created_at: Ts,
}

impl From<model::Comment> for ForOrganizer {
    fn from(comment: model::Comment) -> ForOrganizer {
        let model::Comment { code: id, account: _, name, side, text, created_at } = comment;
        ForOrganizer { id, name, side, text, created_at }
    }
}
