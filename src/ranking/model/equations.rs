//! A symmetric system of equations, solved by Cholesky.

/// The lower half of a symmetric matrix, row by row.
pub struct Symmetric {
    rows: Vec<Vec<f64>>,
}

/// Its root: a lower half that gives the matrix when it is multiplied with itself.
pub struct Root {
    rows: Vec<Vec<f64>>,
}

impl Symmetric {
    pub fn zero(size: usize) -> Symmetric {
        Symmetric { rows: (1..=size).map(|length| vec![0.0; length]).collect() }
    }

    /// Adds to one place of the lower half: `column` is not above `row`.
    pub fn add(&mut self, row: usize, column: usize, number: f64) {
        if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell += number;
        }
    }

    /// The root of a positive definite matrix.
    pub fn root(self) -> Root {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let mut done: Vec<f64> = Vec::with_capacity(row.len());
            for (cell, above) in row.iter().zip(&rows) {
                let left = cell - dot(&done, above);
                done.push(left / last(above));
            }
            let left = last(&row) - dot(&done, &done);
            done.push(left.sqrt());
            rows.push(done);
        }
        Root { rows }
    }
}

impl Root {
    /// What, multiplied with the matrix, gives `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut half: Vec<f64> = Vec::with_capacity(right.len());
        for (row, right) in self.rows.iter().zip(right) {
            let left = right - dot(&half, row);
            half.push(left / last(row));
        }
        // From the last unknown to the first; each that is found is taken out of the equations before it.
        let mut solved = Vec::with_capacity(half.len());
        for row in self.rows.iter().rev() {
            let Some(left) = half.pop() else { break };
            let found = left / last(row);
            for (before, cell) in half.iter_mut().zip(row) {
                *before -= cell * found;
            }
            solved.push(found);
        }
        solved.reverse();
        solved
    }
}

/// As far as the shorter one goes.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn last(row: &[f64]) -> f64 {
    row.last().copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_was_made_of_the_solution() {
        let mut matrix = Symmetric::zero(3);
        for (row, column, number) in [(0, 0, 4.0), (1, 0, 2.0), (1, 1, 5.0), (2, 0, -2.0), (2, 1, 1.0), (2, 2, 6.0)] {
            matrix.add(row, column, number);
        }
        let solved = matrix.root().solve(&[2.0, 15.0, 18.0]);
        for (found, exact) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - exact).abs() < 1e-12, "{solved:?}");
        }
        assert_eq!(Symmetric::zero(0).root().solve(&[]), Vec::<f64>::new());
    }
}
