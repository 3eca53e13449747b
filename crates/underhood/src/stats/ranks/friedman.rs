//! The rank test of several treatments tried on the same subjects.
//!
//! M. Friedman (1937, doi:10.1080/01621459.1937.10503522). Size of the effect: Kendall's W (M. G. Kendall and B. Babington Smith, 1939,
//! doi:10.1214/aoms/1177732186).

use std::collections::BTreeMap;

use ndarray::ArrayView1;

use super::Ranks;
use super::exact::NullMethod;
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};

const NAME: &str = "friedman";

/// What the test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Friedman {
    /// χ², corrected for ties.
    pub statistic: f64,
    /// Probability of so large a χ², if the treatments make no difference to any subject.
    pub p_value: f64,
    /// Degrees of freedom, one less than there are treatments.
    pub df: usize,
    /// Kendall's W = χ²/(n(k − 1)), from 0 (subjects disagree) to 1 (all rank the treatments alike).
    pub effect_size: f64,
    /// Mean rank of each treatment within the subjects.
    pub mean_ranks: Vec<f64>,
    /// How many subjects.
    pub n: usize,
    /// How many values equal another one of their subject.
    pub tied: usize,
    /// Whether the p-value is from all orders within the subjects.
    pub exact: bool,
}

/// Tests whether one of several treatments, tried on the same subjects, tends to larger or smaller values than the others.
///
/// χ² = 12/(n·k(k + 1))·Σ Rⱼ² − 3n(k + 1), divided by 1 − Σ(t³ − t)/(n(k³ − k)). Exact, ties or not, for up to 10 subjects with three
/// treatments, 5 with four, 3 with five, 50 with two; else χ² with k − 1 degrees of freedom, which is rough below some ten subjects.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two treatments or subjects, [`Error::Invalid`] for unequal lengths, NaN or infinities, with the sample's
/// number, and if every subject has one value throughout.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{NullMethod, friedman};
///
/// let (a, b, c) = (array![1.0, 2.0, 1.5], array![2.0, 3.0, 1.7], array![3.0, 5.0, 2.2]);
/// let found = friedman(&[a.view(), b.view(), c.view()], NullMethod::Auto)?;
/// assert_eq!((found.statistic, found.effect_size), (6.0, 1.0));
/// assert!((found.p_value - 1.0 / 36.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn friedman(samples: &[ArrayView1<'_, f64>], method: NullMethod) -> Result<Friedman> {
    let invalid = |problem: String| Error::Invalid { function: NAME, argument: "samples", problem };
    check::at_least(NAME, "samples", "samples", samples.len(), 2)?;
    let (k, n) = (samples.len(), samples[0].len());
    check::at_least(NAME, "samples", "subjects", n, 2)?;
    for (i, sample) in samples.iter().enumerate() {
        if sample.len() != n {
            let problem = format!("has {} values in sample {i} (counted from 0), but {n} in the first", sample.len());
            return Err(invalid(problem));
        }
        if let Some(place) = sample.iter().position(|v| !v.is_finite()) {
            let value = if sample[place].is_nan() { "NaN" } else { "infinity" };
            return Err(invalid(format!(
                "holds {value} at index {place} of sample {i} (counted from 0); remove or fill such values first"
            )));
        }
    }
    let (mut tie_cubes, mut tied) = (0.0, 0);
    let mut doubled = vec![0.0; k];
    let mut subjects = Vec::with_capacity(n);
    let mut values = vec![0.0; k];
    for subject in 0..n {
        values.iter_mut().zip(samples).for_each(|(value, sample)| *value = sample[subject]);
        let ranks = Ranks::of(&values);
        tie_cubes += ranks.tie_cubes;
        tied += ranks.tied;
        doubled.iter_mut().zip(&ranks.doubled).for_each(|(sum, rank)| *sum += rank);
        subjects.push(ranks.doubled);
    }
    let (rows, columns) = (n as f64, k as f64);
    let spread = rows * columns * (columns * columns - 1.0) - tie_cubes;
    if spread == 0.0 {
        return Err(invalid("have one value throughout for each subject, so no treatment is above another".into()));
    }
    // χ² = 12 Σ(Rⱼ − n(k+1)/2)² / (n·k(k+1) − Σ(t³ − t)/(k − 1)), in doubled ranks: nothing cancels.
    let between: f64 = doubled.iter().map(|sum| (sum - rows * (columns + 1.0)).powi(2)).sum();
    let statistic = 3.0 * (columns - 1.0) * between / spread;
    let exact = method.counts(NAME, work(k, n), 1.0, 20.0)?;
    let p_value = if exact { ordered(&subjects, between) } else { ChiSquared::new(columns - 1.0)?.sf(statistic) };
    Ok(Friedman {
        statistic,
        p_value,
        df: k - 1,
        effect_size: statistic / (rows * (columns - 1.0)),
        mean_ranks: doubled.iter().map(|sum| sum / (2.0 * rows)).collect(),
        n,
        tied,
        exact,
    })
}

