//! The error function and its complements, as wide kernels.
//!
//! erfcx is a polynomial in (z − 3.75)/(z + 3.75), after Shepherd and Laframboise (1981, doi:10.1090/S0025-5718-1981-0595058-X);
//! erfc(z) = erfcx(z)·exp(−z²) with z² in two doubles; erf below 1 is z times a polynomial in z², above it 1 − erfc.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::coefficients::{ERF_FIT, ERFCX_FIT};
use super::exponential::exp_pair;
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
    let square = if size < 1.0 { size * size } else { 1.0 };
    let near = x * horner::<FMA, 15>(&ERF_FIT, mul_add::<FMA>(2.0, square, -1.0));
    // Beyond 6 it is 1.
    let far = (1.0 - upper::<FMA>(if size < 6.0 { size } else { 6.0 })).copysign(x);
    let value = if size < 1.0 { near } else { far };
    if x.is_nan() { x } else { value }
}

#[inline(always)]
fn erfc_wide<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let tail = upper::<FMA>(if size < 28.0 { size } else { 28.0 });
    let value = if x < 0.0 { 2.0 - tail } else { tail };
    if x.is_nan() { x } else { value }
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

/// erfc(x) for 0 ≤ x ≤ 40.
#[inline(always)]
fn upper<const FMA: bool>(x: f64) -> f64 {
    let (square, low) = two_product::<FMA>(x, x);
    erfcx_upper::<FMA>(x) * exp_pair::<FMA>(-square, -low)
}

/// erfcx(x) for 0 ≤ x ≤ 1e10.
#[inline(always)]
pub(super) fn erfcx_upper<const FMA: bool>(x: f64) -> f64 {
    let t = (x - 3.75) / (x + 3.75);
    let value = horner::<FMA, 28>(&ERFCX_FIT, t) / mul_add::<FMA>(2.0, x, 1.0);
    // At 0 the polynomial is an ulp off what symmetry demands.
    if x == 0.0 { 1.0 } else { value }
}
