//! What the mail says that lets somebody take over a profile.

use crate::{
    mail::message::{Letter, address},
    secrets::Link,
};

pub struct ClaimInvitation<'a> {
    pub event: &'a str,
    pub link: &'a Link,
}

impl ClaimInvitation<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("claim_invitation", format!("{}: your profile as a speaker", self.event))
            .paragraph("Hello,")
            .paragraph(format!(
                "the organizers of {} have entered you as a speaker. Take your profile over to edit it and what you propose, and to answer when it is decided.",
                self.event
            ))
            .link("Take it over", address(base_url, self.link))
            .paragraph("The link is for this address only and works for 14 days. If you do not know of this, write to the organizers.")
    }
}
