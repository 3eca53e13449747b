//! The logarithmic derivatives of Γ: ψ as a wide kernel, its derivatives as Hurwitz's zeta function.
//!
//! ψ from 8 on by its asymptotic series (DLMF 5.11.2); below, recurrence down to 1 + a with 0 ≤ a ≤ 1, where ψ is (a − r) times a
//! polynomial: the zero at 1.4616 is built in, in two doubles. Negative numbers by reflection (DLMF 5.5.4), but around the zero at −0.504,
//! which is built in too. ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x) (DLMF 25.11.12), and ζ by Euler's and Maclaurin's formula (DLMF 2.10.1).

use std::f64::consts::PI;

use super::coefficients::{DIGAMMA_FIT, DIGAMMA_LEFT_FIT, DIGAMMA_ROOTS, DIGAMMA_SERIES, ZETA_SERIES};
use super::exponent::Scaled;
use super::gamma_function::{gamma, ln_gamma_double};
use super::logarithm::ln;
use super::polynomial::{horner, polynomial};
use crate::double_double::Dd;
use crate::simd::{mul_add, wide_kernel};

/// ψ(x) = Γ′(x)/Γ(x).
///
/// −∞ at +0, ∞ at −0, NaN at −1, −2, … and at −∞, ∞ at ∞. Relative error below 2e-15 for x > 0, the zero at 1.4616 included, and
/// for −0.8 < x < 0, the zero at −0.504 included; further left, where a zero lies between each pair of poles, 2e-15 and what two ulps of x
/// change.
///
/// ```
/// use underhood::special::digamma;
///
/// // −γ, and the harmonic numbers from there on.
/// assert!((digamma(1.0) + 0.5772156649015329).abs() < 1e-16);
/// assert!((digamma(11.0) - digamma(1.0) - 7381.0 / 2520.0).abs() < 1e-15);
/// ```
pub fn digamma(x: f64) -> f64 {
    let mut value = [x];
    digamma_in_place(&mut value);
    value[0]
}

/// Replaces every number by its [`digamma`]: the same bits, several at a time.
pub fn digamma_in_place(x: &mut [f64]) {
    const BLOCK: usize = 512;
    let mut before = [0.0; BLOCK];
    for x in x.chunks_mut(BLOCK) {
        if x.iter().all(|x| !(*x <= 0.0)) {
            digamma_positive(x);
            continue;
        }
        let before = &mut before[..x.len()];
        before.copy_from_slice(x);
        x.iter_mut().for_each(|x| *x = x.abs());
        digamma_positive(x);
        for (x, &before) in x.iter_mut().zip(&*before) {
            if before <= 0.0 {
                *x = left(before, *x);
            }
        }
    }
}

/// ψ at x ≤ 0 from its value at −x.
fn left(x: f64, at_minus_x: f64) -> f64 {
    if x > -0.8 && x < -0.2 {
        let (root, low) = DIGAMMA_ROOTS[1];
        return ((x - root) - low) * polynomial(&DIGAMMA_LEFT_FIT, (x + 0.5) / 0.3) / (x * (x + 1.0));
    }
    if x == 0.0 {
        return -1.0 / x;
    }
    let rest = x - x.round();
    if rest == 0.0 || x.is_infinite() {
        return f64::NAN;
    }
    // ψ(x) = ψ(−x) − 1/x − π cot πx.
    at_minus_x - 1.0 / x - PI / (PI * rest).tan()
}

wide_kernel! {
    /// ψ of positive numbers.
    fn digamma_positive(x: &mut [f64]) = digamma_body
}

#[inline(always)]
fn digamma_body<const FMA: bool>(x: &mut [f64]) {
    for slot in x {
        let x = *slot;
        let large = x >= 8.0;
        let small = x < 1.0;
        // ψ(x) = ψ(1 + a) + 1/(x − 1) + 1/(x − 2) + … + 1/(1 + a); the sum as one fraction top/bottom. Below 1 it is −1/x.
        let (mut a, mut top, mut bottom) = (x, 0.0, 1.0);
        for k in 1..8 {
            let k = f64::from(k);
            a = if x >= k { x - k } else { a };
            let counts = x >= k + 1.0 && !large;
            let factor = if counts { x - k } else { 1.0 };
            top = if counts { mul_add::<FMA>(top, factor, bottom) } else { top };
            bottom *= factor;
        }
        let top = if small { -1.0 } else { top };
        let bottom = if small { x } else { bottom };
        let a = if large { 0.5 } else { a };
        let (root, low) = DIGAMMA_ROOTS[0];
        let fit = ((a - root) - low) * horner::<FMA, 24>(&DIGAMMA_FIT, mul_add::<FMA>(2.0, a, -1.0));
        let near = fit + top / bottom;
        let w = 1.0 / x;
        let w2 = if large { w * w } else { 0.0 };
        let far = ln::<FMA>(x) - mul_add::<FMA>(0.5, w, w2 * horner::<FMA, 10>(&DIGAMMA_SERIES, w2));
        *slot = if large { far } else { near };
    }
}

