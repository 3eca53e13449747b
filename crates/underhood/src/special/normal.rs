//! The normal distribution function and its logarithm, as wide kernels.
//!
//! Φ(−z) = ½ erfcx(z/√2)·exp(−z²/2) with z² carried in two doubles, so that the tail is right to the last normal number, and
//! ln Φ(−z) = ln(½ erfcx(z/√2)) − z²/2.

use std::f64::consts::FRAC_1_SQRT_2;

use super::error_function::erfcx_upper;
use super::exponential::exp_pair;
use super::in_place::wide;
use super::logarithm::ln_pair;
use crate::double_double::{two_product, two_sum};
use crate::simd::wide_kernel;

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

wide_kernel! {
    /// Replaces every z by exp(−z²/2).
    pub(crate) fn bell_in_place(z: &mut [f64]) = bell_body
}

#[inline(always)]
fn bell_body<const FMA: bool>(z: &mut [f64]) {
    for z in z {
        let value = bell::<FMA>(near(*z));
        *z = if z.is_nan() { *z } else { value };
    }
}

#[inline(always)]
fn ndtr_wide<const FMA: bool>(z: f64) -> f64 {
    let size = near(z);
    let tail = 0.5 * erfcx_upper::<FMA>(size * FRAC_1_SQRT_2) * bell::<FMA>(size);
    let probability = if z < 0.0 { tail } else { 1.0 - tail };
    if z.is_nan() { z } else { probability }
}

#[inline(always)]
fn log_ndtr_wide<const FMA: bool>(z: f64) -> f64 {
    let size = z.abs();
    let scaled = if size < 1e10 { size * FRAC_1_SQRT_2 } else { 1e10 * FRAC_1_SQRT_2 };
    let half = 0.5 * erfcx_upper::<FMA>(scaled);
    let (rest, lost) = two_sum(1.0, -half * bell::<FMA>(near(z)));
    // From 1e10 on the logarithm is nothing beside the square.
    let logarithm = ln_pair::<FMA>(if z < 0.0 { half } else { rest }, if z < 0.0 { 0.0 } else { lost / rest });
    let value = if z < 0.0 { logarithm - 0.5 * z * z } else { logarithm };
    if z.is_nan() { z } else { value }
}

/// |z|, as far as 40, where both tails have long underflown.
#[inline(always)]
fn near(z: f64) -> f64 {
    let size = z.abs();
    if size < 40.0 { size } else { 40.0 }
}

/// exp(−z²/2) for 0 ≤ z ≤ 40.
#[inline(always)]
fn bell<const FMA: bool>(z: f64) -> f64 {
    let (high, low) = two_product::<FMA>(z, z);
    exp_pair::<FMA>(-0.5 * high, -0.5 * low)
}
