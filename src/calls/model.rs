//! The call, its formats and tracks, and the one rule of when it is open.

use super::time::{self, Day, Deadline};
use crate::{
    db::types::{EventId, FormatId, TrackId, Ts},
    error::{FieldErrors, Result},
    http::input::patched,
    text::Prose,
    text_enum,
};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub event: EventId,
    pub opens_at: Option<Ts>,
    pub deadline: Option<Deadline>,
    pub grace: Duration,
    pub limit_per_speaker: Option<i64>,
    pub words: Words,
    pub facts: Facts,
    pub notify_on: Option<String>,
    /// Whether everybody sees how many proposals there are for each choice, and how many are wanted.
    pub gaps_public: bool,
    pub version: i64,
}

/// What the call says; Markdown, kept as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    /// How to write a good proposal.
    pub tips: String,
    /// Who chooses, how and by what.
    pub selection: String,
}

/// What speakers want to know before they propose anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it costs nothing to attend; `None`: not said.
    pub is_free: Option<bool>,
    pub is_virtual: Option<bool>,
    /// Who helps with getting there.
    pub travel: String,
    /// What is paid for.
    pub expenses: String,
    /// What everybody there keeps to.
    pub code_of_conduct: String,
    /// What was heard there before, and where it can be watched.
    pub past_talks: String,
}

/// A kind of session with a length, like a talk or a workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    pub id: FormatId,
    pub event: EventId,
    pub code: String,
    pub name: String,
    pub minutes: i64,
    pub position: i64,
    pub deadline: Option<Deadline>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub id: TrackId,
    pub event: EventId,
    pub code: String,
    pub name: String,
    pub position: i64,
    pub deadline: Option<Deadline>,
    pub version: i64,
}

text_enum! {
    pub enum CallState {
        /// There is no deadline yet.
        NotSet = "not_set",
        Upcoming = "upcoming",
        Open = "open",
        Closed = "closed",
    }
}

/// When one may submit: from `opens_at` on, before the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    opens_at: Option<Ts>,
    deadline: Option<Deadline>,
    grace: Duration,
}

impl Window {
    /// The format's deadline counts, else the track's, else the call's.
    pub fn of(call: &Call, format: &Format, track: Option<&Track>) -> Window {
        let own = format.deadline.as_ref().or_else(|| track.and_then(|track| track.deadline.as_ref()));
        let deadline = own.or(call.deadline.as_ref()).cloned();
        Window { opens_at: call.opens_at, deadline, grace: call.grace }
    }

    pub fn state_at(&self, decided_at: Ts) -> CallState {
        let Some(deadline) = &self.deadline else { return CallState::NotSet };
        if self.opens_at.is_some_and(|opens_at| decided_at < opens_at) {
            CallState::Upcoming
        } else if decided_at < deadline.closes_at.plus(self.grace) {
            CallState::Open
        } else {
            CallState::Closed
        }
    }

    /// The deadline as everybody may know it, without the grace.
    pub fn deadline(&self) -> Option<&Deadline> {
        self.deadline.as_ref()
    }
}

/// A call with all one can choose in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    pub call: Call,
    pub formats: Vec<Format>,
    pub tracks: Vec<Track>,
}

impl Setup {
    /// With one of the formats changed.
    #[must_use]
    pub fn with_format(&self, format: &Format) -> Setup {
        let formats = self.formats.iter().map(|old| if old.id == format.id { format } else { old });
        Setup { formats: formats.cloned().collect(), ..self.clone() }
    }

    /// With one of the tracks changed.
    #[must_use]
    pub fn with_track(&self, track: &Track) -> Setup {
        let tracks = self.tracks.iter().map(|old| if old.id == track.id { track } else { old });
        Setup { tracks: tracks.cloned().collect(), ..self.clone() }
    }

    /// What everybody is shown: open while there is something that could be submitted, not counting the grace.
    pub fn window(&self) -> Window {
        let without_track = |format| Window::of(&self.call, format, None);
        let windows = self.formats.iter().flat_map(|format| {
            let in_tracks = self.tracks.iter().map(move |track| Window::of(&self.call, format, Some(track)));
            in_tracks.chain([without_track(format)])
        });
        let latest = windows.filter_map(|window| window.deadline).max_by_key(|deadline| deadline.closes_at);
        Window { opens_at: self.call.opens_at, deadline: latest, grace: Duration::ZERO }
    }
}

/// A deadline as organizers type it. The whole minute still counts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeadline {
    /// A local minute, like `2025-02-09T23:59`.
    pub local: String,
    /// An IANA zone, like `America/Los_Angeles`, or `AoE` for Anywhere on Earth.
    pub zone: String,
    /// Like `-08:00`; only where a clock change repeats the time.
    pub offset: Option<String>,
}

