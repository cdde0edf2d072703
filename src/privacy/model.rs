//! What stays when a person goes.

use crate::{
    db::types::{EventId, ProposalId, SpeakerId},
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EraseMe {
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// A person's part in a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub event: EventId,
    pub proposal: ProposalId,
    pub speaker: SpeakerId,
    pub owner: bool,
    /// Whether the person agreed to speak.
    pub accepted: bool,
    pub lifecycle: Lifecycle,
    pub published: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
}

/// What becomes of a person's part in a proposal when the person goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A talk of the published program: it stays, with the name as published.
    Stays,
    /// The proposal goes.
    Goes,
    /// The proposal is another's; only this person leaves it.
    Leaves,
}

impl Part {
    pub fn fate(&self) -> Fate {
        let in_program = self.lifecycle == Lifecycle::Submitted
            && self.published == Some(PublishedDecision::Accepted)
            && self.confirmation != Some(Confirmation::Declined);
        match (in_program && self.accepted, self.owner) {
            (true, _) => Fate::Stays,
            (false, true) => Fate::Goes,
            (false, false) => Fate::Leaves,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(lifecycle: Lifecycle, published: Option<PublishedDecision>, confirmation: Option<Confirmation>) -> Part {
        let (event, proposal, speaker) = (EventId(1), ProposalId(1), SpeakerId(1));
        Part { event, proposal, speaker, owner: true, accepted: true, lifecycle, published, confirmation }
    }

    #[test]
    fn only_talks_of_the_program_stay() {
        use Lifecycle::{Canceled, Draft, Submitted, Withdrawn};
        use PublishedDecision::{Accepted, Rejected, Waitlisted};
        for confirmation in [Confirmation::Pending, Confirmation::Confirmed] {
            assert_eq!(part(Submitted, Some(Accepted), Some(confirmation)).fate(), Fate::Stays);
            assert_eq!(part(Canceled, Some(Accepted), Some(confirmation)).fate(), Fate::Goes);
        }
        assert_eq!(part(Submitted, Some(Accepted), Some(Confirmation::Declined)).fate(), Fate::Goes);
        for gone in [(Draft, None), (Submitted, None), (Submitted, Some(Waitlisted)), (Withdrawn, Some(Rejected))] {
            assert_eq!(part(gone.0, gone.1, None).fate(), Fate::Goes, "{gone:?}");
        }
    }

    #[test]
    fn another_ones_proposal_does_not_go() {
        let of_another = Part { owner: false, ..part(Lifecycle::Submitted, None, None) };
        assert_eq!(of_another.fate(), Fate::Leaves);
        let talk = part(Lifecycle::Submitted, Some(PublishedDecision::Accepted), Some(Confirmation::Pending));
        assert_eq!(Part { owner: false, ..talk }.fate(), Fate::Stays);
        assert_eq!(Part { owner: false, accepted: false, ..talk }.fate(), Fate::Leaves, "never agreed to speak");
    }
}
