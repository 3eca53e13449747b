//! The error function and its complements, as wide kernels.
//!
//! erfcx is a polynomial in (z − 3.75)/(z + 3.75) over z + 3.75, after Shepherd and Laframboise (1981, doi:10.1090/S0025-5718-1981-0595058-X);
//! erfc(z) = erfcx(z)·exp(−z²) with z² in two doubles and a shorter polynomial, since erfc underflows from 27 on; erf below 1 is z times a
//! polynomial in z², above it 1 − erfc to a few digits less.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::coefficients::{ERF_FAR_FIT, ERF_FAR_FIT_RANGE, ERF_FIT, ERFC_FIT, ERFC_FIT_RANGE, ERFCX_FIT};
use super::exponential::{exp_pair, times_exp};
use super::in_place::wide;
use super::polynomial::horner;
use crate::double_double::two_product;
use crate::simd::mul_add;

wide! {
    /// The error function 2/√π ∫₀ˣ exp(−t²) dt. Relative error below 1e-15.
    ///
    /// ```
    /// use underhood::special::erf;
    ///
    /// assert_eq!(erf(0.0), 0.0);
    /// assert!((erf(1.0) - 0.8427007929497149).abs() < 1e-15);
    /// ```
    erf, erf_in_place = erf_wide
}

wide! {
    /// The complementary error function 1 − erf(x), without the cancellation: relative error below 1e-15 down to erfc(26.5) ≈ 1e-307.
    ///
    /// ```
    /// use underhood::special::erfc;
    ///
    /// assert!((erfc(20.0) / 5.395865611607901e-176 - 1.0).abs() < 1e-15);
    /// ```
    erfc, erfc_in_place = erfc_wide
}

wide! {
    /// The scaled complementary error function exp(x²)·erfc(x): about 1/(x√π) for large x, where erfc itself underflows.
    ///
    /// ∞ below about −26.6. Relative error below 1e-15.
    ///
    /// ```
    /// use underhood::special::erfcx;
    ///
    /// assert_eq!(erfcx(0.0), 1.0);
    /// assert!((erfcx(1e10) * 1e10 * std::f64::consts::PI.sqrt() - 1.0).abs() < 1e-15);
    /// ```
    erfcx, erfcx_in_place = erfcx_wide
}

#[inline(always)]
fn erf_wide<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let square = size * size;
    let near = x * horner::<FMA, 15>(&ERF_FIT, mul_add::<FMA>(2.0, square, -1.0));
    // Beyond 6 it is 1. What rounding takes from the square is nothing beside 1. NaN stays NaN.
    let z = if size > 6.0 { 6.0 } else { size };
    let w = 1.0 / (z + 3.0);
    let fit = horner::<FMA, 15>(&ERF_FAR_FIT, mul_add::<FMA>(ERF_FAR_FIT_RANGE.1, w, ERF_FAR_FIT_RANGE.0));
    let far = (1.0 - times_exp::<FMA>(fit * w, -z * z, 0.0)).copysign(x);
    if size < 1.0 { near } else { far }
}

#[inline(always)]
fn erfc_wide<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    // From there on it has underflown. NaN stays NaN.
    let z = if size > 27.4 { 27.4 } else { size };
    let w = 1.0 / (z + 3.5);
    let fit = horner::<FMA, 23>(&ERFC_FIT, mul_add::<FMA>(ERFC_FIT_RANGE.1, w, ERFC_FIT_RANGE.0));
    let (square, low) = two_product::<FMA>(-z, z);
    let tail = times_exp::<FMA>(fit * w, square, low);
    if x < 0.0 { 2.0 - tail } else { tail }
}

#[inline(always)]
fn erfcx_wide<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let fit = erfcx_upper::<FMA>(if size < 1e10 { size } else { 1e10 });
    let fit = if size > 1e9 { FRAC_2_SQRT_PI * 0.5 / size } else { fit };
    let (square, low) =
        two_product::<FMA>(if size < 30.0 { size } else { 30.0 }, if size < 30.0 { size } else { 30.0 });
    let value = if x < 0.0 { mul_add::<FMA>(2.0, exp_pair::<FMA>(square, low), -fit) } else { fit };
    if x.is_nan() { x } else { value }
}

/// erfcx(x) for 0 ≤ x ≤ 1e10.
#[inline(always)]
pub(super) fn erfcx_upper<const FMA: bool>(x: f64) -> f64 {
    let w = 1.0 / (x + 3.75);
    let value = horner::<FMA, 28>(&ERFCX_FIT, mul_add::<FMA>(-7.5, w, 1.0)) * w;
    // At 0 the polynomial is an ulp off what symmetry demands.
    if x == 0.0 { 1.0 } else { value }
}
