//! A day, or some days, with a name.

use crate::{
    calls::time::Day,
    db::types::MilestoneId,
    error::{FieldErrors, Result},
    http::input::patched,
    text::{Line, Prose},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

pub const MOST: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub id: MilestoneId,
    pub code: String,
    pub facts: Facts,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    /// The first day.
    pub on: String,
    /// The last one, where there are several.
    pub until: Option<String>,
    pub text: String,
}

pub type MilestoneName = Line<1, 100>;
pub type MilestoneText = Prose<0, 2000>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewMilestone {
    pub name: MilestoneName,
    pub on: Day,
    /// The last day, where there are several.
    pub until: Option<Day>,
    #[serde(default)]
    #[schema(required = false)]
    pub text: MilestoneText,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditMilestone {
    pub name: Option<MilestoneName>,
    pub on: Option<Day>,
    /// `null`: one day only.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Day>)]
    pub until: Option<Option<Day>>,
    pub text: Option<MilestoneText>,
}

impl NewMilestone {
    /// # Errors
    /// A field error for days in the wrong order.
    pub fn read(self) -> Result<Facts> {
        let until = self.until.map(Day::into_string);
        let (name, on, text) = (self.name.into_string(), self.on.into_string(), self.text.into_string());
        Facts { name, on, until, text }.checked()
    }
}

impl Facts {
    /// # Errors
    /// A field error for days in the wrong order.
    pub fn edited(self, edit: EditMilestone) -> Result<Facts> {
        let facts = Facts {
            name: edit.name.map_or(self.name, MilestoneName::into_string),
            on: edit.on.map_or(self.on, Day::into_string),
            until: edit.until.map_or(self.until, |until| until.map(Day::into_string)),
            text: edit.text.map_or(self.text, MilestoneText::into_string),
        };
        facts.checked()
    }

    fn checked(self) -> Result<Facts> {
        if self.until.as_ref().is_some_and(|until| *until < self.on) {
            return Err(FieldErrors::of("until", "before_start", "must not be before the first day").into());
        }
        Ok(self)
    }
}
