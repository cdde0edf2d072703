//! A proposal's four facts, kept apart: lifecycle, decision, published decision, confirmation.

use crate::text_enum;

text_enum! {
    pub enum Lifecycle {
        Draft = "draft",
        Submitted = "submitted",
        /// By its owner.
        Withdrawn = "withdrawn",
        /// By organizers.
        Canceled = "canceled",
    }
}

text_enum! {
    /// What organizers think now; visible to nobody else.
    pub enum Decision {
        Undecided = "undecided",
        Accepted = "accepted",
        Waitlisted = "waitlisted",
        Rejected = "rejected",
    }
}

text_enum! {
    /// The last decision that was communicated.
    pub enum PublishedDecision {
        Accepted = "accepted",
        Waitlisted = "waitlisted",
        Rejected = "rejected",
    }
}

impl Decision {
    /// What publishing would communicate; nothing while undecided.
    pub const fn publishable(self) -> Option<PublishedDecision> {
        match self {
            Decision::Undecided => None,
            Decision::Accepted => Some(PublishedDecision::Accepted),
            Decision::Waitlisted => Some(PublishedDecision::Waitlisted),
            Decision::Rejected => Some(PublishedDecision::Rejected),
        }
    }
}

text_enum! {
    /// The speaker's answer to a published acceptance.
    pub enum Confirmation {
        Pending = "pending",
        Confirmed = "confirmed",
        Declined = "declined",
    }
}
