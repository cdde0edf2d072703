//! A phase and the input that makes or changes one.

use crate::{
    access::{
        Phase,
        phase::{OthersReviews, Sees},
    },
    calls::time,
    db::types::{PhaseId, Ts},
    error::Result,
    text::Line,
};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use validator::Validate;

/// A phase with its name and when it begins. It lasts until the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub id: PhaseId,
    pub code: String,
    pub name: String,
    pub starts_at: Ts,
    pub switches: Phase,
    pub version: i64,
}

/// How many phases an event may have.
pub const MOST_PHASES: usize = 20;

pub type PhaseName = Line<1, 100>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewPhase {
    pub name: PhaseName,
    /// It lasts until the next phase begins.
    pub starts_at: Ts,
    /// Whether reviews can be written.
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub scoring: bool,
    /// Which proposals reviewers see; `all` where it is left out.
    #[serde(default = "all")]
    #[schema(required = false)]
    pub sees: Sees,
    /// Whether reviewers are told who wrote the proposals.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub names: bool,
    /// When reviewers see what others wrote about a proposal; `after_own` where it is left out.
    #[serde(default = "after_own")]
    #[schema(required = false)]
    pub reviews: OthersReviews,
    /// Whether organizers and chairs can decide.
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub deciding: bool,
}

fn yes() -> bool {
    true
}

fn all() -> Sees {
    Sees::All
}

fn after_own() -> OthersReviews {
    OthersReviews::AfterOwn
}

impl NewPhase {
    pub fn switches(&self) -> Phase {
        let NewPhase { scoring, sees, names, reviews, deciding, .. } = *self;
        Phase { scoring, sees, names, reviews, deciding }
    }
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditPhase {
    pub name: Option<PhaseName>,
    pub starts_at: Option<Ts>,
    pub scoring: Option<bool>,
    #[schema(inline)]
    pub sees: Option<Sees>,
    pub names: Option<bool>,
    #[schema(inline)]
    pub reviews: Option<OthersReviews>,
    pub deciding: Option<bool>,
}

/// A phase as organizers type it: with a local time of the event.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = phases::Form)]
pub struct PhaseForm {
    pub name: PhaseName,
    pub starts: Start,
    pub scoring: bool,
    #[schema(inline)]
    pub sees: Sees,
    pub names: bool,
    #[schema(inline)]
    pub reviews: OthersReviews,
    pub deciding: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = phases::Start)]
pub struct Start {
    /// `2025-02-09T23:59`
    pub local: String,
    /// Where the clocks are set back and the time comes twice.
    pub offset: Option<String>,
}

impl Start {
    fn at(&self, zone: &str) -> Result<Ts> {
        let offset = self.offset.as_deref().filter(|offset| !offset.is_empty());
        let minute = time::deadline(&self.local, zone, offset, "starts")?;
        // A deadline includes its whole minute.
        Ok(minute.closes_at.minus(Duration::from_mins(1)))
    }
}

impl PhaseForm {
    /// # Errors
    /// Field errors of the start.
    pub fn new_phase(self, zone: &str) -> Result<NewPhase> {
        let starts_at = self.starts.at(zone)?;
        let PhaseForm { name, starts: _, scoring, sees, names, reviews, deciding } = self;
        Ok(NewPhase { name, starts_at, scoring, sees, names, reviews, deciding })
    }

    /// # Errors
    /// Field errors of the start.
    pub fn edit(self, zone: &str) -> Result<EditPhase> {
        let NewPhase { name, starts_at, scoring, sees, names, reviews, deciding } = self.new_phase(zone)?;
        Ok(EditPhase {
            name: Some(name),
            starts_at: Some(starts_at),
            scoring: Some(scoring),
            sees: Some(sees),
            names: Some(names),
            reviews: Some(reviews),
            deciding: Some(deciding),
        })
    }
}

/// An instant as [`Start`] takes it.
pub fn local_minute(at: Ts, zone: &str) -> String {
    match time::zone(zone, "zone") {
        Ok((_, zone)) => at.timestamp().to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string(),
        Err(_) => String::new(),
    }
}

impl Dated {
    /// # Errors
    /// A field error of the start.
    pub fn edited(self, edit: EditPhase) -> Result<Dated> {
        let old = self.switches;
        let switches = Phase {
            scoring: edit.scoring.unwrap_or(old.scoring),
            sees: edit.sees.unwrap_or(old.sees),
            names: edit.names.unwrap_or(old.names),
            reviews: edit.reviews.unwrap_or(old.reviews),
            deciding: edit.deciding.unwrap_or(old.deciding),
        };
        let starts_at = edit.starts_at.map_or(Ok(self.starts_at), start)?;
        let name = edit.name.map_or(self.name, PhaseName::into_string);
        Ok(Dated { name, starts_at, switches, ..self })
    }
}

/// # Errors
/// A field error for an instant that is too far away.
pub fn start(at: Ts) -> Result<Ts> {
    let at = Ts::truncated(at.timestamp());
    time::check_range(Some(at), "starts_at")?;
    Ok(at)
}

/// The phase that holds at an instant, of phases in their order, and the one after it.
pub fn around(phases: &[Dated], at: Ts) -> (Option<&Dated>, Option<&Dated>) {
    let begun = phases.iter().take_while(|phase| phase.starts_at <= at).last();
    (begun, phases.iter().find(|phase| phase.starts_at > at))
}
