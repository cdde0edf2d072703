//! A stored deadline, and what today's zone data makes of it.

use crate::{
    calls::time::{self, Deadline},
    db::types::{EventId, Ts},
};

/// What has a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Call,
    Format,
    Track,
    LateLink,
    Extension,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Call => "call",
            Kind::Format => "format",
            Kind::Track => "track",
            Kind::LateLink => "late link",
            Kind::Extension => "extension",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub event: EventId,
    pub slug: String,
    pub kind: Kind,
    pub id: i64,
    /// Empty for the call.
    pub code: String,
    pub deadline: Deadline,
}

/// A deadline that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub of: Stored,
    /// `None` where the clocks skip that time now: only its organizers can say what they mean.
    pub to: Option<Ts>,
}

impl Stored {
    /// Where today's zone data moves it; `None` where that leaves it as it is.
    pub fn moved(self) -> Option<Moved> {
        let to = time::closes_at_now(&self.deadline).ok();
        (to != Some(self.deadline.closes_at)).then_some(Moved { of: self, to })
    }
}

impl std::fmt::Display for Moved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Stored { slug, kind, code, deadline: Deadline { local, zone, closes_at }, .. } = &self.of;
        let name = if code.is_empty() { kind.as_str().to_owned() } else { format!("{} {code}", kind.as_str()) };
        match self.to {
            Some(to) => write!(f, "{slug}: {name}, {local} {zone}: {closes_at} becomes {to}"),
            None => write!(
                f,
                "{slug}: {name}, {local} {zone}: does not exist any more; {closes_at} stays until it is set anew"
            ),
        }
    }
}
