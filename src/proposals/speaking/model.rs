//! Speakers of a proposal, and invitations to be one.

use crate::{
    db::types::{AccountId, EventId, ProposalId, SpeakerId, SpeakerInvitationId, Ts},
    error::{Error, Result},
    proposals::model::{Lifecycle, PublishedDecision},
    text::{Email, PublicCode},
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A proposal has so many at most, those who are invited included.
pub const MOST_SPEAKERS: usize = 10;

text_enum! {
    pub enum Speaking {
        Speaks = "speaks",
        /// Has not accepted yet.
        Invited = "invited",
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct InviteSpeaker {
    /// Only an account with this address can accept.
    pub email: Email,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The `id` of another speaker, who has an account.
    #[schema(value_type = String, min_length = 6, max_length = 6)]
    pub to: PublicCode,
    /// Speak no more oneself.
    #[serde(default)]
    #[schema(required = false)]
    pub leave: bool,
}

/// Somebody who speaks in a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub speaker: SpeakerId,
    pub code: String,
    pub name: String,
    pub affiliation: String,
    pub account: Option<AccountId>,
    pub email_key: Option<String>,
    pub owner: bool,
}

/// Somebody who is invited to a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub code: String,
    pub email: String,
    pub created_at: Ts,
    pub expires_at: Ts,
}

/// Everybody in a proposal, as one of its speakers may see it.
pub struct Speakers {
    pub me: AccountId,
    pub places: Vec<Place>,
    pub invited: Vec<Waiting>,
}

impl Speakers {
    pub fn i_own(&self) -> bool {
        self.places.iter().any(|place| place.owner && place.account == Some(self.me))
    }

    pub fn find(&self, code: &str) -> Result<&Place> {
        self.places.iter().find(|place| place.code == code).ok_or_else(Error::not_found)
    }

    /// # Errors
    /// `WrongState` when there is no place for one more.
    pub fn check_room(&self) -> Result<()> {
        if self.places.len() + self.invited.len() < MOST_SPEAKERS {
            return Ok(());
        }
        let detail = format!("A proposal has at most {MOST_SPEAKERS} speakers, those who are invited included.");
        Err(Error::wrong_state(detail))
    }
}

/// What a proposal is to those who come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub lifecycle: Lifecycle,
    pub published: Option<PublishedDecision>,
}

impl Stage {
    /// Only then is there something to join.
    pub fn is_open(&self) -> bool {
        matches!(self.lifecycle, Lifecycle::Draft | Lifecycle::Submitted)
    }

    /// Drafts are their authors' own affair: nothing is noted about them.
    pub fn is_draft(&self) -> bool {
        self.lifecycle == Lifecycle::Draft
    }

    /// Whether its speakers stand in the published program.
    pub fn is_in_program(&self) -> bool {
        self.lifecycle == Lifecycle::Submitted && self.published == Some(PublishedDecision::Accepted)
    }
}

/// An invitation that waits to be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: SpeakerInvitationId,
    pub event: EventId,
    pub slug: String,
    pub event_name: String,
    pub code: String,
    pub proposal: ProposalId,
    pub email: String,
    pub email_key: String,
    pub inviter: String,
}

/// An invitation that is about to be mailed.
pub struct Invite<'i> {
    pub event: EventId,
    pub proposal: ProposalId,
    pub inviter: AccountId,
    pub email: &'i Email,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speakers(places: usize, invited: usize) -> Speakers {
        let place = |nth: usize| Place {
            speaker: SpeakerId(1),
            code: format!("AAAAA{nth}"),
            name: String::new(),
            affiliation: String::new(),
            account: Some(AccountId(1)),
            email_key: None,
            owner: nth == 0,
        };
        let at: Ts = "2025-01-01T00:00:00Z".parse().map(Ts::truncated).unwrap();
        let waiting = Waiting { code: String::new(), email: String::new(), created_at: at, expires_at: at };
        Speakers { me: AccountId(1), places: (0..places).map(place).collect(), invited: vec![waiting; invited] }
    }

    #[test]
    fn who_is_invited_has_a_place() {
        assert!(speakers(1, MOST_SPEAKERS - 2).check_room().is_ok());
        assert!(speakers(1, MOST_SPEAKERS - 1).check_room().is_err());
        assert!(speakers(MOST_SPEAKERS, 0).check_room().is_err());
    }
}
