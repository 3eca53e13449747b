//! Confidence intervals from a bootstrap distribution: percentile, basic, and bias-corrected and accelerated.
//!
//! B. Efron (1987, doi:10.1080/01621459.1987.10478410); B. Efron and R. J. Tibshirani (1993, *An Introduction to the Bootstrap*, chapters 13 and 14); for several
//! samples the acceleration of A. C. Davison and D. V. Hinkley (1997, *Bootstrap Methods and their Application*, §5.3).

use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::quantile::{QuantileMethod, quantiles_without_missing};
use crate::stats::test::Alternative;

/// How an interval is made of a bootstrap distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BootstrapMethod {
    /// Quantiles of the distribution at probabilities that are corrected for bias and for a spread that changes with the value.
    #[default]
    Bca,
    /// Quantiles of the distribution.
    Percentile,
    /// Twice the estimate less those quantiles: the distribution of the error, turned round.
    Basic,
}

impl BootstrapMethod {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["BCa", "percentile", "basic"];

    /// The method of a name; upper and lower case are the same.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`BootstrapMethod::NAMES`].
    pub fn named(name: &str) -> Result<BootstrapMethod> {
        match name.to_ascii_lowercase().as_str() {
            "bca" => Ok(BootstrapMethod::Bca),
            "percentile" => Ok(BootstrapMethod::Percentile),
            "basic" => Ok(BootstrapMethod::Basic),
            _ => Err(Error::UnknownName {
                function: "bootstrap",
                argument: "method",
                value: name.into(),
                allowed: &BootstrapMethod::NAMES,
            }),
        }
    }
}

/// An interval, and what the correction was.
pub(super) struct Interval {
    pub(super) ends: (f64, f64),
    pub(super) probabilities: (f64, f64),
    pub(super) correction: Option<(f64, f64)>,
}

/// The interval. `left_out` has, for each sample, the statistic without each of its values; only BCa looks at it.
pub(super) fn interval(
    estimate: f64,
    distribution: &[f64],
    left_out: &[Vec<f64>],
    method: BootstrapMethod,
    alternative: Alternative,
    level: f64,
) -> Result<Interval> {
    let tail = if alternative == Alternative::TwoSided { (1.0 - level) / 2.0 } else { 1.0 - level };
    let (mut probabilities, mut correction) = ((tail, 1.0 - tail), None);
    if method == BootstrapMethod::Bca {
        let (z0, a) = (bias_correction(estimate, distribution)?, acceleration(left_out)?);
        probabilities = (corrected(z0, a, tail)?, corrected(z0, a, 1.0 - tail)?);
        correction = Some((z0, a));
    }
    let wanted = [probabilities.0, probabilities.1];
    let found = quantiles_without_missing(distribution, &wanted, QuantileMethod::Linear, &mut Vec::new());
    let (low, high) = match method {
        BootstrapMethod::Basic => (2.0 * estimate - found[1], 2.0 * estimate - found[0]),
        _ => (found[0], found[1]),
    };
    let ends = match alternative {
        Alternative::TwoSided => (low, high),
        Alternative::Less => (f64::NEG_INFINITY, high),
        Alternative::Greater => (low, f64::INFINITY),
    };
    Ok(Interval { ends, probabilities, correction })
}

/// z₀ = Φ⁻¹(share of the distribution below the estimate, what equals it counted half). What differs from it by rounding equals it.
fn bias_correction(estimate: f64, distribution: &[f64]) -> Result<f64> {
    let (low, high) = distribution.iter().fold((estimate, estimate), |(low, high), &v| (v.min(low), v.max(high)));
    let rounding = (1e-12 * (high - low)).max(4.0 * f64::EPSILON * estimate.abs());
    let below = distribution.iter().filter(|&&v| v < estimate - rounding).count() as f64;
    let up_to = distribution.iter().filter(|&&v| v <= estimate + rounding).count() as f64;
    let share = (below + up_to) / (2.0 * distribution.len() as f64);
    if share <= 0.0 || share >= 1.0 {
        let side = if share <= 0.0 { "above" } else { "below" };
        return Err(refused(format!(
            "is \"BCa\", but every one of the {} resamples gave a value {side} the estimate, so that its bias is beyond correction; \
             use \"percentile\" or \"basic\", and doubt them",
            distribution.len()
        )));
    }
    Ok(Normal::standard().ppf(share))
}

