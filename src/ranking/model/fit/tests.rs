//! The reference example with its exact fractions, and what holds for every input.

use super::*;

fn bits(number: f64) -> u64 {
    number.to_bits()
}

fn reference() -> Vec<Given<char, u8>> {
    let rows = [
        ('A', [Some(4), Some(4), Some(4), None]),
        ('B', [Some(5), Some(4), None, Some(2)]),
        ('C', [Some(4), None, Some(4), Some(2)]),
        ('D', [None, Some(3), Some(4), Some(1)]),
        ('E', [Some(3), Some(3), None, Some(1)]),
        ('F', [Some(2), None, Some(3), Some(1)]),
        ('G', [None, Some(3), Some(3), Some(1)]),
        ('H', [Some(3), Some(3), Some(3), None]),
    ];
    let given = |(proposal, scores): (char, [Option<i64>; 4])| {
        (1..).zip(scores).filter_map(move |(reviewer, score)| Some(Given { proposal, reviewer, score: score? }))
    };
    rows.into_iter().flat_map(given).collect()
}

fn fitted<P: Ord + Copy, R: Ord + Copy>(given: &[Given<P, R>]) -> Fit<P, R> {
    fit(given, Weights::default()).unwrap()
}

#[test]
fn the_reference_comes_out_in_its_exact_fractions() {
    let fit = fitted(&reference());
    assert_eq!(bits(fit.mean), bits(35.0 / 12.0));
    let offsets: Vec<u64> = fit.reviewers.values().map(|of| bits(of.offset)).collect();
    assert_eq!(offsets, [8.0, 6.0, 11.0, -25.0].map(|part: f64| bits(part / 31.0)));
    let raw = [4.0, 11.0 / 3.0, 10.0 / 3.0, 8.0 / 3.0, 7.0 / 3.0, 2.0, 7.0 / 3.0, 3.0].map(bits);
    assert_eq!(fit.proposals.values().map(|of| bits(of.raw)).collect::<Vec<_>>(), raw);
    let adjusted = [347.0, 352.0, 316.0, 256.0, 228.0, 192.0, 225.0, 254.0].map(|part: f64| bits(part / 93.0));
    assert_eq!(fit.proposals.values().map(|of| bits(of.adjusted)).collect::<Vec<_>>(), adjusted);
    let scores = [5249.0, 5309.0, 4877.0, 4157.0, 3821.0, 3389.0, 3785.0, 4133.0].map(|part: f64| bits(part / 1488.0));
    assert_eq!(fit.proposals.values().map(|of| bits(of.score)).collect::<Vec<_>>(), scores);
    assert_eq!((fit.freedom, fit.groups), (13, 1));
    let noise = fit.noise.unwrap();
    assert!(
        (noise * noise * 13.0 - 16_822.0 / 2883.0).abs() < 1e-14 && (noise * noise - 1294.0 / 2883.0).abs() < 1e-15
    );
    for of in fit.proposals.values() {
        assert!((of.deviation.unwrap() - 0.334_977).abs() < 5e-7);
    }
}

/// A generator for tests alone: reviewers who each look at some proposals, with scores from 1 to 5.
fn dealt(seed: u64, proposals: u64, reviewers: u64, each: u64) -> Vec<Given<u64, u64>> {
    let mut state = seed;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut given = vec![];
    for proposal in 0..proposals {
        let mut by: Vec<u64> = vec![];
        while (by.len() as u64) < each {
            let reviewer = next(reviewers);
            if !by.contains(&reviewer) {
                by.push(reviewer);
            }
        }
        given.extend(by.into_iter().map(|reviewer| {
            let score = i64::try_from(1 + (next(3) + next(2) + reviewer % 3).min(4)).unwrap();
            Given { proposal, reviewer, score }
        }));
    }
    given
}

type Print<P, R> = (Vec<(P, [u64; 5])>, Vec<(R, u64)>, [u64; 2]);

/// Everything of a fit in bits, by the names it has.
fn print<P: Ord + Copy, R: Ord + Copy>(fit: &Fit<P, R>) -> Print<P, R> {
    let of_proposal = |of: &Fitted| [of.raw, of.adjusted, of.score, of.range, of.deviation.unwrap_or(-1.0)].map(bits);
    (
        fit.proposals.iter().map(|(name, of)| (*name, of_proposal(of))).collect(),
        fit.reviewers.iter().map(|(name, of)| (*name, bits(of.offset))).collect(),
        [bits(fit.mean), bits(fit.noise.unwrap_or(-1.0))],
    )
}

#[test]
fn offsets_of_a_group_sum_up_to_nothing() {
    let mut given = dealt(1, 60, 9, 4);
    given.extend(dealt(2, 50, 7, 3).into_iter().map(|of| Given {
        proposal: of.proposal + 1000,
        reviewer: of.reviewer + 1000,
        score: of.score,
    }));
    let (table, _, names) = Table::of(&given);
    let estimate = table.estimate(5).unwrap();
    assert_eq!(table.groups(), 2);
    for group in [0..1000, 1000..2000] {
        let of_group = names.iter().zip(&estimate.offsets).filter(|(name, _)| group.contains(*name));
        let sum: Fixed = of_group.map(|(_, offset)| *offset).sum();
        assert!(sum.abs() < tolerance(), "{}", sum.float());
    }
}

#[test]
fn where_everybody_scored_everything_the_adjusted_mean_is_the_raw_one() {
    for (reviewers, seed) in [(3, 1), (7, 2), (23, 3)] {
        for of in fitted(&dealt(seed, 40, reviewers, reviewers)).proposals.values() {
            assert_eq!(bits(of.adjusted), bits(of.raw));
        }
    }
}

