//! A criterion, its scale, and the input that makes or changes one.

use crate::{
    calls::model::Track,
    db::types::{CriterionId, TrackId},
    error::{FieldErrors, Result},
    http::input::patched,
    text::{Line, Prose, PublicCode},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    pub id: CriterionId,
    pub code: String,
    pub name: String,
    pub help: String,
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
    /// What the scores mean, the worst first; empty: nothing is said.
    pub labels: Vec<String>,
    pub required: bool,
    /// Beside the overall mean, not in it.
    pub independent: bool,
    /// Those that it is for; empty: all, and proposals without one.
    pub tracks: Vec<(TrackId, String)>,
    pub version: i64,
}

impl Criterion {
    /// Whether proposals of this track are scored by it.
    pub fn applies_to(&self, track: Option<TrackId>) -> bool {
        self.tracks.is_empty() || self.tracks.iter().any(|(own, _)| Some(*own) == track)
    }

    /// What it weighs in the overall mean.
    pub fn counted_weight(&self) -> f64 {
        counted_weight(self.weight, self.independent)
    }
}

/// What a score weighs in the overall mean: nothing where its criterion is independent.
pub fn counted_weight(weight: f64, independent: bool) -> f64 {
    if independent { 0.0 } else { weight }
}

pub type CriterionName = Line<1, 100>;
pub type CriterionHelp = Prose<0, 1000>;
pub type Label = Line<0, 100>;

/// How many criteria an event may have: each is a field of every review.
pub const MOST_CRITERIA: usize = 20;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCriterion {
    pub name: CriterionName,
    #[serde(default)]
    #[schema(required = false)]
    pub help: CriterionHelp,
    /// How much it counts, compared with the other criteria: above 0, at most 100.
    #[serde(default = "full_weight")]
    #[schema(exclusive_minimum = 0.0, maximum = 100.0, default = 1.0, required = false)]
    #[validate(range(exclusive_min = 0.0, max = 100.0, message = "must be above 0 and at most 100"))]
    pub weight: f64,
    /// The worst score.
    #[serde(default = "usual_lowest")]
    #[schema(minimum = 0, maximum = 100, default = 1, required = false)]
    #[validate(range(min = 0, max = 100))]
    pub lowest: i64,
    /// The best score.
    #[serde(default = "usual_highest")]
    #[schema(minimum = 0, maximum = 100, default = 5, required = false)]
    #[validate(range(min = 0, max = 100))]
    pub highest: i64,
    /// What each score means, the worst first: one for each, or none at all.
    #[serde(default)]
    #[schema(max_items = 101, required = false)]
    pub labels: Vec<Label>,
    /// Whether a review has to score it.
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub required: bool,
    /// Whether it stands beside the overall mean instead of counting in it.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub independent: bool,
    /// The codes of the tracks that it is for; absent or null for all, and for proposals without one.
    #[schema(min_items = 1, max_items = 100)]
    pub tracks: Option<Vec<PublicCode>>,
}

fn full_weight() -> f64 {
    1.0
}

fn usual_lowest() -> i64 {
    1
}

fn usual_highest() -> i64 {
    5
}

