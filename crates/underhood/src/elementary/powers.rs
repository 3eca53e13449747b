//! Powers, roots, logarithms to the bases 2 and 10, and of sums of exponentials.

use std::f64::consts::LN_2;

use super::coefficients::{self, CBRT, LOG2_E, LOG10_2, LOG10_E};
use super::quotient::{residual, root};
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;
use crate::special::exponential::{exp, exp_of_parts, exp_parts};
use crate::special::logarithm::{ATANH, ln_1p, reduce};
use crate::special::polynomial::horner;
use crate::special::power::{ln_of_pair, times_pair};

/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// k·unit + ln m·factor, with x = 2ᵏ·m as in `logarithm`: the unit's first double has few enough bits for an exact product.
#[inline(always)]
fn to_base<const FMA: bool>(x: f64, unit: (f64, f64), factor: (f64, f64)) -> f64 {
    let (m, k, _) = reduce(x);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    let (high, lost) = quick_two_sum(f, -half_square);
    let low = mul_add::<FMA>(s, mul_add::<FMA>(z, horner::<FMA, 10>(&ATANH, z), half_square), lost);
    let (high, low) = quick_two_sum(high, low);
    let (product, lost) = two_product::<FMA>(high, factor.0);
    let small = mul_add::<FMA>(low, factor.0, mul_add::<FMA>(high, factor.1, lost));
    let (sum, rest) = two_sum(k * unit.0, product);
    let value = sum + (rest + mul_add::<FMA>(k, unit.1, small));
    let value = if x > 0.0 { value } else { f64::NAN };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x == f64::INFINITY { x } else { value }
}

/// log₂ x: exact for powers of two.
#[inline(always)]
pub(super) fn log2<const FMA: bool>(x: f64) -> f64 {
    to_base::<FMA>(x, (1.0, 0.0), LOG2_E)
}

/// log₁₀ x: exact for powers of ten.
#[inline(always)]
pub(super) fn log10<const FMA: bool>(x: f64) -> f64 {
    to_base::<FMA>(x, LOG10_2, LOG10_E)
}

/// ∛x: x = 8^q·m, where a polynomial and Halley's step give the root to about an ulp, and Newton's the rest by the exact residual.
#[inline(always)]
pub(super) fn cbrt<const FMA: bool>(x: f64) -> f64 {
    const ROOT_2: f64 = 1.259_921_049_894_873_2;
    const ROOT_HALF: f64 = 0.793_700_525_984_099_8;
    let (m, k, _) = reduce(x.abs());
    let shifted = mul_add::<FMA>(k, 1.0 / 3.0, ROUND);
    let q = shifted - ROUND;
    let rest = k - 3.0 * q;
    let (up, down) = (rest > 0.5, rest < -0.5);
    let (factor, root) = (if up { 2.0 } else { 1.0 }, if up { ROOT_2 } else { 1.0 });
    let (factor, root) = (if down { 0.5 } else { factor }, if down { ROOT_HALF } else { root });
    let m_there = m * factor;
    let y = root * horner::<FMA, 6>(&CBRT, m);
    let cube = y * y * y;
    let y = y * (cube + 2.0 * m_there) / (2.0 * cube + m_there);
    let (square, lost_of_square) = two_product::<FMA>(y, y);
    let y = y + (residual::<FMA>(m_there, square, y) - lost_of_square * y) / (3.0 * square);
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(1023) << 52;
    let value = (y * f64::from_bits(power)).copysign(x);
    // 0 and infinity are their own; the exponent of NaN says nothing.
    if x.abs() < f64::INFINITY && x != 0.0 { value } else { x + x }
}

/// |x| as a whole number, or next to one if it is none.
#[inline(always)]
fn whole(size: f64) -> f64 {
    const TOP: f64 = 4_503_599_627_370_496.0; // 2⁵²
    if size >= TOP { size } else { (size + TOP) - TOP }
}

/// xʸ, as e^(y·ln|x|) in two doubles, with the sign and the edges of IEEE 754: x⁰ = 1ʸ = 1 whatever the other is.
#[inline(always)]
pub(super) fn pow<const FMA: bool>(x: f64, y: f64) -> f64 {
    let (base, exponent) = (x.abs(), y.abs());
    let huge = base > 1e300;
    let (high, low) = ln_of_pair::<FMA>(if huge { 0.5 * base } else { base }, 0.0);
    let (high, lost) = two_sum(high, if huge { coefficients::LN_2.0 } else { 0.0 });
    let low = low + (lost + if huge { coefficients::LN_2.1 } else { 0.0 });
    let edge = if base == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    let ordinary = base > 0.0 && base < f64::INFINITY;
    let (high, low) = (if ordinary { high } else { edge }, if ordinary { low } else { 0.0 });
    let (product, rest) = times_pair::<FMA>(y, (high, low));
    // Beyond these it is 0 or infinite, and the rest may be anything.
    let inside = product > -746.0 && product < 710.0;
    let value = exp_of_parts(exp_parts::<FMA>(product.clamp(-746.0, 710.0), if inside { rest } else { 0.0 }));
    let value = if base == 1.0 { 1.0 } else { value };
    // The sign of a negative number's whole power; its other powers are not real.
    let is_whole = whole(exponent) == exponent;
    let odd = is_whole && whole(0.5 * exponent) != 0.5 * exponent;
    let value = if odd { value.copysign(x) } else { value };
    let real = x >= 0.0 || x == f64::NEG_INFINITY || is_whole;
    let value = if real && !y.is_nan() && !x.is_nan() { value } else { f64::NAN };
    if y == 0.0 || x == 1.0 { 1.0 } else { value }
}

/// √(x² + y²), without over- or underflow on the way; infinite if one of them is, even beside NaN.
#[inline(always)]
pub(super) fn hypot<const FMA: bool>(x: f64, y: f64) -> f64 {
    /// 2⁶⁰⁰.
    const UP: f64 = f64::from_bits((1023 + 600) << 52);
    let (x, y) = (x.abs(), y.abs());
    let (a, b) = (if x > y { x } else { y }, if x > y { y } else { x });
    let factor = if a > 1e150 { 1.0 / UP } else { 1.0 };
    let factor = if a < 1e-150 { UP } else { factor };
    let ((s, s_low), (t, t_low)) =
        (two_product::<FMA>(a * factor, a * factor), two_product::<FMA>(b * factor, b * factor));
    let (sum, lost) = quick_two_sum(s, t);
    let (root, rest) = root::<FMA>((sum, lost + (s_low + t_low)));
    let value = (root + rest) * (1.0 / factor);
    if x == f64::INFINITY || y == f64::INFINITY { f64::INFINITY } else { value }
}

/// ln(eˣ + eʸ), without overflow on the way.
#[inline(always)]
pub(super) fn logaddexp<const FMA: bool>(x: f64, y: f64) -> f64 {
    let above = if x > y { x } else { y };
    let value = above + ln_1p::<FMA>(exp::<FMA>(-(x - y).abs()));
    // Two equal infinities have no difference.
    if x == y { x + LN_2 } else { value }
}
