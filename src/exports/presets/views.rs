//! Saved choices of columns as the committee sees them.

use super::model::Preset;
use crate::{exports::model::Table, http::reply::HasVersion};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = exports::Preset)]
pub struct PresetView {
    pub code: String,
    pub name: String,
    #[schema(inline)]
    pub table: Table,
    /// In the order of the file.
    pub columns: Vec<String>,
    pub version: i64,
}

impl From<Preset> for PresetView {
    fn from(preset: Preset) -> PresetView {
        let Preset { code, name, table, columns, version } = preset;
        PresetView { code, name, table, columns, version }
    }
}

impl HasVersion for PresetView {
    fn version(&self) -> i64 {
        self.version
    }
}
