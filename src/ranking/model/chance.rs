//! How likely each proposal is among the best K, by drawing what the scores could as well have been.

/// Draws of one ranking. The same seed gives the same draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    pub seed: u64,
    pub number: u32,
}

impl Draws {
    /// As many as take a tenth of a second: some thousand for an event of usual size.
    pub fn new(seed: u64, proposals: usize) -> Draws {
        let number = 2_000_000 / u32::try_from(proposals.max(1)).unwrap_or(u32::MAX);
        Draws { seed, number: number.clamp(500, 5_000) }
    }
}

/// What a proposal's rank score is, and its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    pub score: f64,
    pub deviation: f64,
}

/// For each of the guesses, in their order, the share of draws in which it is among the best `best`.
pub fn among_best(guesses: &[Guess], best: usize, draws: Draws) -> Vec<f64> {
    if best >= guesses.len() {
        return vec![1.0; guesses.len()];
    }
    // Which draw is whose follows from the numbers alone, so the order in which they come makes no difference.
    let mut order: Vec<(Guess, usize)> = guesses.iter().copied().zip(0..).collect();
    order.sort_by(|(one, _), (other, _)| compare(one, other));
    let mut hits = vec![0_u32; order.len()];
    let mut normal = Normal::new(draws.seed);
    let mut drawn: Vec<(f64, usize)> = Vec::with_capacity(order.len());
    for _ in 0..draws.number {
        drawn.clear();
        drawn.extend(
            order.iter().enumerate().map(|(at, (guess, _))| (guess.score + guess.deviation * normal.next(), at)),
        );
        let first = |one: &(f64, usize), other: &(f64, usize)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
        let (top, ..) = drawn.select_nth_unstable_by(best, first);
        for (_, at) in top {
            if let Some(hits) = hits.get_mut(*at) {
                *hits += 1;
            }
        }
    }
    // Those with equal numbers have equal chances: each gets the mean of theirs.
    let mut chances = vec![0.0; guesses.len()];
    let mut hits = hits.iter();
    for equals in order.chunk_by(|(one, _), (other, _)| compare(one, other).is_eq()) {
        let sum: u32 = hits.by_ref().take(equals.len()).sum();
        let drawn = f64::from(draws.number) * f64::from(u32::try_from(equals.len()).unwrap_or(u32::MAX));
        for (_, at) in equals {
            if let Some(chance) = chances.get_mut(*at) {
                *chance = f64::from(sum) / drawn;
            }
        }
    }
    chances
}

fn compare(one: &Guess, other: &Guess) -> std::cmp::Ordering {
    other.score.total_cmp(&one.score).then(other.deviation.total_cmp(&one.deviation))
}

/// Numbers of the normal distribution: Marsaglia's polar method over SplitMix64.
struct Normal {
    state: u64,
    spare: Option<f64>,
}

impl Normal {
    fn new(seed: u64) -> Normal {
        Normal { state: seed, spare: None }
    }

    fn next(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (self.uniform(), self.uniform());
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let stretch = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(y * stretch);
                return x * stretch;
            }
        }
    }

    /// From -1 to 1.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let number = (bits >> 11) as f64;
        number / 2f64.powi(52) - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(score: f64, deviation: f64) -> Guess {
        Guess { score, deviation }
    }

    #[test]
    fn draws_are_normal() {
        let mut normal = Normal::new(7);
        let drawn: Vec<f64> = (0..100_000).map(|_| normal.next()).collect();
        let mean = drawn.iter().sum::<f64>() / 100_000.0;
        let variance = drawn.iter().map(|number| number * number).sum::<f64>() / 100_000.0;
        let within = drawn.iter().filter(|number| number.abs() < 1.0).count();
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        assert!((67_800..68_800).contains(&within), "{within}");
    }

    #[test]
    fn chances_sum_up_to_the_places_and_follow_the_scores() {
        let guesses = [guess(4.0, 0.3), guess(3.9, 0.3), guess(3.0, 0.3), guess(1.0, 0.3)];
        let chances = among_best(&guesses, 2, Draws { seed: 1, number: 4000 });
        assert!((chances.iter().sum::<f64>() - 2.0).abs() < 1e-9);
        assert!(chances.windows(2).all(|pair| pair[0] > pair[1]), "{chances:?}");
        assert!(chances[0] > 0.95 && chances[3] < 0.001, "{chances:?}");
        assert_eq!(among_best(&guesses, 4, Draws { seed: 1, number: 10 }), [1.0; 4]);
        assert_eq!(among_best(&guesses, 0, Draws { seed: 1, number: 10 }), [0.0; 4]);
        assert_eq!(among_best(&[], 0, Draws { seed: 1, number: 10 }), Vec::<f64>::new());
    }

    #[test]
    fn who_is_known_to_the_point_is_in_or_out() {
        let chances =
            among_best(&[guess(2.0, 0.0), guess(3.0, 0.0), guess(2.0, 0.0)], 2, Draws { seed: 9, number: 100 });
        assert_eq!(chances, [0.5, 1.0, 0.5], "equals share the place");
    }

    #[test]
    fn chances_go_with_the_guess_and_not_with_its_place() {
        let guesses: Vec<Guess> = (0..40_u32).map(|at| guess(f64::from(at % 7), 0.5 + f64::from(at % 3))).collect();
        let mut turned: Vec<(Guess, usize)> = guesses.iter().copied().zip(0..).collect();
        turned.rotate_left(13);
        turned.reverse();
        let draws = Draws { seed: 3, number: 300 };
        let before = among_best(&guesses, 11, draws);
        let after = among_best(&turned.iter().map(|(guess, _)| *guess).collect::<Vec<_>>(), 11, draws);
        for ((_, at), chance) in turned.iter().zip(after) {
            assert_eq!(chance.to_bits(), before[*at].to_bits());
        }
        assert_ne!(before, among_best(&guesses, 11, Draws { seed: 4, ..draws }), "the seed counts");
    }

    #[test]
    fn draws_are_fewer_for_many_proposals() {
        assert_eq!([0, 184, 1000, 10_000].map(|proposals| Draws::new(1, proposals).number), [5_000, 5_000, 2_000, 500]);
    }
}
