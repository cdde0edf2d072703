//! Ranks, lines and warnings.

use super::*;

fn given(rows: &[(char, &[(u8, i64)])]) -> Vec<Given<char, u8>> {
    let row = |(proposal, scores): &(char, &[(u8, i64)])| {
        let proposal = *proposal;
        scores
            .iter()
            .map(move |(reviewer, score)| Given { proposal, reviewer: *reviewer, score: *score })
            .collect::<Vec<_>>()
    };
    rows.iter().flat_map(row).collect()
}

fn reference() -> Vec<Given<char, u8>> {
    given(&[
        ('A', &[(1, 4), (2, 4), (3, 4)]),
        ('B', &[(1, 5), (2, 4), (4, 2)]),
        ('C', &[(1, 4), (3, 4), (4, 2)]),
        ('D', &[(2, 3), (3, 4), (4, 1)]),
        ('E', &[(1, 3), (2, 3), (4, 1)]),
        ('F', &[(1, 2), (3, 3), (4, 1)]),
        ('G', &[(2, 3), (3, 3), (4, 1)]),
        ('H', &[(1, 3), (2, 3), (3, 3)]),
    ])
}

fn criterion(weight: f64, scores: Vec<Given<char, u8>>) -> Criterion<char, u8> {
    Criterion { weight, lowest: 1, highest: 5, scores }
}

fn parameters(cut: impl Into<Option<u32>>) -> Parameters {
    Parameters { weights: Weights::default(), draws: Draws::new(1, 8), cut: cut.into() }
}

fn all() -> BTreeSet<char> {
    ('A'..='Z').collect()
}

fn ranked(criteria: &[Criterion<char, u8>], cut: impl Into<Option<u32>>) -> Ranking<char, u8> {
    rank(criteria, &all(), parameters(cut)).unwrap()
}

fn order(ranking: &Ranking<char, u8>) -> String {
    ranking.ranked.iter().map(|of| of.proposal).collect()
}

