//! Medians and quantiles of resamples, without the resamples.
//!
//! The k-th smallest of n draws from the sorted sample stands at place ⌊nU⌋, U being the k-th smallest of n uniform numbers; and the order statistics of
//! uniform numbers are partial sums of gamma variables divided by their total (A. Rényi, 1953, doi:10.1007/BF02127580; L. Devroye, 1986, *Non-Uniform Random
//! Variate Generation*, §V.2). A few gamma draws give the quantile of a resample of any size, with exactly the distribution that drawing it would give.

use super::statistic::Statistic;
use crate::random::Stream;
use crate::stats::quantile::{Place, QuantileMethod, between};

/// Σ ±quantiles at these probabilities.
fn terms(statistic: Statistic) -> Vec<(f64, f64)> {
    match statistic {
        Statistic::Quantile(q) => vec![(1.0, q)],
        Statistic::Iqr => vec![(-1.0, 0.25), (1.0, 0.75)],
        _ => vec![(1.0, 0.5)],
    }
}

/// Which order statistics of n values a statistic is made of.
struct Recipe {
    /// Sign and place of each quantile, the place in terms of `ranks`.
    terms: Vec<(f64, usize, usize, f64)>,
    /// Ascending, each once.
    ranks: Vec<usize>,
}

impl Recipe {
    fn new(statistic: Statistic, n: usize) -> Recipe {
        let places: Vec<(f64, Place)> =
            terms(statistic).into_iter().map(|(sign, q)| (sign, QuantileMethod::Linear.place(n, q))).collect();
        let mut ranks: Vec<usize> = places.iter().flat_map(|(_, place)| [place.below, place.above]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let at = |rank: usize| ranks.partition_point(|&r| r < rank);
        let terms =
            places.iter().map(|(sign, place)| (*sign, at(place.below), at(place.above), place.weight)).collect();
        Recipe { terms, ranks }
    }

    /// The statistic, once the values at the ranks are known.
    fn of(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.terms.iter().map(|&(sign, a, b, weight)| sign * between(value(a), value(b), weight)).sum()
    }
}

/// Writes the statistic (a median, a quantile, the distance of the quartiles) of a resample of the sorted sample to each place.
pub(super) fn fill(statistic: Statistic, sorted: &[f64], stream: &mut Stream, out: &mut [f64]) {
    let n = sorted.len();
    let recipe = Recipe::new(statistic, n);
    // Gaps between the ranks, the ends counted in: they add up to n + 1.
    let mut total = vec![0.0; out.len()];
    let mut before = 0;
    let mut drawn: Vec<Vec<f64>> = Vec::new();
    for end in recipe.ranks.iter().map(|rank| rank + 1).chain([n + 1]) {
        let mut gap = vec![0.0; out.len()];
        match end - before {
            1 => stream.fill_exponential(&mut gap),
            shape => stream.fill_gamma(shape as f64, &mut gap),
        }
        total.iter_mut().zip(&gap).for_each(|(total, gap)| *total += gap);
        drawn.push(total.clone());
        before = end;
    }
    for (i, out) in out.iter_mut().enumerate() {
        let value = |rank: usize| sorted[((n as f64 * (drawn[rank][i] / total[i])) as usize).min(n - 1)];
        *out = recipe.of(value);
    }
}

/// The statistic of the sorted sample without its i-th smallest value, for each i.
pub(super) fn leave_one_out(statistic: Statistic, sorted: &[f64]) -> Vec<f64> {
    let recipe = Recipe::new(statistic, sorted.len() - 1);
    (0..sorted.len())
        .map(|out| recipe.of(|rank| sorted[recipe.ranks[rank] + usize::from(recipe.ranks[rank] >= out)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::betainc;

    #[test]
    fn medians_of_resamples_have_their_exact_distribution() {
        // P(median's place ≤ r) of an odd number n of draws: at least (n+1)/2 of them are at most r, which is I_{(r+1)/n}((n+1)/2, (n+1)/2).
        let sorted: Vec<f64> = (0..11).map(f64::from).collect();
        let mut found = vec![0.0; 200_000];
        fill(Statistic::Median, &sorted, &mut Stream::seeded(3), &mut found);
        for r in 0..10 {
            let share = found.iter().filter(|&&v| v <= f64::from(r)).count() as f64 / found.len() as f64;
            let exact = betainc(6.0, 6.0, f64::from(r + 1) / 11.0);
            assert!(
                (share - exact).abs() <= 5.0 * (exact * (1.0 - exact) / 2e5).sqrt() + 1e-9,
                "{r}: {share}, {exact}"
            );
        }
    }

    #[test]
    fn quartiles_of_resamples_are_distributed_as_if_they_were_drawn() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 9.0, 20.0];
        let (mut found, mut drawn) = (vec![0.0; 100_000], vec![0.0; 100_000]);
        let mut stream = Stream::seeded(9);
        for statistic in [Statistic::Iqr, Statistic::Quantile(0.9), Statistic::Median, Statistic::Quantile(1.0)] {
            fill(statistic, &sorted, &mut stream, &mut found);
            for drawn in &mut drawn {
                let resample: Vec<f64> = (0..6).map(|_| sorted[stream.below(6) as usize]).collect();
                *drawn = statistic.of(&[&resample]);
            }
            for level in [1.5, 3.0, 5.0, 7.5, 8.5, 12.0] {
                let share = |values: &[f64]| values.iter().filter(|&&v| v <= level).count() as f64 / 1e5;
                // Five standard errors of a difference of two shares.
                assert!((share(&found) - share(&drawn)).abs() < 5.0 * (0.5 / 1e5_f64).sqrt(), "{statistic:?} {level}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_left_out() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 9.0];
        for statistic in [Statistic::Median, Statistic::Iqr, Statistic::Quantile(0.3), Statistic::Quantile(1.0)] {
            for (out, found) in leave_one_out(statistic, &sorted).into_iter().enumerate() {
                let rest: Vec<f64> = sorted.iter().enumerate().filter(|(i, _)| *i != out).map(|(_, v)| *v).collect();
                assert!((found - statistic.of(&[&rest])).abs() < 1e-14);
            }
        }
    }
}
