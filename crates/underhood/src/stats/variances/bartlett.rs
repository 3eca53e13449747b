//! Bartlett's test of equal variances, for normal populations.
//!
//! M. S. Bartlett (1937, doi:10.1098/rspa.1937.0109).

use std::f64::consts::LN_2;

use ndarray::ArrayView1;

use crate::distributions::{ChiSquared, Distribution};
use crate::error::Result;
use crate::stats::moments::{Moments, times_power_of_two};
use crate::stats::scale::Scaled;
use crate::stats::several::{Spread, check_groups, is_constant, refused};

const NAME: &str = "bartlett";

/// What Bartlett's test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Bartlett {
    /// Bartlett's statistic, about chi-square.
    pub statistic: f64,
    /// Probability of so large a statistic if all variances are the same.
    pub p_value: f64,
    /// Degrees of freedom, k − 1.
    pub df: f64,
    /// Each group's standard deviation.
    pub stds: Vec<f64>,
    /// The pooled standard deviation.
    pub pooled_std: f64,
    /// Each group's skewness g₁ and excess kurtosis g₂, on which the test leans.
    pub shapes: Vec<(f64, f64)>,
    /// Each group's number of values.
    pub n: Vec<usize>,
}

/// Tests whether several normal populations have one variance.
///
/// T = Σ(nᵢ − 1) ln(s²/sᵢ²)/C with s² the pooled variance and C = 1 + (Σ1/(nᵢ − 1) − 1/(n − k))/(3(k − 1)), about chi-square with k − 1 degrees
/// of freedom. It mistakes heavy tails for unequal variances; [`levene`](super::levene) does not.
///
/// # Errors
/// [`Error::TooFew`](crate::Error::TooFew) for fewer than two groups, [`Error::Invalid`](crate::Error::Invalid) for a group of fewer than
/// two values, a constant one, or a value that is not finite.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::bartlett;
///
/// let groups = [array![1.0, 3.0, 2.0, 5.0], array![1.0, 9.0, 4.0, 20.0]];
/// let test = bartlett(&[groups[0].view(), groups[1].view()])?;
/// assert_eq!(test.df, 1.0);
/// assert!(test.p_value < 0.1);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn bartlett(groups: &[ArrayView1<'_, f64>]) -> Result<Bartlett> {
    check_groups(NAME, groups, 2, "")?;
    let scaled = Scaled::new(groups, 0.0);
    let together: Vec<Moments> = scaled.samples().map(Moments::of_slice).collect();
    // Each on a scale of its own too: beside a group of extreme size another's spread would vanish, and with it the logarithm.
    let alone: Vec<Scaled<'_>> = groups.iter().map(|group| Scaled::new(&[*group], 0.0)).collect();
    let moments: Vec<Moments> = alone.iter().map(|group| Moments::of_slice(group.sample(0))).collect();
    if let Some(i) = moments.iter().position(is_constant) {
        let problem =
            format!("has the same value throughout group {i} (counted from 0), so its variance has no logarithm");
        return Err(refused(NAME, problem));
    }
    let spread = Spread::of(&together);
    let pooled = spread.mean_square().sqrt();
    // Weighted by nᵢ − 1 the relative departures δ of sᵢ² from s² cancel, so that of −ln(1 + δ) only δ − ln(1 + δ) ≥ 0 is left.
    let departures: f64 = moments
        .iter()
        .zip(&alone)
        .map(|(group, own)| {
            let (ratio, steps) = (group.std(1) / pooled, own.exponent() - scaled.exponent());
            (group.count() as f64 - 1.0) * less_its_logarithm(ratio, steps)
        })
        .sum();
    let shares: f64 = spread.n.iter().map(|n| 1.0 / (n - 1.0)).sum();
    let correction = 1.0 + (shares - 1.0 / spread.df_within()) / (3.0 * spread.df_between());
    let (statistic, df) = (departures / correction, spread.df_between());
    Ok(Bartlett {
        statistic,
        p_value: ChiSquared::new(df)?.sf(statistic),
        df,
        stds: moments.iter().zip(&alone).map(|(group, own)| own.up(group.std(1))).collect(),
        pooled_std: scaled.up(pooled),
        shapes: moments.iter().map(|group| (group.skewness(true), group.kurtosis(true))).collect(),
        n: groups.iter().map(|group| group.len()).collect(),
    })
}

/// δ − ln(1 + δ) for 1 + δ = (ratio·2ᵏ)², without cancellation near 0.
fn less_its_logarithm(ratio: f64, k: i32) -> f64 {
    let whole = times_power_of_two(ratio, k);
    let delta = (whole - 1.0) * (whole + 1.0);
    if delta.abs() > 0.1 {
        return delta - 2.0 * (ratio.ln() + f64::from(k) * LN_2);
    }
    // δ²/2 − δ³/3 + …
    (2..20).rev().fold(0.0, |sum, k| 1.0 / f64::from(k) - delta * sum) * delta * delta
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    fn test(groups: &[Array1<f64>]) -> Result<Bartlett> {
        let views: Vec<ArrayView1<'_, f64>> = groups.iter().map(|group| group.view()).collect();
        bartlett(&views)
    }

    #[test]
    fn nearly_equal_variances_keep_their_digits() {
        // n = 2 each: sᵢ² = dᵢ²/2. By mpmath, with the second group's values 1e-6 further apart.
        let near = test(&[array![0.0, 1.0], array![0.0, 1.000001]]).unwrap();
        assert_relative_eq!(near.statistic, 6.666659998908113e-13, max_relative = 1e-9);
        assert_eq!(test(&[array![0.0, 1.0], array![5.0, 6.0]]).unwrap().statistic, 0.0);
    }

    #[test]
    fn spreads_as_far_apart_as_doubles_are() {
        // n = 2 each: T = [2 ln((s₁² + s₂²)/2) − ln s₁² − ln s₂²]/(1 + (2 − 1/2)/3), here with s₂² next to nothing: 2(ln(s₁/s₂) − ln 2)/1.5.
        for (large, small) in [(1e200, 1e-200), (1e-150, 1e-300), (1e300, 1e-300)] {
            let found = test(&[array![0.0, large], array![0.0, small]]).unwrap();
            let expected = 2.0 * (large.ln() - small.ln() - 2.0_f64.ln()) / 1.5;
            assert_relative_eq!(found.statistic, expected, max_relative = 1e-13);
            assert_relative_eq!(found.stds[1], small / 2.0_f64.sqrt(), max_relative = 1e-14);
        }
    }

    #[test]
    fn two_groups_by_hand() {
        // s² = 1 and 4, pooled 2.5 with 2 + 2 degrees of freedom: T = (4 ln 2.5 − 2 ln 4)/(1 + (1 − 1/4)/3).
        let found = test(&[array![1.0, 2.0, 3.0], array![1.0, 3.0, 5.0]]).unwrap();
        let expected = (4.0 * 2.5_f64.ln() - 2.0 * 4.0_f64.ln()) / 1.25;
        assert_relative_eq!(found.statistic, expected, max_relative = 1e-14);
        for unit in [2.0_f64.powi(1018), 2.0_f64.powi(-1020)] {
            let scaled = test(&[array![1.0, 2.0, 3.0] * unit, array![1.0, 3.0, 5.0] * unit]).unwrap();
            assert_relative_eq!(scaled.statistic, expected, max_relative = 1e-14);
        }
        assert!(test(&[array![1.0, 1.0], array![1.0, 2.0]]).unwrap_err().to_string().contains("group 0"));
    }
}
