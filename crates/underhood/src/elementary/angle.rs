//! The inverses of sine, cosine and tangent.
//!
//! arctan(b/a) for 0 ≤ b ≤ a is π/4 + arctan((b − a)/(b + a)) where b/a is above tan π/8, so that a polynomial of degree 11 in t² is enough; the
//! quotient's remainder is kept, as is what π/4 lacks. arcsin and arccos of s ≤ ½ are a polynomial in s² too; above ½ both are
//! twice the arcsine of s = √((1 − x)/2), whose radicand is exact.

use std::f64::consts::FRAC_PI_4;

use super::coefficients::{ASIN, ATAN, HALF_PI};
use super::quotient::{quotient, root};
use crate::double_double::{quick_two_sum, two_sum};
use crate::simd::mul_add;
use crate::special::polynomial::horner;

/// arctan(b/a) for 0 ≤ b ≤ a, and what the first double lacks.
#[inline(always)]
fn of_quotient<const FMA: bool>(b: f64, a: f64) -> (f64, f64) {
    const TAN_PI_8: f64 = 0.414_213_562_373_095_1;
    let steep = b > TAN_PI_8 * a;
    let ((difference, lost), (sum, lost_of_sum)) = (two_sum(b, -a), two_sum(a, b));
    let top = (if steep { difference } else { b }, if steep { lost } else { 0.0 });
    let bottom = (if steep { sum } else { a }, if steep { lost_of_sum } else { 0.0 });
    let (t, low) = quotient::<FMA>(top, bottom);
    let z = t * t;
    let rest = mul_add::<FMA>(t * z, horner::<FMA, 12>(&ATAN, z), mul_add::<FMA>(-z, low, low));
    let (value, lost) = quick_two_sum(if steep { FRAC_PI_4 } else { 0.0 }, t);
    (value, lost + (rest + if steep { 0.5 * HALF_PI.1 } else { 0.0 }))
}

/// quarters·π/2 + value, rounded: quarters are 0, 1 or 2, the value in two doubles at most π/2 unless they are 0.
#[inline(always)]
fn from_quarters(quarters: f64, value: (f64, f64)) -> f64 {
    let (sum, lost) = quick_two_sum(quarters * HALF_PI.0, value.0);
    sum + (lost + (quarters * HALF_PI.1 + value.1))
}

/// arctan x.
#[inline(always)]
pub(super) fn arctan<const FMA: bool>(x: f64) -> f64 {
    let size = x.abs();
    // From there on it is π/2. NaN stays NaN.
    let size = if size > 1e18 { 1e18 } else { size };
    let swap = size > 1.0;
    let (v, low) = of_quotient::<FMA>(if swap { 1.0 } else { size }, if swap { size } else { 1.0 });
    let value = from_quarters(if swap { 1.0 } else { 0.0 }, (if swap { -v } else { v }, if swap { -low } else { low }));
    value.copysign(x)
}

/// The angle of the point (x, y), from −π to π.
#[inline(always)]
pub(super) fn arctan2<const FMA: bool>(y: f64, x: f64) -> f64 {
    /// 2²⁰⁰.
    const UP: f64 = f64::from_bits((1023 + 200) << 52);
    let (up, right) = (y.abs(), x.abs());
    let swap = up > right;
    let (b, a) = (if swap { right } else { up }, if swap { up } else { right });
    // Sums and inverses neither overflow nor lose digits.
    let factor = if a > 1e270 { 1.0 / UP } else { 1.0 };
    let factor = if a < 1e-240 { UP } else { factor };
    let (far, origin) = (a == f64::INFINITY, a == 0.0);
    let side = if b == f64::INFINITY { 1.0 } else { 0.0 };
    let (b, a) = (if far { side } else { b * factor }, if far || origin { 1.0 } else { a * factor });
    let (v, low) = of_quotient::<FMA>(b, a);
    let left = x.is_sign_negative();
    let quarters = if left { 2.0 } else { 0.0 };
    let value = from_quarters(
        if swap { 1.0 } else { quarters },
        (if swap != left { -v } else { v }, if swap != left { -low } else { low }),
    );
    // A comparison with NaN is false and may have dropped it.
    let value = if x.is_nan() || y.is_nan() { f64::NAN } else { value };
    value.copysign(y)
}

/// The arcsine of s, and what the first double lacks: s is |x| up to ½, beyond it √((1 − |x|)/2).
#[inline(always)]
fn half<const FMA: bool>(size: f64, wide: bool) -> (f64, f64) {
    let z = if wide { 0.5 - 0.5 * size } else { size * size };
    let (s, low) = root::<FMA>((z, 0.0));
    let (s, low) = (if wide { s } else { size }, if wide { low } else { 0.0 });
    (s, mul_add::<FMA>(s * z, horner::<FMA, 14>(&ASIN, z), mul_add::<FMA>(0.5 * z, low, low)))
}

/// arcsin x, NaN outside [−1, 1].
#[inline(always)]
pub(super) fn arcsin<const FMA: bool>(x: f64) -> f64 {
    let wide = x.abs() > 0.5;
    let (s, low) = half::<FMA>(x.abs(), wide);
    let factor = if wide { -2.0 } else { 1.0 };
    from_quarters(if wide { 1.0 } else { 0.0 }, (factor * s, factor * low)).copysign(x)
}

/// arccos x, NaN outside [−1, 1].
#[inline(always)]
pub(super) fn arccos<const FMA: bool>(x: f64) -> f64 {
    let wide = x.abs() > 0.5;
    let (s, low) = half::<FMA>(x.abs(), wide);
    let (factor, quarters) = (if wide { 2.0 } else { -1.0 }, if wide { 0.0 } else { 1.0 });
    let factor = if x < 0.0 { -factor } else { factor };
    let quarters = if wide && x < 0.0 { 2.0 } else { quarters };
    from_quarters(quarters, (factor * s, factor * low))
}
