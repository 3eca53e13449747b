//! Kolmogorov's and Smirnov's test of two samples.

use ndarray::ArrayView1;

use super::kolmogorov::two_sided;
use super::lattice::{Side, closed, states, walked};
use super::sorted::sorted_values;
use super::{KolmogorovMethod, KolmogorovSmirnov};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_sample};

const NAME: &str = "ks_2samp";

/// Up to so many values in each sample, the exact distribution is taken without being asked for: the walk then visits at most 2·10⁸ states.
const QUICK: usize = 10_000;

/// More states take longer than anyone waits.
const MOST: f64 = 1e10;

/// Tests whether two samples were drawn from one distribution; `Greater` asks whether the first one's distribution function lies above.
///
/// The exact distribution is that over all ways to share out the values that were seen, ties included (G. Schröer and D. Trenkler 1995,
/// doi:10.1016/0167-9473(94)00040-P): among tied values the distance does not count.
///
/// # Errors
/// If a sample is empty, a value is missing or infinite, or `Exact` is asked of too many; and what `checkpoint`, which a long walk calls now and
/// then, fails with.
///
/// ```
/// use ndarray::array;
/// use underhood::Error;
/// use underhood::stats::{Alternative, KolmogorovMethod, ks_2samp};
///
/// let (x, y) = (array![1.0, 2.0, 3.0], array![4.0, 5.0, 6.0]);
/// let never_stop = &mut || Ok::<(), Error>(());
/// let found = ks_2samp(x.view(), y.view(), Alternative::TwoSided, KolmogorovMethod::Auto, never_stop)?;
/// assert_eq!((found.statistic, found.above), (1.0, true));
/// assert!((found.p_value - 2.0 / 20.0).abs() < 1e-15);
/// # Ok::<(), Error>(())
/// ```
pub fn ks_2samp<E: From<Error>>(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    alternative: Alternative,
    method: KolmogorovMethod,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<KolmogorovSmirnov, E> {
    check_sample(NAME, "x", x, 1)?;
    check_sample(NAME, "y", y, 1)?;
    let (m, n) = (x.len(), y.len());
    let (first, second) = (sorted_values(x.iter().copied()), sorted_values(y.iter().copied()));
    let side = match alternative {
        Alternative::TwoSided => Side::Both,
        Alternative::Less => Side::Below,
        Alternative::Greater => Side::Above,
    };

    // Merged, with the distance (i/m − j/n)·mn after each run of equal values.
    // Beyond the largest value there is no distance.
    let end = first[m - 1].max(second[n - 1]);
    let mut distance = Farthest { above: (0, end), below: (0, end) };
    let (mut i, mut j) = (0, 0);
    let mut runs = Vec::with_capacity(m + n);
    while i < m || j < n {
        let value = match (first.get(i), second.get(j)) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&value), None) | (None, Some(&value)) => value,
            (None, None) => break,
        };
        let before = i + j;
        i += run(&first[i..], value);
        j += run(&second[j..], value);
        runs.push(i + j - before);
        distance.see(i as i64 * n as i64 - j as i64 * m as i64, value);
    }
    let tied = runs.len() < m + n;
    let (reach, location, above) = distance.of(side);
    let (all_pairs, statistic) = (m as f64 * n as f64, reach as f64);
    let statistic = statistic / all_pairs;

    let exact = method == KolmogorovMethod::Exact || (method == KolmogorovMethod::Auto && m.max(n) <= QUICK);
    let p_value = if reach <= 0 {
        1.0
    } else if exact && m == n && !tied {
        closed(n, (reach / n as i64) as usize, side)
    } else if exact {
        let runs = tied.then_some(&runs);
        if states(m, n, reach, side, runs) > MOST {
            let problem = "is 'exact', which takes too long for so many values; use 'auto'".into();
            return Err(Error::Invalid { function: NAME, argument: "method", problem }.into());
        }
        walked(m, n, reach, side, runs, checkpoint)?
    } else {
        approximate(m as f64, n as f64, statistic, side)?
    };
    Ok(KolmogorovSmirnov { statistic, p_value, location, above, exact, tied })
}

/// How many values at the beginning are this one.
fn run(sorted: &[f64], value: f64) -> usize {
    sorted.iter().take_while(|other| **other == value).count()
}

/// Two-sided: one sample of mn/(m + n) values. One-sided: the limit with J. L. Hodges' correction (1958, doi:10.1007/BF02589501, 5.3).
fn approximate(m: f64, n: f64, d: f64, side: Side) -> Result<f64> {
    let (m, n) = (m.max(n), m.min(n));
    let size = m / (m + n) * n;
    if side == Side::Both {
        return Ok(two_sided(NAME, size.round().max(1.0) as usize, d, false)?.0);
    }
    let z = size.sqrt() * d;
    Ok((-2.0 * z * z - 2.0 * z * (m + 2.0 * n) / (m * n * (m + n)).sqrt() / 3.0).exp().min(1.0))
}

