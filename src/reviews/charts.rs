//! Charts of reviews in whole units of an SVG, so that templates only write numbers down.

use super::{criteria::views::Criterion, progress::model::Bars};

/// How often somebody gave each score of a criterion.
pub struct Histogram {
    pub criterion: String,
    pub bars: Vec<Bar>,
    pub width: usize,
}

pub struct Bar {
    pub score: i64,
    pub label: String,
    pub count: i64,
    pub x: usize,
    pub middle: usize,
    pub y: i64,
    pub height: i64,
}

const STEP: usize = 48;
const TALLEST: i64 = 80;
/// Where the bars stand.
const GROUND: i64 = 100;

/// Those in which something stands.
pub fn histograms(criteria: &[Criterion], given: &[Bars]) -> Vec<Histogram> {
    let histogram = |bars: &Bars| {
        let criterion = criteria.iter().find(|criterion| criterion.code == bars.criterion)?;
        let most = bars.scores.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
        let bar = |(place, (score, count)): (usize, &(i64, i64))| {
            let height = count * TALLEST / most;
            Bar {
                score: *score,
                label: criterion.labels.get(place).cloned().unwrap_or_default(),
                count: *count,
                x: place * STEP + 6,
                middle: place * STEP + STEP / 2,
                y: GROUND - height,
                height,
            }
        };
        let bars: Vec<Bar> = bars.scores.iter().enumerate().map(bar).collect();
        Some(Histogram { criterion: criterion.name.clone(), width: bars.len() * STEP, bars })
    };
    given.iter().filter_map(histogram).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_is_as_tall_as_the_chart() {
        let criterion = Criterion {
            code: "AAAAAA".into(),
            name: "Fit".into(),
            help: String::new(),
            weight: 1.0,
            lowest: 1,
            highest: 3,
            labels: vec![],
            required: true,
            independent: false,
            tracks: None,
            version: 1,
        };
        let given = |scores: [(i64, i64); 3]| [Bars { criterion: "AAAAAA".into(), scores: scores.to_vec() }];
        let drawn = histograms(std::slice::from_ref(&criterion), &given([(1, 0), (2, 2), (3, 4)]));
        let heights: Vec<(i64, i64)> = drawn[0].bars.iter().map(|bar| (bar.y, bar.height)).collect();
        assert_eq!(heights, [(100, 0), (60, 40), (20, 80)]);
        assert!(histograms(&[criterion], &given([(1, 0), (2, 0), (3, 0)])).is_empty(), "nothing is drawn of nothing");
    }
}
