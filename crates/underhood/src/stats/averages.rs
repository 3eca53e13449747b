//! Where values lie: arithmetic, weighted, geometric, harmonic and trimmed means, the median and the mode.
//!
//! Definitions: G. H. Hardy, J. E. Littlewood and G. Pólya (1934), *Inequalities*, chapter II, for the means; J. W. Tukey (1962,
//! doi:10.1214/aoms/1177704711) for trimming.

use std::f64::consts::LN_2;

use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, IxDyn};

use super::along::{Lanes, NanPolicy, any_missing};
use super::moments::{Moments, exponent_of, times_power_of_two};
use super::quantile::{QuantileMethod, quantiles_without_missing};
use super::select::{key, value_of};
use crate::check;
use crate::error::{Error, Result, Shape};

/// Arithmetic means Σx/n: of all values, or along an axis, which then disappears from the shape.
///
/// # Errors
/// [`Error::TooFew`] if there is nothing to take the mean of, [`Error::OutOfRange`] if there is no such axis, [`Error::NotFinite`] for a
/// missing value that the policy refuses.
///
/// ```
/// use ndarray::{array, aview0};
/// use underhood::stats::{NanPolicy, mean};
///
/// let a = array![[1.0, 2.0], [3.0, 6.0]].into_dyn();
/// assert_eq!(mean(a.view(), None, NanPolicy::Raise)?, aview0(&3.0).into_dyn());
/// assert_eq!(mean(a.view(), Some(0), NanPolicy::Raise)?, array![2.0, 4.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn mean(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("mean", a, axis, policy)?.of_moments_one(&Moments::mean)
}

/// Weighted means Σwx/Σw. The weights have the shape of `a`, or they are a vector as long as the axis.
///
/// A value of weight 0 takes no part, be it infinite.
///
/// # Errors
/// As [`mean`]; and if the weights are of another shape ([`Error::Shape`]), not finite ([`Error::NotFinite`]), negative
/// ([`Error::OutOfRange`]), or all 0 ([`Error::Invalid`]).
pub fn weighted_mean(
    a: ArrayViewD<'_, f64>,
    weights: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    weighted("mean", a, weights, axis, policy, &|x, w| Ok(weighted_mean_of(x, w)))
}

/// Geometric means (Πx)^(1/n), of values that are not negative; 0 if one is.
///
/// # Errors
/// As [`mean`], and [`Error::Invalid`] for a negative value.
pub fn gmean(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("gmean", a, axis, policy)?.numbers(&mut |x| {
        not_negative("gmean", "geometric", x)?;
        Ok(geometric(x))
    })
}

/// Weighted geometric means exp(Σw·ln x / Σw). See [`weighted_mean`] for the weights.
///
/// # Errors
/// As [`weighted_mean`], and [`Error::Invalid`] for a negative value.
pub fn weighted_gmean(
    a: ArrayViewD<'_, f64>,
    weights: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    weighted("gmean", a, weights, axis, policy, &|x, w| {
        not_negative("gmean", "geometric", x)?;
        // About the first value, so that a size that all have in common costs no digits.
        let about = x[0];
        if x.contains(&0.0) || x.contains(&f64::INFINITY) {
            return Ok(if !x.contains(&0.0) {
                f64::INFINITY
            } else if x.contains(&f64::INFINITY) {
                f64::NAN
            } else {
                0.0
            });
        }
        let logarithms: Vec<f64> = x.iter().map(|&v| logarithm_of_ratio(v, about)).collect();
        let mean = weighted_mean_of(&logarithms, w);
        let whole = (mean / LN_2).round();
        Ok(times_power_of_two(about, whole as i32) * libm::exp(mean - whole * LN_2))
    })
}

