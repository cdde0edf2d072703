//! Publications, and what they do to the facts of a proposal.

use crate::{
    db::types::{ProposalId, SpeakerId, Ts},
    mail::{MailState, Recipient},
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
    text_enum,
};
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum PublicationState {
        /// Can still be stopped; nobody knows yet.
        Waiting = "waiting",
        Stopped = "stopped",
        Released = "released",
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = publications::Publish)]
pub struct Publish {
    /// `version` of the preview that was looked at.
    pub version: String,
}

/// Somebody who speaks in a proposal; no recipient where no address is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub speaker: SpeakerId,
    pub name: String,
    /// Whether the proposal is theirs: the link to answer an acceptance goes to nobody else.
    pub owner: bool,
    pub recipient: Option<Recipient>,
}

/// A submitted proposal on which organizers have decided.
#[derive(Clone, Debug)]
pub struct Decided {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    pub decision: Decision,
    pub published: Option<PublishedDecision>,
}

/// A proposal about which publishing would tell something new.
#[derive(Clone, Debug)]
pub struct Pending {
    pub id: ProposalId,
    pub code: String,
    pub title: String,
    /// The owner first.
    pub speakers: Vec<Addressee>,
    pub decision: PublishedDecision,
    pub before: Option<PublishedDecision>,
}

impl Pending {
    /// Undecided tells nothing, nor does what was told already.
    pub fn of(decided: Decided, speakers: Vec<Addressee>) -> Option<Pending> {
        let decision = decided.decision.publishable()?;
        if decided.published == Some(decision) {
            return None;
        }
        let Decided { id, code, title, published, .. } = decided;
        Some(Pending { id, code, title, speakers, decision, before: published })
    }

    /// What one of its speakers is told, who gets the link of that name if it is theirs.
    pub fn told(&self, to: &Addressee, nonce: &str) -> Told {
        let nonce = to.owner.then(|| nonce.to_owned());
        Told { proposal: self.id, title: self.title.clone(), decision: self.decision, nonce }
    }
}

/// What a mail says about one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub proposal: ProposalId,
    pub title: String,
    pub decision: PublishedDecision,
    /// Of the link that answers an acceptance; none for who cannot decline it.
    pub nonce: Option<String>,
}

/// An item of a publication, as the mails of that publication would tell it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldState {
    pub told: Told,
    pub lifecycle: Lifecycle,
    pub confirmation: Option<Confirmation>,
    /// Whether this publication has been released for the proposal, so that the confirmation answers it.
    pub released: bool,
}

impl ToldState {
    /// Whether it has not left.
    pub fn stands(&self) -> bool {
        let declined = self.released && self.confirmation == Some(Confirmation::Declined);
        self.lifecycle == Lifecycle::Submitted && !declined
    }
}

/// What the speaker's answer becomes when a decision is published: a new acceptance asks anew, the same one does not,
/// and only acceptances ask.
pub fn confirmation_after(
    before: Option<PublishedDecision>,
    answer: Option<Confirmation>,
    now: PublishedDecision,
) -> Option<Confirmation> {
    match now {
        PublishedDecision::Accepted if before == Some(PublishedDecision::Accepted) => answer,
        PublishedDecision::Accepted => Some(Confirmation::Pending),
        PublishedDecision::Waitlisted | PublishedDecision::Rejected => None,
    }
}

#[derive(Clone, Debug)]
pub struct Publication {
    pub code: String,
    pub state: PublicationState,
    pub created_at: Ts,
    pub release_at: Ts,
    pub ended_at: Option<Ts>,
    /// Acceptances first, then by code.
    pub items: Vec<Item>,
    pub mails: Vec<(MailState, i64)>,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub code: String,
    pub title: String,
    pub decision: PublishedDecision,
    /// The owner first.
    pub speakers: Vec<Addressee>,
}

/// The name of whoever answers for a proposal.
pub fn owner_name(speakers: &[Addressee]) -> Option<String> {
    speakers.iter().find(|speaker| speaker.owner).map(|owner| owner.name.clone())
}

/// How many people cannot be told by mail, because no address of them is known.
pub fn without_mail<'a>(speakers: impl IntoIterator<Item = &'a Addressee>) -> usize {
    let mute = speakers.into_iter().filter(|speaker| speaker.recipient.is_none());
    mute.map(|speaker| speaker.speaker).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confirmation::{Confirmed, Declined};
    use PublishedDecision::{Accepted, Rejected, Waitlisted};

    fn pending(decision: Decision, published: Option<PublishedDecision>) -> Option<PublishedDecision> {
        let decided = Decided { id: ProposalId(1), code: "AAAAAA".into(), title: "T".into(), decision, published };
        Pending::of(decided, vec![]).map(|pending| pending.decision)
    }

    #[test]
    fn only_what_is_new_is_told() {
        assert_eq!(pending(Decision::Accepted, None), Some(Accepted));
        assert_eq!(pending(Decision::Rejected, Some(Accepted)), Some(Rejected));
        for published in PublishedDecision::ALL {
            assert_eq!(pending(Decision::Undecided, Some(*published)), None, "undecided tells nothing");
        }
        assert_eq!(pending(Decision::Undecided, None), None);
        assert_eq!(pending(Decision::Accepted, Some(Accepted)), None, "there and back tells nothing");
        assert_eq!(pending(Decision::Waitlisted, Some(Waitlisted)), None);
    }

    #[test]
    fn a_new_acceptance_asks_anew() {
        for before in [None, Some(Waitlisted), Some(Rejected)] {
            assert_eq!(confirmation_after(before, None, Accepted), Some(Confirmation::Pending));
        }
        for answer in Confirmation::ALL {
            assert_eq!(confirmation_after(Some(Accepted), Some(*answer), Accepted), Some(*answer));
            assert_eq!(confirmation_after(Some(Accepted), Some(*answer), Rejected), None);
            assert_eq!(confirmation_after(Some(Accepted), Some(*answer), Waitlisted), None);
        }
    }

    #[test]
    fn a_decline_counts_for_the_publication_it_answers() {
        let told = Told { proposal: ProposalId(1), title: "T".into(), decision: Accepted, nonce: None };
        let stands = |lifecycle, confirmation, released| {
            ToldState { told: told.clone(), lifecycle, confirmation, released }.stands()
        };
        assert!(stands(Lifecycle::Submitted, None, false) && stands(Lifecycle::Submitted, Some(Confirmed), true));
        assert!(stands(Lifecycle::Submitted, Some(Declined), false), "declined before this publication");
        assert!(!stands(Lifecycle::Submitted, Some(Declined), true));
        assert!(!stands(Lifecycle::Withdrawn, None, false) && !stands(Lifecycle::Canceled, Some(Confirmed), true));
    }

    #[test]
    fn people_without_address_count_once() {
        let mute = Addressee { speaker: SpeakerId(1), name: "A".into(), owner: true, recipient: None };
        let told = Recipient { account: None, address: "b@x.example".into(), name: "B".into() };
        let told = Addressee { speaker: SpeakerId(2), name: "B".into(), owner: false, recipient: Some(told) };
        assert_eq!(without_mail([&mute, &told, &mute]), 1);
    }
}
