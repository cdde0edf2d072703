//! Charts as SVG. Places are percentages and text has its own size, so that a chart can be read on a phone as well; each
//! has its numbers in a table beside it.

use super::filters;
use askama::{Template, filters::HtmlSafe};

/// How high the columns of a chart can be, and how much stands below them.
const COLUMNS: f64 = 150.0;
const TOP: f64 = 22.0;
/// What of the width bars may take; their number stands behind them.
const WIDEST: f64 = 86.0;
/// Labels longer than this are cut in the picture; the table has them whole.
const LONGEST: usize = 44;
const BAR: usize = 46;

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

fn as_number(count: i64) -> f64 {
    i32::try_from(count).map_or(f64::from(i32::MAX), f64::from)
}

fn percent(of: f64) -> String {
    format!("{of:.2}%")
}

/// One bar, with how much of it is of a special kind.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    pub value: i64,
    pub part: Option<i64>,
}

/// How many there are of each kind. Titles are texts of ours; labels are what people wrote.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/chart_bars.html")]
pub struct Bars {
    /// Of the element, once on a page.
    pub id: String,
    pub title: String,
    /// What the bars stand for, as a heading of the table.
    pub kind: &'static str,
    pub value: &'static str,
    /// What the parts are, where there are some.
    pub part: Option<&'static str>,
    pub bars: Vec<Bar>,
    /// Whether people wrote the title.
    pub of_people: bool,
}

impl HtmlSafe for Bars {}

impl Bars {
    fn most(&self) -> f64 {
        as_number(self.bars.iter().map(|bar| bar.value).max().unwrap_or_default())
    }

    fn height(&self) -> usize {
        self.bars.len() * BAR
    }

    pub fn top(&self, place: &usize, more: usize) -> usize {
        place * BAR + more
    }

    pub fn width(&self, value: &i64) -> String {
        percent(share(as_number(*value), self.most()) * WIDEST)
    }

    pub fn short(&self, label: &str) -> String {
        if label.chars().count() <= LONGEST {
            return label.to_owned();
        }
        label.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}

/// How many there are in each stretch of time.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/chart_columns.html")]
pub struct Columns {
    pub id: &'static str,
    pub title: &'static str,
    pub kind: &'static str,
    pub value: &'static str,
    /// Label and number of each.
    pub columns: Vec<(String, i64)>,
    /// What happens at one time, which is so far along, from 0 to 1.
    pub mark: Option<(&'static str, f64)>,
}

impl HtmlSafe for Columns {}

impl Columns {
    fn most(&self) -> i64 {
        self.columns.iter().map(|(_, value)| *value).max().unwrap_or_default()
    }

    fn total(&self) -> i64 {
        self.columns.iter().map(|(_, value)| *value).sum()
    }

    fn each(&self) -> f64 {
        100.0 / as_number(i64::try_from(self.columns.len()).unwrap_or(1).max(1))
    }

    pub fn left(&self, place: &usize) -> String {
        let place = as_number(i64::try_from(*place).unwrap_or_default());
        percent(place * self.each() + self.each() * 0.1)
    }

    fn width(&self) -> String {
        percent(self.each() * 0.8)
    }

    pub fn tall(&self, value: &i64) -> f64 {
        (share(as_number(*value), as_number(self.most())) * COLUMNS).round()
    }

    pub fn top(&self, value: &i64) -> f64 {
        TOP + COLUMNS - self.tall(value)
    }

    pub fn at(&self, mark: &f64) -> String {
        percent(mark.clamp(0.0, 1.0) * 100.0)
    }

    /// On which side of the mark its text has room.
    pub fn anchor(&self, mark: &f64) -> &'static str {
        if *mark > 0.5 { "end" } else { "start" }
    }

    fn first(&self) -> &str {
        self.columns.first().map_or("", |(label, _)| label)
    }

    fn last(&self) -> &str {
        self.columns.last().map_or("", |(label, _)| label)
    }
}

/// A figure on a scale with how uncertain it is. It repeats what stands beside it, so it is hidden from who cannot see.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/chart_interval.html")]
pub struct Interval {
    pub at: f64,
    /// How far it may well be off.
    pub around: Option<f64>,
    pub lowest: f64,
    pub highest: f64,
    pub mark: Option<f64>,
}

impl HtmlSafe for Interval {}

impl Interval {
    fn place(&self, value: f64) -> String {
        percent(share(value - self.lowest, self.highest - self.lowest) * 96.0 + 2.0)
    }

    pub fn begin(&self, around: &f64) -> String {
        self.place(self.at - around)
    }

    pub fn end(&self, around: &f64) -> String {
        self.place(self.at + around)
    }

    fn mid(&self) -> String {
        self.place(self.at)
    }

    pub fn line(&self, mark: &f64) -> String {
        self.place(*mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let bar = |label: &str, value| Bar { label: label.into(), value, part: Some(1) };
        let bars = Bars {
            id: "b".into(),
            title: "Tracks".into(),
            kind: "Track",
            value: "Submitted",
            part: Some("Accepted"),
            bars: vec![bar("A <b>", 4), bar("B", 2), bar("C", 0)],
            of_people: false,
        };
        let html = bars.render().unwrap();
        assert!(
            html.contains("width=\"86.00%\"") && html.contains("width=\"43.00%\"") && html.contains("width=\"0.00%\"")
        );
        assert!(html.contains("role=\"img\"") && html.contains("<table>") && !html.contains("<b>"));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let columns =
            Columns { id: "c", title: "T", kind: "Day", value: "N", columns: vec![], mark: Some(("Deadline", 2.0)) };
        assert!(columns.render().unwrap().contains("x1=\"100.00%\""));
        let interval = Interval { at: 3.0, around: Some(9.0), lowest: 1.0, highest: 5.0, mark: None };
        let html = interval.render().unwrap();
        assert!(html.contains("x1=\"2.00%\"") && html.contains("x2=\"98.00%\"") && html.contains("cx=\"50.00%\""));
    }
}
