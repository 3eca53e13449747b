//! Shares of one, two or several samples, compared by the normal distribution and by χ².
//!
//! The interval for a difference of two is Newcombe's hybrid of both Wilson intervals (R. G. Newcombe 1998,
//! doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10).

use ndarray::ArrayView1;

use super::binomial::cohens_h;
use super::check_share;
use super::intervals::ProportionInterval;
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};
use crate::special::{ndtr, ndtri};
use crate::stats::test::{Alternative, check_level};

const NAME: &str = "proportions_test";

/// What the test of shares finds.
#[derive(Debug, Clone, PartialEq)]
pub struct ProportionsTest {
    /// z for one or two samples, χ² for more.
    pub statistic: f64,
    /// The probability of a statistic at least as far out.
    pub p_value: f64,
    /// Degrees of freedom of χ²; none for z.
    pub df: Option<usize>,
    /// The share of successes in each sample.
    pub proportions: Vec<f64>,
    /// p̂ − value or p̂₁ − p̂₂; none for more than two samples.
    pub estimate: Option<f64>,
    /// For the share of one sample, what the test does not reject: Wald's interval, or Wilson's with `prop_var` = `value`; Newcombe's for
    /// the difference of two.
    pub confidence_interval: Option<(f64, f64)>,
    /// Cohen's h for one or two samples, w = √(χ²/n) for more.
    pub effect_size: f64,
    /// The smallest expected number of successes or failures.
    pub least_expected: f64,
}

/// Tests whether the share of successes is `value` (one sample, ½ by default), or whether two samples' shares differ by `value` (0 by default), or
/// whether several samples have one share (`value`, if given).
///
/// One sample: z = (p̂ − value)/√(p(1 − p)/n), p being `prop_var` if given, else p̂. Two: z = (p̂₁ − p̂₂ − value)/√(p(1 − p)(1/n₁ + 1/n₂)), p being `prop_var` or
/// the share of both together. More: χ² = Σ nᵢ(p̂ᵢ − p)²/(p(1 − p)).
///
/// # Errors
/// If a sample is no share, shares are so extreme that the statistic has no standard error, there are more than two samples and the
/// alternative has a side, or `value`, `prop_var` or the level is out of range.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, proportions_test};
///
/// let (count, nobs) = (array![5.0, 12.0], array![83.0, 99.0]);
/// let found = proportions_test(count.view(), nobs.view(), None, None, Alternative::TwoSided, 0.95)?;
/// assert!((found.p_value - 0.159181).abs() < 1e-6);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn proportions_test(
    count: ArrayView1<'_, f64>,
    nobs: ArrayView1<'_, f64>,
    value: Option<f64>,
    prop_var: Option<f64>,
    alternative: Alternative,
    level: f64,
) -> Result<ProportionsTest> {
    check::at_least(NAME, "count", "samples", count.len(), 1)?;
    check::same_length(NAME, ("nobs", nobs.len()), ("count", count.shape()))?;
    for (&count, &nobs) in count.iter().zip(nobs) {
        check_share(NAME, ("count", count), ("nobs", nobs))?;
    }
    check_level(NAME, level)?;
    let inside = "between 0 and 1";
    if let Some(p) = prop_var {
        check::in_range(NAME, "prop_var", p, p > 0.0 && p < 1.0, inside)?;
    }
    let proportions: Vec<f64> = count.iter().zip(nobs).map(|(count, nobs)| count / nobs).collect();
    let (successes, trials) = (count.sum(), nobs.sum());
    let pooled = prop_var.unwrap_or(successes / trials);
    let tail = if alternative == Alternative::TwoSided { (1.0 - level) / 2.0 } else { 1.0 - level };
    match *proportions {
        [share] => {
            let value = value.unwrap_or(0.5);
            check::in_range(NAME, "value", value, value > 0.0 && value < 1.0, inside)?;
            let error = (pooled * (1.0 - pooled) / trials).sqrt();
            has_error(error, "prop_var=value, or binomtest")?;
            let statistic = (share - value) / error;
            // It holds the values that this test would not reject.
            let interval = match prop_var {
                None => ProportionInterval::Wald.interval(successes, trials, alternative, level),
                Some(p) if p == value => ProportionInterval::Wilson.interval(successes, trials, alternative, level),
                Some(_) => {
                    let reach = -ndtri(tail) * error;
                    let (low, high) = ((share - reach).max(0.0), (share + reach).min(1.0));
                    match alternative {
                        Alternative::TwoSided => (low, high),
                        Alternative::Less => (0.0, high),
                        Alternative::Greater => (low, 1.0),
                    }
                }
            };
            Ok(ProportionsTest {
                statistic,
                p_value: p_value(alternative, statistic),
                df: None,
                estimate: Some(share - value),
                confidence_interval: Some(interval),
                effect_size: cohens_h(share, value),
                least_expected: trials * value.min(1.0 - value),
                proportions,
            })
        }
        [first, second] => {
            let value = value.unwrap_or(0.0);
            check::in_range(NAME, "value", value, value > -1.0 && value < 1.0, "between -1 and 1")?;
            let error = (pooled * (1.0 - pooled) * (1.0 / nobs[0] + 1.0 / nobs[1])).sqrt();
            has_error(error, "fisher_exact")?;
            let statistic = (first - second - value) / error;
            let wilson = |i: usize| ProportionInterval::Wilson.bounds(count[i], nobs[i], tail);
            let (one, other) = (wilson(0), wilson(1));
            let low = first - second - (first - one.0).hypot(other.1 - second);
            let high = first - second + (one.1 - first).hypot(second - other.0);
            let interval = match alternative {
                Alternative::TwoSided => (low, high),
                Alternative::Less => (-1.0, high),
                Alternative::Greater => (low, 1.0),
            };
            Ok(ProportionsTest {
                statistic,
                p_value: p_value(alternative, statistic),
                df: None,
                estimate: Some(first - second),
                confidence_interval: Some(interval),
                effect_size: cohens_h(first, second),
                least_expected: nobs[0].min(nobs[1]) * pooled.min(1.0 - pooled),
                proportions,
            })
        }
        _ => {
            if alternative != Alternative::TwoSided {
                let problem = "has a side, but more than two shares differ in no direction; leave it out".into();
                return Err(Error::Invalid { function: NAME, argument: "alternative", problem });
            }
            if let Some(value) = value {
                check::in_range(NAME, "value", value, value > 0.0 && value < 1.0, inside)?;
            }
            let common = value.unwrap_or(pooled);
            has_error(common * (1.0 - common), "only samples that differ")?;
            let deviations = proportions.iter().zip(nobs).map(|(share, nobs)| nobs * (share - common).powi(2));
            let statistic = deviations.sum::<f64>() / (common * (1.0 - common));
            let df = if value.is_some() { proportions.len() } else { proportions.len() - 1 };
            Ok(ProportionsTest {
                statistic,
                p_value: ChiSquared::new(df as f64)?.sf(statistic),
                df: Some(df),
                estimate: None,
                confidence_interval: None,
                effect_size: (statistic / trials).sqrt(),
                least_expected: nobs.iter().fold(f64::INFINITY, |least, nobs| least.min(*nobs))
                    * common.min(1.0 - common),
                proportions,
            })
        }
    }
}

