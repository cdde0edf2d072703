//! What organizers see of late links and extensions; a link's secret is in one answer only.

use super::model::{Extension, LateLink, Made};
use crate::{calls::views::DeadlineView, db::types::Ts, http::reply::HasVersion};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = passes::LateLink)]
pub struct LateLinkView {
    pub code: String,
    pub name: String,
    pub deadline: DeadlineView,
    /// How many proposals may come by it.
    pub uses: i64,
    /// How many have.
    pub used: i64,
    /// Whether what comes by it skips the review.
    pub invited: bool,
    /// Codes of formats; for any where there are none.
    pub formats: Vec<String>,
    /// Codes of tracks; for any where there are none.
    pub tracks: Vec<String>,
    pub revoked_at: Option<Ts>,
    pub created_at: Ts,
}

impl From<LateLink> for LateLinkView {
    fn from(link: LateLink) -> LateLinkView {
        LateLinkView {
            code: link.code,
            name: link.name,
            deadline: DeadlineView::from(&link.deadline),
            uses: link.uses,
            used: link.used,
            invited: link.invited,
            formats: link.formats.into_iter().map(|(_, code)| code).collect(),
            tracks: link.tracks.into_iter().map(|(_, code)| code).collect(),
            revoked_at: link.revoked_at,
            created_at: link.created_at,
        }
    }
}

/// A late link just made.
#[derive(Serialize, ToSchema)]
#[schema(as = passes::MadeLateLink)]
pub struct MadeLinkView {
    #[serde(flatten)]
    pub about: LateLinkView,
    /// What to give to the speaker, who sends it as `late_link` with the proposal. Shown this once.
    pub secret: String,
}

impl From<Made> for MadeLinkView {
    fn from(made: Made) -> MadeLinkView {
        MadeLinkView { about: made.link.into(), secret: made.secret }
    }
}

/// Somebody's own deadline.
#[derive(Serialize, ToSchema)]
#[schema(as = passes::Extension)]
pub struct ExtensionView {
    pub code: String,
    pub email: String,
    pub deadline: DeadlineView,
    pub version: i64,
    pub created_at: Ts,
}

impl HasVersion for ExtensionView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Extension> for ExtensionView {
    fn from(extension: Extension) -> ExtensionView {
        let Extension { code, email, deadline, version, created_at } = extension;
        ExtensionView { code, email, deadline: DeadlineView::from(&deadline), version, created_at }
    }
}