/// Harmonic means n/Σ(1/x), of values that are not negative; 0 if one is.
///
/// # Errors
/// As [`mean`], and [`Error::Invalid`] for a negative value.
pub fn hmean(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<ArrayD<f64>> {
    Lanes::new("hmean", a, axis, policy)?.numbers(&mut |x| {
        not_negative("hmean", "harmonic", x)?;
        Ok(harmonic(x, &|ratios| Moments::of_slice(ratios).mean()))
    })
}

/// Weighted harmonic means Σw/Σ(w/x). See [`weighted_mean`] for the weights.
///
/// # Errors
/// As [`weighted_mean`], and [`Error::Invalid`] for a negative value.
pub fn weighted_hmean(
    a: ArrayViewD<'_, f64>,
    weights: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    weighted("hmean", a, weights, axis, policy, &|x, w| {
        not_negative("hmean", "harmonic", x)?;
        Ok(harmonic(x, &|ratios| weighted_mean_of(ratios, w)))
    })
}

/// Means of what is left when the share `proportiontocut` of the values, rounded down to whole ones, is cut off at either end.
///
/// # Errors
/// As [`mean`], and [`Error::OutOfRange`] for a share outside [0, ½).
pub fn trim_mean(
    a: ArrayViewD<'_, f64>,
    proportiontocut: f64,
    axis: Option<usize>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    let fits = (0.0..0.5).contains(&proportiontocut);
    check::in_range("trim_mean", "proportiontocut", proportiontocut, fits, "at least 0 and less than 0.5")?;
    let mut kept = Vec::new();
    Lanes::new("trim_mean", a, axis, policy)?.numbers(&mut |x| {
        let cut = (proportiontocut * x.len() as f64) as usize;
        kept.clear();
        kept.extend_from_slice(x);
        let middle = kept.len() - 2 * cut;
        let mut left = kept.as_mut_slice();
        if cut > 0 {
            left.select_nth_unstable_by(cut, f64::total_cmp);
            left = &mut left[cut..];
            left.select_nth_unstable_by(middle - 1, f64::total_cmp);
        }
        Ok(Moments::of_slice(&left[..middle]).mean())
    })
}

/// Medians: the middle value, or the mean of the two in the middle.
///
/// # Errors
/// As [`mean`].
pub fn median(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<ArrayD<f64>> {
    let mut scratch = Vec::new();
    Lanes::new("median", a, axis, policy)?.numbers(&mut |x| Ok(median_of(x, &mut scratch)))
}

/// The most frequent values and how often each occurs; the smallest of several that are equally frequent. The count of a lane whose
/// mode is NaN is NaN too.
///
/// # Errors
/// As [`mean`].
pub fn mode(a: ArrayViewD<'_, f64>, axis: Option<usize>, policy: NanPolicy) -> Result<(ArrayD<f64>, ArrayD<f64>)> {
    let mut keys = Vec::new();
    let found = Lanes::new("mode", a, axis, policy)?.answers(2, &mut |x, out| {
        keys.clear();
        // The sum makes one zero of both.
        keys.extend(x.iter().map(|&v| key(v + 0.0)));
        keys.sort_unstable();
        let longest = keys.chunk_by(|a, b| a == b).rev().max_by_key(|equal| equal.len());
        if let Some(equal) = longest {
            (out[0], out[1]) = (value_of(equal[0]), equal.len() as f64);
        }
        Ok(())
    })?;
    Ok((found.index_axis(Axis(0), 0).to_owned(), found.index_axis(Axis(0), 1).to_owned()))
}

/// The median of values none of which is missing.
pub(super) fn median_of(x: &[f64], scratch: &mut Vec<i64>) -> f64 {
    quantiles_without_missing(x, &[0.5], QuantileMethod::Linear, scratch)[0]
}

fn not_negative(function: &'static str, kind: &str, x: &[f64]) -> Result<()> {
    match x.iter().find(|v| **v < 0.0) {
        None => Ok(()),
        Some(value) => Err(Error::Invalid {
            function,
            argument: "a",
            problem: format!("holds {value}, but a {kind} mean is of values that are not negative"),
        }),
    }
}

/// (Πx)^(1/n): significands are multiplied, exponents are counted. A logarithm of every value would cost a rounding of its size.
fn geometric(x: &[f64]) -> f64 {
    let (zero, infinite) = (x.contains(&0.0), x.contains(&f64::INFINITY));
    if zero || infinite {
        return if zero && infinite {
            f64::NAN
        } else if zero {
            0.0
        } else {
            f64::INFINITY
        };
    }
    let (mut product, mut exponent) = (1.0_f64, 0_i64);
    for &value in x {
        let (significand, power) = libm::frexp(value);
        product *= significand;
        exponent += i64::from(power);
        if product < 1e-200 {
            let (significand, power) = libm::frexp(product);
            product = significand;
            exponent += i64::from(power);
        }
    }
    let (significand, power) = libm::frexp(product);
    exponent += i64::from(power);
    let n = x.len() as i64;
    let (whole, rest) = (exponent.div_euclid(n), exponent.rem_euclid(n));
    let remaining = (libm::log(significand) + LN_2 * rest as f64) / n as f64;
    times_power_of_two(libm::exp(remaining), whole as i32)
}

/// ln(a/b) of positive numbers.
fn logarithm_of_ratio(a: f64, b: f64) -> f64 {
    let difference = a - b;
    if difference.abs() < 0.5 * b {
        return libm::log1p(difference / b);
    }
    let (a, power_a) = libm::frexp(a);
    let (b, power_b) = libm::frexp(b);
    libm::log(a / b) + LN_2 * f64::from(power_a - power_b)
}

/// m/mean(m/x) for the smallest value m, so that no quotient overflows.
fn harmonic(x: &[f64], mean: &dyn Fn(&[f64]) -> f64) -> f64 {
    let smallest = x.iter().copied().fold(f64::INFINITY, f64::min);
    if smallest == 0.0 || smallest == f64::INFINITY {
        return smallest;
    }
    let ratios: Vec<f64> = x.iter().map(|v| smallest / v).collect();
    smallest / mean(&ratios)
}

/// Σwx/Σw = c + Σw(x − c)/Σw; every weight is positive, and there is at least one.
fn weighted_mean_of(x: &[f64], w: &[f64]) -> f64 {
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    if low == high {
        return low;
    }
    if low == f64::NEG_INFINITY || high == f64::INFINITY {
        return if low == f64::NEG_INFINITY && high == f64::INFINITY {
            f64::NAN
        } else if low == f64::NEG_INFINITY {
            low
        } else {
            high
        };
    }
    // Powers of two, so that neither sums nor products overflow or vanish.
    let size = exponent_of(high.abs().max(low.abs())) + 1;
    let heaviest = exponent_of(w.iter().copied().fold(0.0, f64::max)) + 1;
    let about = times_power_of_two(x[x.len() / 2], -size);
    let (mut sum, mut total) = (Compensated::default(), Compensated::default());
    for (&x, &w) in x.iter().zip(w) {
        let weight = times_power_of_two(w, -heaviest);
        sum.add(weight * (times_power_of_two(x, -size) - about));
        total.add(weight);
    }
    times_power_of_two(about + sum.value() / total.value(), size).clamp(low, high)
}

/// A sum that carries its rounding along (A. Neumaier, 1974, doi:10.1002/zamm.19740540106).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Compensated {
    sum: f64,
    rest: f64,
}

impl Compensated {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.rest += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    pub(super) fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.rest } else { self.sum }
    }
}

