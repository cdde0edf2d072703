//! What people see of a call. The grace is for organizers only.

use super::{
    actions::Seen,
    categories::views::CategoryForPublic,
    ideas::views::IdeaForPublic,
    milestones::views::{self as milestones, MilestoneForPublic},
    model::{Call, CallState, Facts, Format, Track},
    time::{self, Day, Deadline},
};
use crate::{db::types::Ts, http::reply::HasVersion};
use serde::Serialize;
use utoipa::ToSchema;

/// A deadline in every form: as typed, in words, and as the first instant that is too late.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::Deadline)]
pub struct DeadlineView {
    /// The last minute that counts, there.
    pub local: String,
    pub zone: String,
    /// In words, with the zone's abbreviation and offset.
    pub text: String,
    /// The first instant that is too late.
    pub utc: Ts,
}

impl From<&Deadline> for DeadlineView {
    fn from(deadline: &Deadline) -> DeadlineView {
        DeadlineView {
            local: deadline.local.clone(),
            zone: deadline.zone.clone(),
            text: time::shown(&deadline.local, &deadline.zone, deadline.closes_at),
            utc: deadline.closes_at,
        }
    }
}

/// The call as everybody sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::ForPublic)]
pub struct ForPublic {
    pub state: CallState,
    pub server_time: Ts,
    pub opens_at: Option<Ts>,
    /// The first instant that is too late, where format and track have no other.
    pub closes_at: Option<Ts>,
    pub deadline: Option<DeadlineView>,
    /// The zone of the deadline.
    pub time_zone: Option<String>,
    pub formats: Vec<FormatForPublic>,
    pub tracks: Vec<TrackForPublic>,
    pub categories: Vec<CategoryForPublic>,
    pub limit_per_speaker: Option<i64>,
    /// Markdown.
    pub text: String,
    /// How to write a good proposal; Markdown.
    pub tips: String,
    /// Who chooses, how and by what; Markdown.
    pub selection: String,
    pub facts: FactsForPublic,
    #[schema(value_type = Option<Day>)]
    pub notify_on: Option<String>,
    /// By their days, the promised one among them.
    pub milestones: Vec<MilestoneForPublic>,
    /// Talks that the organizers would like to be proposed.
    pub title_ideas: Vec<IdeaForPublic>,
}

/// What speakers want to know before they propose anything.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::Facts)]
pub struct FactsForPublic {
    /// Whether it costs nothing to attend; missing where it is not said.
    pub is_free: Option<bool>,
    /// Whether everybody takes part from afar; missing where it is not said.
    pub is_virtual: Option<bool>,
    /// The lengths of the formats, each once.
    pub minutes: Vec<i64>,
    /// Who helps speakers with getting there; Markdown.
    pub travel: String,
    /// What speakers are paid for; Markdown.
    pub expenses: String,
    /// What everybody there keeps to, or where it stands; Markdown.
    pub code_of_conduct: String,
    /// What was heard there before, and where it can be watched; Markdown.
    pub past_talks: String,
}

impl FactsForPublic {
    fn new(facts: Facts, formats: &[Format]) -> FactsForPublic {
        let mut minutes: Vec<i64> = formats.iter().map(|format| format.minutes).collect();
        minutes.sort_unstable();
        minutes.dedup();
        let Facts { is_free, is_virtual, travel, expenses, code_of_conduct, past_talks } = facts;
        FactsForPublic { is_free, is_virtual, minutes, travel, expenses, code_of_conduct, past_talks }
    }
}

