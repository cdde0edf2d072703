//! What organizers ask of the list of mails.

use super::MailState;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Which mails of the event.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = mail::Which)]
pub struct Which {
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    pub state: Option<MailState>,
    /// As mails name it: `acceptance`, `proposal_received`, …
    pub kind: Option<String>,
}

impl Which {
    pub fn limit(&self) -> i64 {
        i64::from(self.limit.unwrap_or(50))
    }
}
