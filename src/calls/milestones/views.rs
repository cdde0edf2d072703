//! What people see of milestones.

use super::model::{Facts, Milestone};
use crate::{calls::time::Day, http::reply::HasVersion, text_enum};
use serde::Serialize;
use utoipa::ToSchema;

text_enum! {
    pub enum MilestoneKind {
        /// The promised day of the answer: `notify_on`.
        Notification = "notification",
        /// What the organizers have added.
        Other = "other",
    }
}

/// A day that speakers should know.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::MilestoneForPublic)]
pub struct MilestoneForPublic {
    pub kind: MilestoneKind,
    pub name: String,
    #[schema(value_type = Day)]
    pub on: String,
    /// The last day, where there are several.
    #[schema(value_type = Option<Day>)]
    pub until: Option<String>,
    pub text: String,
}

/// All of them by their days, with the promised one.
pub fn for_public(milestones: Vec<Milestone>, notify_on: Option<&String>) -> Vec<MilestoneForPublic> {
    let view = |Milestone { facts: Facts { name, on, until, text }, .. }| {
        let kind = MilestoneKind::Other;
        MilestoneForPublic { kind, name, on, until, text }
    };
    let promised = notify_on.map(|day| MilestoneForPublic {
        kind: MilestoneKind::Notification,
        name: "All speakers have an answer".into(),
        on: day.clone(),
        until: None,
        text: String::new(),
    });
    let mut all: Vec<MilestoneForPublic> = milestones.into_iter().map(view).chain(promised).collect();
    all.sort_by(|one, other| one.on.cmp(&other.on));
    all
}

/// A milestone as organizers set it.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::MilestoneForOrganizer)]
pub struct MilestoneForOrganizer {
    pub code: String,
    pub name: String,
    #[schema(value_type = Day)]
    pub on: String,
    #[schema(value_type = Option<Day>)]
    pub until: Option<String>,
    pub text: String,
    pub version: i64,
}

impl HasVersion for MilestoneForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Milestone> for MilestoneForOrganizer {
    fn from(milestone: Milestone) -> MilestoneForOrganizer {
        let Milestone { code, facts: Facts { name, on, until, text }, version, .. } = milestone;
        MilestoneForOrganizer { code, name, on, until, text, version }
    }
}
