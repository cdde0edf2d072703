//! Local times and zones: what organizers type becomes an instant; what people read shows both. Zone data is the one
//! compiled in, whatever the machine has.

use crate::{
    db::types::Ts,
    error::{FieldErrors, Result},
    text::CODE_END,
};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Deserializer, de};
use std::time::Duration;

/// Where it is that day the longest: UTC−12. The sign in the name is inverted.
pub const ANYWHERE_ON_EARTH: &str = "Etc/GMT+12";

/// A deadline in both forms: what was typed and the first instant that is too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// `2025-02-09T23:59`
    pub local: String,
    pub zone: String,
    /// Exclusive.
    pub closes_at: Ts,
}

/// The zone by its IANA name, also "AoE".
///
/// # Errors
/// A field error for `field` when there is no such zone.
pub fn zone(name: &str, field: &str) -> Result<(String, TimeZone)> {
    let asked = name.trim();
    let name = match asked.to_lowercase().as_str() {
        "aoe" | "anywhere on earth" => ANYWHERE_ON_EARTH,
        _ => asked,
    };
    let Ok(zone) = TimeZoneDatabase::bundled().get(name) else {
        let message = "must be an IANA zone like Europe/Berlin, or AoE for Anywhere on Earth";
        return Err(FieldErrors::of(field, "zone", message).into());
    };
    Ok((zone.iana_name().unwrap_or(name).to_owned(), zone))
}

/// Reads a deadline as organizers type it: a local minute and a zone. The deadline includes that whole minute.
///
/// # Errors
/// Field errors below `field`: a time that is no minute, an unknown zone, a time that a clock change skips, and, with
/// both offsets as choices, a time that a clock change repeats when `offset` does not say which.
pub fn deadline(local: &str, zone_name: &str, offset: Option<&str>, field: &str) -> Result<Deadline> {
    let path = |name: &str| format!("{field}.{name}");
    let (zone_name, zone) = zone(zone_name, &path("zone"))?;
    let minute = DateTime::strptime("%Y-%m-%dT%H:%M", local.trim())
        .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M", local.trim()))
        .map_err(|_| FieldErrors::of(&path("local"), "local_time", "must be a local minute like 2025-02-09T23:59"))?;
    let ambiguous = zone.to_ambiguous_timestamp(minute);
    let at = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.unambiguous().ok(),
        AmbiguousOffset::Gap { .. } => {
            let message = "does not exist there: the clocks skip this time";
            return Err(FieldErrors::of(&path("local"), "gap", message).into());
        }
        AmbiguousOffset::Fold { before, after } => {
            let choices = [written(before), written(after)];
            let chosen = offset.and_then(|chosen| choices.iter().position(|choice| choice == chosen.trim()));
            let Some(chosen) = chosen else {
                let message = "the clocks are set back, so this time comes twice: say which by its offset";
                return Err(FieldErrors::of(&path("offset"), "fold", message).with_choices(choices.to_vec()).into());
            };
            if chosen == 0 { ambiguous.earlier().ok() } else { ambiguous.later().ok() }
        }
    };
    let at = at.ok_or_else(|| FieldErrors::of(&path("local"), "local_time", "is too far away"))?;
    let closes_at = Ts::truncated(at).plus(Duration::from_mins(1));
    check_range(Some(closes_at), &path("local"))?;
    Ok(Deadline { local: minute.strftime("%Y-%m-%dT%H:%M").to_string(), zone: zone_name, closes_at })
}

/// An instant as organizers type it, a local minute in a zone; of one that a clock change repeats, the first.
///
/// # Errors
/// A field error for `field`: a time that is no minute, or an unknown zone.
pub fn instant(local: &str, zone_name: &str, field: &str) -> Result<Ts> {
    let (_, zone) = zone(zone_name, field)?;
    let wrong = || FieldErrors::of(field, "local_time", "must be a local minute like 2025-02-09T23:59");
    let minute = DateTime::strptime("%Y-%m-%dT%H:%M", local.trim()).map_err(|_| wrong())?;
    let at = zone.to_ambiguous_timestamp(minute).compatible().map_err(|_| wrong())?;
    Ok(Ts::truncated(at))
}

