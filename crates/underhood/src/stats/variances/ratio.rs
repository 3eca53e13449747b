//! The F test of two variances, for normal populations.
//!
//! R. A. Fisher (1925, *Statistical Methods for Research Workers*, §41); the interval by inverting the test.

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::{Distribution, F};
use crate::error::{Error, Result};
use crate::stats::moments::{Moments, times_power_of_two};
use crate::stats::scale::Scaled;
use crate::stats::test::{Alternative, check_level, check_sample};

const NAME: &str = "var_test";

/// What the F test of two variances finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceRatio {
    /// F: the ratio of both variances over the one that is tested.
    pub statistic: f64,
    /// Probability of an F at least as far out in the direction of the alternative, if the null hypothesis holds.
    pub p_value: f64,
    /// Degrees of freedom, n₁ − 1 and n₂ − 1.
    pub df: (f64, f64),
    /// s₁²/s₂².
    pub estimate: f64,
    /// Confidence interval of the populations' ratio; for a one-sided alternative it is open on one side.
    pub confidence_interval: (f64, f64),
    /// Both standard deviations.
    pub stds: (f64, f64),
    /// Skewness g₁ and excess kurtosis g₂ of each sample, on which the test leans.
    pub shapes: [(f64, f64); 2],
    /// How many values in each sample.
    pub n: (usize, usize),
}

/// Tests whether the variances of two normal populations have the given ratio: F = (s₁²/s₂²)/ratio.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] for a constant sample,
/// [`Error::OutOfRange`] for a ratio that is not positive or a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, var_test};
///
/// let test = var_test(array![1.0, 3.0, 5.0].view(), array![1.0, 2.0, 3.0].view(), 1.0, Alternative::TwoSided, 0.95)?;
/// // With (2, 2) degrees of freedom P(F > f) = 1/(1 + f).
/// assert_eq!((test.estimate, test.df), (4.0, (2.0, 2.0)));
/// assert!((test.p_value - 0.4).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn var_test(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    ratio: f64,
    alternative: Alternative,
    level: f64,
) -> Result<VarianceRatio> {
    check_sample(NAME, "x", x, 2)?;
    check_sample(NAME, "y", y, 2)?;
    check::in_range(NAME, "ratio", ratio, ratio > 0.0 && ratio.is_finite(), "positive and finite")?;
    check_level(NAME, level)?;
    // Each on its own scale: one may vanish on the other's.
    let (of_x, of_y) = (Scaled::new(&[x], 0.0), Scaled::new(&[y], 0.0));
    let [first, second] = [&of_x, &of_y].map(|scaled| Moments::of_slice(scaled.sample(0)));
    for (argument, moments, values) in [("x", &first, x), ("y", &second, y)] {
        if moments.min() == moments.max() {
            let consequence = "the ratio of variances says nothing";
            return Err(Error::Constant { function: NAME, argument, value: values[0], consequence });
        }
    }
    let estimate = ratio_of_variances(NAME, [&of_x, &of_y], &[first, second])?;
    let statistic = estimate / ratio;
    let df = (x.len() as f64 - 1.0, y.len() as f64 - 1.0);
    let fisher = F::new(df.0, df.1)?;
    let (below, beyond) = (fisher.cdf(statistic), fisher.sf(statistic));
    let p_value = match alternative {
        Alternative::TwoSided => (2.0 * below.min(beyond)).min(1.0),
        Alternative::Less => below,
        Alternative::Greater => beyond,
    };
    let low = |tail: f64| estimate / fisher.isf(tail);
    let high = |tail: f64| estimate / fisher.ppf(tail);
    let tail = 1.0 - level;
    let confidence_interval = match alternative {
        Alternative::TwoSided => (low(0.5 * tail), high(0.5 * tail)),
        Alternative::Less => (0.0, high(tail)),
        Alternative::Greater => (low(tail), f64::INFINITY),
    };
    Ok(VarianceRatio {
        statistic,
        p_value,
        df,
        estimate,
        confidence_interval,
        stds: (of_x.up(first.std(1)), of_y.up(second.std(1))),
        shapes: [&first, &second].map(|m| (m.skewness(true), m.kurtosis(true))),
        n: (x.len(), y.len()),
    })
}

/// s₁²/s₂² of two samples that are not constant, each with its own scale. Neither it nor what an interval makes of it may leave the doubles.
pub(crate) fn ratio_of_variances(
    function: &'static str,
    scaled: [&Scaled<'_>; 2],
    moments: &[Moments; 2],
) -> Result<f64> {
    let ratio = (moments[0].std(1) / moments[1].std(1)).powi(2);
    let estimate = times_power_of_two(ratio, 2 * (scaled[0].exponent() - scaled[1].exponent()));
    if (1e-300..=1e300).contains(&estimate) {
        return Ok(estimate);
    }
    let side = if estimate < 1.0 { "smaller" } else { "larger" };
    let problem =
        format!("has a variance so much {side} than that of y that their ratio is beyond the range of doubles");
    Err(Error::Invalid { function, argument: "x", problem })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn swapped_samples_give_the_reciprocal() {
        let (x, y) = (array![1.0, 2.0, 4.0, 9.0, 5.0], array![2.0, 6.0, 7.0, 7.5]);
        let there = var_test(x.view(), y.view(), 2.0, Alternative::Less, 0.9).unwrap();
        let back = var_test(y.view(), x.view(), 0.5, Alternative::Greater, 0.9).unwrap();
        assert_relative_eq!(there.statistic, 1.0 / back.statistic, max_relative = 1e-14);
        assert_relative_eq!(there.p_value, back.p_value, max_relative = 1e-13);
        assert_relative_eq!(there.confidence_interval.1, 1.0 / back.confidence_interval.0, max_relative = 1e-12);
        // An end of the interval is the ratio that the test at that level just does not reject.
        let end = var_test(x.view(), y.view(), there.confidence_interval.1, Alternative::Less, 0.9).unwrap();
        assert_relative_eq!(end.p_value, 0.1, max_relative = 1e-11);
        let message = |k: i32, l: i32| {
            let (x, y) = (&x * 2.0_f64.powi(k), &y * 2.0_f64.powi(l));
            var_test(x.view(), y.view(), 1.0, Alternative::TwoSided, 0.9).map_err(|refused| refused.to_string())
        };
        assert!(message(650, -650).unwrap_err().contains("beyond the range of doubles"));
        assert!(message(-650, 650).unwrap_err().contains("so much smaller"));
        assert_relative_eq!(message(650, 350).unwrap().stds.0, message(650, 650).unwrap().stds.0, max_relative = 1e-15);
        assert!(var_test(x.view(), array![1.0, 1.0].view(), 1.0, Alternative::Less, 0.9).is_err());
        assert!(var_test(x.view(), y.view(), 0.0, Alternative::Less, 0.9).is_err());
    }
}