/// The largest distances so far, above and below, and where.
struct Farthest {
    above: (i64, f64),
    below: (i64, f64),
}

impl Farthest {
    fn see(&mut self, distance: i64, value: f64) {
        if distance > self.above.0 {
            self.above = (distance, value);
        }
        if -distance > self.below.0 {
            self.below = (-distance, value);
        }
    }

    /// The distance, its location, and whether it is above.
    fn of(&self, side: Side) -> (i64, f64, bool) {
        if side == Side::Below || (side == Side::Both && self.below.0 > self.above.0) {
            (self.below.0, self.below.1, false)
        } else {
            (self.above.0, self.above.1, true)
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    fn test(x: &Array1<f64>, y: &Array1<f64>, alternative: Alternative) -> KolmogorovSmirnov {
        ks_2samp(x.view(), y.view(), alternative, KolmogorovMethod::Exact, &mut || Ok::<(), Error>(())).unwrap()
    }

    /// The share of all ways to choose which values are the first sample's that lead to as large a distance.
    fn by_counting(x: &Array1<f64>, y: &Array1<f64>, alternative: Alternative) -> f64 {
        let pooled: Vec<f64> = x.iter().chain(y).copied().collect();
        let seen = test(x, y, alternative).statistic;
        let (mut all, mut far) = (0.0, 0.0);
        for chosen in 0_u32..1 << pooled.len() {
            if chosen.count_ones() as usize != x.len() {
                continue;
            }
            let pick = |one| -> Array1<f64> {
                pooled.iter().enumerate().filter(|(i, _)| (chosen >> i & 1 == 1) == one).map(|(_, v)| *v).collect()
            };
            all += 1.0;
            far += f64::from(u8::from(test(&pick(true), &pick(false), alternative).statistic >= seen - 1e-12));
        }
        far / all
    }

    #[test]
    fn the_exact_distribution_is_that_over_all_ways_to_share_out() {
        let samples = [
            (array![0.1, 0.5, 0.9, 1.1], array![0.2, 0.3, 0.4, 0.45, 0.7]),
            (array![1.0, 2.0, 2.0, 3.0], array![2.0, 3.0, 3.0, 4.0, 4.0, 5.0]),
            (array![1.0, 3.0, 5.0, 7.0], array![2.0, 2.5, 2.7, 6.0]),
            (array![1.0], array![1.0, 1.0, 2.0]),
        ];
        for (x, y) in &samples {
            for alternative in [Alternative::TwoSided, Alternative::Less, Alternative::Greater] {
                let found = test(x, y, alternative).p_value;
                assert_relative_eq!(found, by_counting(x, y, alternative), max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn equal_sizes_agree_with_the_walk() {
        for (n, k) in [(5, 1), (20, 7), (100, 3), (100, 20), (300, 200)] {
            for side in [Side::Both, Side::Above] {
                let walk = walked(n, n, (k * n) as i64, side, None, &mut || Ok::<(), Error>(())).unwrap();
                assert_relative_eq!(closed(n, k, side), walk, max_relative = 1e-11);
            }
        }
    }

    #[test]
    fn a_long_walk_is_refused_or_can_be_stopped_and_the_formula_is_neither() {
        let exact = |x: &Array1<f64>, y: &Array1<f64>| {
            let stop = &mut || Err(Error::NotConverged { function: NAME, iterations: 0, detail: String::new() });
            ks_2samp::<Error>(x.view(), y.view(), Alternative::TwoSided, KolmogorovMethod::Exact, stop)
        };
        let n = 200_000;
        let x = Array1::from_iter((0..n).map(f64::from));
        // Without ties, samples of one size have a formula: all of one below all of the other is 2/C(2n, n), which is 0.
        assert_eq!(exact(&x, &(&x + f64::from(n))).unwrap().p_value, 0.0);
        // Two runs of ties: all of the first run's n states times n steps.
        let halves = |at: i32| Array1::from_iter((0..n).map(|i| f64::from(u8::from(i >= at))));
        assert!(
            exact(&halves(50), &halves(70))
                .unwrap_err()
                .to_string()
                .contains("method is 'exact', which takes too long")
        );
        let (fewer, more) =
            (Array1::from_iter((0..3000).map(f64::from)), Array1::from_iter((0..3001).map(|i| f64::from(i) + 1500.5)));
        assert!(matches!(exact(&fewer, &more), Err(Error::NotConverged { .. })));
    }

    #[test]
    fn the_location_is_where_the_distance_is() {
        let found = test(&array![5.0, 1.0, 2.0], &array![3.0, 4.0, 6.0], Alternative::TwoSided);
        assert_eq!((found.location, found.above), (2.0, true));
        assert_relative_eq!(found.statistic, 2.0 / 3.0);
        let same = test(&array![1.0, 2.0], &array![2.0, 1.0], Alternative::TwoSided);
        assert_eq!((same.statistic, same.p_value), (0.0, 1.0));
    }
}
