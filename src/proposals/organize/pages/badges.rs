//! How a proposal stands, in words and colors.

use crate::{
    http::pages::badge::Badge,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
};
use std::borrow::Borrow;

pub fn lifecycle(of: impl Borrow<Lifecycle>) -> Badge {
    match of.borrow() {
        Lifecycle::Draft => Badge::new("", "Draft"),
        Lifecycle::Submitted => Badge::new("info", "Submitted"),
        Lifecycle::Withdrawn => Badge::new("warn", "Withdrawn"),
        Lifecycle::Canceled => Badge::new("wrong", "Canceled"),
    }
}

pub fn decision(of: impl Borrow<Decision>) -> Badge {
    match of.borrow() {
        Decision::Undecided => Badge::new("", "Undecided"),
        Decision::Accepted => Badge::new("good", "Accepted"),
        Decision::Waitlisted => Badge::new("warn", "Waitlisted"),
        Decision::Rejected => Badge::new("wrong", "Rejected"),
    }
}

pub fn published(of: impl Borrow<PublishedDecision>) -> Badge {
    match of.borrow() {
        PublishedDecision::Accepted => Badge::new("good", "Told: accepted"),
        PublishedDecision::Waitlisted => Badge::new("warn", "Told: waitlisted"),
        PublishedDecision::Rejected => Badge::new("wrong", "Told: rejected"),
    }
}

pub fn confirmation(of: impl Borrow<Confirmation>) -> Badge {
    match of.borrow() {
        Confirmation::Pending => Badge::new("warn", "Not answered"),
        Confirmation::Confirmed => Badge::new("good", "Confirmed"),
        Confirmation::Declined => Badge::new("wrong", "Declined"),
    }
}
