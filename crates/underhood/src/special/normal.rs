//! The normal distribution function and its logarithm, as wide kernels.
//!
//! Φ(−z) = ½ erfcx(z/√2)·exp(−z²/2) with z² carried in two doubles, so that the tail is right to the last normal number, and
//! ln Φ(−z) = ln(½ erfcx(z/√2)) − z²/2. The first factor is a polynomial (`error_function`), for Φ itself one in terms of z.

use std::f64::consts::FRAC_1_SQRT_2;

use super::coefficients::{NDTR_FIT, NDTR_FIT_RANGE};
use super::error_function::erfcx_upper;
use super::exponential::times_exp;
use super::in_place::wide;
use super::logarithm::ln_pair;
use super::polynomial::horner;
use crate::double_double::{two_product, two_sum};
use crate::simd::mul_add;

wide! {
    /// Φ(x): the probability that a standard normal variable is at most x.
    ///
    /// Relative error below 1e-15 down to Φ(−37.5) ≈ 5e-308.
    ///
    /// ```
    /// use underhood::special::{ndtr, ndtr_in_place};
    ///
    /// assert_eq!(ndtr(0.0), 0.5);
    /// assert!((ndtr(-30.0) / 4.906713927148187e-198 - 1.0).abs() < 1e-15);
    /// let mut z = [-1.0, 0.0, 2.5];
    /// ndtr_in_place(&mut z);
    /// assert_eq!(z, [ndtr(-1.0), ndtr(0.0), ndtr(2.5)]);
    /// ```
    ndtr, ndtr_in_place = ndtr_wide
}

wide! {
    /// ln Φ(x), also where Φ(x) underflows: about −x²/2 − ln(−x√(2π)) for large negative x.
    ///
    /// ```
    /// use underhood::special::log_ndtr;
    ///
    /// assert!((log_ndtr(-100.0) / -5005.524208694205 - 1.0).abs() < 1e-15);
    /// ```
    log_ndtr, log_ndtr_in_place = log_ndtr_wide
}

/// Φ(z).
#[inline(always)]
pub(crate) fn ndtr_wide<const FMA: bool>(z: f64) -> f64 {
    let size = near(z);
    let w = 1.0 / (size + 5.0);
    let fit = horner::<FMA, 22>(&NDTR_FIT, mul_add::<FMA>(NDTR_FIT_RANGE.1, w, NDTR_FIT_RANGE.0));
    // At 0 the polynomial is an ulp off what symmetry demands.
    let fit = if size == 0.0 { 0.5 } else { fit * w };
    let tail = bell::<FMA>(size, fit);
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// ln Φ(z).
#[inline(always)]
pub(crate) fn log_ndtr_wide<const FMA: bool>(z: f64) -> f64 {
    let size = z.abs();
    // From 1e10 on the logarithm is nothing beside the square. NaN stays NaN.
    let scaled = if size > 1e10 { 1e10 * FRAC_1_SQRT_2 } else { size * FRAC_1_SQRT_2 };
    let half = 0.5 * erfcx_upper::<FMA>(scaled);
    let tail = bell::<FMA>(near(z), half);
    let (rest, lost) = two_sum(1.0, -tail);
    // lost/rest, to what counts beside −tail.
    let correction = mul_add::<FMA>(lost, tail, lost);
    let logarithm = ln_pair::<FMA>(if z < 0.0 { half } else { rest }, if z < 0.0 { 0.0 } else { correction });
    if z < 0.0 { mul_add::<FMA>(-0.5 * z, z, logarithm) } else { logarithm }
}

/// exp(−z²/2).
#[inline(always)]
pub(crate) fn bell_wide<const FMA: bool>(z: f64) -> f64 {
    bell::<FMA>(near(z), 1.0)
}

/// |z|, as far as 38.7, where everything has underflown. NaN stays NaN.
#[inline(always)]
fn near(z: f64) -> f64 {
    let size = z.abs();
    if size > 38.7 { 38.7 } else { size }
}

/// factor·exp(−z²/2) for 0 ≤ z ≤ 38.7.
#[inline(always)]
fn bell<const FMA: bool>(z: f64, factor: f64) -> f64 {
    let (square, low) = two_product::<FMA>(-0.5 * z, z);
    times_exp::<FMA>(factor, square, low)
}
