//! Where an event stands, without any database.

use crate::{
    calls::{
        model::{CallState, Setup},
        time,
    },
    db::types::Ts,
    proposals::model::{Confirmation, Decision, Lifecycle, PublishedDecision},
};
use jiff::{ToSpan, civil::Date};
use std::{collections::BTreeMap, time::Duration};

/// How long somebody may take to answer an acceptance before it is worth asking.
const PATIENCE: Duration = Duration::from_hours(7 * 24);
/// How many days before the promised one it is worth a line.
const SOON: i64 = 14;
/// How many columns a chart has at most.
const MOST_COLUMNS: usize = 60;

/// What of a proposal counts here.
#[derive(Clone, Debug)]
pub struct Row {
    pub lifecycle: Lifecycle,
    pub decision: Decision,
    pub published: Option<PublishedDecision>,
    pub published_at: Option<Ts>,
    pub confirmation: Option<Confirmation>,
    pub submitted_at: Option<Ts>,
    pub invited: bool,
    pub reviews: i64,
    pub format: String,
    pub track: Option<String>,
}

/// How far the reviewers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewing {
    pub assigned: i64,
    pub assigned_done: i64,
    pub written: i64,
    pub reviewers: i64,
}

/// How many proposals are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub drafts: i64,
    pub submitted: i64,
    pub withdrawn: i64,
    pub undecided: i64,
    pub accepted: i64,
    pub waitlisted: i64,
    pub rejected: i64,
    /// Decided, and not told so.
    pub untold: i64,
    pub unreviewed: i64,
    pub unconfirmed: i64,
    /// Of those, the ones that have had the time to answer.
    pub long_unconfirmed: i64,
    pub confirmed: i64,
    pub declined: i64,
}

impl Figures {
    fn of(rows: &[Row], now: Ts) -> Figures {
        let mut figures = Figures::default();
        for row in rows {
            figures.add(row, now);
        }
        figures
    }

    fn add(&mut self, row: &Row, now: Ts) {
        match row.lifecycle {
            Lifecycle::Draft => self.drafts += 1,
            Lifecycle::Withdrawn | Lifecycle::Canceled => self.withdrawn += 1,
            Lifecycle::Submitted => self.add_submitted(row, now),
        }
    }

    fn add_submitted(&mut self, row: &Row, now: Ts) {
        self.submitted += 1;
        match row.decision {
            Decision::Undecided => self.undecided += 1,
            Decision::Accepted => self.accepted += 1,
            Decision::Waitlisted => self.waitlisted += 1,
            Decision::Rejected => self.rejected += 1,
        }
        let decided = row.decision.publishable();
        self.untold += i64::from(decided.is_some() && decided != row.published);
        self.unreviewed += i64::from(row.reviews == 0 && !row.invited);
        match row.confirmation {
            Some(Confirmation::Pending) => {
                self.unconfirmed += 1;
                self.long_unconfirmed += i64::from(row.published_at.is_some_and(|at| at.plus(PATIENCE) <= now));
            }
            Some(Confirmation::Confirmed) => self.confirmed += 1,
            Some(Confirmation::Declined) => self.declined += 1,
            None => {}
        }
    }

    pub fn decided(&self) -> i64 {
        self.submitted - self.undecided
    }
}

/// How many were submitted in each stretch of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrivals {
    /// Each with its first day.
    pub columns: Vec<(String, i64)>,
    /// How many days one column stands for.
    pub days: usize,
    /// Where the deadline is, from 0 to 1.
    pub deadline: Option<f64>,
}

fn day_of(at: Ts, zone: &str) -> Option<Date> {
    let (_, zone) = time::zone(zone, "zone").ok()?;
    Some(at.timestamp().to_zoned(zone).date())
}

fn as_number(days: i32) -> f64 {
    f64::from(days)
}

impl Arrivals {
    fn new(submitted: impl Iterator<Item = Ts>, deadline: Option<Ts>, zone: &str) -> Arrivals {
        let mut by_day: BTreeMap<Date, i64> = BTreeMap::new();
        for day in submitted.filter_map(|at| day_of(at, zone)) {
            *by_day.entry(day).or_default() += 1;
        }
        // The deadline is the first instant that is too late; its day is that of the instant before.
        let last_day = deadline.and_then(|at| day_of(at.minus(Duration::from_micros(1)), zone));
        let (Some(first), Some(last)) = (by_day.keys().next().copied(), by_day.keys().next_back().copied()) else {
            return Arrivals::default();
        };
        let end = last_day.map_or(last, |day| day.max(last));
        let first = last_day.map_or(first, |day| day.min(first));
        let between = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
        let all = usize::try_from(between(first, end)).unwrap_or_default() + 1;
        let days = all.div_ceil(MOST_COLUMNS).max(1);
        let count = all.div_ceil(days);
        let mut columns = vec![];
        let mut from = first;
        for _ in 0..count {
            let Ok(to) = from.checked_add(i64::try_from(days).unwrap_or(1).days()) else { break };
            columns.push((from.to_string(), by_day.range(from..to).map(|(_, number)| number).sum()));
            from = to;
        }
        let width = i32::try_from(count * days).map_or(1.0, as_number);
        let deadline = last_day.map(|day| as_number(between(first, day) + 1) / width);
        Arrivals { columns, days, deadline }
    }
}

