//! What the mails say about who speaks.

use crate::{
    mail::message::{Letter, address},
    proposals::model::PublishedDecision,
    secrets::Link,
};

/// To somebody who may have asked for nothing: without the title and any other words of the one who asks but the name.
pub struct SpeakerInvitation<'a> {
    pub event: &'a str,
    pub inviter: &'a str,
    pub link: &'a Link,
}

impl SpeakerInvitation<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("speaker_invitation", format!("{}: will you speak there too?", self.event))
            .paragraph("Hello,")
            .paragraph(format!("{} asks you to speak together with them at {}.", self.inviter, self.event))
            .link("Look at it and accept", address(base_url, self.link))
            .paragraph("The link is for this address only and works for 14 days. If you do not want to, do nothing: nobody sees your name until you accept.")
    }
}

/// What became of a place in a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// To the owner.
    Joined,
    /// To the owner.
    Refused,
    /// To the owner.
    Left,
    /// To the one who was removed.
    Removed,
}

pub struct SpeakersChanged<'a> {
    pub event: &'a str,
    pub name: &'a str,
    pub title: &'a str,
    /// The other one, where it is not the addressee.
    pub other: &'a str,
    pub change: Change,
}

impl SpeakersChanged<'_> {
    pub fn letter(&self) -> Letter {
        let (event, other) = (self.event, self.other);
        let (kind, subject, text) = match self.change {
            Change::Joined => {
                ("speaker_joined", "somebody speaks with you", format!("{other} accepted to speak with you."))
            }
            Change::Refused => (
                "speaker_refused",
                "an invitation to speak was declined",
                "Somebody whom you asked to speak with you declined.".into(),
            ),
            Change::Left => (
                "co_speaker_left",
                "a speaker left your proposal",
                format!("{other} does not speak with you any more."),
            ),
            Change::Removed => (
                "speaker_removed",
                "you are no longer a speaker",
                "The owner of this proposal has removed you from its speakers.".into(),
            ),
        };
        Letter::new(kind, format!("{event}: {subject}"))
            .paragraph(format!("Hello {},", self.name))
            .paragraph(text)
            .fact("Proposal", self.title)
    }
}

/// To the new owner, who answers for the proposal from now on.
pub struct HandedOver<'a> {
    pub event: &'a str,
    pub name: &'a str,
    pub before: &'a str,
    pub title: &'a str,
    pub published: Option<PublishedDecision>,
    /// To answer a published acceptance.
    pub link: Option<&'a Link>,
}

impl HandedOver<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        let letter = Letter::new("handed_over", format!("{}: a proposal is yours now", self.event))
            .paragraph(format!("Hello {},", self.name))
            .paragraph(format!(
                "{} handed this proposal over to you. You submit, withdraw and answer it from now on.",
                self.before
            ))
            .fact("Proposal", self.title);
        let letter = match self.published {
            None => letter,
            Some(PublishedDecision::Accepted) => letter.paragraph("It is accepted."),
            Some(PublishedDecision::Waitlisted) => letter.paragraph("It is on the waitlist."),
            Some(PublishedDecision::Rejected) => letter.paragraph("It was not accepted."),
        };
        match self.link {
            Some(link) => letter.link("Confirm or decline", address(base_url, link)),
            None => letter,
        }
    }
}
