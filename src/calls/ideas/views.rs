//! What people see of title ideas. How many proposals are wanted is in the organizers' view, and in the gap map.

use super::model::{Facts, Idea};
use crate::http::reply::HasVersion;
use serde::Serialize;
use utoipa::ToSchema;

/// A title idea as everybody sees it in the call.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::IdeaForPublic)]
pub struct IdeaForPublic {
    pub code: String,
    pub title: String,
    /// What the organizers have in mind; Markdown.
    pub text: String,
    /// What the draft's abstract begins with.
    pub r#abstract: String,
    pub format: Option<String>,
    pub track: Option<String>,
    /// The codes of the choices.
    pub choices: Vec<String>,
}

impl From<Idea> for IdeaForPublic {
    fn from(idea: Idea) -> IdeaForPublic {
        let Idea { code, facts, format_code, track_code, choice_codes, .. } = idea;
        let Facts { title, text, abstract_, .. } = facts;
        let (format, track, choices) = (format_code, track_code, choice_codes);
        IdeaForPublic { code, title, text, r#abstract: abstract_, format, track, choices }
    }
}

/// A title idea as organizers set it.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::IdeaForOrganizer)]
pub struct IdeaForOrganizer {
    #[serde(flatten)]
    pub idea: IdeaForPublic,
    /// How many proposals about it you hope for.
    pub wanted: Option<i64>,
    pub version: i64,
}

impl HasVersion for IdeaForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Idea> for IdeaForOrganizer {
    fn from(idea: Idea) -> IdeaForOrganizer {
        let (wanted, version) = (idea.facts.wanted, idea.version);
        IdeaForOrganizer { idea: idea.into(), wanted, version }
    }
}
