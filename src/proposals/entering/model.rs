//! What organizers enter for others.

use crate::{
    db::types::{SpeakerId, Ts},
    proposals::{
        model::{Abstract, Description, Notes, Title},
        profiles::model::NewProfile,
        speaking::model::MOST_SPEAKERS,
    },
    text::{CODE_END, Email, PublicCode},
};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    pub title: Title,
    /// For the program.
    pub r#abstract: Abstract,
    /// For the committee.
    #[serde(default)]
    #[schema(required = false)]
    pub description: Description,
    /// For organizers only.
    #[serde(default)]
    #[schema(required = false)]
    pub notes: Notes,
    /// The code of a format; may be left out where there is only one.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub format: Option<PublicCode>,
    /// The code of a track.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub track: Option<PublicCode>,
    /// The codes of choices, of any of the categories. None has to be picked.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 100)]
    pub choices: Vec<PublicCode>,
    /// The owner first.
    #[serde(deserialize_with = "one_to_ten")]
    #[schema(min_items = 1, max_items = 10)]
    pub speakers: Vec<EnteredSpeaker>,
    /// Mail everybody who has an address here the link to take over the profile.
    #[serde(default)]
    #[schema(required = false)]
    pub invite: bool,
}

fn one_to_ten<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<EnteredSpeaker>, D::Error> {
    let speakers = Vec::deserialize(from)?;
    if (1..=MOST_SPEAKERS).contains(&speakers.len()) {
        return Ok(speakers);
    }
    Err(de::Error::custom(format!("length{CODE_END}must be 1 to {MOST_SPEAKERS}")))
}

/// Somebody who speaks, as organizers know them. Who has this address in the event already is the same speaker.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EnteredSpeaker {
    /// Where the mails about it go; only an account with this address can take the profile over.
    pub email: Option<Email>,
    pub profile: NewProfile,
}

/// Where the link goes.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct InviteToClaim {
    /// Another address than before; left out: the one that was entered.
    pub email: Option<Email>,
}

/// A profile that nobody has taken over yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    pub id: SpeakerId,
    pub email: Option<String>,
}

/// A link that was mailed.
pub struct Invited {
    pub email: String,
    pub expires_at: Ts,
}
