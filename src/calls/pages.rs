//! The page of an event: its call, and all that somebody wants to know before proposing a talk.

use super::{
    actions,
    gaps::{
        self,
        views::{Gap, GapsView},
    },
    model::CallState,
    time,
    views::ForPublic,
};
use crate::{
    access::PublicEvent,
    app::Callboard,
    db::types::Ts,
    error::{Code, Result},
    events::{self, model::Visibility},
    http::pages::{Page, Screen, filters, language::t, markdown},
};
use askama::Template;
use std::{fmt, time::Duration};

/// How long something is still possible.
#[derive(Clone, Copy, Debug)]
pub struct Left(Duration);

impl Left {
    pub fn until(end: Ts, now: Ts) -> Left {
        Left(end.since(now))
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = self.0.as_secs() / 3600;
        let (number, text) = match (hours / 24, hours) {
            (0, 0) => (0, "less than an hour left"),
            (0, 1) => (1, "one hour left"),
            (0, hours) => (hours, "{} hours left"),
            (1, _) => (1, "one day left"),
            (days, _) => (days, "{} days left"),
        };
        f.write_str(&t(text).replacen("{}", &number.to_string(), 1))
    }
}

#[derive(Template)]
#[template(path = "public/event.html")]
pub struct EventPage {
    event: events::views::ForPublic,
    call: ForPublic,
    /// Whether only the team sees the page.
    in_preparation: bool,
    /// Where everybody may see them.
    gaps: Option<GapsView>,
}

impl Screen for EventPage {
    fn title(&self) -> String {
        t("Call for proposals").into_owned()
    }

    fn about(&self) -> String {
        let text = if self.event.description.is_empty() { &self.call.text } else { &self.event.description };
        markdown::gist(text)
    }
}

impl EventPage {
    fn is(&self, state: &str) -> bool {
        self.event.call.state.as_str() == state
    }

    fn dates(&self) -> Option<String> {
        self.event.starts_on.as_deref().map(|first| time::days(first, self.event.ends_on.as_deref()))
    }

    fn left(&self) -> Option<Left> {
        let deadline = self.event.call.deadline.as_ref()?;
        (self.event.call.state == CallState::Open).then(|| Left::until(deadline.utc, self.call.server_time))
    }

    /// Whether a day of the call is over.
    fn is_over(&self, from: &str, until: Option<&str>) -> bool {
        let today = self.call.server_time.timestamp().strftime("%Y-%m-%d").to_string();
        until.unwrap_or(from) < today.as_str()
    }

    fn format_name(&self, code: Option<&str>) -> Option<&str> {
        self.call.formats.iter().find(|format| Some(&*format.code) == code).map(|format| format.name.as_str())
    }

    fn track_name(&self, code: Option<&str>) -> Option<&str> {
        self.call.tracks.iter().find(|track| Some(&*track.code) == code).map(|track| track.name.as_str())
    }

    /// How many proposals there are about an idea.
    fn gap(&self, code: &str) -> Option<&Gap> {
        self.gaps.as_ref()?.title_ideas.iter().find(|gap| gap.code == code)
    }

    /// Whether the organizers say of any of them how many they hope for.
    fn wants(&self, gaps: &[Gap]) -> bool {
        gaps.iter().any(|gap| gap.wanted.is_some())
    }

    fn minutes(&self) -> String {
        let minutes: Vec<String> = self.call.facts.minutes.iter().map(ToString::to_string).collect();
        minutes.join(", ")
    }
}

pub async fn show(who: PublicEvent, (app,): (Callboard,)) -> Result<Page<EventPage>> {
    let shown = events::actions::show(&app, who.clone()).await?;
    let in_preparation = shown.what.event.facts.visibility == Visibility::Draft;
    let call = actions::show_call(&app, who.clone()).await?.into();
    let gaps = match gaps::actions::show(&app, who).await {
        Ok(gaps) => Some(gaps.into()),
        Err(error) if error.code() == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(Page::new(EventPage { event: shown.into(), call, in_preparation, gaps }))
}
