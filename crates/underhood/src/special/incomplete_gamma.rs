//! The regularized incomplete gamma functions P and Q.
//!
//! With the density D = xᵃe⁻ˣ/Γ(a) (its exponent in two doubles): Kummer's series P = D/a·(1 + x/(a+1) + …) below the mode
//! (DLMF 8.7.1), Legendre's continued fraction Q = D/(x+1−a − 1(1−a)/(x+3−a − …)) above it (DLMF 8.9.2), Temme's expansion about
//! it for large a; for a < 1 and x < 1.2, where Q can be small and the fraction is slow, Q from the series of 1 − P with the ones
//! cancelled by hand (after A. R. DiDonato and A. H. Morris 1986, doi:10.1145/22721.23109).

use std::f64::consts::TAU;

use super::exponent::{Scaled, deviance};
use super::fraction::continued_fraction;
use super::gamma_function::{ln_gamma_1p, stirling_error};
use super::tail::{Side, Tail};
use super::uniform;
use crate::double_double::Dd;

/// The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt.
///
/// NaN for a < 0 or x < 0, and where the limit is not unique (a = x = 0, both infinite). Relative error below 1e-14 down to the smallest
/// normal number.
///
/// ```
/// use underhood::special::gammainc;
///
/// assert!((gammainc(1.0, 2.0) - (1.0 - (-2.0_f64).exp())).abs() < 1e-15);
/// ```
pub fn gammainc(a: f64, x: f64) -> f64 {
    regularized(a, x, Side::Lower)
}

/// The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), without the cancellation: relative error below 1e-14 down to the
/// smallest normal number.
///
/// ```
/// use underhood::special::gammaincc;
///
/// assert!((gammaincc(1.0, 600.0) / (-600.0_f64).exp() - 1.0).abs() < 1e-15);
/// ```
pub fn gammaincc(a: f64, x: f64) -> f64 {
    regularized(a, x, Side::Upper)
}

/// P or Q.
pub(super) fn regularized(a: f64, x: f64, side: Side) -> f64 {
    let lower = match limit(a, x) {
        Some(lower) => lower,
        None => return tail(a, x).probability(side),
    };
    if side == Side::Lower { lower } else { 1.0 - lower }
}

/// For a < 1: up to here Q is computed from the series of 1 − P, of which less is left the further one goes: a sixth here.
pub(super) const FEW: f64 = 1.2;

/// From here on the next doubles beside a lie 10⁴ standard deviations √a away: P is a step.
const STEP: f64 = 1e40;

/// P at the edges of the domain, NaN outside it.
fn limit(a: f64, x: f64) -> Option<f64> {
    if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 || (a == 0.0 && x == 0.0) || (a.is_infinite() && x.is_infinite())
    {
        return Some(f64::NAN);
    }
    if x == 0.0 || a.is_infinite() {
        return Some(0.0);
    }
    if x.is_infinite() || a == 0.0 {
        return Some(1.0);
    }
    if a > STEP {
        return Some(if x < a {
            0.0
        } else if x > a {
            1.0
        } else {
            0.5
        });
    }
    None
}

/// One of the tails for a, x > 0, finite: never one that is nearly 1.
pub(crate) fn tail(a: f64, x: f64) -> Tail {
    let density = density(a, x);
    if a >= uniform::LEAST_RHO && x > 0.31 * a && x < 2.3 * a {
        let correction = (-stirling_error(a)).exp();
        return uniform::tail(a, -density.exponent, x > a, |_| uniform::gamma_coefficients(), correction);
    }
    if a < 1.0 && x < FEW {
        let upper = upper_of_small(a, x);
        if upper < 0.5 {
            return Tail { side: Side::Upper, value: Scaled { factor: upper, exponent: Dd::ZERO }, density };
        }
    }
    if x < a + 1.0 && !(a < 1.0 && x >= FEW) {
        return Tail { side: Side::Lower, value: density.times(series(a, x) / a), density };
    }
    let first = (x - a) + 1.0;
    // So far out the fraction is its first term; the others would overflow.
    let far = x > 1e30 * a.max(1.0);
    let fraction = if far { first } else { continued_fraction(first, |m| (m * (a - m), first + 2.0 * m)) };
    Tail { side: Side::Upper, value: density.times(1.0 / fraction), density }
}

/// xᵃe⁻ˣ/Γ(a): x times the density of the gamma distribution.
pub(crate) fn density(a: f64, x: f64) -> Scaled {
    if a < 1.0 {
        let exponent = if x < 1e3 { Dd::from(x).ln() * a - x } else { Dd::from(a * x.ln() - x) };
        return Scaled { factor: a * (-ln_gamma_1p(a)).exp(), exponent };
    }
    let factor = (a / TAU).sqrt() * (-stirling_error(a)).exp();
    if x > 1e30 * a {
        return Scaled { factor, exponent: Dd::from(-x) };
    }
    Scaled { factor, exponent: -(deviance(Dd::sum(x, -a) / a, || Dd::quotient(x, a)) * a) }
}

/// 1 + x/(a+1) + x²/((a+1)(a+2)) + …
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut n) = (0.0, 1.0, a);
    // Smallest terms last, and the first one, which is the largest, added at the end.
    for _ in 0..10_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    1.0 + sum
}

/// Q(a, x) for a < 1 and small x: [Γ(1+a) − 1 − (xᵃ − 1) − a·xᵃ·Σ (−x)ᵏ/(k!(a+k))]/Γ(1+a).
fn upper_of_small(a: f64, x: f64) -> f64 {
    let ln_gamma = ln_gamma_1p(a);
    let power = a * x.ln();
    let (mut sum, mut term, mut k) = (0.0, 1.0, 0.0);
    while k < 40.0 {
        k += 1.0;
        term *= -x / k;
        sum += term / (a + k);
        if f64::abs(term) < 1e-18 {
            break;
        }
    }
    (ln_gamma.exp_m1() - power.exp_m1() - a * power.exp() * sum) * (-ln_gamma).exp()
}
