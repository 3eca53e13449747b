//! How values are shaped: moments of any order, skewness and kurtosis.
//!
//! The corrections for the sample's size are those of D. N. Joanes and C. A. Gill (1998, doi:10.1111/1467-9884.00122), G₁ and G₂.

use ndarray::{ArrayD, ArrayViewD};

use super::along::{Lanes, NanPolicy};
use super::moments::{Moments, exponent_of, times_power_of_two};
use crate::double_double::Dd;
use crate::error::{Error, Result};

/// Powers of numbers between 1 and 2 stay far from overflow up to this order.
const LOW_ORDER: u32 = 512;

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
/// As [`mean`](super::mean), and [`Error::OutOfRange`] for an order above 2³¹ − 1.
pub fn moment(
    a: ArrayViewD<'_, f64>,
    order: u32,
    axis: Option<usize>,
    centre: Option<f64>,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    let power = i32::try_from(order).map_err(|_| Error::OutOfRange {
        function: "moment",
        argument: "order",
        value: f64::from(order),
        expected: "at most 2³¹ − 1".into(),
    })?;
    Lanes::new("moment", a, axis, policy)?.numbers(&mut |x| Ok(moment_of(x, power, centre)))
}

fn moment_of(x: &[f64], order: i32, centre: Option<f64>) -> f64 {
    match (order, centre) {
        (0, _) => return 1.0,
        (1, None) => return if x.iter().all(|v| v.is_finite()) { 0.0 } else { f64::NAN },
        _ => {}
    }
    let mut deviations = x.to_vec();
    // Deviations are divided by 2ᵏ: first so that they do not overflow, then so that their powers do not.
    let exponent = match centre {
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
    if deviations.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    if largest.is_infinite() {
        // Beside infinite powers the others are nothing, of any size; ∞ − ∞ has no value.
        return deviations.iter().filter(|v| v.is_infinite()).map(|v| v.powi(order)).sum();
    }
    if order.unsigned_abs() > LOW_ORDER {
        return mean_of_high_powers(&deviations, order, exponent);
    }
    let size = exponent_of(largest);
    deviations.iter_mut().for_each(|v| *v = times_power_of_two(*v, -size).powi(order));
    times_power_of_two(Moments::of_slice(&deviations).mean(), (exponent + size) * order)
}

/// The mean of (2ᵉv)ᵏ, where powers lie far outside the range of doubles: each is a number and an exponent of its own.
fn mean_of_high_powers(v: &[f64], k: i32, e: i32) -> f64 {
    let powers: Vec<(f64, i64)> = v.iter().filter(|v| **v != 0.0).map(|&v| high_power(v, k)).collect();
    let top = powers.iter().map(|power| power.1).max().unwrap_or(0);
    let beside = |&(number, exponent): &(f64, i64)| times_power_of_two(number, bounded(exponent - top));
    let mut scaled: Vec<f64> = powers.iter().map(beside).collect();
    scaled.resize(v.len(), 0.0);
    times_power_of_two(Moments::of_slice(&scaled).mean(), bounded(top + i64::from(e) * i64::from(k)))
}

/// An exponent of two, beyond ±2¹⁴ no matter how far: there all is zero or infinite.
fn bounded(exponent: i64) -> i32 {
    exponent.clamp(-(1 << 14), 1 << 14) as i32
}

/// vᵏ = x·2ᵉ with 1 ≤ |x| ≤ 2, by squaring, in twice the digits of a double: k roundings of those do no harm.
fn high_power(v: f64, k: i32) -> (f64, i64) {
    let normal = |x: Dd, exponent: i64| {
        let size = exponent_of(x.value());
        (x * times_power_of_two(1.0, -size), exponent + i64::from(size))
    };
    let size = exponent_of(v);
    let mut square = (Dd::from(times_power_of_two(v, -size)), i64::from(size));
    let mut power = (Dd::from(1.0), 0);
    let mut rest = k;
    while rest > 0 {
        if rest & 1 == 1 {
            power = normal(power.0 * square.0, power.1 + square.1);
        }
        square = normal(square.0 * square.0, 2 * square.1);
        rest >>= 1;
    }
    (power.0.value(), power.1)
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

    #[test]
    fn any_order_keeps_its_size_and_its_parity() {
        let of = |a: &[f64], order, centre| {
            let a = ndarray::Array1::from(a.to_vec()).into_dyn();
            moment(a.view(), order, None, centre, NanPolicy::Propagate).map(|found| found[[]])
        };
        // 2·0.95¹²⁰⁰/3 and 2·0.95⁴⁰⁰⁰/3 with 50 digits; the double nearest to 0.95 is what is raised.
        assert_relative_eq!(of(&[-0.95, 0.95, 0.0], 1200, None).unwrap(), 1.2366166441643873e-27, max_relative = 1e-13);
        assert_relative_eq!(of(&[-0.95, 0.95, 0.0], 4000, None).unwrap(), 5.227931594115084e-90, max_relative = 1e-13);
        assert_eq!(of(&[-0.95, 0.95, 0.0], 1201, None).unwrap(), 0.0);
        // The deviations are −4/3, −1/3, 5/3; and −5/3, 1/3, 4/3.
        assert_eq!(of(&[1.0, 2.0, 4.0], 3001, None).unwrap(), f64::INFINITY);
        assert_eq!(of(&[1.0, 3.0, 4.0], 3001, None).unwrap(), f64::NEG_INFINITY);
        let most = i32::MAX as u32;
        assert_eq!(of(&[1.0, 2.0, 3.0], most - 1, None).unwrap(), 2.0 / 3.0);
        assert_eq!(of(&[1.0, 2.0, 3.0], most, None).unwrap(), 0.0);
        assert_eq!(of(&[0.0, 1.0, 1.0], most, Some(0.0)).unwrap(), 2.0 / 3.0);
        assert_eq!(of(&[0.5, 0.25], most, Some(0.0)).unwrap(), 0.0);
        let refused = of(&[1.0, 2.0, 3.0], most + 1, None).unwrap_err().to_string();
        assert_eq!(refused, "moment: order is 2147483648, but must be at most 2³¹ − 1");
        // An infinite distance outdoes finite ones whose powers overflow.
        assert_eq!(of(&[f64::INFINITY, -10.0], 2001, Some(0.0)).unwrap(), f64::INFINITY);
        assert!(of(&[f64::INFINITY, f64::NEG_INFINITY], 3, Some(0.0)).unwrap().is_nan());
        assert_eq!(of(&[1e300, -1e300], 1 << 20, Some(0.0)).unwrap(), f64::INFINITY);
    }
}