#[test]
fn with_a_large_lambda_the_adjusted_mean_goes_to_the_raw_one() {
    let given = dealt(4, 80, 12, 4);
    let off = |lambda: u32| {
        let fit = fit(&given, Weights { lambda, kappa: 1 }).unwrap();
        fit.proposals.values().map(|of| (of.adjusted - of.raw).abs()).fold(0.0, f64::max)
    };
    assert!(off(5) > 0.1 && off(50_000) < 0.001 && off(u32::MAX) < 1e-7);
}

#[test]
fn order_and_names_change_nothing() {
    for seed in 0..20 {
        let given = dealt(seed, 120, 15, 4);
        let before = print(&fitted(&given));
        let mut turned = given.clone();
        turned.rotate_left(97);
        turned.reverse();
        assert_eq!(print(&fitted(&turned)), before, "another order");

        // Names that sort otherwise.
        let proposal = |name: u64| name * 7919 % 10_007;
        let reviewer = |name: u64| 1_000_003 - name * 31 % 97;
        let renamed: Vec<Given<u64, u64>> = turned
            .iter()
            .map(|of| Given { proposal: proposal(of.proposal), reviewer: reviewer(of.reviewer), score: of.score })
            .collect();
        let after = fitted(&renamed);
        let back = Fit {
            proposals: (0..120).map(|name| (name, after.proposals[&proposal(name)])).collect(),
            reviewers: (0..15).map(|name| (name, after.reviewers[&reviewer(name)])).collect(),
            ..after
        };
        assert_eq!(print(&back), before, "other names");
    }
}

#[test]
fn residuals_sum_up_to_nothing_and_to_the_penalty() {
    let given = dealt(5, 200, 25, 5);
    let fit = fitted(&given);
    let mut of_proposal: BTreeMap<u64, f64> = BTreeMap::new();
    let mut of_reviewer: BTreeMap<u64, f64> = BTreeMap::new();
    for of in &given {
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let residual = of.score as f64 - fit.proposals[&of.proposal].adjusted - fit.reviewers[&of.reviewer].offset;
        *of_proposal.entry(of.proposal).or_default() += residual;
        *of_reviewer.entry(of.reviewer).or_default() += residual;
    }
    assert!(of_proposal.values().all(|sum| sum.abs() < 1e-13));
    assert!(of_reviewer.iter().all(|(name, sum)| (sum - 5.0 * fit.reviewers[name].offset).abs() < 1e-12));
}

#[test]
fn a_wrong_estimate_does_not_pass_its_check() {
    let (table, ..) = Table::of(&reference());
    let estimate = table.estimate(5).unwrap();
    assert!(table.missing(&estimate, 5).iter().all(|missing| missing.abs() < tolerance()));
    let mut offsets = estimate.offsets.clone();
    offsets[2] += Fixed::near(1e-12);
    let off = table.adjust(offsets);
    assert!(table.missing(&off, 5).iter().any(|missing| missing.abs() >= tolerance()));
    let skewed = Estimate { adjusted: vec![Fixed::whole(3); estimate.adjusted.len()], offsets: estimate.offsets };
    assert!(!table.leaves_nothing(&skewed));
}

#[test]
fn points_for_all_shift_the_scores_and_no_offset() {
    let given = dealt(6, 90, 11, 4);
    let (low, _, _) = Table::of(&given);
    let lifted: Vec<_> = given.iter().map(|of| Given { score: of.score + 37, ..*of }).collect();
    let (high, ..) = Table::of(&lifted);
    let (low, high) = (low.estimate(5).unwrap(), high.estimate(5).unwrap());
    assert_eq!(low.offsets, high.offsets);
    let shifted: Vec<Fixed> = low.adjusted.iter().map(|of| *of + Fixed::whole(37)).collect();
    assert_eq!(shifted, high.adjusted, "to the last bit");
    let (before, after) = (fitted(&given), fitted(&lifted));
    assert!((after.mean - before.mean - 37.0).abs() < 1e-13);
    assert_eq!(before.noise.map(bits), after.noise.map(bits));
    for (name, of) in &before.proposals {
        assert!((after.proposals[name].score - of.score - 37.0).abs() < 1e-13);
    }
}

#[test]
fn a_proposal_with_one_review_changes_no_offset() {
    let given = dealt(7, 70, 9, 3);
    let mut more = given.clone();
    more.push(Given { proposal: 500, reviewer: 4, score: 1 });
    more.push(Given { proposal: 501, reviewer: 4, score: 5 });
    let offsets = |given: &[Given<u64, u64>]| {
        fitted(given).reviewers.into_iter().map(|(name, of)| (name, bits(of.offset))).collect::<Vec<_>>()
    };
    assert_eq!(offsets(&given), offsets(&more));
}

#[test]
fn a_deviation_needs_five_scores_to_spare() {
    let line = |proposals: u64| -> Fit<u64, u64> {
        let both = (0..proposals).flat_map(|proposal| {
            [0, 1].map(|reviewer| Given {
                proposal,
                reviewer,
                score: i64::try_from(1 + (proposal + reviewer) % 4).unwrap(),
            })
        });
        fitted(&both.collect::<Vec<_>>())
    };
    assert_eq!((line(5).freedom, line(5).noise), (4, None));
    assert_eq!((line(6).freedom, line(6).noise.is_some()), (5, true));
    assert_eq!(line(5).proposals[&0].deviation, None);
    let nothing: Fit<u64, u64> = fitted(&[]);
    assert_eq!((nothing.proposals.len(), nothing.groups, nothing.noise), (0, 0, None));
}
