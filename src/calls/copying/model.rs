//! Which part of a new call stands for which of the earlier one.

use crate::db::types::{ChoiceId, FormatId, TrackId};
use std::collections::HashMap;

#[derive(Default)]
pub struct Counterparts {
    pub formats: HashMap<FormatId, FormatId>,
    pub tracks: HashMap<TrackId, TrackId>,
    pub choices: HashMap<ChoiceId, ChoiceId>,
}
