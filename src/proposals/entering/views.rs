//! What organizers see of a mailed link.

use super::model::Invited;
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// A link to take over a profile, which was mailed.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::ClaimInvitation)]
pub struct InvitedView {
    pub email: String,
    pub expires_at: Ts,
}

impl From<Invited> for InvitedView {
    fn from(Invited { email, expires_at }: Invited) -> InvitedView {
        InvitedView { email, expires_at }
    }
}