/// The day on which decisions were promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    pub day: String,
    /// Below 0 when it has passed.
    pub days_left: i64,
}

impl Promised {
    pub fn is_soon(&self) -> bool {
        self.days_left <= SOON
    }
}

/// A kind of proposals, how many are submitted, and how many of those are accepted.
pub type Kind = (String, i64, i64);

#[derive(Clone, Debug)]
pub struct Overview {
    pub zone: String,
    pub state: CallState,
    pub opens_at: Option<Ts>,
    pub closes_at: Option<Ts>,
    pub promised: Option<Promised>,
    pub figures: Figures,
    pub reviewing: Reviewing,
    pub arrivals: Arrivals,
    pub formats: Vec<Kind>,
    pub tracks: Vec<Kind>,
}

impl Overview {
    pub fn new(setup: Setup, rows: &[Row], reviewing: Reviewing, zone: String, now: Ts) -> Overview {
        let window = setup.window();
        let closes_at = window.deadline().map(|deadline| deadline.closes_at);
        let submitted: Vec<&Row> = rows.iter().filter(|row| row.lifecycle == Lifecycle::Submitted).collect();
        let today = day_of(now, &zone).map(|day| day.to_string());
        let promised = setup.call.notify_on.zip(today).and_then(|(day, today)| {
            let days_left = time::days_between(&today, &day).ok()?;
            Some(Promised { day, days_left })
        });
        Overview {
            state: window.state_at(now),
            opens_at: setup.call.opens_at,
            closes_at,
            promised,
            figures: Figures::of(rows, now),
            reviewing,
            arrivals: Arrivals::new(submitted.iter().filter_map(|row| row.submitted_at), closes_at, &zone),
            formats: kinds(setup.formats.into_iter().map(|format| format.name), &submitted, |row| Some(&row.format)),
            tracks: kinds(setup.tracks.into_iter().map(|track| track.name), &submitted, |row| row.track.as_ref()),
            zone,
        }
    }
}

/// In the order of the names.
fn kinds(names: impl Iterator<Item = String>, rows: &[&Row], of: impl Fn(&Row) -> Option<&String>) -> Vec<Kind> {
    let kind = |name: String| {
        let those = rows.iter().filter(|row| of(row) == Some(&name));
        let (mut all, mut accepted) = (0, 0);
        for row in those {
            all += 1;
            accepted += i64::from(row.decision == Decision::Accepted);
        }
        (name, all, accepted)
    };
    names.map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Ts {
        Ts::truncated(text.parse().unwrap())
    }

    fn row() -> Row {
        Row {
            lifecycle: Lifecycle::Submitted,
            decision: Decision::Accepted,
            published: None,
            published_at: None,
            confirmation: None,
            submitted_at: None,
            invited: false,
            reviews: 0,
            format: "Talk".into(),
            track: None,
        }
    }

    #[test]
    fn what_is_decided_is_told_or_not() {
        let told = Row { published: Some(PublishedDecision::Accepted), ..row() };
        let turned = Row { decision: Decision::Rejected, ..told.clone() };
        let open = Row { decision: Decision::Undecided, ..row() };
        let draft = Row { lifecycle: Lifecycle::Draft, ..row() };
        let figures = Figures::of(&[row(), told, turned, open, draft], at("2025-01-01T00:00:00Z"));
        assert_eq!((figures.drafts, figures.submitted, figures.undecided, figures.untold), (1, 4, 1, 2));
    }

    #[test]
    fn after_a_week_an_answer_is_worth_asking_for() {
        let asked = at("2025-01-01T12:00:00Z");
        let row = Row { published_at: Some(asked), confirmation: Some(Confirmation::Pending), ..row() };
        let long = |now| Figures::of(std::slice::from_ref(&row), now).long_unconfirmed;
        assert_eq!(long(at("2025-01-08T11:59:59Z")), 0);
        assert_eq!(long(at("2025-01-08T12:00:00Z")), 1);
    }

    #[test]
    fn days_are_those_of_the_event() {
        let zone = "America/Los_Angeles";
        let days = ["2025-02-08T07:59:59Z", "2025-02-08T08:00:00Z", "2025-02-10T07:59:59Z"].map(at);
        let arrivals = Arrivals::new(days.into_iter(), Some(at("2025-02-10T08:00:00Z")), zone);
        let column = |day: &str, number| (day.to_owned(), number);
        assert_eq!(arrivals.columns, [column("2025-02-07", 1), column("2025-02-08", 1), column("2025-02-09", 1)]);
        assert_eq!(arrivals.deadline, Some(1.0));
        assert_eq!(Arrivals::new([].into_iter(), None, zone), Arrivals::default());
    }

    #[test]
    fn a_year_still_fits_the_chart() {
        let days = ["2024-01-01T12:00:00Z", "2024-12-31T12:00:00Z"].map(at);
        let arrivals = Arrivals::new(days.into_iter(), None, "UTC");
        assert_eq!((arrivals.days, arrivals.columns.len()), (7, 53));
        assert_eq!(arrivals.columns.iter().map(|(_, number)| number).sum::<i64>(), 2);
    }
}
