//! Γ and its logarithm, by Stirling's formula with its error carried separately (DLMF 5.11; C. Loader 2000, "Fast and accurate
//! computation of binomial probabilities"); lnΓ from `libm` (FreeBSD's msun, below one ulp on the positive axis, right next to 1 and 2).

use super::coefficients::{LN_GAMMA_1P_FIT, STIRLING_FIT, STIRLING_SERIES};
use super::polynomial::polynomial;
use crate::double_double::Dd;

/// ½ ln 2π in two doubles.
const HALF_LN_TWO_PI: Dd = Dd { high: 0.9189385332046728, low: -3.878294158067242e-17 };

/// ln|Γ(x)|.
///
/// ∞ at 0, −1, −2, … and at ±∞. Relative error below 1e-15 for x > 0, the neighbourhoods of the zeros 1 and 2 included; for
/// x < 0 the zeros between the poles are crossed with an absolute error of about 1e-15·|x ln|x||.
///
/// ```
/// use underhood::special::gammaln;
///
/// assert_eq!(gammaln(1.0), 0.0);
/// // −γ·h + … at 1 + h: nothing is lost near the zero.
/// assert!((gammaln(1.0 + 1e-8) / -5.77215653168851219e-9 - 1.0).abs() < 1e-15);
/// ```
pub fn gammaln(x: f64) -> f64 {
    if x == f64::NEG_INFINITY {
        return f64::INFINITY;
    }
    libm::lgamma(x)
}

/// Γ(x), the factorial (x−1)! continued.
///
/// NaN at the negative integers, where the two sides differ in sign; ±∞ at ±0; ∞ from 171.6244 on. Relative error below 3e-15.
///
/// ```
/// use underhood::special::gamma;
///
/// assert_eq!(gamma(5.0), 24.0);
/// assert!((gamma(0.5) - std::f64::consts::PI.sqrt()).abs() < 1e-15);
/// ```
pub fn gamma(x: f64) -> f64 {
    if (1.0..=171.7).contains(&x) {
        if x <= 23.0 && x == x.trunc() {
            // Up to 22! factorials are exact.
            return (2..x as u64).map(|k| k as f64).product();
        }
        return (ln_gamma_pair(x)).exp();
    }
    if x > 0.0 && x < 1.0 {
        // Γ(x) = Γ(x + 1)/x; below 1e-17 the numerator is 1.
        return if x < 1e-17 { 1.0 / x } else { ln_gamma_pair(1.0 + x).exp() / x };
    }
    if x < 0.0 && x > -1e-17 {
        return 1.0 / x;
    }
    libm::tgamma(x)
}

/// lnΓ(x) to 1e-17 absolute (not relative: not for use next to 1 and 2), for x ≥ 1.
fn ln_gamma_pair(x: f64) -> Dd {
    Dd::from(x).ln() * (x - 0.5) - x + HALF_LN_TWO_PI + stirling_error(x)
}

/// lnΓ(a) − [(a − ½) ln a − a + ½ ln 2π] for a ≥ 1, to 2e-17 absolute: 0.081 at 1, about 1/(12a) from then on.
pub(crate) fn stirling_error(a: f64) -> f64 {
    if a >= 8.0 {
        let w = 1.0 / a;
        let w2 = w * w;
        return w * polynomial(&STIRLING_SERIES, w2);
    }
    let s = (16.0 / a - 9.0) / 7.0;
    polynomial(&STIRLING_FIT, s) / (12.0 * a)
}

/// lnΓ(1 + a) for 0 ≤ a ≤ 1, relative to a.
pub(crate) fn ln_gamma_1p(a: f64) -> f64 {
    let s = 2.0 * a - 1.0;
    a * polynomial(&LN_GAMMA_1P_FIT, s)
}
