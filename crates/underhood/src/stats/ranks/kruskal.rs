//! The rank test of several samples: does one of them tend to be larger than the others?
//!
//! W. H. Kruskal and W. A. Wallis (1952, doi:10.1080/01621459.1952.10483441). Size of the effect: T. L. Kelley (1935,
//! doi:10.1073/pnas.21.9.554), for ranks: ε² = H/(n − 1) (M. Tomczak and E. Tomczak, 2014, Trends in Sport Sciences 21:19–25).

use ndarray::ArrayView1;

use super::Ranks;
use super::exact::NullMethod;
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};

const NAME: &str = "kruskal";

/// What the test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Kruskal {
    /// H, corrected for ties.
    pub statistic: f64,
    /// Probability of so large an H, if all samples come from one distribution.
    pub p_value: f64,
    /// Degrees of freedom of χ², one less than there are samples.
    pub df: usize,
    /// ε² = H/(n − 1), from 0 (no difference in ranks) to 1 (samples that do not overlap and do not vary).
    pub effect_size: f64,
    /// Mean rank of each sample.
    pub mean_ranks: Vec<f64>,
    /// How many values in each sample.
    pub n: Vec<usize>,
    /// How many values equal another one.
    pub tied: usize,
    /// Whether the p-value is from all arrangements of the ranks.
    pub exact: bool,
}

/// Tests whether one of several samples tends to larger or smaller values than the others.
///
/// H = 12/(n(n + 1))·Σ Rⱼ²/nⱼ − 3(n + 1), divided by 1 − Σ(t³ − t)/(n³ − n). Exact, ties or not, up to 20,000 different ways to deal the
/// ranks to the samples (three samples of four; samples of one size may change places); else H is taken for χ² with one degree of freedom less than there are samples.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two samples or an empty one, [`Error::NotFinite`] or [`Error::Invalid`] for NaN or infinities, with the
/// sample's number, [`Error::Constant`] if all values are one.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{NullMethod, kruskal};
///
/// let (a, b, c) = (array![2.9, 3.0, 2.5], array![3.8, 2.7, 4.0], array![2.8, 3.4, 3.7]);
/// let found = kruskal(&[a.view(), b.view(), c.view()], NullMethod::Auto)?;
/// assert_eq!((found.df, found.exact), (2, true));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn kruskal(samples: &[ArrayView1<'_, f64>], method: NullMethod) -> Result<Kruskal> {
    let all = pooled(samples)?;
    let sizes: Vec<usize> = samples.iter().map(|sample| sample.len()).collect();
    let n = all.len() as f64;
    let ranks = Ranks::of(&all);
    let spread = n * (n * n - 1.0) - ranks.tie_cubes;
    if spread == 0.0 {
        let consequence = "no sample is above another";
        return Err(Error::Constant { function: NAME, argument: "samples", value: all[0], consequence });
    }
    let doubled = rank_sums(&ranks.doubled, &sizes);
    // H = 12/(n(n+1)) Σ (Rⱼ − nⱼ(n+1)/2)²/nⱼ / (1 − Σ(t³ − t)/(n³ − n)), in doubled ranks: nothing cancels.
    let between: f64 =
        doubled.iter().zip(&sizes).map(|(sum, &size)| (sum - size as f64 * (n + 1.0)).powi(2) / size as f64).sum();
    let statistic = 3.0 * (n - 1.0) * between / spread;
    let df = samples.len() - 1;
    let exact = method.counts(NAME, ways(&sizes), 2e4, 2e7)?;
    let p_value =
        if exact { dealt(&ranks.doubled, &sizes, &doubled) } else { ChiSquared::new(df as f64)?.sf(statistic) };
    Ok(Kruskal {
        statistic,
        p_value,
        df,
        effect_size: statistic / (n - 1.0),
        mean_ranks: doubled.iter().zip(&sizes).map(|(sum, &size)| sum / (2 * size) as f64).collect(),
        n: sizes,
        tied: ranks.tied,
        exact,
    })
}

