//! Elementary functions with the same bits on every platform and SIMD level, for samplers and the transformations of their draws.
//!
//! The standard library's `ln`, `exp`, `powf`, `sin` differ from one platform to the next, and a fused multiply–add from a machine with to one
//! without it. These are branch-free and do not fuse. They stand apart from the kernels of `special`, which may be made faster:
//! a change of one bit here would change what users' seeds mean.
//!
//! eˣ = 2ᵏ·eʳ with |r| ≤ ½ ln 2 (Cody and Waite 1980) and Taylor's polynomial; ln 2ᵏm with s = (m − 1)/(m + 1) by 2(s + s³/3 + …) for √½ ≤ m < √2, m − 1
//! in front (K. C. Ng 1993); sine and cosine by Taylor's polynomials on |x| ≤ π/4 after an exact reduction of the turns; the arctangent by its
//! series on |x| ≤ √2 − 1. Errors are one to three ulps.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LOG2_E, TAU};

use super::kernel::portable_kernel;
use crate::double_double::two_sum;
use crate::simd::level;

/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// The first 33 bits of ln 2, so that their product with a whole number up to 2²⁰ is exact, and the rest.
const LN_2: (f64, f64) = (6.931_471_803_691_238_2e-1, 1.908_214_929_270_587_7e-10);

/// 1/2!, 1/3!, …, 1/13!: what stands beside r² in eʳ = 1 + r + r²(…).
const EXPONENTIAL: [f64; 12] = {
    let mut c = [0.5; 12];
    let mut k = 1;
    while k < 12 {
        c[k] = c[k - 1] / (k + 2) as f64;
        k += 1;
    }
    c
};

/// value·2ᵏ, as a product with two powers of two: 2ᵏ alone can be beyond the range of normal numbers.
#[inline(always)]
fn scale(value: f64, k: u64) -> f64 {
    let biased = k.wrapping_add(2046);
    let first = biased >> 1;
    value * f64::from_bits(first << 52) * f64::from_bits(biased.wrapping_sub(first) << 52)
}

/// eˣ.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-746.0, 710.0);
    let shifted = x * LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN_2.0) - k * LN_2.1;
    let less_one = r + r * r * horner(&EXPONENTIAL, r);
    scale(1.0 + less_one, shifted.to_bits().wrapping_sub(ROUND.to_bits()))
}

/// 2/3, 2/5, …: what stands beside s³ in ln m = 2s + s³(…).
const LOGARITHM: [f64; 10] = {
    let mut c = [0.0; 10];
    let mut k = 0;
    while k < 10 {
        c[k] = 2.0 / (2 * k + 3) as f64;
        k += 1;
    }
    c
};

/// ln x + correction, for a correction of about an ulp of 1.
#[inline(always)]
fn corrected_ln(x: f64, correction: f64) -> f64 {
    /// The bits of √½, and of ROUND.
    const ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
    const WHOLE: u64 = 0x4338_0000_0000_0000;
    let tiny = x < f64::MIN_POSITIVE;
    // Subnormal numbers times 2⁵⁴ are normal.
    let bits = (if tiny { x * 18_014_398_509_481_984.0 } else { x }).to_bits();
    // The exponent's bits with the leap at √½ instead of at a power of two.
    let biased = bits.wrapping_sub(ROOT).wrapping_add(1023 << 52) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(biased.wrapping_sub(1023) << 52));
    let k = f64::from_bits(WHOLE | biased) - (ROUND + 1023.0);
    let k = if tiny { k - 54.0 } else { k };
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    let half_square = 0.5 * f * f;
    let small = s * (half_square + square * horner(&LOGARITHM, square)) + (k * LN_2.1 + correction);
    let value = k * LN_2.0 + (f - (half_square - small));
    let value = if x > 0.0 { value } else { f64::NAN };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x == f64::INFINITY { x } else { value }
}

/// ln x; −∞ at 0, NaN below.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    corrected_ln(x, 0.0)
}

