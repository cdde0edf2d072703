//! What speakers see of their answer.

use super::actions::Answered;
use crate::proposals::model::Confirmation;
use serde::Serialize;
use utoipa::ToSchema;

/// A talk and the speaker's answer.
#[derive(Serialize, ToSchema)]
#[schema(as = confirmations::Answered)]
pub struct AnsweredView {
    /// The event's slug.
    pub event: String,
    pub event_name: String,
    pub code: String,
    pub title: String,
    pub confirmation: Confirmation,
}

impl From<Answered> for AnsweredView {
    fn from(answered: Answered) -> AnsweredView {
        AnsweredView {
            confirmation: answered.confirmation(),
            event: answered.event.slug,
            event_name: answered.event.name,
            code: answered.talk.code,
            title: answered.talk.title,
        }
    }
}
