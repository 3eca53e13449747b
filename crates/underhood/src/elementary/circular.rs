//! Sine, cosine and tangent: x = n·π/2 + r with |r| ≤ π/4, and polynomials in r².
//!
//! π/2 is subtracted in three doubles (W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980): the difference from the first
//! is exact, and r comes in two doubles, right to far below its last place also where x is next to a multiple of π/2. Beyond 10⁸
//! n has too many digits for that, and `libm` takes over (M. H. Payne, R. N. Hanek 1983).

use std::f64::consts::FRAC_2_PI;

use super::coefficients::{COS, HALF_PI, HALF_PI_PARTS, HALF_PI_REST, SIN};
use super::quotient::quotient;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;
use crate::special::polynomial::horner;

/// Beyond this the formulas here do not hold.
pub(super) const FAR: f64 = 1e8;

/// r in two doubles, and the bits that end in n.
#[inline(always)]
fn reduce<const FMA: bool>(x: f64) -> (f64, f64, u64) {
    /// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let shifted = mul_add::<FMA>(x, FRAC_2_PI, ROUND);
    let n = shifted - ROUND;
    // Exact either way: n has up to 26 bits.
    let first = if FMA { mul_add::<FMA>(-n, HALF_PI.0, x) } else { (x - n * HALF_PI_PARTS.0) - n * HALF_PI_PARTS.1 };
    let (product, lost) = two_product::<FMA>(n, HALF_PI.1);
    let (r, rest) = two_sum(first, -product);
    (r, mul_add::<FMA>(-n, HALF_PI_REST, rest - lost), shifted.to_bits())
}

/// sin(r + low), and what the first double lacks.
#[inline(always)]
fn sine<const FMA: bool>(r: f64, low: f64) -> (f64, f64) {
    let z = r * r;
    (r, mul_add::<FMA>(r * z, horner::<FMA, 6>(&SIN, z), mul_add::<FMA>(-0.5 * z, low, low)))
}

/// cos(r + low), and what the first double lacks.
#[inline(always)]
fn cosine<const FMA: bool>(r: f64, low: f64) -> (f64, f64) {
    let (z, lost) = two_product::<FMA>(r, r);
    let half = 0.5 * z;
    let (first, rest) = quick_two_sum(1.0, -half);
    let small = mul_add::<FMA>(-r, low, rest - 0.5 * lost);
    (first, mul_add::<FMA>(z * z, horner::<FMA, 6>(&COS, z), small))
}

/// sin(r + low + n·π/2).
#[inline(always)]
fn turned<const FMA: bool>(r: f64, low: f64, n: u64) -> f64 {
    let (sine, cosine) = (sine::<FMA>(r, low), cosine::<FMA>(r, low));
    let value = if n & 1 == 0 { sine.0 + sine.1 } else { cosine.0 + cosine.1 };
    f64::from_bits(value.to_bits() ^ ((n & 2) << 62))
}

/// sin x for |x| ≤ [`FAR`].
#[inline(always)]
pub(super) fn sin<const FMA: bool>(x: f64) -> f64 {
    let (r, low, n) = reduce::<FMA>(x);
    let value = turned::<FMA>(r, low, n);
    // −0 stays −0.
    if x == 0.0 { x } else { value }
}

/// cos x for |x| ≤ [`FAR`].
#[inline(always)]
pub(super) fn cos<const FMA: bool>(x: f64) -> f64 {
    let (r, low, n) = reduce::<FMA>(x);
    turned::<FMA>(r, low, n.wrapping_add(1))
}

/// tan x for |x| ≤ [`FAR`].
#[inline(always)]
pub(super) fn tan<const FMA: bool>(x: f64) -> f64 {
    let (r, low, n) = reduce::<FMA>(x);
    let ((s, s_low), (c, c_low)) = (sine::<FMA>(r, low), cosine::<FMA>(r, low));
    let (s, s_low) = quick_two_sum(s, s_low);
    let (c, c_low) = quick_two_sum(c, c_low);
    // A quarter turn further it is −cos/sin.
    let even = n & 1 == 0;
    let top = (if even { s } else { -c }, if even { s_low } else { -c_low });
    let bottom = (if even { c } else { s }, if even { c_low } else { s_low });
    let (value, rest) = quotient::<FMA>(top, bottom);
    if x == 0.0 { x } else { value + rest }
}
