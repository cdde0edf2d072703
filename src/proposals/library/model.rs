//! Which earlier proposal shall be proposed again.

use crate::{
    calls::model::{Format, Track},
    error::{FieldErrors, Result},
    http::input::is_slug,
    text::{CODE_END, PublicCode},
};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProposeAgain {
    /// The slug of the event where I proposed it before; this one too.
    #[serde(deserialize_with = "slug")]
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{1,39}$")]
    pub event: String,
    /// The code of my proposal there.
    #[schema(value_type = String, min_length = 6, max_length = 6)]
    pub code: PublicCode,
    /// The code of a format here; may be left out where there is only one, or one of the same name.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub format: Option<PublicCode>,
    /// The code of a track here; left out: the one of the same name, if there is one.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub track: Option<PublicCode>,
}

fn slug<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if is_slug(&text) { Ok(text) } else { Err(de::Error::custom(format!("slug{CODE_END}is not the slug of an event"))) }
}

/// The format that was asked for, else the only one, else the one of the same name.
///
/// # Errors
/// A field error with the formats to choose from.
pub fn format<'f>(formats: &'f [Format], asked: Option<&PublicCode>, before: &str) -> Result<&'f Format> {
    let found = match (asked, formats) {
        (Some(code), _) => formats.iter().find(|format| format.code == code.as_str()),
        (None, [only]) => Some(only),
        (None, _) => formats.iter().find(|format| format.name.to_lowercase() == before.to_lowercase()),
    };
    let codes = || formats.iter().map(|format| format.code.clone()).collect();
    let (code, message) = match asked {
        Some(_) => ("unknown", "is not a format of this event"),
        None => ("missing", "has to be picked: the event has several and none of that name"),
    };
    found.ok_or_else(|| FieldErrors::of("format", code, message).with_choices(codes()).into())
}

/// The track that was asked for, else the one of the same name, else none.
///
/// # Errors
/// A field error with the tracks to choose from.
pub fn track<'t>(tracks: &'t [Track], asked: Option<&PublicCode>, before: Option<&str>) -> Result<Option<&'t Track>> {
    let Some(code) = asked else {
        let before = before.map(str::to_lowercase);
        return Ok(tracks.iter().find(|track| Some(track.name.to_lowercase()) == before));
    };
    let codes = || tracks.iter().map(|track| track.code.clone()).collect();
    let found = tracks.iter().find(|track| track.code == code.as_str());
    let unknown = || FieldErrors::of("track", "unknown", "is not a track of this event").with_choices(codes());
    Ok(Some(found.ok_or_else(unknown)?))
}