impl NewDeadline {
    /// # Errors
    /// Field errors of the time and the zone, and for an end before the call opens.
    pub fn read(&self, opens_at: Option<Ts>) -> Result<Deadline> {
        let deadline = time::deadline(&self.local, &self.zone, self.offset.as_deref(), "deadline")?;
        if opens_at.is_some_and(|opens_at| deadline.closes_at <= opens_at) {
            return Err(FieldErrors::of("deadline", "before_opening", "must be after the call opens").into());
        }
        Ok(deadline)
    }
}

/// The deadline after a change: left as it is, cleared, or read anew.
#[expect(clippy::option_option, reason = "absent and null differ in a PATCH")]
pub(super) fn changed(
    old: Option<Deadline>,
    new: Option<Option<NewDeadline>>,
    opens_at: Option<Ts>,
) -> Result<Option<Deadline>> {
    match new {
        None => Ok(old),
        Some(None) => Ok(None),
        Some(Some(new)) => new.read(opens_at).map(Some),
    }
}

/// What changes of a call; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditCall {
    /// `null`: open as soon as there is a deadline.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Ts>)]
    pub opens_at: Option<Option<Ts>>,
    /// `null`: no deadline, and so not open.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<NewDeadline>)]
    pub deadline: Option<Option<NewDeadline>>,
    /// How long after the deadline proposals are taken all the same. Not shown to speakers.
    #[validate(range(min = 0, max = 10_080))]
    #[schema(minimum = 0, maximum = 10_080)]
    pub grace_minutes: Option<u32>,
    /// How many proposals one speaker may have submitted; `null`: any number.
    #[serde(default, deserialize_with = "patched")]
    #[validate(range(min = 1, max = 100))]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub limit_per_speaker: Option<Option<u32>>,
    /// What the call says to speakers; Markdown.
    pub text: Option<CallText>,
    /// How to write a good proposal; Markdown.
    pub tips: Option<CallText>,
    /// Who chooses, how and by what; Markdown.
    pub selection: Option<CallText>,
    /// Whether it costs nothing to attend; `null`: not said.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<bool>)]
    pub is_free: Option<Option<bool>>,
    /// Whether everybody takes part from afar; `null`: not said.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<bool>)]
    pub is_virtual: Option<Option<bool>>,
    /// Who helps speakers with getting there; Markdown.
    pub travel: Option<FactText>,
    /// What speakers are paid for; Markdown.
    pub expenses: Option<FactText>,
    /// What everybody there keeps to, or where it stands; Markdown.
    pub code_of_conduct: Option<FactText>,
    /// What was heard there before, and where it can be watched; Markdown.
    pub past_talks: Option<FactText>,
    /// The day on which speakers are promised an answer.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Day>)]
    pub notify_on: Option<Option<Day>>,
    /// Whether everybody sees how many proposals there are for each choice, and how many are wanted.
    pub gaps_public: Option<bool>,
    /// Needed to bring forward a deadline that speakers were told: whoever has a draft is told by mail.
    #[serde(default)]
    #[schema(required = false)]
    pub confirm: bool,
}

pub type CallText = Prose<0, 20_000>;
pub type FactText = Prose<0, 2000>;

