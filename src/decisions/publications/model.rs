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

/// Who answers for a proposal; no recipient where no address is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub speaker: SpeakerId,
    pub name: String,
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
    pub owner: Option<Owner>,
    pub decision: PublishedDecision,
    pub before: Option<PublishedDecision>,
}

impl Pending {
    /// Undecided tells nothing, nor does what was told already.
    pub fn of(decided: Decided, owner: Option<Owner>) -> Option<Pending> {
        let decision = decided.decision.publishable()?;
        if decided.published == Some(decision) {
            return None;
        }
        let Decided { id, code, title, published, .. } = decided;
        Some(Pending { id, code, title, owner, decision, before: published })
    }

    pub fn recipient(&self) -> Option<&Recipient> {
        self.owner.as_ref()?.recipient.as_ref()
    }

    /// With the name of its confirm link, where it has one.
    pub fn told(&self, nonce: &str) -> Told {
        Told { proposal: self.id, title: self.title.clone(), decision: self.decision, nonce: nonce.to_owned() }
    }
}

/// What a mail says about one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub proposal: ProposalId,
    pub title: String,
    pub decision: PublishedDecision,
    /// Of the confirm link; empty unless accepted.
    pub nonce: String,
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
    pub owner: Option<Owner>,
}

/// How many people cannot be told by mail, because they have no account.
pub fn without_mail<'a>(owners: impl IntoIterator<Item = Option<&'a Owner>>) -> usize {
    let mute = owners.into_iter().flatten().filter(|owner| owner.recipient.is_none());
    mute.map(|owner| owner.speaker).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confirmation::{Confirmed, Declined};
    use PublishedDecision::{Accepted, Rejected, Waitlisted};

    fn pending(decision: Decision, published: Option<PublishedDecision>) -> Option<PublishedDecision> {
        let decided = Decided { id: ProposalId(1), code: "AAAAAA".into(), title: "T".into(), decision, published };
        Pending::of(decided, None).map(|pending| pending.decision)
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
        let told = Told { proposal: ProposalId(1), title: "T".into(), decision: Accepted, nonce: "N".into() };
        let stands = |lifecycle, confirmation, released| {
            ToldState { told: told.clone(), lifecycle, confirmation, released }.stands()
        };
        assert!(stands(Lifecycle::Submitted, None, false) && stands(Lifecycle::Submitted, Some(Confirmed), true));
        assert!(stands(Lifecycle::Submitted, Some(Declined), false), "declined before this publication");
        assert!(!stands(Lifecycle::Submitted, Some(Declined), true));
        assert!(!stands(Lifecycle::Withdrawn, None, false) && !stands(Lifecycle::Canceled, Some(Confirmed), true));
    }

    #[test]
    fn people_without_account_count_once() {
        let mute = Owner { speaker: SpeakerId(1), name: "A".into(), recipient: None };
        let told = Recipient { account: None, address: "b@x.example".into(), name: "B".into() };
        let told = Owner { speaker: SpeakerId(2), name: "B".into(), recipient: Some(told) };
        assert_eq!(without_mail([Some(&mute), Some(&told), None, Some(&mute)]), 1);
    }
}