/// `of` the values of positive weight along the axis and their weights.
fn weighted(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    weights: ArrayViewD<'_, f64>,
    axis: Option<usize>,
    policy: NanPolicy,
    of: &dyn Fn(&[f64], &[f64]) -> Result<f64>,
) -> Result<ArrayD<f64>> {
    let lanes = Lanes::new(function, a.view(), axis, policy)?;
    if let Some((index, &value)) = weights.indexed_iter().find(|(_, w)| !w.is_finite()) {
        let index = index.slice().to_vec();
        return Err(Error::NotFinite { function, argument: "weights", value, index });
    }
    if let Some(&value) = weights.iter().find(|w| **w < 0.0) {
        return Err(Error::OutOfRange { function, argument: "weights", value, expected: "at least 0".into() });
    }
    let refused = || Error::Shape {
        function,
        argument: "weights",
        shape: weights.shape().to_vec(),
        expected: match axis {
            Some(axis) if a.ndim() > 1 => {
                format!("a is {}: that shape or a vector of {} is needed", Shape(a.shape()), a.len_of(Axis(axis)))
            }
            _ => format!("a is {}", Shape(a.shape())),
        },
    };
    let spread = match axis {
        _ if weights.shape() == a.shape() => weights.view(),
        // A vector of weights stands along the axis, whichever it is.
        Some(axis) if weights.ndim() == 1 && weights.len() == a.len_of(Axis(axis)) => {
            let mut shape = vec![1; a.ndim()];
            shape[axis] = weights.len();
            let standing = weights.view().into_shape_with_order(IxDyn(&shape)).map_err(|_| refused())?;
            return weighted_lanes(&lanes, &a, &standing.broadcast(a.raw_dim()).ok_or_else(refused)?, axis, policy, of);
        }
        _ => return Err(refused()),
    };
    match axis {
        Some(axis) => weighted_lanes(&lanes, &a, &spread, axis, policy, of),
        None => {
            let (x, w): (Vec<f64>, Vec<f64>) = a.iter().zip(&spread).unzip();
            let found = weighted_one(&lanes, x, w, policy, of)?;
            Ok(ArrayD::from_elem(IxDyn(&[]), found))
        }
    }
}

