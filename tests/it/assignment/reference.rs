//! FLOW-1, whose one optimum was found by hand, and the words of a cut.

use super::{barred, proposal, reviewer, weighs};
use callboard::assignment::{
    document::{Document, read_bids},
    fairness::floor,
    model::{Barrier, Bid, NamedPair, Pair, Rules, Task},
    plan::plan,
    views::{PlanView, TaskView},
};

fn flow_1(first: u32, rules: Rules) -> Task {
    let pairs = vec![
        barred("P1", "R1", Barrier::Conflict),
        weighs("P1", "R2", 60),
        weighs("P1", "R3", 80),
        weighs("P2", "R1", 90),
        weighs("P2", "R2", 70),
        weighs("P2", "R3", 10),
        weighs("P3", "R1", 50),
        weighs("P3", "R2", 40),
        weighs("P3", "R3", 30),
    ];
    Task::new(
        ["P1", "P2", "P3"].map(|id| proposal(id, 2)).to_vec(),
        vec![reviewer("R1", 0, first), reviewer("R2", 0, 2), reviewer("R3", 0, 2)],
        pairs,
        rules,
    )
    .unwrap()
}

#[test]
fn flow_1_has_its_one_optimum() {
    for seed in 0..20 {
        for fair in [true, false] {
            let plan = plan(&flow_1(2, Rules { fair, seed, ..Rules::default() }));
            assert_eq!(plan.pairs, [(0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (2, 2)]);
            assert_eq!((plan.report.total_weight, plan.report.lowest_weight), (380, Some(30)));
            assert!(plan.proven && plan.shortages.is_empty());
        }
    }
    assert_eq!(floor(&flow_1(2, Rules::default())), 30);
}

#[test]
fn flow_1_with_less_room_tells_the_cut() {
    let plan = plan(&flow_1(1, Rules::default()));
    assert_eq!((plan.report.filled, plan.report.needed), (5, 6));
    assert!(plan.proven);
    let [shortage] = plan.shortages.as_slice() else { panic!("{:?}", plan.shortages) };
    assert_eq!(shortage.proposals, ["P1", "P2", "P3"]);
    assert_eq!((shortage.needed, shortage.room, shortage.missing), (6, 5, 1));
    assert_eq!(
        shortage.text(),
        "3 proposals (P1, P2, P3) need 6 more reviews, and 5 can be given: the 3 reviewers who may read them have room \
         for 5. Ruled out: 1 conflict."
    );
}

fn unknown(proposals: &[&str], reviewers: &[(&str, u32)], needs: u32, named: Vec<NamedPair>) -> Task {
    let proposals = proposals.iter().map(|id| proposal(id, needs)).collect();
    let reviewers = reviewers.iter().map(|(id, most)| reviewer(id, 0, *most)).collect();
    Task::new(proposals, reviewers, named, Rules::default()).unwrap()
}

#[test]
fn each_shortage_has_its_reason() {
    let named =
        vec![barred("A", "R1", Barrier::Own), barred("A", "R2", Barrier::Declined), barred("B", "R1", Barrier::Track)];
    let task = unknown(&["A", "B", "C"], &[("R1", 9), ("R2", 9)], 2, named);
    let texts: Vec<String> = plan(&task).shortages.iter().map(callboard::assignment::cut::Shortage::text).collect();
    assert_eq!(
        texts,
        [
            "1 proposal (A) needs 2 more reviews, and 0 can be given: nobody may read it who does not yet. Ruled out: \
             1 own proposal, 1 declined proposal.",
            "1 proposal (B) needs 2 more reviews, and 1 can be given: others can give 1, as nobody reviews a proposal \
             twice. Ruled out: 1 pair outside of the reviewer's tracks.",
        ]
    );
}

#[test]
fn shortages_that_share_nobody_are_told_apart() {
    let others = [("A", "R2"), ("B", "R2"), ("C", "R1"), ("D", "R1")];
    let named = others.map(|(proposal, reviewer)| barred(proposal, reviewer, Barrier::Track)).to_vec();
    let task = unknown(&["A", "B", "C", "D"], &[("R1", 1), ("R2", 2)], 1, named);
    let plan = plan(&task);
    let [shortage] = plan.shortages.as_slice() else { panic!("{:?}", plan.shortages) };
    assert_eq!(shortage.proposals, ["A", "B"]);
    assert_eq!(shortage.reviewers, ["R1"]);
    assert_eq!(shortage.missing, 1);
}

#[test]
fn what_has_begun_stays_and_counts() {
    let begun = Pair { fixed: true, previous: true, weight: Some(0), ..Pair::default() };
    let named = vec![NamedPair { proposal: "A".into(), reviewer: "R1".into(), pair: begun }, weighs("A", "R2", 900)];
    let task = unknown(&["A"], &[("R1", 1), ("R2", 1)], 1, named);
    let plan = plan(&task);
    assert_eq!(plan.pairs, [(0, 0)]);
    assert_eq!((plan.report.changes.kept, plan.report.changes.added), (1, 0));
}

#[test]
fn keeping_outweighs_a_small_gain_and_no_large_one() {
    let with = |keep: i64| {
        let kept = Pair { previous: true, weight: Some(500), ..Pair::default() };
        let named = vec![NamedPair { proposal: "A".into(), reviewer: "R1".into(), pair: kept }, weighs("A", "R2", 600)];
        let proposals = vec![proposal("A", 1)];
        let reviewers = vec![reviewer("R1", 0, 1), reviewer("R2", 0, 1)];
        plan(&Task::new(proposals, reviewers, named, Rules { keep, ..Rules::default() }).unwrap()).pairs
    };
    assert_eq!(with(99), [(0, 1)]);
    assert_eq!(with(101), [(0, 0)]);
}

#[test]
fn minima_come_before_weight() {
    let named = vec![weighs("A", "R1", 1000), weighs("B", "R1", 1000), weighs("A", "R2", 100), weighs("B", "R2", 0)];
    let of = |least: u32| {
        let proposals = vec![proposal("A", 1), proposal("B", 1)];
        let reviewers = vec![reviewer("R1", 0, 2), reviewer("R2", least, 2)];
        let rules = Rules { fair: false, ..Rules::default() };
        plan(&Task::new(proposals, reviewers, named.clone(), rules).unwrap())
    };
    assert_eq!(of(0).pairs, [(0, 0), (1, 0)]);
    assert_eq!(of(1).pairs, [(0, 1), (1, 0)]);
    assert_eq!(of(2).pairs, [(0, 1), (1, 1)]);
}

#[test]
fn weights_are_made_of_bid_fit_and_expertise() {
    let weight = |bid, fit, expertise| Pair { bid, fit, expertise, ..Pair::default() }.weight();
    assert_eq!(weight(Bid::Want, 100, 100), 1000);
    assert_eq!([Bid::Want, Bid::Can, Bid::Unknown, Bid::RatherNot].map(|bid| weight(bid, 0, 0)), [600, 360, 300, 90]);
    assert_eq!(weight(Bid::RatherNot, 50, 0), 240);
}

#[test]
fn what_is_wrong_with_a_task_is_told() {
    let wrong = |json: serde_json::Value| serde_json::from_value::<Document>(json).unwrap().task().unwrap_err();
    let pair = serde_json::json!({ "proposal": "A", "reviewer": "X" });
    let json = serde_json::json!({ "proposals": [{ "id": "A" }, { "id": "A" }], "reviewers": [], "balance": 1001 });
    assert_eq!(wrong(json), ["A comes twice", "balance must be from 0 to 1000"]);
    let json = serde_json::json!({ "proposals": [{ "id": "A" }], "reviewers": [{ "id": "R" }], "pairs": [pair] });
    assert_eq!(wrong(json), ["the pair of A and X names somebody who is not listed"]);
    for (pair, what) in [
        (serde_json::json!({ "fixed": true, "barrier": "conflict" }), "has begun and is forbidden at once"),
        (serde_json::json!({ "fit": 101 }), "has more than 100 percent of fit or expertise"),
        (serde_json::json!({ "weight": 1001 }), "weighs more than 1000"),
    ] {
        let mut pair = pair;
        pair["proposal"] = "A".into();
        pair["reviewer"] = "R".into();
        let json = serde_json::json!({ "proposals": [{ "id": "A" }], "reviewers": [{ "id": "R" }], "pairs": [pair] });
        assert_eq!(wrong(json), [format!("the pair of A and R {what}")]);
    }
}

#[test]
fn a_task_that_was_given_out_is_replayed() {
    let task = flow_1(1, Rules { balance: 3, keep: 7, fair: true, seed: 11 });
    let json = serde_json::to_value(TaskView::from(&task)).unwrap();
    let again = serde_json::from_value::<Document>(json).unwrap().task().unwrap();
    assert_eq!(again.hash(), task.hash());
    let view = |task: &Task| serde_json::to_string(&PlanView::of(task, &plan(task))).unwrap();
    assert_eq!(view(&again), view(&task));
}

#[test]
fn bids_come_from_a_spreadsheet() {
    let file = "\u{feff}Bidder,Submission,Bid\nada,1,yes\nada,2,conflict\ngrace,1,Maybe\ngrace,2,no\n";
    let bids = read_bids(file.as_bytes()).unwrap();
    let read: Vec<_> = bids.pairs.iter().map(|pair| (pair.reviewer.as_str(), pair.bid, pair.barrier)).collect();
    assert_eq!(
        read,
        [
            ("ada", Bid::Want, None),
            ("ada", Bid::Unknown, Some(Barrier::Conflict)),
            ("grace", Bid::Can, None),
            ("grace", Bid::RatherNot, None)
        ]
    );
    assert_eq!((bids.proposals.len(), bids.reviewers.len()), (2, 2));
    let wrong = |file: &str| read_bids(file.as_bytes()).unwrap_err();
    assert_eq!(wrong("reviewer,bid\n"), ["there is no column proposal or submission or paper"]);
    assert_eq!(
        wrong("reviewer,proposal,bid\nada,1,perhaps\nada,,want\n"),
        [
            "row 2: the bid is none of want, can, unknown, rather_not, conflict",
            "row 3: proposal and reviewer are both needed"
        ]
    );
}
