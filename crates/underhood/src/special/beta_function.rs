//! The beta function and its logarithm, by Stirling's formula with the cancellation done by hand (after TOMS 708; DLMF 5.11, 5.12).

use std::f64::consts::TAU;

use super::digamma::{digamma_less_ln, polygamma};
use super::exponent::Scaled;
use super::gamma_function::{gammaln, ln_gamma_1p, stirling_error};
use crate::double_double::Dd;

/// B(a, b) = Γ(a)Γ(b)/Γ(a + b) for a, b > 0; ∞ if one of them is 0, NaN if one is negative. Relative error below 1e-14.
///
/// ```
/// use underhood::special::beta;
///
/// assert!((beta(2.0, 3.0) * 12.0 - 1.0).abs() < 1e-15);
/// assert!((beta(1e-10, 1e-10) / 2e10 - 1.0).abs() < 1e-15);
/// ```
pub fn beta(a: f64, b: f64) -> f64 {
    match edge(a, b) {
        Some(log) => log.exp(),
        None => beta_scaled(a, b).value(),
    }
}

/// ln B(a, b) = lnΓ(a) + lnΓ(b) − lnΓ(a + b), the logarithm of the beta function, for a, b > 0; ∞ if one of them is 0, NaN if
/// one is negative.
///
/// Relative error below 1e-14, and next to the zeros, where B(a, b) = 1, what two ulps of a and of b change.
///
/// ```
/// use underhood::special::betaln;
///
/// assert!((betaln(2.0, 3.0) - (1.0_f64 / 12.0).ln()).abs() < 1e-15);
/// ```
pub fn betaln(a: f64, b: f64) -> f64 {
    if let Some(log) = edge(a, b) {
        return log;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if b < 1.0 {
        return gammaln(a) + gammaln(b) - gammaln(a + b);
    }
    if a < 1.0 {
        return gammaln(a) - ln_gamma_ratio(a, b);
    }
    beta_scaled(a, b).ln()
}

/// ln B at the edges of the domain, NaN outside it.
fn edge(a: f64, b: f64) -> Option<f64> {
    if !(a >= 0.0 && b >= 0.0) {
        return Some(f64::NAN);
    }
    if a.is_infinite() || b.is_infinite() {
        return Some(if a == 0.0 || b == 0.0 { f64::NAN } else { f64::NEG_INFINITY });
    }
    (a == 0.0 || b == 0.0).then_some(f64::INFINITY)
}

/// B(a, b) for finite a, b > 0.
pub(super) fn beta_scaled(a: f64, b: f64) -> Scaled {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if a < 1.0 {
        // Γ(1 + a)/a·Γ(b)/Γ(a + b), the last ratio about b⁻ᵃ; for b < 1 with b + 1 in place of b.
        let (c, shift) = if b < 1.0 { (b + 1.0, (a + b) / b) } else { (b, 1.0) };
        let factor = (ln_gamma_1p(a) - ln_gamma_ratio_over_power(a, c)).exp() * shift;
        return Scaled { factor, exponent: Dd::from(c).ln() * -a }.over(a);
    }
    if b > 1e280 {
        // Products of two doubles would overflow.
        if a < 1e200 {
            // Γ(b)/Γ(a + b) is b⁻ᵃ to the last digit.
            return Scaled { factor: 1.0, exponent: Dd::from(gammaln(a)) - Dd::from(b).ln() * a };
        }
        let exponent = -(a * (b / a).ln_1p() + b * (a / b).ln_1p());
        return Scaled { factor: 1.0, exponent: Dd::from(exponent) };
    }
    // Stirling's formula, its large parts as logarithms of the shares a/(a+b) and b/(a+b).
    let sum = Dd::sum(a, b);
    let exponent = (Dd::from(a) / sum).ln() * a + (Dd::from(b) / sum).ln() * b;
    let error = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
    Scaled { factor: (TAU * (1.0 / a + 1.0 / b)).sqrt() * error.exp(), exponent }
}

/// ln Γ(a + b)/Γ(b) for 0 < a < 1 ≤ b: about a·ln b.
fn ln_gamma_ratio(a: f64, b: f64) -> f64 {
    a * b.ln() + ln_gamma_ratio_over_power(a, b)
}

/// ln Γ(a + b)/(Γ(b)·bᵃ) for 0 < a < 1 ≤ b: small for large b, and to within rounding relative to a, which may be tiny.
pub(crate) fn ln_gamma_ratio_over_power(a: f64, b: f64) -> f64 {
    if a < 1e-2 {
        // Taylor's series: the difference of Stirling's errors below would lose a.
        let (mut sum, mut power) = (0.0, a);
        for k in 1..8 {
            let k = f64::from(k);
            sum += power * polygamma(k, b);
            power *= a / (k + 2.0);
            if power < 1e-18 {
                break;
            }
        }
        return a * digamma_less_ln(b) + 0.5 * a * sum;
    }
    (a + b - 0.5) * (a / b).ln_1p() - a + (stirling_error(a + b) - stirling_error(b))
}
