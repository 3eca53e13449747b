//! Logarithms without branches, for wide kernels: to a double, of 1 + x, and in two doubles.
//!
//! x = 2ᵏ·m with √½ ≤ m < √2, and with s = (m − 1)/(m + 1): ln m = 2(s + s³/3 + s⁵/5 + …), arranged as in FreeBSD's msun (K. C. Ng 1993)
//! so that m − 1, which is exact, stands in front. The one in two doubles looks ln m up first (`exponent`).

use super::coefficients::{LOG_FACTORS, LOG_TABLE};
use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::polynomial::horner;
use crate::double_double::{quick_two_sum, two_product, two_sum};
use crate::simd::mul_add;

/// 2/3, 2/5, …: what stands beside s³ in ln m = 2s + s³(…).
pub(crate) const ATANH: [f64; 10] = {
    let mut c = [0.0; 10];
    let mut k = 0;
    while k < 10 {
        c[k] = 2.0 / (2 * k + 3) as f64;
        k += 1;
    }
    c
};

/// m and k with x = 2ᵏ·m and √½ ≤ m < √2, for 0 < x < ∞, and 2⁻ᵏ if x is neither subnormal nor beyond 2¹⁰²³.
#[inline(always)]
pub(crate) fn reduce(x: f64) -> (f64, f64, f64) {
    /// The bits of √½, and of 1.5·2⁵².
    const ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
    const WHOLE: u64 = 0x4338_0000_0000_0000;
    let tiny = x < f64::MIN_POSITIVE;
    let bits = (if tiny { x * 18_014_398_509_481_984.0 } else { x }).to_bits();
    // The exponent's bits with the leap at √½ instead of at a power of two.
    let biased = bits.wrapping_sub(ROOT).wrapping_add(1023 << 52) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(biased.wrapping_sub(1023) << 52));
    let k = f64::from_bits(WHOLE | biased) - (6_755_399_441_055_744.0 + 1023.0);
    (m, if tiny { k - 54.0 } else { k }, f64::from_bits(2046_u64.wrapping_sub(biased) << 52))
}

/// ln x. −∞ at 0, NaN below.
#[inline(always)]
pub(crate) fn ln<const FMA: bool>(x: f64) -> f64 {
    ln_pair::<FMA>(x, 0.0)
}

/// ln(1 + x).
#[inline(always)]
pub(crate) fn ln_1p<const FMA: bool>(x: f64) -> f64 {
    let (sum, lost) = two_sum(1.0, x);
    let value = ln_pair::<FMA>(sum, lost / sum);
    // Infinity loses NaN; and −0 stays.
    if x == f64::INFINITY || x == 0.0 { x } else { value }
}

/// ln x + correction for a correction within an ulp or so of 1: ln(x + low) with correction = low/x.
#[inline(always)]
pub(crate) fn ln_pair<const FMA: bool>(x: f64, correction: f64) -> f64 {
    let (m, k, _) = reduce(x);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let rest = z * horner::<FMA, 10>(&ATANH, z);
    let half_square = 0.5 * f * f;
    let small = mul_add::<FMA>(s, half_square + rest, mul_add::<FMA>(k, LN_2_LOW, correction));
    let value = mul_add::<FMA>(k, LN_2_HIGH, f - (half_square - small));
    let value = if x > 0.0 { value } else { f64::NAN };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x == f64::INFINITY { x } else { value }
}

/// The tables of `exponent`, by the number 45, …, 91 that names a row.
static FACTORS: [f64; 128] = by_number(0);
static HIGH: [f64; 128] = by_number(1);
static LOW: [f64; 128] = by_number(2);

const fn by_number(column: usize) -> [f64; 128] {
    let mut table = [0.0; 128];
    let mut i = 0;
    while i < 47 {
        table[45 + i] = match column {
            0 => LOG_FACTORS[i],
            1 => LOG_TABLE[i].0,
            _ => LOG_TABLE[i].1,
        };
        i += 1;
    }
    table
}

/// ln(high + low) in two doubles, to about 1e-22 absolute where x is near 1 or the logarithm small, else 1e-20 relative; x positive and normal.
#[inline(always)]
pub(crate) fn ln_double<const FMA: bool>(high: f64, low: f64) -> (f64, f64) {
    const REST: [f64; 9] = [1.0 / 3.0, -0.25, 0.2, -1.0 / 6.0, 1.0 / 7.0, -0.125, 1.0 / 9.0, -0.1, 1.0 / 11.0];
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let (m, k, down) = reduce(high);
    // Beyond 2¹⁰²³ the power of two that scales it down is no normal number; the low part is nothing there.
    let low = low * down;
    let low = if low.is_finite() { low } else { 0.0 };
    let row = ((m * 64.0 + ROUND).to_bits() & 127) as usize;
    let c = FACTORS[row];
    let (product, lost) = two_product::<FMA>(m, c);
    let (r, r_low) = quick_two_sum(product - 1.0, mul_add::<FMA>(low, c, lost));
    let (square, square_low) = two_product::<FMA>(r, r);
    let square_low = mul_add::<FMA>(2.0 * r, r_low, square_low);
    let cube = r * square * horner::<FMA, 9>(&REST, r);
    // ln(1 + r) = r − ½r² + …, then the table, then k·ln 2.
    let (sum, a) = two_sum(r, -0.5 * square);
    let (sum, b) = two_sum(sum, HIGH[row]);
    let (whole, c) = two_product::<FMA>(k, LN_2_LOW);
    let (sum, d) = two_sum(sum, whole);
    let (sum, e) = two_sum(k * LN_2_HIGH, sum);
    let small = (r_low - 0.5 * square_low) + a + (b + LOW[row]) + (c + d) + e + cube;
    quick_two_sum(sum, small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_an_ulp() {
        for k in -30_000..30_000 {
            let x = libm::exp(f64::from(k) * 0.0236);
            for found in [ln::<true>(x), ln::<false>(x)] {
                assert!((found - libm::log(x)).abs() <= f64::EPSILON * found.abs(), "{x:e}: {found}");
            }
            let (high, low) = ln_double::<true>(x, 0.0);
            let pair = crate::double_double::Dd::from(x).ln();
            assert!(((high - pair.high) + (low - pair.low)).abs() <= 1e-19 * high.abs(), "{x:e}: {high} + {low}");
            let x = if k < 0 { -0.999 * x } else { x };
            for found in [ln_1p::<true>(x), ln_1p::<false>(x)] {
                assert!((found - libm::log1p(x)).abs() <= 1.5 * f64::EPSILON * found.abs(), "{x:e}: {found}");
            }
        }
        for (x, expected) in [(0.0, f64::NEG_INFINITY), (f64::INFINITY, f64::INFINITY), (5e-324, libm::log(5e-324))] {
            assert_eq!(ln::<true>(x), expected);
        }
        assert!(ln::<true>(-1.0).is_nan() && ln::<true>(f64::NAN).is_nan() && ln_1p::<true>(-1.5).is_nan());
        assert_eq!(ln_1p::<true>(-1.0), f64::NEG_INFINITY);
        assert_eq!(ln_1p::<true>(1e-300), 1e-300);
    }
}
