//! How values are shaped: moments of any order, skewness and kurtosis.
//!
//! The corrections for the sample's size are those of D. N. Joanes and C. A. Gill (1998, doi:10.1111/1467-9884.00122), G₁ and G₂.

use ndarray::{ArrayD, ArrayViewD};

use super::along::{Lanes, NanPolicy};
use super::moments::{Moments, exponent_of, times_power_of_two};
use crate::error::Result;

/// Skewness: how lopsided values are, 0 for symmetric ones. See [`Moments::skewness`].
///
/// # Errors
/// As [`mean`](super::mean).
pub fn skew(a: ArrayViewD<'_, f64>, axis: Option<usize>, bias: bool, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("skew", a, axis, policy)?.of_moments_one(&|moments| moments.skewness(bias))
}

/// Excess kurtosis: how heavy the tails are beside those of a normal distribution, which has 0. See [`Moments::kurtosis`].
///
/// # Errors
/// As [`mean`](super::mean).
pub fn kurtosis(a: ArrayViewD<'_, f64>, axis: Option<usize>, bias: bool, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("kurtosis", a, axis, policy)?.of_moments_one(&|moments| moments.kurtosis(bias))
}

/// Mean, variance, skewness and excess kurtosis from one pass over memory: the first axis of the result has these four.
///
/// # Errors
/// As [`mean`](super::mean).
pub fn moments(
    a: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    ddof: usize,
    bias: bool,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    Lanes::new("moments", a, axis, policy)?.of_moments(4, &|moments, out| {
        let four = [moments.mean(), moments.variance(ddof), moments.skewness(bias), moments.kurtosis(bias)];
        out.copy_from_slice(&four);
    })
}

/// Moments Σ(x − c)ᵏ/n of order k about `centre`, or about the mean if there is none.
///
/// # Errors
/// As [`mean`](super::mean).
pub fn moment(
    a: ArrayViewD<'_, f64>,
    order: u32,
    axis: Option<usize>,
    centre: Option<f64>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    Lanes::new("moment", a, axis, policy)?.numbers(&mut |x| Ok(moment_of(x, order, centre)))
}

fn moment_of(x: &[f64], order: u32, centre: Option<f64>) -> f64 {
    match (order, centre) {
        (0, _) => return 1.0,
        (1, None) => return if x.iter().all(|v| v.is_finite()) { 0.0 } else { f64::NAN },
        _ => {}
    }
    let mut deviations = x.to_vec();
    // Deviations are divided by 2ᵏ: first so that they do not overflow, then so that their powers do not.
    let mut exponent = match centre {
        None => Moments::of_slice(x).centre(&mut deviations),
        Some(centre) => {
            let overflows = x.iter().any(|v| v.is_finite() && !(v - centre).is_finite());
            let half = if overflows { 0.5 } else { 1.0 };
            deviations.iter_mut().for_each(|v| *v = *v * half - centre * half);
            i32::from(overflows)
        }
    };
    let largest = deviations.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let power = i32::try_from(order).unwrap_or(i32::MAX);
    if largest.is_finite() && !deviations.iter().any(|v| v.is_nan()) {
        let size = exponent_of(largest);
        deviations.iter_mut().for_each(|v| *v = times_power_of_two(*v, -size));
        exponent += size;
    }
    deviations.iter_mut().for_each(|v| *v = v.powi(power));
    let mean = Moments::of_slice(&deviations);
    if mean.missing() > 0 {
        return f64::NAN;
    }
    times_power_of_two(mean.mean(), exponent.saturating_mul(power))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn moments_by_hand() {
        // 1, 2, 3, 10: mean 4, deviations -3, -2, -1, 6.
        let a = array![1.0, 2.0, 3.0, 10.0].into_dyn();
        for (order, expected) in [(0, 1.0), (1, 0.0), (2, 12.5), (3, 45.0), (4, 348.5), (5, 1875.0)] {
            assert_eq!(moment(a.view(), order, None, None, NanPolicy::Raise).unwrap()[[]], expected, "{order}");
        }
        assert_eq!(moment(a.view(), 2, None, Some(0.0), NanPolicy::Raise).unwrap()[[]], 28.5);
        let four = moments(a.view(), None, 1, true, NanPolicy::Raise).unwrap();
        assert_eq!((four[0], four[1]), (4.0, 50.0 / 3.0));
        assert_relative_eq!(four[2], 360.0 / 50.0_f64.powf(1.5), max_relative = 1e-15);
        assert_relative_eq!(four[3], -0.7696, max_relative = 1e-14);
    }

    #[test]
    fn high_powers_overflow_only_if_the_moment_does() {
        let a = array![1e100, -1e100, 2e100].into_dyn();
        let third = moment(a.view(), 3, None, None, NanPolicy::Raise).unwrap()[[]];
        let small = moment(array![1.0, -1.0, 2.0].into_dyn().view(), 3, None, None, NanPolicy::Raise).unwrap()[[]];
        assert_relative_eq!(third / 1e300, small, max_relative = 1e-13);
        assert_eq!(moment(a.view(), 4, None, None, NanPolicy::Raise).unwrap()[[]], f64::INFINITY);
        let ends = array![1.5e308, -1.5e308].into_dyn();
        assert_eq!(moment(ends.view(), 1, None, Some(-1.5e308), NanPolicy::Raise).unwrap()[[]], 1.5e308);
        assert_eq!(moment(ends.view(), 1, None, Some(f64::INFINITY), NanPolicy::Raise).unwrap()[[]], f64::NEG_INFINITY);
    }
}