/// The probability of a z at least as far out.
pub(super) fn p_value(alternative: Alternative, z: f64) -> f64 {
    match alternative {
        Alternative::TwoSided => 2.0 * ndtr(-z.abs()),
        Alternative::Less => ndtr(z),
        Alternative::Greater => ndtr(-z),
    }
}

fn has_error(error: f64, instead: &str) -> Result<()> {
    if error > 0.0 {
        return Ok(());
    }
    let problem = format!("has no failures, or no successes, at all, so that z has no standard error; use {instead}");
    Err(Error::Invalid { function: NAME, argument: "count", problem })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    fn test(count: &Array1<f64>, nobs: &Array1<f64>, value: Option<f64>) -> ProportionsTest {
        proportions_test(count.view(), nobs.view(), value, None, Alternative::TwoSided, 0.95).unwrap()
    }

    #[test]
    fn the_interval_of_a_difference_is_newcombes_example() {
        // Newcombe (1998), table II, example (a): 56/70 − 48/80, method 10.
        let found = test(&array![56.0, 48.0], &array![70.0, 80.0], None);
        let (low, high) = found.confidence_interval.unwrap();
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} {high}");
    }

    #[test]
    fn the_interval_of_one_share_holds_what_its_test_does_not_reject() {
        let count = array![3.0];
        let nobs = array![25.0];
        for alternative in [Alternative::TwoSided, Alternative::Less, Alternative::Greater] {
            for prop_var in [None, Some(0.2), Some(f64::NAN)] {
                for value in (1..100).map(|percent| f64::from(percent) / 100.0) {
                    // NaN stands for `prop_var` = `value`.
                    let prop_var = prop_var.map(|p: f64| if p.is_nan() { value } else { p });
                    let found =
                        proportions_test(count.view(), nobs.view(), Some(value), prop_var, alternative, 0.95).unwrap();
                    let (low, high) = found.confidence_interval.unwrap();
                    assert_eq!((low..=high).contains(&value), found.p_value >= 0.05, "{value} {prop_var:?}");
                }
            }
        }
    }

    #[test]
    fn two_samples_by_z_are_several_by_chi_square() {
        let (count, nobs) = (array![20.0, 30.0], array![90.0, 80.0]);
        let z = test(&count, &nobs, None);
        let third = test(&array![20.0, 30.0, 50.0], &array![90.0, 80.0, 170.0], None);
        // A third sample with the common share adds a degree of freedom and nothing else.
        assert_relative_eq!(third.statistic, z.statistic * z.statistic, max_relative = 1e-13);
        assert_eq!(third.df, Some(2));
        assert_eq!(test(&array![20.0, 30.0, 50.0], &array![90.0, 80.0, 170.0], Some(0.4)).df, Some(3));
    }

    #[test]
    fn no_spread_and_wrong_sides_are_refused() {
        let refusal = |count: Array1<f64>, alternative| {
            let nobs = Array1::from_elem(count.len(), 5.0);
            proportions_test(count.view(), nobs.view(), None, None, alternative, 0.95).unwrap_err().to_string()
        };
        assert!(refusal(array![5.0], Alternative::TwoSided).contains("binomtest"));
        assert!(refusal(array![0.0, 0.0], Alternative::TwoSided).contains("fisher_exact"));
        assert!(refusal(array![1.0, 2.0, 3.0], Alternative::Less).contains("alternative has a side"));
    }
}