/// ln(1 + x).
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    let (sum, lost) = two_sum(1.0, x);
    let value = corrected_ln(sum, lost / sum);
    // Infinity loses NaN; and −0 stays.
    if x == f64::INFINITY || x == 0.0 { x } else { value }
}

/// xʸ for x ≥ 0, as exp(y ln x): relative error about |y ln x|·1e-16.
#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    // 0·∞ would be NaN: everything to the power of 0 is 1.
    if y == 0.0 { 1.0 } else { exp(y * ln(x)) }
}

/// ±1/3!, ±1/5!, … and ±1/2!, ±1/4!, …: what stands beside x²ᵏ in sin x / x and in cos x.
const SINE: [f64; 9] = alternating(1);
const COSINE: [f64; 9] = alternating(0);

const fn alternating(first: usize) -> [f64; 9] {
    let mut c = [1.0; 9];
    let mut k = 1;
    while k < 9 {
        let n = (2 * k + first) as f64;
        c[k] = -c[k - 1] / (n * (n - 1.0));
        k += 1;
    }
    c
}

/// sin 2πu and cos 2πu, for |u| < 2⁵⁰; exact at multiples of a quarter turn.
#[inline(always)]
pub(crate) fn sin_cos_turns(u: f64) -> (f64, f64) {
    let shifted = 4.0 * u + ROUND;
    let quarters = shifted.to_bits();
    // Exact: what is left is at most an eighth of a turn, and u is a multiple of its last bit.
    let x = TAU * (u - 0.25 * (shifted - ROUND));
    let square = x * x;
    let sine = x * horner(&SINE, square);
    let cosine = horner(&COSINE, square);
    let odd = quarters & 1 == 1;
    let (s, c) = (if odd { cosine } else { sine }, if odd { sine } else { cosine });
    (if quarters & 2 == 2 { -s } else { s }, if quarters.wrapping_add(1) & 2 == 2 { -c } else { c })
}

/// tan πu for |u| < 2⁵⁰.
#[inline(always)]
pub(crate) fn tan_pi(u: f64) -> f64 {
    let (sine, cosine) = sin_cos_turns(0.5 * u);
    sine / cosine
}

/// 1, −1/3, 1/5, …: arctan x = x − x³/3 + …, which ends below 1e-17 where x² < 0.172.
const ARCTANGENT: [f64; 21] = {
    let mut c = [1.0; 21];
    let mut k = 0;
    while k < 21 {
        c[k] = (if k % 2 == 0 { 1.0 } else { -1.0 }) / (2 * k + 1) as f64;
        k += 1;
    }
    c
};

/// arctan x: from 1 on as π/2 less that of 1/x, and beyond √2 − 1 as π/4 and that of (x − 1)/(x + 1).
#[inline(always)]
pub(crate) fn atan(x: f64) -> f64 {
    let size = x.abs();
    let inverted = size > 1.0;
    let t = if inverted { 1.0 / size } else { size };
    let shifted = t > std::f64::consts::SQRT_2 - 1.0;
    let t = if shifted { (t - 1.0) / (t + 1.0) } else { t };
    let angle = t * horner(&ARCTANGENT, t * t);
    let angle = if shifted { FRAC_PI_4 + angle } else { angle };
    let angle = if inverted { FRAC_PI_2 - angle } else { angle };
    if x < 0.0 { -angle } else { angle }
}

#[inline(always)]
fn horner<const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let mut sum = c[N - 1];
    for k in (0..N - 1).rev() {
        sum = sum * x + c[k];
    }
    sum
}

/// `in_place! { /// docs \n ln_in_place = ln }`: the function of every number of a slice, several at a time.
macro_rules! in_place {
    ($($(#[$doc:meta])* $name:ident = $formula:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name(x: &mut [f64]) {
                portable_kernel! { fn kernel(x: &mut [f64]) = body }
                #[inline(always)]
                fn body(x: &mut [f64]) {
                    for x in x {
                        *x = $formula(*x);
                    }
                }
                kernel(level(), x);
            }
        )*
    };
}

