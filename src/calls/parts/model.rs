//! What organizers may say about formats and tracks.

use crate::{
    calls::{
        model::{Call, Format, NewDeadline, Track, changed},
        time::Deadline,
    },
    error::Result,
    http::input::patched,
    text::Line,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a format or a track is called.
pub type PartName = Line<1, 100>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewFormat {
    pub name: PartName,
    #[validate(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: u32,
    /// Only where it is not the call's.
    pub deadline: Option<NewDeadline>,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditFormat {
    pub name: Option<PartName>,
    #[validate(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<u32>,
    /// `null`: the track's or the call's counts.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<NewDeadline>)]
    pub deadline: Option<Option<NewDeadline>>,
    /// Needed to bring forward a deadline that speakers were told: whoever has a draft is told by mail.
    #[serde(default)]
    #[schema(required = false)]
    pub confirm: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewTrack {
    pub name: PartName,
    /// Only where it is not the call's.
    pub deadline: Option<NewDeadline>,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditTrack {
    pub name: Option<PartName>,
    /// `null`: the call's counts.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<NewDeadline>)]
    pub deadline: Option<Option<NewDeadline>>,
    /// Needed to bring forward a deadline that speakers were told: whoever has a draft is told by mail.
    #[serde(default)]
    #[schema(required = false)]
    pub confirm: bool,
}

/// A format or track that is about to be stored.
pub struct NewPart {
    pub code: String,
    pub name: String,
    pub deadline: Option<Deadline>,
}

impl NewPart {
    /// # Errors
    /// Field errors of the deadline.
    pub fn read(code: String, name: PartName, deadline: Option<NewDeadline>, call: &Call) -> Result<NewPart> {
        let deadline = deadline.map(|deadline| deadline.read(call.opens_at)).transpose()?;
        Ok(NewPart { code, name: name.into_string(), deadline })
    }
}

impl Format {
    /// # Errors
    /// Field errors of the deadline.
    pub fn edited(self, edit: EditFormat, call: &Call) -> Result<Format> {
        let deadline = changed(self.deadline, edit.deadline, call.opens_at)?;
        let name = edit.name.map_or(self.name, PartName::into_string);
        Ok(Format { name, minutes: edit.minutes.map_or(self.minutes, i64::from), deadline, ..self })
    }
}

impl Track {
    /// # Errors
    /// Field errors of the deadline.
    pub fn edited(self, edit: EditTrack, call: &Call) -> Result<Track> {
        let deadline = changed(self.deadline, edit.deadline, call.opens_at)?;
        Ok(Track { name: edit.name.map_or(self.name, PartName::into_string), deadline, ..self })
    }
}
