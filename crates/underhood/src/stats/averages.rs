//! Where values lie: arithmetic, weighted, geometric, harmonic and trimmed means, the median and the mode.
//!
//! Definitions: G. H. Hardy, J. E. Littlewood and G. Pólya (1934), *Inequalities*, chapter II, for the means; J. W. Tukey (1962,
//! doi:10.1214/aoms/1177704711) for trimming.

use std::f64::consts::LN_2;

use ndarray::{ArrayD, ArrayViewD, Axis};

use super::along::{Lanes, NanPolicy};
use super::moments::{Moments, times_power_of_two};
use super::quantile::{QuantileMethod, quantiles_without_missing};
use super::select::{key, value_of};
use super::weights::{weighted, weighted_mean_of};
use crate::check;
use crate::error::{Error, Result};
use crate::simd::wide_kernel;

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
    for stretch in x.chunks(STRETCH) {
        let (significands, powers) = if stretch.iter().all(|v| v.is_normal()) {
            significands_and_exponents(stretch)
        } else {
            // Subnormal numbers become normal ones.
            let lifted: Vec<f64> =
                stretch.iter().map(|&v| if v < 1.0 { times_power_of_two(v, 100) } else { v }).collect();
            let small = stretch.iter().filter(|v| **v < 1.0).count();
            let (significands, powers) = significands_and_exponents(&lifted);
            (significands, powers - 100 * small as i64)
        };
        // Factors from 1 to 2, at most as many as a double's exponent has room for.
        for factor in significands {
            let (significand, power) = libm::frexp(product * factor);
            product = significand;
            exponent += i64::from(power);
        }
        exponent += powers;
    }
    let significand = product;
    let n = x.len() as i64;
    let (whole, rest) = (exponent.div_euclid(n), exponent.rem_euclid(n));
    let remaining = (libm::log(significand) + LN_2 * rest as f64) / n as f64;
    times_power_of_two(libm::exp(remaining), whole as i32)
}

/// Values whose significands are multiplied in lanes before the products are looked at.
const STRETCH: usize = 1024;
const LANES: usize = 16;

wide_kernel! {
    /// Products of the significands (from 1 to 2) in lanes, and the sum of the exponents, of normal positive numbers.
    fn significands_and_exponents(x: &[f64]) -> ([f64; LANES], i64) = significands_and_exponents_body
}

#[inline(always)]
fn significands_and_exponents_body<const FMA: bool>(x: &[f64]) -> ([f64; LANES], i64) {
    const FRACTION: u64 = (1 << 52) - 1;
    const BIAS: u64 = 1023;
    let (mut products, mut exponents) = ([1.0; LANES], [0_u64; LANES]);
    let (groups, tail) = x.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            let bits = group[lane].to_bits();
            products[lane] *= f64::from_bits((bits & FRACTION) | BIAS << 52);
            exponents[lane] += bits >> 52;
        }
    }
    for (lane, value) in tail.iter().enumerate() {
        let bits = value.to_bits();
        products[lane] *= f64::from_bits((bits & FRACTION) | BIAS << 52);
        exponents[lane] += bits >> 52;
    }
    (products, exponents.iter().sum::<u64>() as i64 - (BIAS * x.len() as u64) as i64)
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
}
