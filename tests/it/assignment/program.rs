//! The same optimum as the linear program, which is solved by somebody else's code.

#![expect(clippy::cast_precision_loss, reason = "the numbers are small")]

use super::properties::{Rng, new_pairs, random_task, value};
use callboard::assignment::{model::Rules, plan::plan};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome};
use std::collections::BTreeMap;

#[test]
fn equals_the_linear_program() {
    let mut rng = Rng(77);
    for round in 0..150 {
        let rules = Rules { balance: [0, 30, 300][round % 3], keep: 0, fair: false, seed: 3 };
        let task = random_task(&mut rng, 9, rules, false);
        let plan = plan(&task);
        assert!(plan.proven);
        let new = new_pairs(&task, &plan.pairs);
        let (filled, _, worth) = value(&task, &new, 0).unwrap();
        let mut lp = Problem::new(OptimizationDirection::Maximize);
        let needs = task.open_needs();
        let begun = task.begun();
        let mut of_row: BTreeMap<usize, LinearExpr> = BTreeMap::new();
        let mut of_column: BTreeMap<usize, LinearExpr> = BTreeMap::new();
        for (row, column, pair) in task.all_pairs().filter(|(.., p)| p.barrier.is_none() && !p.fixed) {
            // A review is worth more than all weights.
            let x = lp.add_var((100_000 + task.worth(pair)) as f64, (0.0, 1.0));
            of_row.entry(row).or_insert_with(LinearExpr::empty).add(x, 1.0);
            of_column.entry(column).or_insert_with(LinearExpr::empty).add(x, 1.0);
        }
        for (row, sum) in of_row {
            lp.add_constraint(sum, ComparisonOp::Le, f64::from(needs[row]));
        }
        for (column, mut sum) in of_column {
            for load in begun[column]..task.reviewers[column].at_most {
                let y = lp.add_var(-(task.rules.balance * i64::from(load)) as f64, (0.0, 1.0));
                sum.add(y, -1.0);
            }
            lp.add_constraint(sum, ComparisonOp::Le, 0.0);
        }
        let SolveOutcome::Solution(solved) = lp.solve().unwrap() else { panic!() };
        let best = solved.objective();
        assert!((best - (100_000 * filled + worth) as f64).abs() < 1e-3, "round {round}: {best} {filled} {worth}");
    }
}