#[test]
fn the_reference_is_ranked_by_what_is_calibrated() {
    let ranking = ranked(&[criterion(1.0, reference())], 1);
    assert_eq!(order(&ranking), "BACDHEGF");
    assert_eq!(ranking.ranked.iter().map(|of| of.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(ranking.line.map(f64::to_bits), Some((10_558.0f64 / 2976.0).to_bits()));
    let close: String = ranking.ranked.iter().filter(|of| of.too_close == Some(true)).map(|of| of.proposal).collect();
    assert_eq!(close, "BAC", "closer to the line than 1.28 deviations");
    let chance: f64 = ranking.ranked.iter().filter_map(|of| of.chance).sum();
    assert!((chance - 1.0).abs() < 1e-9);
    assert_eq!(ranking.warnings, []);
}

#[test]
fn equals_share_a_rank_and_the_next_one_leaves_a_gap() {
    let scores = given(&[
        ('A', &[(1, 2), (2, 4)]),
        ('B', &[(1, 4), (2, 2)]),
        ('C', &[(1, 5), (2, 5)]),
        ('D', &[(1, 1), (2, 1)]),
    ]);
    let ranking = ranked(&[criterion(1.0, scores)], None);
    assert_eq!(ranking.ranked.iter().map(|of| of.rank).collect::<Vec<_>>(), [1, 2, 2, 4]);
    assert!(ranking.ranked.iter().all(|of| of.too_close.is_none() && of.chance.is_none()));
    assert_eq!(ranking.line, None);
}

#[test]
fn the_line_is_where_room_ends() {
    let criteria = [criterion(1.0, reference())];
    assert_eq!(ranked(&criteria, 0).line, None);
    assert!(ranked(&criteria, 0).ranked.iter().all(|of| of.chance == Some(0.0)));
    assert!(ranked(&criteria, 7).line.is_some());
    assert_eq!(ranked(&criteria, 8).line, None);
    assert!(ranked(&criteria, 8).ranked.iter().all(|of| of.chance == Some(1.0) && of.too_close.is_none()));
}

#[test]
fn only_candidates_are_ranked_but_all_tell_of_reviewers() {
    let whole = ranked(&[criterion(1.0, reference())], 3);
    let candidates = ['A', 'C', 'H'].into();
    let part = rank(&[criterion(1.0, reference())], &candidates, parameters(1)).unwrap();
    assert_eq!(order(&part), "ACH");
    assert_eq!(part.ranked[1].rank, 2, "without a gap where others were");
    assert_eq!((part.calibrated, part.offsets), (whole.calibrated, whole.offsets));
}

#[test]
fn criteria_count_by_weight_and_where_they_are_scored() {
    let overall = criterion(3.0, reference());
    let fit_for = criterion(1.0, given(&[('A', &[(1, 5), (2, 5)]), ('B', &[(1, 1), (2, 1)])]));
    let alone = ranked(std::slice::from_ref(&overall), None).calibrated;
    let second = ranked(std::slice::from_ref(&fit_for), None).calibrated;
    let ranking = ranked(&[overall.clone(), fit_for.clone()], None);
    let expected = (3.0 * alone[&'A'].score + second[&'A'].score) / 4.0;
    assert!((ranking.calibrated[&'A'].score - expected).abs() < 1e-14);
    assert_eq!(ranking.calibrated[&'C'], alone[&'C'], "only the criteria that are scored");
    assert_eq!(ranking.calibrated[&'A'].deviation, None, "known on one of the two only");
    assert_eq!(order(&ranking).chars().next(), Some('A'));
    let turned = ranked(&[fit_for, overall], None);
    assert_eq!(turned.calibrated, ranking.calibrated, "in any order");
    assert!(ranking.warnings.contains(&Warning::NoDeviation));
}

#[test]
fn reviewers_disagree_from_two_fifths_of_the_scale() {
    let scores = given(&[
        ('A', &[(1, 10), (2, 6)]),
        ('B', &[(1, 6), (2, 10)]),
        ('C', &[(1, 9), (2, 6)]),
        ('D', &[(1, 6), (2, 9)]),
    ]);
    let criterion = Criterion { weight: 1.0, lowest: 0, highest: 10, scores };
    let ranking = ranked(&[criterion], None);
    assert_eq!(ranking.calibrated.values().map(|of| of.disagreement).collect::<Vec<_>>(), [true, true, false, false]);
}

#[test]
fn warns_of_groups_few_scores_and_scales() {
    let apart = given(&[
        ('A', &[(1, 4), (2, 3)]),
        ('B', &[(1, 2), (2, 3)]),
        ('C', &[(1, 3), (2, 3)]),
        ('D', &[(3, 5), (4, 4)]),
        ('E', &[(3, 5), (4, 4)]),
        ('F', &[(3, 5)]),
    ]);
    let ranking = ranked(&[criterion(1.0, apart)], None);
    let few = Warning::FewScores { reviewers: vec![4] };
    assert_eq!(ranking.warnings, [Warning::Apart { groups: 2 }, few, Warning::NoDeviation]);
    let ten = Criterion { highest: 10, ..criterion(1.0, reference()) };
    assert_eq!(ranked(&[criterion(1.0, reference()), ten], None).warnings, [Warning::Scales]);
    assert_eq!(ranked(&[criterion(1.0, vec![])], 3).warnings, []);
}

#[test]
fn a_ranking_can_be_replayed() {
    let criteria = [criterion(1.0, reference())];
    assert_eq!(ranked(&criteria, 3), ranked(&criteria, 3));
    let other = Parameters { draws: Draws { seed: 2, ..parameters(3).draws }, ..parameters(3) };
    let other = rank(&criteria, &all(), other).unwrap();
    assert_ne!(other, ranked(&criteria, 3), "another seed draws otherwise");
    assert_eq!(other.calibrated, ranked(&criteria, 3).calibrated);
}

#[test]
fn totals_are_weighted() {
    assert_eq!(total([(2.0, 5), (1.0, 2)]), Some(4.0));
    assert_eq!(total([(0.5, 3)]), Some(3.0));
    assert_eq!(total([]), None);
}

#[test]
fn summaries_leave_abstentions_out_of_the_mean() {
    let summary =
        summarize([Some(2.0), None, Some(4.0), Some(4.0), Some(4.0), Some(5.0), Some(5.0), Some(7.0), Some(9.0)]);
    assert_eq!(summary, Summary { count: 8, abstentions: 1, mean: Some(5.0), spread: Some(2.0) });
    assert_eq!(summarize([Some(3.5)]), Summary { count: 1, abstentions: 0, mean: Some(3.5), spread: Some(0.0) });
    assert_eq!(summarize([None]), Summary { count: 0, abstentions: 1, mean: None, spread: None });
    assert_eq!(summarize([]), Summary::default());
}