fn weighted_lanes(
    lanes: &Lanes<'_>,
    a: &ArrayViewD<'_, f64>,
    weights: &ArrayViewD<'_, f64>,
    axis: usize,
    policy: NanPolicy,
    of: &dyn Fn(&[f64], &[f64]) -> Result<f64>,
) -> Result<ArrayD<f64>> {
    let pairs = a.lanes(Axis(axis)).into_iter().zip(weights.lanes(Axis(axis)));
    let found: Vec<f64> =
        pairs.map(|(x, w)| weighted_one(lanes, x.to_vec(), w.to_vec(), policy, of)).collect::<Result<_>>()?;
    Ok(ArrayD::from_shape_vec(IxDyn(&lanes.shape()), found)
        .unwrap_or_else(|_| unreachable!("there is one number for each lane")))
}

fn weighted_one(
    lanes: &Lanes<'_>,
    mut x: Vec<f64>,
    mut w: Vec<f64>,
    policy: NanPolicy,
    of: &dyn Fn(&[f64], &[f64]) -> Result<f64>,
) -> Result<f64> {
    let missing = any_missing(&x);
    match policy {
        NanPolicy::Raise if missing => return Err(lanes.missing()),
        NanPolicy::Propagate if missing => return Ok(f64::NAN),
        _ => {}
    }
    if w.iter().all(|w| *w == 0.0) {
        let problem = "are all 0, so there is nothing to divide by".into();
        return Err(Error::Invalid { function: lanes.function(), argument: "weights", problem });
    }
    if missing || w.contains(&0.0) {
        (x, w) = x.into_iter().zip(w).filter(|(x, w)| !x.is_nan() && *w > 0.0).unzip();
    }
    if x.is_empty() { Ok(f64::NAN) } else { of(&x, &w) }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    const P: NanPolicy = NanPolicy::Propagate;

    #[test]
    fn means_by_hand() {
        let a = array![1.0, 2.0, 4.0].into_dyn();
        assert_relative_eq!(gmean(a.view(), None, P).unwrap()[[]], 2.0, max_relative = 1e-15);
        assert_relative_eq!(hmean(a.view(), None, P).unwrap()[[]], 12.0 / 7.0, max_relative = 1e-15);
        let w = array![1.0, 1.0, 2.0].into_dyn();
        assert_eq!(weighted_mean(a.view(), w.view(), None, P).unwrap()[[]], 2.75);
        assert_relative_eq!(
            weighted_gmean(a.view(), w.view(), None, P).unwrap()[[]],
            2.0 * 2.0_f64.powf(0.25),
            max_relative = 1e-15
        );
        assert_relative_eq!(weighted_hmean(a.view(), w.view(), None, P).unwrap()[[]], 2.0, max_relative = 1e-15);
    }

    #[test]
    fn means_of_extreme_values_are_scaled_ones() {
        let plain = array![1.0, 3.0, 4.0, 0.5].into_dyn();
        let w = array![1.0, 2.0, 0.0, 1.0].into_dyn();
        for exponent in [1020, -1060] {
            let factor = times_power_of_two(1.0, exponent);
            let scaled = plain.mapv(|v| v * factor);
            for of in [gmean, hmean, mean] {
                let (small, large) = (of(plain.view(), None, P).unwrap()[[]], of(scaled.view(), None, P).unwrap()[[]]);
                // Subnormal results have fewer bits.
                assert_relative_eq!(
                    times_power_of_two(large, -exponent),
                    small,
                    max_relative = if exponent < 0 { 1e-3 } else { 1e-15 }
                );
            }
            for of in [weighted_gmean, weighted_hmean, weighted_mean] {
                let (small, large) = (
                    of(plain.view(), w.view(), None, P).unwrap()[[]],
                    of(scaled.view(), w.view(), None, P).unwrap()[[]],
                );
                assert_relative_eq!(
                    times_power_of_two(large, -exponent),
                    small,
                    max_relative = if exponent < 0 { 1e-3 } else { 1e-14 }
                );
            }
        }
        let long = ndarray::Array1::from_elem(100_000, 1e-300).into_dyn();
        assert_relative_eq!(gmean(long.view(), None, P).unwrap()[[]], 1e-300, max_relative = 1e-13);
    }

    #[test]
    fn trimming_and_modes() {
        let a = array![9.0, 1.0, 2.0, -50.0, 3.0, 4.0, 100.0, 5.0, 6.0, 7.0].into_dyn();
        assert_eq!(trim_mean(a.view(), 0.1, None, P).unwrap()[[]], 37.0 / 8.0);
        assert_eq!(trim_mean(a.view(), 0.49, None, P).unwrap()[[]], 4.5);
        let (value, count) = mode(array![3.0, -0.0, 0.0, 3.0, 7.0].into_dyn().view(), None, P).unwrap();
        assert_eq!((value[[]], count[[]]), (0.0, 2.0));
    }

    #[test]
    fn weights_that_make_no_sense_are_refused() {
        let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn();
        let refusal = |w: ArrayD<f64>, axis| weighted_mean(a.view(), w.view(), axis, P).unwrap_err().to_string();
        assert_eq!(
            refusal(array![1.0, 2.0].into_dyn(), Some(1)),
            "mean: weights is a vector of 2, but a is 2×3: that shape or a vector of 3 is needed"
        );
        assert_eq!(
            refusal(array![0.0, 0.0].into_dyn(), Some(0)),
            "mean: weights are all 0, so there is nothing to divide by"
        );
        assert_eq!(refusal(array![1.0, -1.0].into_dyn(), Some(0)), "mean: weights is -1, but must be at least 0");
        let along = weighted_mean(a.view(), array![1.0, 3.0].into_dyn().view(), Some(0), P).unwrap();
        assert_eq!(along, array![3.25, 4.25, 5.25].into_dyn());
    }
}
