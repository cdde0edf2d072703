//! What templates do with values: `{{ "Sign in"|t }}`, `{{ proposal.closes_at|when(event.zone) }}`.

#![expect(clippy::inline_always, reason = "the macro of the filters writes it")]

use super::{language, markdown as to_html};
use crate::{calls::time, db::types::Ts};
use askama::{
    Values,
    filters::{HtmlSafe, Safe},
};
use std::fmt;

/// The text in the language of the page.
#[askama::filter_fn]
pub fn t<T: fmt::Display>(text: T, _: &dyn Values) -> askama::Result<String> {
    Ok(language::t(&text.to_string()).into_owned())
}

/// With what stands for the next `{}`: `{{ "Closes on {}"|t|fill(day) }}`.
#[askama::filter_fn]
pub fn fill<T: fmt::Display, V: fmt::Display>(text: T, _: &dyn Values, value: V) -> askama::Result<String> {
    Ok(text.to_string().replacen("{}", &value.to_string(), 1))
}

/// One of two texts by how many there are, with the number for `{}`: `{{ count|plural("one talk", "{} talks") }}`.
#[askama::filter_fn]
pub fn plural<T: fmt::Display>(count: T, _: &dyn Values, one: &str, many: &str) -> askama::Result<String> {
    let count = count.to_string();
    let text = if count == "1" { one } else { many };
    Ok(language::t(text).replacen("{}", &count, 1))
}

/// Markdown as HTML that can do no harm.
#[askama::filter_fn]
pub fn markdown<T: fmt::Display>(text: T, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(to_html::html(&text.to_string())))
}

/// A number with so many places; a dash where there is none.
#[askama::filter_fn]
pub fn places(number: &Option<f64>, _: &dyn Values, places: usize) -> askama::Result<String> {
    Ok(number.map_or_else(|| "–".into(), |number| format!("{number:.places$}")))
}

/// An instant in the event's zone. The script adds the viewer's own where it is another one.
pub struct Moment {
    at: Ts,
    shown: String,
}

impl HtmlSafe for Moment {}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", self.at, self.shown)
    }
}

/// `Sun 9 Feb 2025, 11:59 PM PST` of an instant, as a `<time>`.
#[askama::filter_fn]
pub fn when(at: &Ts, _: &dyn Values, zone: &str) -> askama::Result<Moment> {
    Ok(Moment { at: *at, shown: time::moment(*at, zone) })
}

/// `Sun 9 Feb 2025` of an instant, as a `<time>`.
#[askama::filter_fn]
pub fn day(at: &Ts, _: &dyn Values, zone: &str) -> askama::Result<Moment> {
    Ok(Moment { at: *at, shown: time::day_of(*at, zone) })
}
