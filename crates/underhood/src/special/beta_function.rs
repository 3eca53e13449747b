//! The logarithm of the beta function.

use super::gamma_function::{gammaln, ln_gamma_pair};

/// ln B(a, b) = lnΓ(a) + lnΓ(b) − lnΓ(a + b) for a, b > 0; NaN elsewhere.
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
    let rest = ln_gamma_pair(b) - ln_gamma_pair(a + b);
    if a < 1.0 { gammaln(a) + rest.value() } else { (ln_gamma_pair(a) + rest).value() }
}