/// a = ΣU³/(6(ΣU²)^(3/2)) with U the mean of the statistics with one value left out less each of them.
fn acceleration(left_out: &[Vec<f64>]) -> Result<f64> {
    let largest = left_out.iter().flat_map(|values| deviations(values)).fold(0.0_f64, |most, u| most.max(u.abs()));
    if !(largest > 0.0) {
        let defined = left_out.iter().flatten().all(|v| v.is_finite());
        return if defined { Ok(0.0) } else { Err(undefined()) };
    }
    let (mut cubes, mut squares) = (0.0, 0.0);
    for values in left_out {
        let n = values.len() as f64;
        let (mut third, mut second) = (0.0, 0.0);
        for u in deviations(values) {
            let u = (n - 1.0) * (u / largest);
            second += u * u;
            third += u * u * u;
        }
        cubes += third / (n * n * n);
        squares += second / (n * n);
    }
    let a = cubes / (6.0 * squares * squares.sqrt());
    if a.is_finite() { Ok(a) } else { Err(undefined()) }
}

fn deviations(values: &[f64]) -> impl Iterator<Item = f64> {
    // About the first value, so that what they have in common cancels.
    let first = values.first().copied().unwrap_or(0.0);
    let mean = values.iter().map(|v| v - first).sum::<f64>() / values.len() as f64;
    values.iter().map(move |v| mean - (v - first))
}

/// Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))) with z = Φ⁻¹(p).
fn corrected(z0: f64, a: f64, p: f64) -> Result<f64> {
    let normal = Normal::standard();
    let sum = z0 + normal.ppf(p);
    let shrunk = 1.0 - a * sum;
    if !(shrunk > 0.0) {
        return Err(refused(format!(
            "is \"BCa\", but the acceleration {a:.3} is too large for this confidence level; use \"percentile\""
        )));
    }
    Ok(normal.cdf(z0 + sum / shrunk))
}

fn refused(problem: String) -> Error {
    Error::Invalid { function: "bootstrap", argument: "method", problem }
}

fn undefined() -> Error {
    refused("is \"BCa\", which needs the statistic without each value in turn, but there it has no value; use \"percentile\"".into())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn the_acceleration_of_a_mean_is_a_sixth_of_its_skewness() {
        let x = [1.0, 2.0, 4.0, 9.0, 30.0];
        let total: f64 = x.iter().sum();
        let left_out = vec![x.iter().map(|v| (total - v) / 4.0).collect::<Vec<f64>>()];
        let mean = total / 5.0;
        let (cubes, squares) =
            x.iter().fold((0.0, 0.0), |(c, s), v| (c + (v - mean).powi(3), s + (v - mean) * (v - mean)));
        assert_relative_eq!(
            acceleration(&left_out).unwrap(),
            cubes / (6.0 * f64::powf(squares, 1.5)),
            max_relative = 1e-13
        );
        assert_eq!(acceleration(&[vec![2.0; 5]]).unwrap(), 0.0);
        assert!(acceleration(&[vec![2.0, f64::NAN]]).is_err());
    }

    #[test]
    fn without_bias_and_acceleration_bca_is_percentile() {
        let distribution: Vec<f64> = (0..=1000).map(|i| f64::from(i) - 500.0).collect();
        let level = 0.9;
        let of = |method, alternative| interval(0.0, &distribution, &[vec![1.0, 2.0, 3.0]], method, alternative, level);
        let (bca, percentile) = (
            of(BootstrapMethod::Bca, Alternative::TwoSided).unwrap(),
            of(BootstrapMethod::Percentile, Alternative::TwoSided).unwrap(),
        );
        assert_relative_eq!(bca.ends.0, percentile.ends.0, max_relative = 1e-12);
        assert_relative_eq!(percentile.ends.0, -450.0, max_relative = 1e-12);
        let less = of(BootstrapMethod::Basic, Alternative::Less).unwrap().ends;
        assert_eq!(less.0, f64::NEG_INFINITY);
        assert_relative_eq!(less.1, 400.0, max_relative = 1e-12);
        let one_sided = interval(900.0, &distribution, &[], BootstrapMethod::Bca, Alternative::TwoSided, level);
        assert!(one_sided.is_err_and(|error| error.to_string().contains("below the estimate")));
    }
}