impl From<Seen> for ForPublic {
    fn from(Seen { setup, categories, milestones, ideas, at }: Seen) -> ForPublic {
        let state = setup.window().state_at(at);
        let call = setup.call;
        ForPublic {
            state,
            server_time: at,
            opens_at: call.opens_at,
            closes_at: call.deadline.as_ref().map(|deadline| deadline.closes_at),
            deadline: call.deadline.as_ref().map(DeadlineView::from),
            time_zone: call.deadline.map(|deadline| deadline.zone),
            formats: setup.formats.iter().map(FormatForPublic::from).collect(),
            tracks: setup.tracks.iter().map(TrackForPublic::from).collect(),
            categories: categories.into_iter().map(Into::into).collect(),
            limit_per_speaker: call.limit_per_speaker,
            text: call.words.text,
            tips: call.words.tips,
            selection: call.words.selection,
            facts: FactsForPublic::new(call.facts, &setup.formats),
            title_ideas: ideas.into_iter().map(Into::into).collect(),
            milestones: milestones::for_public(milestones, call.notify_on.as_ref()),
            notify_on: call.notify_on,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::FormatForPublic)]
pub struct FormatForPublic {
    pub code: String,
    pub name: String,
    pub minutes: i64,
    /// Only where it has its own; it counts before the track's and the call's.
    pub deadline: Option<DeadlineView>,
}

impl From<&Format> for FormatForPublic {
    fn from(format: &Format) -> FormatForPublic {
        FormatForPublic {
            code: format.code.clone(),
            name: format.name.clone(),
            minutes: format.minutes,
            deadline: format.deadline.as_ref().map(DeadlineView::from),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::TrackForPublic)]
pub struct TrackForPublic {
    pub code: String,
    pub name: String,
    /// Only where it has its own; it counts before the call's.
    pub deadline: Option<DeadlineView>,
}

impl From<&Track> for TrackForPublic {
    fn from(track: &Track) -> TrackForPublic {
        TrackForPublic {
            code: track.code.clone(),
            name: track.name.clone(),
            deadline: track.deadline.as_ref().map(DeadlineView::from),
        }
    }
}

/// The call as organizers set it.
#[derive(Serialize, ToSchema)]
#[schema(as = calls::ForOrganizer)]
pub struct ForOrganizer {
    pub opens_at: Option<Ts>,
    pub deadline: Option<DeadlineView>,
    pub grace_minutes: u64,
    pub limit_per_speaker: Option<i64>,
    pub text: String,
    pub tips: String,
    pub selection: String,
    pub is_free: Option<bool>,
    pub is_virtual: Option<bool>,
    pub travel: String,
    pub expenses: String,
    pub code_of_conduct: String,
    pub past_talks: String,
    #[schema(value_type = Option<Day>)]
    pub notify_on: Option<String>,
    /// Whether everybody sees how many proposals there are for each choice, and how many are wanted.
    pub gaps_public: bool,
    pub version: i64,
}

impl HasVersion for ForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Call> for ForOrganizer {
    fn from(call: Call) -> ForOrganizer {
        ForOrganizer {
            opens_at: call.opens_at,
            deadline: call.deadline.as_ref().map(DeadlineView::from),
            grace_minutes: call.grace.as_secs() / 60,
            limit_per_speaker: call.limit_per_speaker,
            text: call.words.text,
            tips: call.words.tips,
            selection: call.words.selection,
            is_free: call.facts.is_free,
            is_virtual: call.facts.is_virtual,
            travel: call.facts.travel,
            expenses: call.facts.expenses,
            code_of_conduct: call.facts.code_of_conduct,
            past_talks: call.facts.past_talks,
            notify_on: call.notify_on,
            gaps_public: call.gaps_public,
            version: call.version,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::FormatForOrganizer)]
pub struct FormatForOrganizer {
    pub code: String,
    pub name: String,
    pub minutes: i64,
    pub deadline: Option<DeadlineView>,
    pub version: i64,
}

impl HasVersion for FormatForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Format> for FormatForOrganizer {
    fn from(format: Format) -> FormatForOrganizer {
        let deadline = format.deadline.as_ref().map(DeadlineView::from);
        let Format { code, name, minutes, version, .. } = format;
        FormatForOrganizer { code, name, minutes, deadline, version }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = calls::TrackForOrganizer)]
pub struct TrackForOrganizer {
    pub code: String,
    pub name: String,
    pub deadline: Option<DeadlineView>,
    pub version: i64,
}

impl HasVersion for TrackForOrganizer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Track> for TrackForOrganizer {
    fn from(track: Track) -> TrackForOrganizer {
        let deadline = track.deadline.as_ref().map(DeadlineView::from);
        TrackForOrganizer { code: track.code, name: track.name, deadline, version: track.version }
    }
}