/// All values, sample after sample.
fn pooled(samples: &[ArrayView1<'_, f64>]) -> Result<Vec<f64>> {
    check::at_least(NAME, "samples", "samples", samples.len(), 2)?;
    let mut all = Vec::with_capacity(samples.iter().map(|sample| sample.len()).sum());
    for (i, sample) in samples.iter().enumerate() {
        let invalid = |problem: String| Error::Invalid { function: NAME, argument: "samples", problem };
        if sample.is_empty() {
            return Err(invalid(format!("has no values in sample {i} (counted from 0); leave it out")));
        }
        if let Some(place) = sample.iter().position(|v| !v.is_finite()) {
            let value = if sample[place].is_nan() { "NaN" } else { "infinity" };
            let problem = format!(
                "holds {value} at index {place} of sample {i} (counted from 0); remove or fill such values first"
            );
            return Err(invalid(problem));
        }
        all.extend(sample);
    }
    Ok(all)
}

fn rank_sums(doubled: &[f64], sizes: &[usize]) -> Vec<f64> {
    let mut start = 0;
    let mut sums = Vec::with_capacity(sizes.len());
    for &size in sizes {
        sums.push(doubled[start..start + size].iter().sum());
        start += size;
    }
    sums
}

/// How many different ways there are to deal the values to samples of these sizes, of which equal ones are alike; infinite for many values, which are not dealt one by one.
fn ways(sizes: &[usize]) -> f64 {
    const MOST: usize = 40;
    if sizes.iter().sum::<usize>() > MOST {
        return f64::INFINITY;
    }
    let (mut ways, mut dealt) = (1.0_f64, 0);
    for &size in sizes {
        for i in 1..=size {
            dealt += 1;
            ways *= dealt as f64 / i as f64;
        }
    }
    for (i, size) in sizes.iter().enumerate() {
        // m samples of one size bring 1·2·…·m.
        ways /= sizes[..=i].iter().filter(|other| *other == size).count() as f64;
    }
    ways
}

/// The share of all ways to deal the ranks in which Σ Rⱼ²/nⱼ is at least the observed one.
fn dealt(doubled: &[f64], sizes: &[usize], observed: &[f64]) -> f64 {
    let ranks: Vec<u64> = doubled.iter().map(|rank| *rank as u64).collect();
    let common = sizes.iter().fold(1, |common, &size| common / gcd(common, size as u64) * size as u64);
    // Times the sizes' common multiple it is a whole number: equal ones are equal.
    let weights: Vec<u64> = sizes.iter().map(|&size| common / size as u64).collect();
    let sums = observed.iter().map(|sum| *sum as u64);
    let limit = sums.zip(&weights).map(|(sum, weight)| sum * sum * weight).sum();
    let mut deal =
        Deal { ranks, weights, sizes, left: sizes.to_vec(), sums: vec![0; sizes.len()], limit, ways: 0, at_least: 0 };
    deal.next(0);
    deal.at_least as f64 / deal.ways as f64
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

struct Deal<'a> {
    ranks: Vec<u64>,
    weights: Vec<u64>,
    sizes: &'a [usize],
    left: Vec<usize>,
    sums: Vec<u64>,
    limit: u64,
    ways: u64,
    at_least: u64,
}

impl Deal<'_> {
    /// Gives the rank at a place to each sample in turn that has room, and goes on with the next. Samples of one size that are still
    /// empty are alike: the first of them stands for all. So m samples of one size are filled in one of their m! orders, in every way
    /// to deal: the share needs no weights.
    fn next(&mut self, place: usize) {
        let Some(&rank) = self.ranks.get(place) else {
            let found: u64 = self.sums.iter().zip(&self.weights).map(|(sum, weight)| sum * sum * weight).sum();
            self.ways += 1;
            self.at_least += u64::from(found >= self.limit);
            return;
        };
        for sample in 0..self.left.len() {
            let size = self.sizes[sample];
            let empty = |other: &usize| self.sizes[*other] == size && self.left[*other] == size;
            if empty(&sample) && (0..sample).any(|other| empty(&other)) {
                continue;
            }
            if self.left[sample] > 0 {
                self.left[sample] -= 1;
                self.sums[sample] += rank;
                self.next(place + 1);
                self.sums[sample] -= rank;
                self.left[sample] += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn three_samples_of_three_have_the_published_tail() {
        // Kruskal and Wallis (1952), table 6.1: with samples of 3, 3, 3 P(H ≥ 7.2) = 0.0036 (6 of 1680 ways) and
        // P(H ≥ 5.9556) = 0.025.
        let (a, b, c) = (array![1.0, 2.0, 3.0], array![4.0, 5.0, 6.0], array![7.0, 8.0, 9.0]);
        let found = kruskal(&[a.view(), b.view(), c.view()], NullMethod::Auto).unwrap();
        assert_relative_eq!(found.statistic, 7.2, max_relative = 1e-14);
        assert_relative_eq!(found.p_value, 6.0 / 1680.0, max_relative = 1e-14);
        assert_eq!(found.mean_ranks, [2.0, 5.0, 8.0]);
        let limit = kruskal(&[a.view(), b.view(), c.view()], NullMethod::Asymptotic).unwrap();
        assert_relative_eq!(limit.p_value, (-3.6_f64).exp(), max_relative = 1e-14);
    }

    #[test]
    fn many_samples_of_one_and_a_pair_are_the_places_of_the_pair() {
        // All that matters is where the pair is, which has C(n, 2) places. Ranks a and b of a pair instead of two singles
        // change Σ Rⱼ²/nⱼ by (a + b)²/2 − a² − b² = −(a − b)²/2, so H is larger the nearer they are.
        for singles in [3_usize, 19, 22] {
            let n = singles + 2;
            let places: Vec<(usize, usize)> = (0..n).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
            for &(a, b) in places.iter().step_by(17).chain([&(0, n - 1), &(n - 2, n - 1)]) {
                let pair = array![a as f64, b as f64];
                let others: Vec<f64> = (0..n).filter(|v| *v != a && *v != b).map(|v| v as f64).collect();
                let mut samples = vec![pair.view()];
                samples.extend(others.iter().map(|v| ArrayView1::from(std::slice::from_ref(v))));
                let found = kruskal(&samples, NullMethod::Exact).unwrap();
                let nearer = places.iter().filter(|(c, d)| d - c <= b - a).count();
                assert_relative_eq!(found.p_value, nearer as f64 / places.len() as f64, max_relative = 1e-15);
            }
        }
    }

    #[test]
    fn two_samples_are_the_rank_sum_test() {
        use crate::stats::{Alternative, mannwhitneyu};
        // With samples of one size U is symmetric, ties or not.
        for (x, y) in [
            (array![1.0, 4.0, 2.5, 9.0], array![3.0, 5.0, 8.0, 11.0]),
            (array![1.0, 2.0, 2.0, 3.0, 3.0], array![2.0, 3.0, 4.0, 4.0, 7.0]),
        ] {
            let found = kruskal(&[x.view(), y.view()], NullMethod::Exact).unwrap();
            let u = mannwhitneyu(x.view(), y.view(), false, Alternative::TwoSided, NullMethod::Exact).unwrap();
            assert_relative_eq!(found.p_value, u.p_value, max_relative = 1e-14);
            let found = kruskal(&[x.view(), y.view()], NullMethod::Asymptotic).unwrap();
            let u = mannwhitneyu(x.view(), y.view(), false, Alternative::TwoSided, NullMethod::Asymptotic).unwrap();
            assert_relative_eq!(found.p_value, u.p_value, max_relative = 1e-13);
        }
    }

    #[test]
    fn what_has_no_order_is_refused() {
        let (a, empty, nan) = (array![1.0, 1.0], array![], array![1.0, f64::NAN]);
        for samples in
            [vec![a.view()], vec![a.view(), a.view()], vec![a.view(), empty.view()], vec![a.view(), nan.view()]]
        {
            let error = kruskal(&samples, NullMethod::Auto).unwrap_err().to_string();
            assert!(error.starts_with("kruskal: samples "), "{error}");
        }
    }
}
