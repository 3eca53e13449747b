//! Elementary functions with the same bits on every platform and SIMD level, for samplers and the transformations of their draws.
//!
//! The standard library's `ln`, `exp`, `powf`, `sin` differ from one platform to the next, and a fused multiply–add from a machine with to one
//! without it. These are the branch-free kernels of `special` without fusing; sine and cosine are Taylor's polynomials on
//! |x| ≤ π/4 after an exact reduction of the turns, the arctangent is its series on |x| ≤ √2 − 1. Errors are one to three ulps.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, TAU};

use super::kernel::portable_kernel;
use crate::simd::level;
use crate::special::{exponential, logarithm};

/// 1.5·2⁵²: adding it rounds to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// ln x; −∞ at 0, NaN below.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    logarithm::ln::<false>(x)
}

/// ln(1 + x).
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    logarithm::ln_1p::<false>(x)
}

/// eˣ.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    exponential::exp::<false>(x)
}

/// eˣ − 1.
#[inline(always)]
pub(crate) fn exp_m1(x: f64) -> f64 {
    exponential::exp_m1::<false>(x)
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
    /// Replaces every number by its [`ln_1p`].
    ln_1p_in_place = ln_1p,
    /// Replaces every number by its [`exp`].
    exp_in_place = exp,
    /// Replaces every number by its [`exp_m1`].
    exp_m1_in_place = exp_m1,
    /// Replaces every number by its [`tan_pi`].
    tan_pi_in_place = tan_pi,
    /// Replaces every number by its [`atan`].
    atan_in_place = atan,
    /// Replaces every number u by sin 2πu.
    sin_turns_in_place = sin_turns,
    /// Replaces every number u by cos 2πu.
    cos_turns_in_place = cos_turns,
}

#[inline(always)]
fn sin_turns(u: f64) -> f64 {
    sin_cos_turns(u).0
}

#[inline(always)]
fn cos_turns(u: f64) -> f64 {
    sin_cos_turns(u).1
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