in_place! {
    /// Replaces every number by its [`ln`].
    ln_in_place = ln,
    /// Replaces every number by its [`exp`].
    exp_in_place = exp,
    /// Replaces every number by its [`tan_pi`].
    tan_pi_in_place = tan_pi,
}

/// Replaces every number x ≥ 0 by x to this power (see [`pow`]).
pub(crate) fn pow_in_place(x: &mut [f64], exponent: f64) {
    portable_kernel! { fn kernel(x: &mut [f64], exponent: f64) = body }
    #[inline(always)]
    fn body(x: &mut [f64], exponent: f64) {
        for x in x {
            *x = pow(*x, exponent);
        }
    }
    kernel(level(), x, exponent);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_right_to_three_ulps() {
        for k in -40_000..=40_000 {
            let u = f64::from(k) / 16_384.0;
            let (sine, cosine) = sin_cos_turns(u);
            // u is a multiple of 2⁻¹⁴: its distance to a quarter turn is exact, and so is the reference.
            let quarter = (4.0 * u).round();
            let (s, c) = libm::sincos(TAU * (u - quarter / 4.0));
            let (s, c) = [(s, c), (c, -s), (-s, -c), (-c, s)][(quarter as i64).rem_euclid(4) as usize];
            assert!((sine - s).abs() <= 2.0 * f64::EPSILON * s.abs(), "{u}: {sine} {s}");
            assert!((cosine - c).abs() <= 2.0 * f64::EPSILON * c.abs(), "{u}: {cosine} {c}");
            let x = f64::from(k) * f64::from(k).abs() * 1e-7;
            let expected = libm::atan(x);
            assert!((atan(x) - expected).abs() <= 1.5 * f64::EPSILON * expected.abs(), "{x}: {} {expected}", atan(x));
        }
        assert!((tan_pi(0.25) - 1.0).abs() <= f64::EPSILON);
        assert_eq!(tan_pi(0.0), 0.0);
        assert_eq!(atan(f64::INFINITY), FRAC_PI_2);
        assert_eq!(atan(1e300), FRAC_PI_2);
    }

    #[test]
    fn exponentials_and_logarithms_are_right_to_an_ulp_or_two() {
        let close = |found: f64, expected: f64, ulps: f64| {
            assert!(
                (found - expected).abs() <= ulps * f64::EPSILON * expected.abs().max(1e-307),
                "{found:e} {expected:e}"
            );
        };
        for k in -7440..7096 {
            let x = f64::from(k) * 0.099_98;
            close(exp(x), libm::exp(x), 2.0);
            let y = libm::exp(x);
            close(ln(y), libm::log(y), 1.0);
            let y = if k < 0 { -0.999 * y } else { y };
            close(ln_1p(y), libm::log1p(y), 1.5);
        }
        assert_eq!((exp(-800.0), exp(f64::NEG_INFINITY), exp(710.0)), (0.0, 0.0, f64::INFINITY));
        assert_eq!((ln(0.0), ln(f64::INFINITY), ln(1.0)), (f64::NEG_INFINITY, f64::INFINITY, 0.0));
        assert_eq!((ln_1p(-1.0), ln_1p(1e-300)), (f64::NEG_INFINITY, 1e-300));
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan() && exp(f64::NAN).is_nan() && ln_1p(-1.5).is_nan());
    }

    #[test]
    fn powers_are_those_of_the_library() {
        for (x, y) in [(2.0, 10.0), (0.3, 0.5), (1e-300, 0.01), (7.0, -3.0)] {
            assert!((pow(x, y) / libm::pow(x, y) - 1.0).abs() < 1e-14, "{x} {y}");
        }
        assert_eq!((pow(0.0, 2.0), pow(0.0, 0.0), pow(0.0, -1.0)), (0.0, 1.0, f64::INFINITY));
        let mut x = [4.0, 9.0];
        pow_in_place(&mut x, 0.5);
        assert!((x[0] - 2.0).abs() < 1e-15 && (x[1] - 3.0).abs() < 2e-15);
    }
}
