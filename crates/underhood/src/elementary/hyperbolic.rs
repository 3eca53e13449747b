//! Hyperbolic functions and their inverses: the exponential and the logarithm in two doubles, so that nothing is lost where they cancel.

use std::f64::consts::LN_2;

use super::coefficients::SINH;
use super::quotient::{quotient, root};
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;
use crate::special::exponential::{exp_m1_of_parts, exp_parts, scale};
use crate::special::logarithm::ln_pair;
use crate::special::polynomial::horner;

/// ½eˣ in two doubles and ½e⁻ˣ, for x ≥ 0.
#[inline(always)]
fn halves<const FMA: bool>(x: f64) -> ((f64, f64), f64) {
    // From 711 on both functions are infinite. NaN stays NaN.
    let (r, rest, k) = exp_parts::<FMA>(if x > 711.0 { 711.0 } else { x }, 0.0);
    let (sum, lost) = quick_two_sum(1.0, r);
    let (high, low) = quick_two_sum(sum, lost + rest);
    let (high, low) = (scale(high, k.wrapping_sub(1)), scale(low, k.wrapping_sub(1)));
    ((high, low), 0.25 / high)
}

/// (eˣ − e⁻ˣ)/2.
#[inline(always)]
pub(super) fn sinh<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let z = x * x;
    let near = mul_add::<FMA>(x * z, horner::<FMA, 8>(&SINH, z), x);
    let ((high, low), other) = halves::<FMA>(size);
    let (sum, lost) = quick_two_sum(high, -other);
    let far = if size > 40.0 { high + low } else { sum + (lost + low) };
    if size < 1.0 { near } else { far.copysign(x) }
}

/// (eˣ + e⁻ˣ)/2.
#[inline(always)]
pub(super) fn cosh<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let ((high, low), other) = halves::<FMA>(size);
    let (sum, lost) = quick_two_sum(high, other);
    if size > 40.0 { high + low } else { sum + (lost + low) }
}

/// sinh x/cosh x, as (e²ˣ − 1)/(e²ˣ + 1).
#[inline(always)]
pub(super) fn tanh<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    // From there on it is 1. NaN stays NaN.
    let top = exp_m1_of_parts::<FMA>(exp_parts::<FMA>(2.0 * if size > 19.5 { 19.5 } else { size }, 0.0));
    let (bottom, lost) = two_sum(2.0, top.0);
    let (value, rest) = quotient::<FMA>(top, (bottom, lost + top.1));
    (value + rest).copysign(x)
}

/// ln(x + √(x² + 1)).
#[inline(always)]
pub(super) fn arcsinh<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let (far, huge) = (size > 1e9, size > 1e300);
    let inside = if far { 1.0 } else { size };
    let (square, lost) = two_product::<FMA>(inside, inside);
    let (sum, rest) = two_sum(1.0, square);
    let (root, root_low) = root::<FMA>((sum, rest + lost));
    let (u, low) = two_sum(root, inside);
    let twice = if huge { size } else { 2.0 * size };
    let value = ln_pair::<FMA>(if far { twice } else { u }, if far { 0.0 } else { (low + root_low) / u });
    (if huge { value + LN_2 } else { value }).copysign(x)
}

/// ln(x + √(x² − 1)), NaN below 1.
#[inline(always)]
pub(super) fn arccosh<const FMA: bool>(x: f64) -> f64 {
    let (far, huge) = (x > 1e9, x > 1e300);
    let inside = if far { 1.0 } else { x };
    let (square, lost) = two_product::<FMA>(inside, inside);
    let (sum, rest) = two_sum(square, -1.0);
    let (sum, rest) = quick_two_sum(sum, rest + lost);
    let (root, root_low) = root::<FMA>((sum, rest));
    let (u, low) = two_sum(inside, root);
    let twice = if huge { x } else { 2.0 * x };
    let value = ln_pair::<FMA>(if far { twice } else { u }, if far { 0.0 } else { (low + root_low) / u });
    let value = if huge { value + LN_2 } else { value };
    // Below −1 the square hides the sign.
    if x >= 1.0 { value } else { f64::NAN }
}

/// ½ ln((1 + x)/(1 − x)), as ½ ln(1 + 2x/(1 − x)); infinite at ±1, NaN beyond.
#[inline(always)]
pub(super) fn arctanh<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    let (w, w_low) = quotient::<FMA>((2.0 * size, 0.0), two_sum(1.0, -size));
    let (u, low) = two_sum(1.0, w);
    let value = 0.5 * ln_pair::<FMA>(u, (low + w_low) / u);
    let value = if size == 1.0 { f64::INFINITY } else { value };
    (if size <= 1.0 { value } else { f64::NAN }).copysign(x)
}