impl Call {
    /// # Errors
    /// Field errors of the deadline, and an opening that is not before it.
    pub fn edited(self, edit: EditCall) -> Result<Call> {
        let opens_at = edit.opens_at.unwrap_or(self.opens_at).map(|at| Ts::truncated(at.timestamp()));
        time::check_range(opens_at, "opens_at")?;
        let deadline_changes = edit.deadline.is_some();
        let deadline = changed(self.deadline, edit.deadline, None)?;
        let ordered = match (opens_at, &deadline) {
            (Some(opens_at), Some(deadline)) => opens_at < deadline.closes_at,
            _ => true,
        };
        if !ordered && deadline_changes {
            return Err(FieldErrors::of("deadline", "before_opening", "must be after the call opens").into());
        }
        if !ordered {
            return Err(FieldErrors::of("opens_at", "after_deadline", "must be before the deadline").into());
        }
        let grace = edit.grace_minutes.map(|minutes| Duration::from_mins(u64::from(minutes)));
        Ok(Call {
            event: self.event,
            opens_at,
            deadline,
            grace: grace.unwrap_or(self.grace),
            limit_per_speaker: edit.limit_per_speaker.map_or(self.limit_per_speaker, |limit| limit.map(i64::from)),
            words: Words {
                text: edit.text.map_or(self.words.text, CallText::into_string),
                tips: edit.tips.map_or(self.words.tips, CallText::into_string),
                selection: edit.selection.map_or(self.words.selection, CallText::into_string),
            },
            facts: Facts {
                is_free: edit.is_free.unwrap_or(self.facts.is_free),
                is_virtual: edit.is_virtual.unwrap_or(self.facts.is_virtual),
                travel: edit.travel.map_or(self.facts.travel, FactText::into_string),
                expenses: edit.expenses.map_or(self.facts.expenses, FactText::into_string),
                code_of_conduct: edit.code_of_conduct.map_or(self.facts.code_of_conduct, FactText::into_string),
                past_talks: edit.past_talks.map_or(self.facts.past_talks, FactText::into_string),
            },
            notify_on: edit.notify_on.map_or(self.notify_on, |day| day.map(Day::into_string)),
            gaps_public: edit.gaps_public.unwrap_or(self.gaps_public),
            version: self.version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts::truncated(text.parse().unwrap())
    }

    #[expect(clippy::unnecessary_wraps, reason = "as calls, formats and tracks hold it")]
    fn deadline(day: &str) -> Option<Deadline> {
        let local = format!("{day}T23:59");
        Some(time::deadline(&local, "UTC", None, "deadline").unwrap())
    }

    fn call(deadline: Option<Deadline>) -> Call {
        Call {
            event: EventId(1),
            opens_at: None,
            deadline,
            grace: Duration::ZERO,
            limit_per_speaker: None,
            words: Words::default(),
            facts: Facts::default(),
            notify_on: None,
            gaps_public: false,
            version: 1,
        }
    }

    fn format(deadline: Option<Deadline>) -> Format {
        let (code, name) = ("F".into(), "Talk".into());
        Format { id: FormatId(1), event: EventId(1), code, name, minutes: 30, position: 1, deadline, version: 1 }
    }

    fn track(deadline: Option<Deadline>) -> Track {
        let (code, name) = ("T".into(), "Core".into());
        Track { id: TrackId(1), event: EventId(1), code, name, position: 1, deadline, version: 1 }
    }

    #[test]
    fn closes_at_the_microsecond() {
        let mut call = call(deadline("2025-02-09"));
        let state = |call: &Call, instant| Window::of(call, &format(None), None).state_at(at(instant));
        assert_eq!(state(&call, "2025-02-09T23:59:59.999999Z"), CallState::Open);
        assert_eq!(state(&call, "2025-02-10T00:00:00Z"), CallState::Closed);
        call.grace = Duration::from_mins(10);
        assert_eq!(state(&call, "2025-02-10T00:09:59.999999Z"), CallState::Open);
        assert_eq!(state(&call, "2025-02-10T00:10:00Z"), CallState::Closed);
    }

    #[test]
    fn opens_at_the_microsecond() {
        let call = Call { opens_at: Some(at("2025-01-01T09:00:00Z")), ..call(deadline("2025-02-09")) };
        let state = |instant| Window::of(&call, &format(None), None).state_at(at(instant));
        assert_eq!(state("2025-01-01T08:59:59.999999Z"), CallState::Upcoming);
        assert_eq!(state("2025-01-01T09:00:00Z"), CallState::Open);
    }

    #[test]
    fn without_any_deadline_it_is_not_open() {
        let call = Call { opens_at: Some(at("2025-01-01T09:00:00Z")), ..call(None) };
        let now = at("2025-01-15T00:00:00Z");
        assert_eq!(Window::of(&call, &format(None), Some(&track(None))).state_at(now), CallState::NotSet);
        assert_eq!(Window::of(&call, &format(deadline("2025-02-09")), None).state_at(now), CallState::Open);
    }

    #[test]
    fn the_format_counts_before_the_track_and_the_track_before_the_call() {
        let (early, middle, late) = (deadline("2025-02-01"), deadline("2025-02-05"), deadline("2025-02-09"));
        let end = |call_end: &Option<Deadline>, format_end: &Option<Deadline>, track_end: &Option<Deadline>| {
            let track = track(track_end.clone());
            Window::of(&call(call_end.clone()), &format(format_end.clone()), Some(&track)).deadline().cloned()
        };
        assert_eq!(end(&late, &early, &middle), early);
        assert_eq!(end(&early, &late, &middle), late);
        assert_eq!(end(&early, &None, &middle), middle);
        assert_eq!(end(&early, &None, &None), early);
    }

    #[test]
    fn the_public_state_lasts_as_long_as_something_can_be_submitted() {
        let state = |formats: Vec<Format>, tracks: Vec<Track>, instant: &str| {
            let call = Call { grace: Duration::from_hours(1), ..call(deadline("2025-02-05")) };
            Setup { call, formats, tracks }.window().state_at(at(instant))
        };
        let (early, late) = (deadline("2025-02-01"), deadline("2025-02-09"));
        assert_eq!(state(vec![format(None)], vec![], "2025-02-05T23:59:59.999999Z"), CallState::Open);
        assert_eq!(state(vec![format(None)], vec![], "2025-02-06T00:00:00Z"), CallState::Closed, "no grace shown");
        let both = vec![format(None), format(late.clone())];
        assert_eq!(state(both, vec![], "2025-02-09T23:59:59.999999Z"), CallState::Open);
        let only_early = vec![format(early)];
        assert_eq!(state(only_early, vec![track(late.clone())], "2025-02-02T00:00:00Z"), CallState::Closed);
        assert_eq!(state(vec![format(None)], vec![track(late)], "2025-02-08T00:00:00Z"), CallState::Open);
    }
}