fn yes() -> bool {
    true
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditCriterion {
    pub name: Option<CriterionName>,
    pub help: Option<CriterionHelp>,
    #[schema(exclusive_minimum = 0.0, maximum = 100.0)]
    #[validate(range(exclusive_min = 0.0, max = 100.0, message = "must be above 0 and at most 100"))]
    pub weight: Option<f64>,
    /// Cannot change once a review uses the criterion.
    #[schema(minimum = 0, maximum = 100)]
    #[validate(range(min = 0, max = 100))]
    pub lowest: Option<i64>,
    /// Cannot change once a review uses the criterion.
    #[schema(minimum = 0, maximum = 100)]
    #[validate(range(min = 0, max = 100))]
    pub highest: Option<i64>,
    /// One for each score, or none at all.
    #[schema(max_items = 101)]
    pub labels: Option<Vec<Label>>,
    pub required: Option<bool>,
    pub independent: Option<bool>,
    /// `null`: all, and proposals without one.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Vec<PublicCode>>, min_items = 1, max_items = 100)]
    pub tracks: Option<Option<Vec<PublicCode>>>,
}

impl Criterion {
    /// The criterion after the edit, and whether its scale is another one.
    ///
    /// # Errors
    /// Field errors of scale, labels and tracks.
    pub fn edited(&self, edit: EditCriterion, tracks: &[Track]) -> Result<(Criterion, bool), FieldErrors> {
        let after = Criterion {
            id: self.id,
            code: self.code.clone(),
            name: edit.name.map_or_else(|| self.name.clone(), Line::into_string),
            help: edit.help.map_or_else(|| self.help.clone(), Prose::into_string),
            weight: edit.weight.unwrap_or(self.weight),
            lowest: edit.lowest.unwrap_or(self.lowest),
            highest: edit.highest.unwrap_or(self.highest),
            labels: edit.labels.map_or_else(|| self.labels.clone(), texts),
            required: edit.required.unwrap_or(self.required),
            independent: edit.independent.unwrap_or(self.independent),
            tracks: match edit.tracks {
                Some(codes) => among(codes.as_deref(), tracks)?,
                None => self.tracks.clone(),
            },
            version: self.version,
        };
        check_scale(after.lowest, after.highest, &after.labels)?;
        let rescaled = (after.lowest, after.highest) != (self.lowest, self.highest);
        Ok((after, rescaled))
    }
}

/// Labels as they are stored.
pub fn texts(labels: Vec<Label>) -> Vec<String> {
    labels.into_iter().map(Line::into_string).collect()
}

/// The tracks of these codes; none of them for all.
///
/// # Errors
/// Field errors for a list that is empty, and for what is no track of the event.
pub fn among(codes: Option<&[PublicCode]>, tracks: &[Track]) -> Result<Vec<(TrackId, String)>, FieldErrors> {
    let Some(codes) = codes else { return Ok(vec![]) };
    if codes.is_empty() {
        return Err(FieldErrors::of("tracks", "length", "must hold at least one code, or be null"));
    }
    let mut errors = FieldErrors::default();
    for (index, code) in codes.iter().enumerate() {
        if tracks.iter().all(|track| track.code != code.as_str()) {
            errors.add(&format!("tracks[{index}]"), "unknown", "is no track of this event");
        }
    }
    if !errors.0.is_empty() {
        return Err(errors);
    }
    let named = tracks.iter().filter(|track| codes.iter().any(|code| track.code == code.as_str()));
    Ok(named.map(|track| (track.id, track.code.clone())).collect())
}

/// # Errors
/// When the best score is not above the worst, or the labels are not one for each score.
pub fn check_scale(lowest: i64, highest: i64, labels: &[String]) -> Result<(), FieldErrors> {
    if lowest >= highest {
        return Err(FieldErrors::of("highest", "scale", "must be above `lowest`"));
    }
    let scores = usize::try_from(highest - lowest + 1).unwrap_or(usize::MAX);
    if labels.is_empty() || labels.len() == scores {
        return Ok(());
    }
    Err(FieldErrors::of("labels", "length", format!("must hold {scores} labels, one for each score, or none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion() -> Criterion {
        Criterion {
            id: CriterionId(1),
            code: "AAAAAA".into(),
            name: "Fit".into(),
            help: String::new(),
            weight: 2.0,
            lowest: 1,
            highest: 5,
            labels: vec![],
            required: true,
            independent: false,
            tracks: vec![],
            version: 1,
        }
    }

    #[test]
    fn scales_and_labels() {
        let labels = |count: usize| vec![String::new(); count];
        assert!(check_scale(1, 2, &[]).is_ok() && check_scale(2, 2, &[]).is_err() && check_scale(3, 2, &[]).is_err());
        assert!(check_scale(1, 3, &labels(3)).is_ok());
        assert!(check_scale(1, 3, &labels(2)).is_err() && check_scale(1, 3, &labels(4)).is_err());
    }

    #[test]
    fn edits() {
        let edit = |json: &str| criterion().edited(serde_json::from_str(json).unwrap(), &[]);
        assert_eq!(edit("{}").unwrap(), (criterion(), false));
        assert!(!edit(r#"{"weight":3,"lowest":1,"highest":5}"#).unwrap().1, "the same scale");
        assert!(edit(r#"{"highest":6}"#).unwrap().1 && edit(r#"{"lowest":0}"#).unwrap().1);
        assert_eq!(edit(r#"{"name":"Other"}"#).unwrap().0.name, "Other");
        assert!(edit(r#"{"tracks":[]}"#).is_err() && edit(r#"{"tracks":["AAAAAA"]}"#).is_err());
        assert_eq!(edit(r#"{"tracks":null}"#).unwrap().0.tracks, []);
    }

    #[test]
    fn one_for_some_tracks_is_not_for_proposals_without_one() {
        let everywhere = criterion();
        let here = Criterion { tracks: vec![(TrackId(7), "HERE".into())], ..criterion() };
        assert!(everywhere.applies_to(None) && everywhere.applies_to(Some(TrackId(8))));
        assert!(here.applies_to(Some(TrackId(7))) && !here.applies_to(Some(TrackId(8))) && !here.applies_to(None));
    }

    #[test]
    fn an_independent_one_weighs_nothing_in_the_mean() {
        let beside = Criterion { independent: true, ..criterion() };
        assert!(beside.counted_weight() < f64::EPSILON && (criterion().counted_weight() - 2.0).abs() < f64::EPSILON);
    }
}