/// As many treatments are counted exactly.
const MOST: usize = 5;

/// How long counting takes, in units of what is quick.
fn work(k: usize, n: usize) -> f64 {
    let quick = match k {
        2 => 50.0,
        3 => 10.0,
        4 => 5.0,
        5 => 3.0,
        _ => return f64::INFINITY, // more than MOST
    };
    (n as f64 / quick).powi(k as i32)
}

/// The share of all orders of the ranks within each subject in which the sums are at least so far from their mean.
///
/// The sums are taken subject by subject. Orders are equally likely, so that sums that differ in their order alone are one state.
fn ordered(subjects: &[Vec<f64>], observed: f64) -> f64 {
    // What there are fewer than MOST of stays 0.
    let k = subjects[0].len();
    let mut states: BTreeMap<[u32; MOST], f64> = BTreeMap::from([([0; MOST], 1.0)]);
    for ranks in subjects {
        let orders = orders(&ranks.iter().map(|rank| *rank as u32).collect::<Vec<_>>());
        let mut next: BTreeMap<[u32; MOST], f64> = BTreeMap::new();
        for (sums, chance) in &states {
            for order in &orders {
                let mut sums = *sums;
                sums.iter_mut().zip(order).for_each(|(sum, rank)| *sum += rank);
                sums[..k].sort_unstable();
                *next.entry(sums).or_insert(0.0) += chance / orders.len() as f64;
            }
        }
        states = next;
    }
    let mean = (subjects.len() * (k + 1)) as f64;
    let far = |sums: &[u32]| sums[..k].iter().map(|sum| (f64::from(*sum) - mean).powi(2)).sum::<f64>() >= observed;
    states.iter().filter(|(sums, _)| far(sums.as_slice())).map(|(_, chance)| chance).sum::<f64>().min(1.0)
}

/// All distinct orders of these ranks.
fn orders(ranks: &[u32]) -> Vec<Vec<u32>> {
    if ranks.is_empty() {
        return vec![vec![]];
    }
    let mut distinct = ranks.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut all = Vec::new();
    for first in distinct {
        let mut rest = ranks.to_vec();
        if let Some(place) = rest.iter().position(|rank| *rank == first) {
            rest.remove(place);
        }
        for mut order in orders(&rest) {
            order.push(first);
            all.push(order);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn exact_tails_are_the_published_ones() {
        // Friedman (1937), table V: three treatments, four subjects: P(χ² ≥ 6.5) = 0.042, P(χ² ≥ 8) = 0.0046 (6/6⁴).
        let of = |rows: [[f64; 3]; 4]| {
            let columns: Vec<Array1<f64>> = (0..3).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
            friedman(&columns.iter().map(|c| c.view()).collect::<Vec<_>>(), NullMethod::Auto).unwrap()
        };
        let alike = of([[1.0, 2.0, 3.0]; 4]);
        assert_eq!((alike.statistic, alike.effect_size, alike.exact), (8.0, 1.0, true));
        assert_relative_eq!(alike.p_value, 6.0 / 1296.0, max_relative = 1e-14);
        let nearly = of([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [2.0, 1.0, 3.0]]);
        assert_relative_eq!(nearly.statistic, 6.5, max_relative = 1e-14);
        assert_relative_eq!(nearly.p_value, 0.042, max_relative = 0.02);
    }

    #[test]
    fn ties_within_subjects_are_arranged_too() {
        let (a, b, c) = (array![1.0, 2.0, 5.0], array![1.0, 3.0, 5.0], array![4.0, 3.0, 6.0]);
        let found = friedman(&[a.view(), b.view(), c.view()], NullMethod::Auto).unwrap();
        // Doubled ranks (3, 3, 6), (2, 5, 5), (3, 3, 6): 27 equally likely orders, counted here one by one.
        let orders = [[3, 3, 6], [3, 6, 3], [6, 3, 3]];
        let middle = [[2, 5, 5], [5, 2, 5], [5, 5, 2]];
        let mut far = 0;
        for p in orders {
            for q in middle {
                for r in orders {
                    let sums: Vec<i32> = (0..3).map(|j| p[j] + q[j] + r[j] - 12).collect();
                    far += i32::from(sums.iter().map(|s| s * s).sum::<i32>() >= 16 + 1 + 25);
                }
            }
        }
        assert_relative_eq!(found.p_value, f64::from(far) / 27.0, max_relative = 1e-14);
        assert_eq!(found.tied, 6);
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let (a, short, nan) = (array![1.0, 1.0], array![1.0], array![1.0, f64::NAN]);
        for samples in
            [vec![a.view()], vec![a.view(), a.view()], vec![a.view(), short.view()], vec![a.view(), nan.view()]]
        {
            let error = friedman(&samples, NullMethod::Auto).unwrap_err().to_string();
            assert!(error.starts_with("friedman: samples "), "{error}");
        }
    }
}