/// The local minute of an instant, as forms hold it.
pub fn local_minute(at: Ts, zone_name: &str) -> String {
    let Ok((_, zone)) = zone(zone_name, "zone") else { return String::new() };
    at.timestamp().to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The names of all zones that a place could be in.
pub fn zones() -> Vec<String> {
    let known = TimeZoneDatabase::bundled();
    let names = known.available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = names.filter(|name| name.contains('/') && !name.starts_with("Etc/")).collect();
    names.sort();
    names
}

/// The first instant that is too late by today's zone data. Of a time that a clock change repeats, the one nearer to the
/// stored one.
///
/// # Errors
/// Where the clocks skip that time by today's data.
pub fn closes_at_now(stored: &Deadline) -> Result<Ts> {
    let read =
        |offset: Option<&str>| deadline(&stored.local, &stored.zone, offset, "deadline").map(|read| read.closes_at);
    read(None).or_else(|error| {
        let offsets = error.fields().first().map(|field| field.choices.clone()).unwrap_or_default();
        let both = offsets.iter().filter_map(|offset| read(Some(offset)).ok());
        both.min_by_key(|at| at.as_microsecond().abs_diff(stored.closes_at.as_microsecond())).ok_or(error)
    })
}

fn too_far() -> FieldErrors {
    FieldErrors::of("shift_days", "range", "moves a date too far")
}

/// A day so many days later.
///
/// # Errors
/// A field error where it would be too far away.
pub fn day_shifted(day: &str, days: i64) -> Result<String> {
    let date = Date::strptime("%Y-%m-%d", day).map_err(|_| too_far())?;
    let date = date.checked_add(days.days()).ok().filter(|date| date.year() >= 1).ok_or_else(too_far)?;
    Ok(date.to_string())
}

/// How many days the second is after the first.
///
/// # Errors
/// A field error where one of them is no day.
pub fn days_between(first: &str, second: &str) -> Result<i64> {
    let day = |text: &str| Date::strptime("%Y-%m-%d", text).map_err(|_| too_far());
    let span = day(second)?.duration_since(day(first)?);
    Ok(span.as_secs() / (24 * 60 * 60))
}

/// A deadline at the same local time so many days later; where the clocks skip that time, right after.
///
/// # Errors
/// A field error where it would be too far away.
pub fn deadline_shifted(old: &Deadline, days: i64) -> Result<Deadline> {
    let (_, zone) = zone(&old.zone, "zone")?;
    let minute = DateTime::strptime("%Y-%m-%dT%H:%M", &old.local).map_err(|_| too_far())?;
    let minute = minute.checked_add(days.days()).map_err(|_| too_far())?;
    let there = zone.to_ambiguous_zoned(minute).compatible().map_err(|_| too_far())?;
    let closes_at = Ts::truncated(there.timestamp()).plus(Duration::from_mins(1));
    check_range(Some(closes_at), "shift_days")?;
    let local = there.datetime().strftime("%Y-%m-%dT%H:%M").to_string();
    Ok(Deadline { local, zone: old.zone.clone(), closes_at })
}

/// The same time of the day there so many days later.
///
/// # Errors
/// A field error where it would be too far away.
pub fn instant_shifted(at: Ts, zone_name: &str, days: i64) -> Result<Ts> {
    let (_, zone) = zone(zone_name, "zone")?;
    let then = at.timestamp().to_zoned(zone).checked_add(days.days()).map_err(|_| too_far())?;
    let then = Ts::truncated(then.timestamp());
    check_range(Some(then), "shift_days")?;
    Ok(then)
}

/// Keeps instants where both databases and every calendar have room around them.
///
/// # Errors
/// A field error for `field` outside the years 1970 to 9998.
pub fn check_range(at: Option<Ts>, field: &str) -> Result<()> {
    match at.map(|at| at.timestamp().as_second()) {
        Some(seconds) if !(0..253_370_764_800).contains(&seconds) => {
            Err(FieldErrors::of(field, "range", "must be in the years 1970 to 9998").into())
        }
        _ => Ok(()),
    }
}

/// A day of the calendar, `2025-06-10`, in no zone. Days order as their texts do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(String);

impl Day {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = Date::strptime("%Y-%m-%d", &text).ok().filter(|day| day.year() >= 1 && day.to_string() == text);
        let wrong = || de::Error::custom(format!("day{CODE_END}must be a day like 2025-06-10"));
        read.map(|_| Day(text.clone())).ok_or_else(wrong)
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::KnownFormat(KnownFormat::Date);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl utoipa::ToSchema for Day {}

/// `-08:00`
fn written(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}

/// A deadline as people read it: "Sunday 9 February 2025, 11:59 PM PST (UTC−8)".
pub fn shown(local: &str, zone_name: &str, closes_at: Ts) -> String {
    let Ok((_, zone)) = zone(zone_name, "zone") else { return closes_at.to_string() };
    let last_minute = closes_at.minus(Duration::from_mins(1)).timestamp().to_zoned(zone);
    match DateTime::strptime("%Y-%m-%dT%H:%M", local) {
        Ok(typed) => format!("{} {}", typed.strftime("%A %-d %B %Y, %-I:%M %p"), zone_words(&last_minute)),
        Err(_) => closes_at.to_string(),
    }
}

/// An instant in UTC and in a zone: "2025-02-10T07:59:59.5Z (Sunday 9 February 2025, 11:59:59 PM PST (UTC−8))".
pub fn both(at: Ts, zone_name: &str) -> String {
    let Ok((_, zone)) = zone(zone_name, "zone") else { return at.to_string() };
    let there = at.timestamp().to_zoned(zone);
    format!("{at} ({} {})", there.strftime("%A %-d %B %Y, %-I:%M:%S %p"), zone_words(&there))
}

/// An instant as pages show it: "Sun 9 Feb 2025, 11:59 PM PST".
pub fn moment(at: Ts, zone_name: &str) -> String {
    let Ok((_, zone)) = zone(zone_name, "zone") else { return at.to_string() };
    let there = at.timestamp().to_zoned(zone);
    let words = zone_words(&there);
    let short = words.split(" (").next().unwrap_or_default();
    format!("{} {short}", there.strftime("%a %-d %b %Y, %-I:%M %p"))
}

/// The day of an instant: "Sun 9 Feb 2025".
pub fn day_of(at: Ts, zone_name: &str) -> String {
    let Ok((_, zone)) = zone(zone_name, "zone") else { return at.to_string() };
    at.timestamp().to_zoned(zone).strftime("%a %-d %b %Y").to_string()
}

/// One day or several as people read them: "Tue 10 June 2025", "10–12 June 2025", "30 May – 2 June 2025".
pub fn days(from: &str, until: Option<&str>) -> String {
    let day = |text: &str| Date::strptime("%Y-%m-%d", text).ok();
    let Some(first) = day(from) else { return from.to_owned() };
    let last = until.and_then(day).filter(|last| *last != first);
    let end = |last: Date| last.strftime("%-d %B %Y").to_string();
    match last {
        None => first.strftime("%a %-d %B %Y").to_string(),
        Some(last) if first.first_of_month() == last.first_of_month() => format!("{}–{}", first.day(), end(last)),
        Some(last) if first.year() == last.year() => format!("{} – {}", first.strftime("%-d %B"), end(last)),
        Some(last) => format!("{} – {}", end(first), end(last)),
    }
}

/// "PST (UTC−8)"; where the zone has only a number for a name, "UTC−8".
fn zone_words(at: &jiff::Zoned) -> String {
    let seconds = at.offset().seconds();
    let sign = if seconds < 0 { '−' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let utc = match (seconds, minutes) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    };
    if at.time_zone().iana_name() == Some(ANYWHERE_ON_EARTH) {
        return format!("Anywhere on Earth ({utc})");
    }
    let name = at.strftime("%Z").to_string();
    if name.starts_with(['+', '-']) || name == "UTC" { utc } else { format!("{name} ({utc})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn closes(local: &str, zone: &str, offset: Option<&str>) -> Result<String> {
        deadline(local, zone, offset, "deadline").map(|deadline| deadline.closes_at.to_string())
    }

    #[test]
    fn days_read_as_people_write_them() {
        assert_eq!(days("2025-06-10", None), "Tue 10 June 2025");
        assert_eq!(days("2025-06-10", Some("2025-06-10")), "Tue 10 June 2025");
        assert_eq!(days("2025-06-10", Some("2025-06-12")), "10–12 June 2025");
        assert_eq!(days("2025-05-30", Some("2025-06-02")), "30 May – 2 June 2025");
        assert_eq!(days("2025-12-30", Some("2026-01-02")), "30 December 2025 – 2 January 2026");
    }

    fn code(error: &Error) -> (&str, &str) {
        let first = error.fields().first().unwrap();
        (&first.field, &first.code)
    }

    #[test]
    fn includes_the_whole_minute() {
        assert_eq!(closes("2025-02-09T23:59", "America/Los_Angeles", None).unwrap(), "2025-02-10T08:00:00Z");
        assert_eq!(closes("2025-02-09 23:59", "Asia/Kathmandu", None).unwrap(), "2025-02-09T18:15:00Z");
        assert_eq!(closes("2025-02-09T23:59", "AoE", None).unwrap(), "2025-02-10T12:00:00Z");
        assert_eq!(closes("2025-02-09T23:59", "Etc/GMT+12", None).unwrap(), "2025-02-10T12:00:00Z");
    }

    #[test]
    fn a_skipped_time_is_refused() {
        let error = closes("2025-03-09T02:30", "America/Los_Angeles", None).unwrap_err();
        assert_eq!(code(&error), ("deadline.local", "gap"));
        assert!(closes("2025-03-09T01:59", "America/Los_Angeles", None).is_ok());
        assert!(closes("2025-03-09T03:00", "America/Los_Angeles", None).is_ok());
    }

    #[test]
    fn a_repeated_time_asks_which() {
        let error = closes("2025-11-02T01:30", "America/Los_Angeles", None).unwrap_err();
        assert_eq!(code(&error), ("deadline.offset", "fold"));
        assert_eq!(error.fields()[0].choices, ["-07:00", "-08:00"]);
        assert_eq!(closes("2025-11-02T01:30", "America/Los_Angeles", Some("-07:00")).unwrap(), "2025-11-02T08:31:00Z");
        assert_eq!(closes("2025-11-02T01:30", "America/Los_Angeles", Some("-08:00")).unwrap(), "2025-11-02T09:31:00Z");
        assert!(closes("2025-11-02T01:30", "America/Los_Angeles", Some("+01:00")).is_err());
        assert!(closes("2025-11-02T02:00", "America/Los_Angeles", None).is_ok());
    }

    #[test]
    fn days_move_and_times_stay() {
        assert_eq!(day_shifted("2024-02-28", 2).unwrap(), "2024-03-01");
        assert_eq!(days_between("2024-02-28", "2025-02-26").unwrap(), 364);
        assert_eq!(days_between("2025-02-26", "2024-02-28").unwrap(), -364);
        assert!(day_shifted("9999-12-31", 1).is_err());
        let winter = deadline("2025-02-09T23:59", "America/Los_Angeles", None, "deadline").unwrap();
        let summer = deadline_shifted(&winter, 120).unwrap();
        assert_eq!(
            (summer.local.as_str(), summer.closes_at.to_string().as_str()),
            ("2025-06-09T23:59", "2025-06-10T07:00:00Z")
        );
        let skipped = deadline("2025-03-08T02:30", "America/Los_Angeles", None, "deadline").unwrap();
        assert_eq!(deadline_shifted(&skipped, 1).unwrap().local, "2025-03-09T03:30");
        let opens =
            instant_shifted("2025-01-10T08:00:00Z".parse().map(Ts::truncated).unwrap(), "America/Los_Angeles", 120);
        assert_eq!(opens.unwrap().to_string(), "2025-05-10T07:00:00Z");
    }

    #[test]
    fn what_was_stored_is_computed_anew() {
        let stored = |local: &str, closes_at: &str| Deadline {
            local: local.into(),
            zone: "America/Los_Angeles".into(),
            closes_at: Ts::truncated(closes_at.parse().unwrap()),
        };
        let now = |local, closes_at| closes_at_now(&stored(local, closes_at)).map(|at| at.to_string()).ok();
        assert_eq!(now("2025-02-09T23:59", "2025-02-10T07:00:00Z").unwrap(), "2025-02-10T08:00:00Z");
        assert_eq!(now("2025-11-02T01:30", "2025-11-02T08:31:00Z").unwrap(), "2025-11-02T08:31:00Z", "the first");
        assert_eq!(now("2025-11-02T01:30", "2025-11-02T09:31:00Z").unwrap(), "2025-11-02T09:31:00Z", "the second");
        assert_eq!(now("2025-03-09T02:30", "2025-03-09T10:31:00Z"), None, "skipped");
    }

    #[test]
    fn nonsense_is_refused() {
        for local in ["", "tomorrow", "2025-02-30T10:00", "2025-02-09T24:00", "2025-02-09T23:59:30", "2025-02-09"] {
            assert_eq!(code(&closes(local, "UTC", None).unwrap_err()), ("deadline.local", "local_time"), "{local}");
        }
        assert_eq!(code(&closes("2025-02-09T23:59", "Mars/Olympus", None).unwrap_err()), ("deadline.zone", "zone"));
    }

    #[test]
    fn shown_as_typed() {
        let pacific = deadline("2025-02-09T23:59", "America/Los_Angeles", None, "deadline").unwrap();
        let words = shown(&pacific.local, &pacific.zone, pacific.closes_at);
        assert_eq!(words, "Sunday 9 February 2025, 11:59 PM PST (UTC−8)");
        let aoe = deadline("2025-02-09T23:59", "AoE", None, "deadline").unwrap();
        let words = shown(&aoe.local, &aoe.zone, aoe.closes_at);
        assert_eq!(words, "Sunday 9 February 2025, 11:59 PM Anywhere on Earth (UTC−12)");
        assert_eq!(
            both(pacific.closes_at, "America/Los_Angeles"),
            "2025-02-10T08:00:00Z (Monday 10 February 2025, 12:00:00 AM PST (UTC−8))"
        );
    }
}
