//! A title idea, and what a draft that starts from it is filled with.

use crate::{
    calls::{categories, store::Options},
    db::types::{ChoiceId, FormatId, TitleIdeaId, TrackId},
    error::{FieldErrors, Result},
    http::input::patched,
    proposals::model::{Abstract, Title},
    text::{Prose, PublicCode},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

pub const MOST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idea {
    pub id: TitleIdeaId,
    pub code: String,
    pub facts: Facts,
    /// The codes of what it is filled with.
    pub format_code: Option<String>,
    pub track_code: Option<String>,
    pub choice_codes: Vec<String>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub title: String,
    /// What the organizers have in mind; not part of the draft.
    pub text: String,
    pub abstract_: String,
    pub format: Option<FormatId>,
    pub track: Option<TrackId>,
    /// In ascending order.
    pub choices: Vec<ChoiceId>,
    /// How many proposals about it the organizers hope for.
    pub wanted: Option<i64>,
}

pub type IdeaText = Prose<0, 5000>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewIdea {
    pub title: Title,
    /// What you have in mind; Markdown. Not part of the draft.
    #[serde(default)]
    #[schema(required = false)]
    pub text: IdeaText,
    /// What the draft's abstract begins with.
    #[serde(default)]
    #[schema(required = false)]
    pub r#abstract: Abstract,
    /// The code of a format.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub format: Option<PublicCode>,
    /// The code of a track.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub track: Option<PublicCode>,
    /// The codes of choices.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 100)]
    pub choices: Vec<PublicCode>,
    /// How many proposals about it you hope for.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub wanted: Option<u32>,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditIdea {
    pub title: Option<Title>,
    pub text: Option<IdeaText>,
    pub r#abstract: Option<Abstract>,
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub format: Option<Option<PublicCode>>,
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub track: Option<Option<PublicCode>>,
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    pub choices: Option<Vec<PublicCode>>,
    #[serde(default, deserialize_with = "patched")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 10_000)]
    pub wanted: Option<Option<u32>>,
}

fn format(options: &Options, code: &PublicCode) -> Result<FormatId> {
    let found = options.setup.formats.iter().find(|known| known.code == **code);
    let unknown = || FieldErrors::of("format", "unknown", "is not a format of this event").into();
    found.map(|format| format.id).ok_or_else(unknown)
}

fn track(options: &Options, code: &PublicCode) -> Result<TrackId> {
    let found = options.setup.tracks.iter().find(|known| known.code == **code);
    let unknown = || FieldErrors::of("track", "unknown", "is not a track of this event").into();
    found.map(|track| track.id).ok_or_else(unknown)
}

impl NewIdea {
    /// # Errors
    /// Field errors for what is no format, track or choice of the event.
    pub fn read(self, options: &Options) -> Result<Facts> {
        Ok(Facts {
            format: self.format.as_ref().map(|code| format(options, code)).transpose()?,
            track: self.track.as_ref().map(|code| track(options, code)).transpose()?,
            choices: categories::model::picked(&options.categories, &self.choices)?,
            title: self.title.into_string(),
            text: self.text.into_string(),
            abstract_: self.r#abstract.into_string(),
            wanted: self.wanted.map(i64::from),
        })
    }
}

impl Facts {
    /// # Errors
    /// Field errors for what is no format, track or choice of the event.
    pub fn edited(self, edit: EditIdea, options: &Options) -> Result<Facts> {
        let in_format = |code: Option<PublicCode>| code.map(|code| format(options, &code)).transpose();
        let in_track = |code: Option<PublicCode>| code.map(|code| track(options, &code)).transpose();
        Ok(Facts {
            title: edit.title.map_or(self.title, Title::into_string),
            text: edit.text.map_or(self.text, IdeaText::into_string),
            abstract_: edit.r#abstract.map_or(self.abstract_, Abstract::into_string),
            format: edit.format.map_or(Ok(self.format), in_format)?,
            track: edit.track.map_or(Ok(self.track), in_track)?,
            choices: match &edit.choices {
                Some(codes) => categories::model::picked(&options.categories, codes)?,
                None => self.choices,
            },
            wanted: edit.wanted.map_or(self.wanted, |wanted| wanted.map(i64::from)),
        })
    }
}
