//! Where one's own proposal stands, in words, and what can be done about it now.

use crate::http::pages::filters;
use crate::{
    db::types::Ts,
    proposals::{
        actions::Mine,
        model::{Confirmation, Lifecycle, PublishedDecision},
        views::ForSpeaker,
    },
};
use askama::{Template, filters::HtmlSafe};
use jiff::civil::Date;

/// What a speaker is told, and nothing that organizers think privately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no deadline yet.
    DraftWithoutCall,
    DraftTooEarly,
    DraftInTime,
    DraftTooLate,
    UnderReview,
    ToConfirm,
    Confirmed,
    Declined,
    Waitlisted,
    Rejected,
    Withdrawn,
    Canceled,
}

impl Standing {
    pub const fn label(self) -> &'static str {
        match self {
            Standing::DraftWithoutCall | Standing::DraftTooEarly | Standing::DraftInTime | Standing::DraftTooLate => {
                "Draft"
            }
            Standing::UnderReview => "Submitted",
            Standing::ToConfirm => "Accepted: please confirm",
            Standing::Confirmed => "Accepted and confirmed",
            Standing::Declined => "Declined by you",
            Standing::Waitlisted => "On the waitlist",
            Standing::Rejected => "Not accepted",
            Standing::Withdrawn => "Withdrawn",
            Standing::Canceled => "Canceled",
        }
    }

    /// How its badge looks.
    pub const fn tone(self) -> &'static str {
        match self {
            Standing::DraftInTime | Standing::ToConfirm => "warn",
            Standing::UnderReview | Standing::Waitlisted => "info",
            Standing::Confirmed => "good",
            _ => "",
        }
    }

    pub const fn is_draft(self) -> bool {
        matches!(
            self,
            Standing::DraftWithoutCall | Standing::DraftTooEarly | Standing::DraftInTime | Standing::DraftTooLate
        )
    }

    /// Whether its speaker is the one who has to do something.
    pub const fn waits_for_me(self) -> bool {
        matches!(self, Standing::DraftInTime | Standing::ToConfirm)
    }
}

/// One of my proposals at an instant.
pub struct Own {
    pub view: ForSpeaker,
    pub event_name: String,
    pub zone: String,
    pub opens_at: Option<Ts>,
    pub closes_at: Option<Ts>,
    /// The promised day of the answer, in words.
    pub answer_on: Option<String>,
    now: Ts,
}

impl Own {
    pub fn of(mine: Mine, now: Ts) -> Own {
        Own {
            event_name: mine.proposal.event.name.clone(),
            zone: mine.proposal.event.zone.clone(),
            opens_at: mine.opens_at,
            closes_at: mine.closes_at,
            answer_on: mine.notify_on.as_deref().map(day_in_words),
            now,
            view: mine.into(),
        }
    }

    /// Where its pages are.
    pub fn path(&self) -> String {
        format!("/{}/mine/{}", self.view.event, self.view.code)
    }

    pub fn standing(&self) -> Standing {
        match (self.view.lifecycle, self.view.decision, self.view.confirmation) {
            (Lifecycle::Draft, ..) => self.draft(),
            (Lifecycle::Withdrawn, ..) => Standing::Withdrawn,
            (Lifecycle::Canceled, ..) => Standing::Canceled,
            (Lifecycle::Submitted, None, _) => Standing::UnderReview,
            (_, Some(PublishedDecision::Waitlisted), _) => Standing::Waitlisted,
            (_, Some(PublishedDecision::Rejected), _) => Standing::Rejected,
            (_, Some(PublishedDecision::Accepted), Some(Confirmation::Confirmed)) => Standing::Confirmed,
            (_, Some(PublishedDecision::Accepted), Some(Confirmation::Declined)) => Standing::Declined,
            (_, Some(PublishedDecision::Accepted), _) => Standing::ToConfirm,
        }
    }

    fn draft(&self) -> Standing {
        match (self.opens_at, self.closes_at) {
            (_, None) => Standing::DraftWithoutCall,
            (Some(opens_at), _) if self.now < opens_at => Standing::DraftTooEarly,
            _ if self.is_in_time() => Standing::DraftInTime,
            _ => Standing::DraftTooLate,
        }
    }

    pub fn is_in_time(&self) -> bool {
        self.closes_at.is_some_and(|closes_at| self.now < closes_at)
    }

    pub fn is_draft(&self) -> bool {
        self.view.lifecycle == Lifecycle::Draft
    }

    pub fn is_submitted(&self) -> bool {
        self.view.lifecycle == Lifecycle::Submitted
    }

    /// Whether it can still become a talk, so that there is something to prepare.
    pub fn is_alive(&self) -> bool {
        self.is_draft() || self.is_submitted()
    }

    /// Whether what every event asks for is there.
    pub fn is_complete(&self) -> bool {
        !self.view.r#abstract.trim().is_empty()
    }

    pub fn can_edit(&self) -> bool {
        self.is_draft() || (self.is_submitted() && self.is_in_time())
    }

    pub fn can_submit(&self) -> bool {
        self.view.owner && matches!(self.standing(), Standing::DraftInTime | Standing::DraftTooLate)
    }

    pub fn can_withdraw(&self) -> bool {
        self.view.owner && self.is_submitted() && self.view.decision != Some(PublishedDecision::Accepted)
    }

    pub fn can_come_back(&self) -> bool {
        self.view.owner && self.view.lifecycle == Lifecycle::Withdrawn && self.is_in_time()
    }

    pub fn can_decline(&self) -> bool {
        self.view.owner && matches!(self.standing(), Standing::ToConfirm | Standing::Confirmed)
    }

    pub fn words(&self) -> Words<'_> {
        Words { own: self }
    }

    /// The one thing to do next, on the page where it is done.
    pub fn next(&self) -> (&'static str, String) {
        match self.standing() {
            Standing::DraftInTime if self.view.owner => ("Finish and submit", format!("{}/edit", self.path())),
            Standing::DraftWithoutCall | Standing::DraftTooEarly | Standing::DraftInTime => {
                ("Go on writing", format!("{}/edit", self.path()))
            }
            Standing::ToConfirm => ("Confirm or decline", self.path()),
            _ => ("Open", self.path()),
        }
    }
}

/// Where it stands, in a sentence or two.
#[derive(Template)]
#[template(path = "speaker/standing.html")]
pub struct Words<'o> {
    own: &'o Own,
}

impl HtmlSafe for Words<'_> {}

/// "Sat 1 Mar 2025" of `2025-03-01`.
pub fn day_in_words(day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), |date| date.strftime("%a %-d %b %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::day_in_words;

    #[test]
    fn days_are_read_by_people() {
        assert_eq!(day_in_words("2025-03-01"), "Sat 1 Mar 2025");
        assert_eq!(day_in_words("soon"), "soon");
    }
}
