//! The exponential without branches, for wide kernels: eˣ = 2ᵏ·eʳ with |r| ≤ ½ ln 2 (Cody and Waite 1980) and a polynomial
//! of degree 11, which is off by less than 2e-17. Relative error below one ulp; the whole range, with underflow, overflow and NaN.

use std::f64::consts::LOG2_E;

use super::coefficients::EXP_FIT;
use super::polynomial::horner;
use crate::double_double::{quick_two_sum, two_sum};
use crate::simd::mul_add;

/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// The first 33 bits of ln 2, so that their product with k is exact.
pub(super) const LN_2_HIGH: f64 = 6.931_471_803_691_238_2e-1;
/// ln 2 less its first 33 bits.
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// k as a float and as bits that end in it, with x = k·ln 2 + r.
#[inline(always)]
fn reduce<const FMA: bool>(x: f64) -> (f64, u64) {
    let shifted = mul_add::<FMA>(x, LOG2_E, ROUND);
    let k = shifted - ROUND;
    (mul_add::<FMA>(k, -LN_2_LOW, mul_add::<FMA>(k, -LN_2_HIGH, x)), shifted.to_bits().wrapping_sub(ROUND.to_bits()))
}

/// value·2ᵏ, as a product with two powers of two: 2ᵏ alone can be beyond the range of normal numbers.
#[inline(always)]
pub(crate) fn scale(value: f64, k: u64) -> f64 {
    let biased = k.wrapping_add(2046);
    let first = biased >> 1;
    value * f64::from_bits(first << 52) * f64::from_bits(biased.wrapping_sub(first) << 52)
}

/// eʳ − 1 for |r| ≤ ½ ln 2.
#[inline(always)]
fn reduced<const FMA: bool>(r: f64) -> f64 {
    mul_add::<FMA>(r * r, horner::<FMA, 10>(&EXP_FIT, r), r)
}

/// r and eʳ⁺ˡᵒʷ − 1 − r, the second to about 1e-17, and the bits that end in k, with x = k·ln 2 + r; for |x| ≤ 746 and a low part of x.
#[inline(always)]
pub(crate) fn exp_parts<const FMA: bool>(x: f64, low: f64) -> (f64, f64, u64) {
    let shifted = mul_add::<FMA>(x, LOG2_E, ROUND);
    let k = shifted - ROUND;
    let first = mul_add::<FMA>(k, -LN_2_HIGH, x);
    let r = mul_add::<FMA>(k, -LN_2_LOW, first) + low;
    let low = mul_add::<FMA>(k, -LN_2_LOW, first - r) + low;
    (r, beyond_line::<FMA>(r, low), shifted.to_bits().wrapping_sub(ROUND.to_bits()))
}

/// eʳ⁺ˡᵒʷ − 1 − r for |r| ≤ ½ ln 2 and a low part of r.
#[inline(always)]
fn beyond_line<const FMA: bool>(r: f64, low: f64) -> f64 {
    mul_add::<FMA>(r * r, horner::<FMA, 10>(&EXP_FIT, r), mul_add::<FMA>(r, low, low))
}

/// (1 + r + rest)·2ᵏ, rounded once or nearly so.
#[inline(always)]
pub(crate) fn exp_of_parts((r, rest, k): (f64, f64, u64)) -> f64 {
    let (sum, lost) = quick_two_sum(1.0, r);
    scale(sum + (lost + rest), k)
}

/// (1 + r + rest)·2ᵏ − 1 in two doubles, for k up to 1020.
#[inline(always)]
pub(crate) fn exp_m1_of_parts<const FMA: bool>((r, rest, k): (f64, f64, u64)) -> (f64, f64) {
    let power = scale(1.0, k);
    let (sum, lost) = two_sum(power - 1.0, power * r);
    quick_two_sum(sum, mul_add::<FMA>(power, rest, lost))
}

/// eˣ.
#[inline(always)]
pub(crate) fn exp<const FMA: bool>(x: f64) -> f64 {
    exp_pair::<FMA>(x, 0.0)
}

/// e^(x + low) for a low part that is small beside 1.
#[inline(always)]
pub(crate) fn exp_pair<const FMA: bool>(x: f64, low: f64) -> f64 {
    let (r, k) = reduce::<FMA>(x.clamp(-746.0, 710.0));
    scale(1.0 + reduced::<FMA>(r + low), k)
}

/// factor·e^(x + low) for −750 ≤ x ≤ 650, where one power of two is enough if it is 2⁶⁴ too large and the factor as much too small.
#[inline(always)]
pub(crate) fn times_exp<const FMA: bool>(factor: f64, x: f64, low: f64) -> f64 {
    /// Rounds to a whole number, in whose lowest bits stands the exponent's field of 2ᵏ⁺⁶⁴.
    const BIASED: f64 = ROUND + 1023.0 + 64.0;
    const DOWN: f64 = 1.0 / (1_u128 << 64) as f64;
    let shifted = mul_add::<FMA>(x, LOG2_E, BIASED);
    let k = shifted - BIASED;
    let r = mul_add::<FMA>(k, -LN_2_LOW, mul_add::<FMA>(k, -LN_2_HIGH, x)) + low;
    let power = f64::from_bits(shifted.to_bits() << 52);
    (1.0 + reduced::<FMA>(r)) * power * (factor * DOWN)
}

/// eˣ − 1, relative to itself also near 0.
#[inline(always)]
pub(crate) fn exp_m1<const FMA: bool>(x: f64) -> f64 {
    let parts = exp_parts::<FMA>(x.clamp(-746.0, 710.0), 0.0);
    let (sum, low) = exp_m1_of_parts::<FMA>(parts);
    // Up there 1 is nothing, and 2ᵏ may be infinite.
    let value = if x > 700.0 { exp_of_parts(parts) } else { sum + low };
    // −0 stays −0.
    if x == 0.0 { x } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_two_roundings() {
        for k in -7440..7096 {
            let x = f64::from(k) * 0.099_98;
            let expected = libm::exp(x);
            for found in [exp::<true>(x), exp::<false>(x)] {
                assert!(
                    (found - expected).abs() <= 2.0 * f64::EPSILON * expected.max(1e-308),
                    "{x}: {found} {expected}"
                );
            }
            let expected = libm::expm1(x);
            for found in [exp_m1::<true>(x), exp_m1::<false>(x)] {
                assert!((found - expected).abs() <= 3.0 * f64::EPSILON * expected.abs(), "{x}: {found} {expected}");
            }
        }
        assert_eq!(exp::<true>(-800.0), 0.0);
        assert_eq!(exp::<true>(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp::<true>(710.0), f64::INFINITY);
        assert_eq!(exp_m1::<true>(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp_m1::<true>(f64::NEG_INFINITY), -1.0);
        assert!(exp::<true>(f64::NAN).is_nan() && exp_m1::<false>(f64::NAN).is_nan());
    }
}
