//! Late links and extensions, and whom they let in.

use crate::{
    calls::{
        model::{NewDeadline, Setup},
        time::Deadline,
    },
    db::types::{FormatId, LateLinkId, ProposalId, TrackId, Ts},
    error::{FieldErrors, Result},
    text::{CODE_END, Email, Line, PublicCode},
};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

pub const MOST_LINKS: usize = 200;
pub const MOST_EXTENSIONS: usize = 500;

/// How many random bytes a link's secret is made of.
pub const SECRET_BYTES: usize = 16;

/// Lets some proposals in after the deadline, for who has its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateLink {
    pub id: LateLinkId,
    pub code: String,
    pub name: String,
    pub deadline: Deadline,
    /// How many proposals may come by it, and how many have.
    pub uses: i64,
    pub used: i64,
    /// Whether what comes by it skips the review.
    pub invited: bool,
    pub revoked_at: Option<Ts>,
    pub created_at: Ts,
    /// Only for these; for any where there are none.
    pub formats: Vec<(FormatId, String)>,
    pub tracks: Vec<(TrackId, String)>,
}

impl LateLink {
    pub fn covers(&self, format: FormatId, track: Option<TrackId>) -> bool {
        let in_formats = self.formats.is_empty() || self.formats.iter().any(|(id, _)| *id == format);
        in_formats && (self.tracks.is_empty() || self.tracks.iter().any(|(id, _)| Some(*id) == track))
    }

    pub fn is_alive(&self, at: Ts) -> bool {
        self.revoked_at.is_none() && at < self.deadline.closes_at
    }
}

/// A link just made, with its secret.
pub struct Made {
    pub link: LateLink,
    pub secret: String,
}

/// What a late link is held by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSecret(String);

impl LinkSecret {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn of(bytes: &[u8; SECRET_BYTES]) -> LinkSecret {
        LinkSecret(BASE64URL_NOPAD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for LinkSecret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let fits = BASE64URL_NOPAD.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() == SECRET_BYTES);
        if fits { Ok(LinkSecret(text)) } else { Err(de::Error::custom(format!("dead{CODE_END}{DEAD}"))) }
    }
}

const DEAD: &str = "is no late link of this event, or no longer one: ask the organizers";

/// What is wrong with a link that lets nothing in.
pub fn dead() -> FieldErrors {
    FieldErrors::of("late_link", "dead", DEAD)
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewLateLink {
    /// What it is for.
    pub name: Line<1, 100>,
    pub deadline: NewDeadline,
    /// How many proposals may come by it.
    #[serde(default = "once")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000, default = 1, required = false)]
    pub uses: u32,
    /// Whether what comes by it is invited: it skips the review, and counts in the program's balance.
    #[serde(default)]
    #[schema(required = false)]
    pub invited: bool,
    /// Codes of formats; for any without.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<String>)]
    pub formats: Vec<PublicCode>,
    /// Codes of tracks; for any, and for proposals in none, without.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<String>)]
    pub tracks: Vec<PublicCode>,
}

fn once() -> u32 {
    1
}

/// A link that is about to be stored.
pub struct LinkFacts {
    pub name: String,
    pub deadline: Deadline,
    pub uses: i64,
    pub invited: bool,
    pub formats: Vec<FormatId>,
    pub tracks: Vec<TrackId>,
}

impl NewLateLink {
    /// # Errors
    /// Field errors: of the deadline, and for what is no format or track of the event.
    pub fn read(self, setup: &Setup) -> Result<LinkFacts> {
        let deadline = self.deadline.read(setup.call.opens_at)?;
        let mut errors = FieldErrors::default();
        let (mut formats, mut tracks) = (vec![], vec![]);
        for (index, code) in self.formats.iter().enumerate() {
            match setup.formats.iter().find(|known| known.code == **code) {
                Some(format) => formats.push(format.id),
                None => errors.add(&format!("formats[{index}]"), "unknown", "is not a format of this event"),
            }
        }
        for (index, code) in self.tracks.iter().enumerate() {
            match setup.tracks.iter().find(|known| known.code == **code) {
                Some(track) => tracks.push(track.id),
                None => errors.add(&format!("tracks[{index}]"), "unknown", "is not a track of this event"),
            }
        }
        errors.into_result()?;
        formats.sort_unstable();
        formats.dedup();
        tracks.sort_unstable();
        tracks.dedup();
        let (name, uses) = (self.name.into_string(), i64::from(self.uses));
        Ok(LinkFacts { name, deadline, uses, invited: self.invited, formats, tracks })
    }
}

/// A later deadline for whoever has proved this address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub code: String,
    pub email: String,
    pub deadline: Deadline,
    pub version: i64,
    pub created_at: Ts,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewExtension {
    /// It need not have an account yet.
    pub email: Email,
    pub deadline: NewDeadline,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditExtension {
    pub deadline: NewDeadline,
}

/// The late link that a proposal was given.
pub struct Attached {
    pub proposal: ProposalId,
    pub link: LateLink,
    /// Whether the proposal has come by it already.
    pub used: bool,
}
