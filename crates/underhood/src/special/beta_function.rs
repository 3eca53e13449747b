//! The logarithm of the beta function, by Stirling's formula with the cancellation done by hand (after TOMS 708; DLMF 5.11, 5.12).

use std::f64::consts::TAU;

use super::gamma_function::{gammaln, stirling_error};
use crate::double_double::Dd;

/// ln B(a, b) = lnΓ(a) + lnΓ(b) − lnΓ(a + b), the logarithm of the beta function, for a, b > 0; ∞ if one of them is 0, NaN if
/// one is negative.
///
/// Relative error below 1e-14, but for the neighbourhood of B(a, b) = 1, where it is absolute, and below 1e-15.
///
/// ```
/// use underhood::special::betaln;
///
/// assert!((betaln(2.0, 3.0) - (1.0_f64 / 12.0).ln()).abs() < 1e-15);
/// ```
pub fn betaln(a: f64, b: f64) -> f64 {
    if !(a >= 0.0 && b >= 0.0) {
        return f64::NAN;
    }
    if a == 0.0 || b == 0.0 {
        return f64::INFINITY;
    }
    if a.is_infinite() || b.is_infinite() {
        return f64::NEG_INFINITY;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if b < 1.0 {
        return gammaln(a) + gammaln(b) - gammaln(a + b);
    }
    if a < 1.0 {
        return gammaln(a) - ln_gamma_ratio(a, b);
    }
    if b > 1e290 {
        // Products of two doubles would overflow; and nothing cancels here, beside which the rest vanishes.
        return -(a * (b / a).ln_1p() + b * (a / b).ln_1p());
    }
    // Stirling's formula, its large parts as logarithms of the shares a/(a+b) and b/(a+b).
    let sum = Dd::sum(a, b);
    let shares = (Dd::from(a) / sum).ln() * a + (Dd::from(b) / sum).ln() * b;
    (shares + 0.5 * (TAU * (1.0 / a + 1.0 / b)).ln() + (stirling_error(a) + stirling_error(b) - stirling_error(a + b)))
        .value()
}

/// ln Γ(a + b)/Γ(b) for 0 < a < 1 ≤ b: about a·ln b.
fn ln_gamma_ratio(a: f64, b: f64) -> f64 {
    a * b.ln() + ln_gamma_ratio_over_power(a, b)
}

/// ln Γ(a + b)/(Γ(b)·bᵃ) for 0 < a < 1 ≤ b: small for large b.
pub(crate) fn ln_gamma_ratio_over_power(a: f64, b: f64) -> f64 {
    (a + b - 0.5) * (a / b).ln_1p() - a + (stirling_error(a + b) - stirling_error(b))
}
