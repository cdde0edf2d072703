//! What is said of a new event that is like an earlier one.

use crate::{
    calls::time::{self, Day},
    error::{FieldErrors, Result},
    events::model::{EventName, Facts, NewSlug, Visibility},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCopy {
    pub slug: NewSlug,
    pub name: EventName,
    /// The first day. All dates move by as many days as the earlier event's first day does.
    pub starts_on: Option<Day>,
    /// By how many days all dates move, where that is not told by the first day; 364 days keep the day of the week.
    #[validate(range(min = -36_500, max = 36_500))]
    #[schema(minimum = -36_500, maximum = 36_500)]
    pub shift_days: Option<i32>,
}

impl NewCopy {
    /// The new event, a draft, and by how many days its dates move.
    ///
    /// # Errors
    /// Field errors where that is not said, or not possible.
    pub fn read(self, earlier: Facts) -> Result<(NewSlug, Facts, i64)> {
        let first = self.starts_on.map(Day::into_string);
        let days = match (self.shift_days, &first, &earlier.starts_on) {
            (Some(days), ..) => i64::from(days),
            (None, Some(first), Some(earlier)) => time::days_between(earlier, first)?,
            (None, _, None) => {
                let message = "is missing: the earlier event has no first day";
                return Err(FieldErrors::of("shift_days", "missing", message).into());
            }
            (None, None, Some(_)) => return Err(FieldErrors::of("starts_on", "missing", "is missing").into()),
        };
        let shifted = |day: Option<&String>| day.map(|day| time::day_shifted(day, days)).transpose();
        let facts = Facts {
            name: self.name.into_string(),
            starts_on: first.map_or_else(|| shifted(earlier.starts_on.as_ref()), |first| Ok(Some(first)))?,
            ends_on: shifted(earlier.ends_on.as_ref())?,
            visibility: Visibility::Draft,
            ..earlier
        };
        Ok((self.slug, facts.checked()?, days))
    }
}
