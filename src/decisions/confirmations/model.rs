//! What may be answered, and what an answer does.

use crate::{
    db::types::{ProposalId, PublicationId},
    error::{Code, Error, Result},
    proposals::model::{Confirmation, Lifecycle, PublishedDecision},
    text_enum,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum Answer {
        Confirm = "confirm",
        Decline = "decline",
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = confirmations::AnswerByToken)]
pub struct AnswerByToken {
    /// The secret at the end of the mail's link.
    #[schema(max_length = 64)]
    #[validate(length(max = 64, message = "is not the token of a link"))]
    pub token: String,
    pub answer: Answer,
}

/// The form behind a confirm link, whose path holds the token.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = confirmations::AnswerForm)]
pub struct AnswerForm {
    pub answer: Answer,
}

/// A proposal about to be answered for. What organizers think privately is no part of it.
#[derive(Clone, Debug)]
pub struct Talk {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub lifecycle: Lifecycle,
    pub published: Option<PublishedDecision>,
    pub publication: Option<PublicationId>,
    pub confirmation: Option<Confirmation>,
}

impl Talk {
    /// The answer so far, where there is something to answer.
    pub fn open(&self) -> Option<Confirmation> {
        let accepted = self.published == Some(PublishedDecision::Accepted) && self.lifecycle == Lifecycle::Submitted;
        self.confirmation.filter(|_| accepted)
    }

    /// The link of one publication dies when another one speaks about the proposal.
    pub fn is_open_for(&self, publication: PublicationId) -> bool {
        self.open().is_some() && self.publication == Some(publication)
    }
}

/// What the answer changes the confirmation to; `None` where it was given before.
///
/// # Errors
/// `WrongState` when there is nothing to answer, or it was declined.
pub fn step(talk: &Talk, answer: Answer) -> Result<Option<Confirmation>> {
    let so_far = talk.open().ok_or_else(|| Error::wrong_state("There is no published acceptance to answer."))?;
    match (so_far, answer) {
        (Confirmation::Pending, Answer::Confirm) => Ok(Some(Confirmation::Confirmed)),
        (Confirmation::Pending | Confirmation::Confirmed, Answer::Decline) => Ok(Some(Confirmation::Declined)),
        (Confirmation::Confirmed, Answer::Confirm) | (Confirmation::Declined, Answer::Decline) => Ok(None),
        (Confirmation::Declined, Answer::Confirm) => {
            Err(Error::wrong_state("You declined. Write to the organizers if you want to give the talk after all."))
        }
    }
}

pub fn dead_link() -> Error {
    Error::new(Code::LinkDead, "Something newer was decided about the proposal. Use the link of the latest mail.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confirmation::{Confirmed, Declined, Pending};

    fn talk(confirmation: Confirmation) -> Talk {
        Talk {
            id: ProposalId(1),
            code: "AAAAAA".into(),
            title: "T".into(),
            lifecycle: Lifecycle::Submitted,
            published: Some(PublishedDecision::Accepted),
            publication: Some(PublicationId(1)),
            confirmation: Some(confirmation),
        }
    }

    #[test]
    fn every_answer_to_every_state() {
        let after = |confirmation, answer| step(&talk(confirmation), answer).ok();
        assert_eq!(after(Pending, Answer::Confirm), Some(Some(Confirmed)));
        assert_eq!(after(Pending, Answer::Decline), Some(Some(Declined)));
        assert_eq!(after(Confirmed, Answer::Confirm), Some(None));
        assert_eq!(after(Confirmed, Answer::Decline), Some(Some(Declined)));
        assert_eq!(after(Declined, Answer::Confirm), None);
        assert_eq!(after(Declined, Answer::Decline), Some(None));
    }

    #[test]
    fn only_a_published_acceptance_that_stands_is_answered() {
        let gone = Talk { lifecycle: Lifecycle::Canceled, ..talk(Pending) };
        let rejected = Talk { published: Some(PublishedDecision::Rejected), confirmation: None, ..talk(Pending) };
        let unpublished = Talk { published: None, confirmation: None, publication: None, ..talk(Pending) };
        let answers = [gone, rejected, unpublished].map(|talk| step(&talk, Answer::Confirm).unwrap_err().to_string());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "one answer to all of them: {answers:?}");
        assert!(talk(Pending).is_open_for(PublicationId(1)) && !talk(Pending).is_open_for(PublicationId(2)));
    }
}
