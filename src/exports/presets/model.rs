//! A saved choice of columns, and what one asks for.

use crate::{
    error::{Error, FieldErrors, Result},
    exports::model::{MOST_COLUMNS, Table},
    text::Line,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// How many an event may have.
pub const MOST: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    pub code: String,
    pub name: String,
    pub table: Table,
    pub columns: Vec<String>,
    pub version: i64,
}

pub type PresetName = Line<1, 100>;
/// As the header of a file has it.
pub type ColumnName = Line<1, 200>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = exports::NewPreset)]
pub struct NewPreset {
    pub name: PresetName,
    #[schema(inline)]
    pub table: Table,
    /// In the order wanted. Those that do not exist when a file is made are left out of it.
    #[schema(min_items = 1, max_items = 100)]
    pub columns: Vec<ColumnName>,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = exports::EditPreset)]
pub struct EditPreset {
    pub name: Option<PresetName>,
    #[schema(min_items = 1, max_items = 100)]
    pub columns: Option<Vec<ColumnName>>,
}

/// # Errors
/// A field error for none, too many, or one that comes twice.
pub fn check_columns(columns: &[ColumnName]) -> Result<()> {
    if !(1..=MOST_COLUMNS).contains(&columns.len()) {
        return Err(FieldErrors::of("columns", "length", format!("must be 1 to {MOST_COLUMNS}")).into());
    }
    let mut errors = FieldErrors::default();
    for (index, column) in columns.iter().enumerate() {
        if columns.iter().take(index).any(|before| before == column) {
            errors.add(&format!("columns[{index}]"), "duplicate", "stands twice");
        }
    }
    errors.into_result()
}

/// # Errors
/// `WrongState` when there are too many.
pub fn check_room(presets: usize) -> Result<()> {
    if presets < MOST {
        return Ok(());
    }
    Err(Error::wrong_state(format!("There are {MOST} already. Remove one that is not needed any more.")))
}
