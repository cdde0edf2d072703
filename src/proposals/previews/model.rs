//! Links that show a proposal.

use crate::db::types::{AccountId, EventId, ProposalId, Ts};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use validator::Validate;

/// A proposal has so many at most that work.
pub const MOST_LINKS: i64 = 10;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewPreview {
    /// For how many days it works.
    #[serde(default = "a_month")]
    #[schema(minimum = 1, maximum = 180, default = 30, required = false)]
    #[validate(range(min = 1, max = 180))]
    pub days: u16,
}

fn a_month() -> u16 {
    30
}

impl NewPreview {
    pub fn lifetime(&self) -> Duration {
        Duration::from_hours(24 * u64::from(self.days))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub code: String,
    pub by: AccountId,
    pub created_at: Ts,
    pub expires_at: Ts,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leads {
    pub event: EventId,
    pub proposal: ProposalId,
    pub expires_at: Ts,
}