/// ψ(x) − ln x for x ≥ 1, which is about −1/(2x): for large x the difference itself would keep no digit of it.
pub(crate) fn digamma_less_ln(x: f64) -> f64 {
    if x < 8.0 {
        return digamma(x) - x.ln();
    }
    let w = 1.0 / x;
    -w * (0.5 + w * polynomial(&DIGAMMA_SERIES, w * w))
}

/// ψ⁽ⁿ⁾(x), the n-th derivative of [`digamma`].
///
/// ±∞ at poles (NaN for even n, where the sides differ in sign), 0 at ∞, NaN at −∞ and for n that is negative or not whole. Relative error
/// below 1e-14 for x > 0; for x < 0, between whose poles even n have zeros, 1e-14 and what two ulps of x change.
///
/// ```
/// use underhood::special::polygamma;
///
/// assert!((polygamma(1.0, 1.0) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15);
/// ```
pub fn polygamma(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return digamma(x);
    }
    if !(n > 0.0 && n == n.trunc() && n < 1e6) || x.is_nan() || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return 0.0;
    }
    let s = n + 1.0;
    let odd = (0.5 * n).fract() != 0.0;
    let sign = if odd { 1.0 } else { -1.0 };
    if x > 0.0 {
        return sign * factorial_times(n, zeta(s, x)).value();
    }
    if x == x.trunc() {
        return if odd { f64::INFINITY } else { f64::NAN };
    }
    // Poles above x at the distances rest, rest + 1, …; and from 1 − rest to −x below zero: those have the sign (−1)ⁿ⁺¹.
    let down = -x - (-x).trunc();
    let (above, below, beyond) = (zeta(s, 1.0 - down), zeta(s, down), zeta(s, 1.0 - x));
    // In units of the largest, since each may overflow. That is one of the first two, and the third is a part of the second.
    let unit = if above.exponent.high > below.exponent.high { above.exponent } else { below.exponent };
    let part = |value: Scaled| Scaled { factor: value.factor, exponent: value.exponent - unit }.value();
    // First what cancels halfway between two poles.
    let factor = (part(above) + sign * part(below)) - sign * part(beyond);
    sign * factorial_times(n, Scaled { factor, exponent: unit }).value()
}

/// n!·value.
fn factorial_times(n: f64, value: Scaled) -> Scaled {
    if n < 100.0 && value.factor.abs() < 1e100 {
        value.times(gamma(n + 1.0))
    } else {
        value.times_exp(ln_gamma_double(n + 1.0))
    }
}

/// Hurwitz's ζ(s, x) = x⁻ˢ + (x + 1)⁻ˢ + … for s ≥ 2 and x > 0.
fn zeta(s: f64, x: f64) -> Scaled {
    // In units of x⁻ˢ. A few multiplications are quicker, and as exact.
    let few = s <= 6.0;
    let power = |k: f64| if few { (x / (x + k)).powi(s as i32) } else { (-s * (k / x).ln_1p()).exp() };
    // The corrections shrink by about ((s + 2k)/(2π(x + terms)))² each.
    let terms = (0.7 * s + 9.0 - x).clamp(0.0, 1e7).ceil();
    // Beyond this the terms underflow.
    let terms = terms.min((x * (750.0 / s).exp_m1()).ceil());
    let (mut sum, mut k) = (0.0, terms);
    let end = x + terms;
    let last = power(terms);
    if last > 0.0 {
        let mut correction = 0.0;
        let mut factor = s / end;
        for (j, &c) in (0..).zip(&ZETA_SERIES) {
            correction += c * factor;
            let j = f64::from(j);
            factor *= (s + 2.0 * j + 1.0) / end * ((s + 2.0 * j + 2.0) / end);
        }
        sum = last * (end / (s - 1.0) + 0.5 + correction);
    }
    while k > 0.0 {
        k -= 1.0;
        sum += power(k);
    }
    Scaled { factor: sum, exponent: Dd::from(x).ln() * -s }
}
