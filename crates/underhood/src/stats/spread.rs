//! How values spread: variance and standard deviation, the interquartile range, the median absolute deviation, standard scores.
//!
//! The median absolute deviation goes back to C. F. Gauss (1816); F. R. Hampel (1974, doi:10.1080/01621459.1974.10482962) made it known.

use ndarray::{ArrayD, ArrayViewD, Axis};

use super::along::{Lanes, NanPolicy};
use super::averages::median_of;
use super::moments::Moments;
use super::quantile::{QuantileMethod, check_probabilities, quantiles_without_missing};
use crate::error::Result;

/// Variances Σ(x − x̄)²/(n − ddof); `ddof = 1` is that of a sample. NaN where n ≤ ddof.
///
/// # Errors
/// As [`mean`](super::mean).
pub fn var(a: ArrayViewD<'_, f64>, axis: Option<usize>, ddof: usize, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("var", a, axis, policy)?.of_moments_one(&|moments| moments.variance(ddof))
}

/// Standard deviations: the roots of [`var`].
///
/// # Errors
/// As [`mean`](super::mean).
pub fn std(a: ArrayViewD<'_, f64>, axis: Option<usize>, ddof: usize, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("std", a, axis, policy)?.of_moments_one(&|moments| moments.std(ddof))
}

/// Ranges between two quantiles: with `probabilities` (¼, ¾) the interquartile range, which holds the middle half of the values.
///
/// # Errors
/// As [`mean`](super::mean), and [`Error::OutOfRange`](crate::Error::OutOfRange) if a probability is not between 0 and 1.
pub fn iqr(
    a: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    probabilities: (f64, f64),
    method: QuantileMethod,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    let q = [probabilities.0.min(probabilities.1), probabilities.0.max(probabilities.1)];
    check_probabilities("iqr", "rng", &q)?;
    let mut scratch = Vec::new();
    Lanes::new("iqr", a, axis, policy)?.numbers(&mut |x| {
        let found = quantiles_without_missing(x, &q, method, &mut scratch);
        Ok(found[1] - found[0])
    })
}

/// Median absolute deviations: the median of |x − median|.
///
/// # Errors
/// As [`mean`](super::mean).
pub fn mad(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<ArrayD<f64>> {
    let mut scratch = Vec::new();
    Lanes::new("mad", a, axis, policy)?.numbers(&mut |x| Ok(median_absolute_deviation(x, &mut scratch).1))
}

/// The median of values none of which is missing, and the median of their distances from it.
pub(super) fn median_absolute_deviation(x: &[f64], scratch: &mut Vec<i64>) -> (f64, f64) {
    let median = median_of(x, scratch);
    let distances: Vec<f64> = x.iter().map(|v| (v - median).abs()).collect();
    (median, median_of(&distances, scratch))
}

/// Standard scores (x − x̄)/s with the divisor n − ddof in s, in the shape of `a`. NaN along a constant lane.
///
/// # Errors
/// As [`mean`](super::mean).
pub fn zscore(a: ArrayViewD<'_, f64>, axis: Option<usize>, ddof: usize, policy: NanPolicy) -> Result<ArrayD<f64>> {
    let mut scores = a.to_owned();
    if a.is_empty() && axis.is_some_and(|axis| axis < a.ndim() && a.len_of(Axis(axis)) > 0) {
        return Ok(scores); // no lanes
    }
    let moments = Lanes::new("zscore", a, axis, policy)?.all_moments()?;
    let spreads: Vec<f64> = moments.iter().map(|m| m.as_ref().map_or(f64::NAN, |m| m.scaled_std(ddof))).collect();
    let Some(axis) = axis.map(Axis) else {
        match scores.as_slice_memory_order_mut() {
            Some(values) => scale_lane(values, &moments[0], spreads[0]),
            None => scores.mapv_inplace(|x| score(&moments[0], spreads[0], x)),
        }
        return Ok(scores);
    };
    if scores.stride_of(axis) == 1 {
        for ((mut lane, moments), &spread) in scores.lanes_mut(axis).into_iter().zip(&moments).zip(&spreads) {
            match lane.as_slice_mut() {
                Some(values) => scale_lane(values, moments, spread),
                None => lane.mapv_inplace(|x| score(moments, spread, x)),
            }
        }
        return Ok(scores);
    }
    // Row by row, so that memory is read in its order.
    let plain: Option<Vec<(f64, f64)>> = moments.iter().map(|m| m.as_ref().and_then(Moments::centre_in_two)).collect();
    for mut row in scores.axis_iter_mut(axis) {
        match &plain {
            Some(centres) => row
                .iter_mut()
                .zip(centres)
                .zip(&spreads)
                .for_each(|((x, (c, mean)), spread)| *x = ((*x - c) - mean) / spread),
            None => row
                .iter_mut()
                .zip(&moments)
                .zip(&spreads)
                .for_each(|((x, moments), &spread)| *x = score(moments, spread, *x)),
        }
    }
    Ok(scores)
}

/// One standard score.
fn score(moments: &Option<Moments>, spread: f64, x: f64) -> f64 {
    moments.as_ref().map_or(f64::NAN, |moments| moments.scaled_deviation(x) / spread)
}

/// The standard scores of a lane in place of its values.
fn scale_lane(x: &mut [f64], moments: &Option<Moments>, spread: f64) {
    match moments.as_ref().and_then(Moments::centre_in_two) {
        Some((c, mean)) => x.iter_mut().for_each(|v| *v = ((*v - c) - mean) / spread),
        None => x.iter_mut().for_each(|v| *v = score(moments, spread, *v)),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array2, array};

    use super::*;
    use crate::random::Stream;

    #[test]
    fn robust_spreads_by_hand() {
        let a = array![1.0, 2.0, 3.0, 10.0].into_dyn();
        let quarters = (0.25, 0.75);
        assert_eq!(iqr(a.view(), None, quarters, QuantileMethod::Linear, NanPolicy::Raise).unwrap()[[]], 3.0);
        assert_eq!(mad(a.view(), None, NanPolicy::Raise).unwrap()[[]], 1.0);
        assert!(iqr(a.view(), None, (-0.1, 0.75), QuantileMethod::Linear, NanPolicy::Raise).is_err());
    }

    #[test]
    fn scores_have_mean_0_and_spread_1_in_any_layout() {
        let mut stream = Stream::seeded(4);
        let rows =
            Array2::from_shape_fn((50, 3), |(_, j)| stream.normal() * [1.0, 1e300, 1e-300][j] + [1e9, 0.0, 0.0][j]);
        let columns = rows.t().as_standard_layout().into_owned();
        let scores = zscore(rows.view().into_dyn(), Some(0), 0, NanPolicy::Raise).unwrap();
        let others = zscore(columns.view().into_dyn(), Some(1), 0, NanPolicy::Raise).unwrap();
        assert_eq!(scores, others.t());
        for lane in scores.lanes(Axis(0)) {
            let moments = Moments::of(lane);
            assert!(moments.mean().abs() < 1e-15);
            assert_relative_eq!(moments.std(0), 1.0, max_relative = 1e-14);
        }
        assert!(
            zscore(array![2.0, 2.0].into_dyn().view(), None, 0, NanPolicy::Raise).unwrap().iter().all(|z| z.is_nan())
        );
    }
}
