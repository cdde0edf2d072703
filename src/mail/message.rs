//! What the mails say: one struct a kind. Each becomes a letter, whose text and HTML are two prints of the same parts.

use crate::secrets::{Link, LinkKind};
use std::fmt::Write as _;

/// A rendered mail before it has a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub kind: &'static str,
    pub subject: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Paragraph(String),
    /// A label and a value: titles, times, names.
    Fact(&'static str, String),
    /// What to do next.
    Link {
        label: &'static str,
        url: String,
    },
}

impl Letter {
    pub fn new(kind: &'static str, subject: impl Into<String>) -> Letter {
        Letter { kind, subject: subject.into(), parts: vec![] }
    }

    #[must_use]
    pub fn paragraph(mut self, text: impl Into<String>) -> Letter {
        self.parts.push(Part::Paragraph(text.into()));
        self
    }

    #[must_use]
    pub fn fact(mut self, label: &'static str, value: impl Into<String>) -> Letter {
        self.parts.push(Part::Fact(label, value.into()));
        self
    }

    #[must_use]
    pub fn link(mut self, label: &'static str, url: impl Into<String>) -> Letter {
        self.parts.push(Part::Link { label, url: url.into() });
        self
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut after_fact = false;
        for part in &self.parts {
            let is_fact = matches!(part, Part::Fact(..));
            if !(text.is_empty() || after_fact && is_fact) {
                text.push('\n');
            }
            // Writing to a String cannot fail.
            let _ = match part {
                Part::Paragraph(words) => writeln!(text, "{words}"),
                Part::Fact(label, value) => writeln!(text, "{label}: {value}"),
                Part::Link { label, url } => writeln!(text, "{label}:\n{url}"),
            };
            after_fact = is_fact;
        }
        text
    }

    pub fn html(&self) -> String {
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body style=\"font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; margin: 1em auto; padding: 0 1em\">\n",
            escaped(&self.subject)
        );
        for part in &self.parts {
            let _ = match part {
                Part::Paragraph(words) => writeln!(html, "<p>{}</p>", escaped(words).replace('\n', "<br>\n")),
                Part::Fact(label, value) => {
                    writeln!(html, "<p>{label}: <strong><bdi>{}</bdi></strong></p>", escaped(value))
                }
                Part::Link { label, url } => {
                    writeln!(html, "<p><a href=\"{0}\">{label}</a><br><small>{0}</small></p>", escaped(url))
                }
            };
        }
        html.push_str("</body></html>\n");
        html
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The address of a mailed link; its secret is filled in when the mail is sent.
pub fn address(base_url: &str, link: &Link) -> String {
    format!("{base_url}/{}/{}", link.kind.path(), link.marker())
}

pub struct Invitation<'a> {
    pub event: &'a str,
    pub role: &'a str,
    pub inviter: &'a str,
    pub link: &'a Link,
}

impl Invitation<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("invitation", format!("{}: you are invited as {}", self.event, self.role))
            .paragraph("Hello,")
            .paragraph(format!(
                "you are invited to join the team of {} as {}, by {}.",
                self.event, self.role, self.inviter
            ))
            .link("Accept the invitation", address(base_url, self.link))
            .paragraph("The link is for this address only and works for 14 days.")
    }
}

pub struct ProposalReceived<'a> {
    pub event: &'a str,
    pub name: &'a str,
    pub code: &'a str,
    pub title: &'a str,
    /// When it counted as submitted, in both zones.
    pub decided_at: String,
    /// Until when it can be edited, in both zones.
    pub editable_until: Option<String>,
    pub verified: bool,
}

impl ProposalReceived<'_> {
    pub fn letter(&self) -> Letter {
        let mut letter = Letter::new("proposal_received", format!("{}: we have your proposal", self.event))
            .paragraph(format!("Hello {},", self.name))
            .paragraph(format!("thank you for your proposal to {}. This is your receipt.", self.event))
            .fact("Title", self.title)
            .fact("Code", self.code)
            .fact("Received", &self.decided_at);
        if let Some(until) = &self.editable_until {
            letter = letter.fact("Can be edited until", until);
        }
        if !self.verified {
            letter = letter.paragraph("Your mail address is not verified yet: please use the link in the other mail within 48 hours. Until then reviewers do not see the proposal.");
        }
        letter
    }
}

/// What became of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub title: String,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With the link to confirm or decline, for who may do both.
    Accepted(Option<Link>),
    Waitlisted,
    Rejected,
}

/// One mail a person and publication, with all their proposals, acceptances first.
pub struct Decisions<'a> {
    pub event: &'a str,
    pub name: &'a str,
    pub verdicts: &'a [Verdict],
}

impl Decisions<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        let rank = |verdict: &&Verdict| match verdict.outcome {
            Outcome::Accepted(_) => 0,
            Outcome::Waitlisted => 1,
            Outcome::Rejected => 2,
        };
        let mut verdicts: Vec<&Verdict> = self.verdicts.iter().collect();
        verdicts.sort_by_key(rank);
        let best = verdicts.first().map_or(2, rank);
        let (kind, subject) = match best {
            0 => ("acceptance", format!("{}: your talk is accepted", self.event)),
            1 => ("waitlist", format!("{}: your proposal is on the waitlist", self.event)),
            _ => ("rejection", format!("{}: about your proposal", self.event)),
        };
        let mut letter = Letter::new(kind, subject).paragraph(format!("Hello {},", self.name));
        letter =
            letter.paragraph(format!("the program of {} has been decided. Thank you for taking part.", self.event));
        for verdict in verdicts {
            letter = letter.fact("Proposal", &verdict.title);
            letter = match &verdict.outcome {
                Outcome::Accepted(None) => letter.paragraph(
                    "Accepted. Congratulations! Whoever submitted it has got the link to confirm or decline; with an \
                     account you can confirm it too.",
                ),
                Outcome::Accepted(Some(link)) => letter
                    .paragraph("Accepted. Congratulations! Please tell us whether you will give the talk.")
                    .link("Confirm or decline", address(base_url, link)),
                Outcome::Waitlisted => letter.paragraph("On the waitlist: we would take it if another talk is called off, and would write to you then."),
                Outcome::Rejected => letter.paragraph("Not accepted this time. There were more good proposals than places; we would be glad to hear from you again."),
            };
        }
        letter
    }
}

pub struct ConfirmationReceived<'a> {
    pub event: &'a str,
    pub name: &'a str,
    pub title: &'a str,
}

impl ConfirmationReceived<'_> {
    pub fn letter(&self) -> Letter {
        Letter::new("confirmation_received", format!("{}: your talk is confirmed", self.event))
            .paragraph(format!("Hello {},", self.name))
            .paragraph(
                "thank you, we count on you. If something comes up, decline with the link in the mail before this one.",
            )
            .fact("Talk", self.title)
    }
}

/// To each organizer.
pub struct SpeakerLeft<'a> {
    pub event: &'a str,
    pub speaker: &'a str,
    pub title: &'a str,
    pub code: &'a str,
    /// `withdrew` or `declined`.
    pub deed: &'static str,
}

impl SpeakerLeft<'_> {
    pub fn letter(&self) -> Letter {
        Letter::new("speaker_left", format!("{}: a speaker {}", self.event, self.deed))
            .paragraph("Hello,")
            .paragraph(format!("{} {} a proposal to {}.", self.speaker, self.deed, self.event))
            .fact("Title", self.title)
            .fact("Code", self.code)
    }
}

/// To whoever has drafts, when the deadline comes earlier than they were told.
pub struct DeadlineMoved<'a> {
    pub event: &'a str,
    pub name: &'a str,
    /// Titles, and in words until when each can be submitted now.
    pub drafts: &'a [(String, Option<String>)],
}

impl DeadlineMoved<'_> {
    pub fn letter(&self) -> Letter {
        let words =
            format!("the organizers of {} have brought the deadline forward. You have drafts there:", self.event);
        let mut letter = Letter::new("deadline_moved", format!("{}: the deadline comes earlier", self.event))
            .paragraph(format!("Hello {},", self.name))
            .paragraph(words);
        for (title, until) in self.drafts {
            letter = letter.fact("Draft", title);
            letter = match until {
                Some(until) => letter.fact("Submit it by", until),
                None => {
                    letter.paragraph("There is no deadline for it now, so it cannot be submitted for the time being.")
                }
            };
        }
        letter.paragraph("What you have submitted already stays submitted.")
    }
}

impl LinkKind {
    /// How long the link works.
    pub const fn lifetime(self) -> std::time::Duration {
        const HOUR: u64 = 3600;
        std::time::Duration::from_secs(match self {
            LinkKind::Verify => 48 * HOUR,
            LinkKind::Reset => HOUR / 2,
            LinkKind::SignIn => HOUR / 4,
            LinkKind::ChangeEmail => 24 * HOUR,
            LinkKind::Invitation | LinkKind::Speak => 14 * 24 * HOUR,
            // Dies with its publication instead.
            LinkKind::Confirm => 10 * 365 * 24 * HOUR,
        })
    }
}
