//! Inverses of the regularized incomplete gamma functions: Newton's method on the logarithm of the smaller tail (`tail::solve`),
//! from the power law of the lower tail or Wilson and Hilferty's cube (1931, doi:10.1073/pnas.17.12.684). Many at a time for one
//! shape by Taylor's series about a few such points (`quantile_series`).

use super::gamma_function::{gammaln, ln_gamma_1p};
use super::gamma_lanes::SHAPES;
use super::incomplete_gamma::{density, tail};
use super::normal_quantile::ndtri;
use super::quantile_series::{self, COUNT, Node};
use super::tail::{Side, solve};
use crate::double_double::Dd;

/// Replaces every p by the x with P(a, x) = p: [`gammaincinv`] to within rounding, several at a time.
///
/// ```
/// use underhood::special::{gammaincinv, gammaincinv_in_place};
///
/// let mut p = [0.1, 0.5, 0.75];
/// gammaincinv_in_place(2.5, &mut p);
/// assert!((p[1] / gammaincinv(2.5, 0.5) - 1.0).abs() < 1e-15);
/// ```
pub fn gammaincinv_in_place(a: f64, p: &mut [f64]) {
    quantiles_in_place(a, p, Side::Lower, 1.0, |p| gammaincinv(a, p));
}

/// Replaces every q by the x with Q(a, x) = q: [`gammainccinv`] to within rounding, several at a time.
pub fn gammainccinv_in_place(a: f64, q: &mut [f64]) {
    quantiles_in_place(a, q, Side::Upper, 1.0, |q| gammainccinv(a, q));
}

/// Replaces every p by unit·x where x is the quantile of one side; `one` is the same for one p, to within rounding.
pub(crate) fn quantiles_in_place(a: f64, p: &mut [f64], side: Side, unit: f64, one: impl Fn(f64) -> f64) {
    if !SHAPES.contains(&a) {
        p.iter_mut().for_each(|p| *p = one(*p));
        return;
    }
    quantile_series::quantiles_in_place(p, side, one, |p, side| node(a, p, side, unit));
}

/// The series of unit·x at p. With s = dlnD/dL = a − x: K′ = −sK² and s′ = −xK = sK − aK.
fn node(a: f64, p: f64, side: Side, unit: f64) -> Node {
    let x = quantile(a, p, side);
    let (mut k, mut sk, mut s, mut series) = ([0.0; COUNT], [0.0; COUNT], [0.0; COUNT], [0.0; COUNT]);
    let slope = density(a, x).over(p).inverse().value();
    k[0] = if side == Side::Lower { slope } else { -slope };
    s[0] = a - x;
    for n in 0..COUNT {
        sk[n] = (0..=n).map(|i| s[i] * k[n - i]).sum();
        let next = (n + 1) as f64;
        series[n] = k[n] / next;
        if n + 1 < COUNT {
            k[n + 1] = -(0..=n).map(|i| sk[i] * k[n - i]).sum::<f64>() / next;
            s[n + 1] = (sk[n] - a * k[n]) / next;
        }
    }
    Node { value: unit * x, series }
}

/// The x with P(a, x) = p. 0 at p = 0, ∞ at p = 1, NaN for p outside [0, 1] or a ≤ 0.
///
/// Relative error below 1e-14 and what three ulps of p change (which is much for a shape below 0.01, where x is about p¹ᐟᵃ); 0 where x underflows.
///
/// ```
/// use underhood::special::{gammainc, gammaincinv};
///
/// let x = gammaincinv(3.0, 1e-300);
/// assert!((gammainc(3.0, x) / 1e-300 - 1.0).abs() < 1e-13);
/// ```
pub fn gammaincinv(a: f64, p: f64) -> f64 {
    quantile(a, p, Side::Lower)
}

/// The x with Q(a, x) = q. ∞ at q = 0, 0 at q = 1, NaN for q outside [0, 1] or a ≤ 0. As exact as [`gammaincinv`].
///
/// ```
/// use underhood::special::gammainccinv;
///
/// assert!((gammainccinv(1.0, 1e-200) / (200.0 * 10.0_f64.ln()) - 1.0).abs() < 1e-15);
/// ```
pub fn gammainccinv(a: f64, q: f64) -> f64 {
    quantile(a, q, Side::Upper)
}

/// The x at which one tail has probability p.
pub(crate) fn quantile(a: f64, p: f64, side: Side) -> f64 {
    if !(a > 0.0 && (0.0..=1.0).contains(&p)) || a.is_infinite() {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if (p == 0.0) == (side == Side::Lower) { 0.0 } else { f64::INFINITY };
    }
    let (p, side) = if p > 0.5 { (1.0 - p, side.other()) } else { (p, side) };
    if a < 1.0 {
        // For tiny x, which may be below the normal numbers, P is xᵃ/Γ(1 + a) to the last digit.
        let log = if side == Side::Lower { Dd::from(p).ln() } else { Dd::from((-p).ln_1p()) };
        let log_x = (log + ln_gamma_1p(a)) / a;
        if log_x.high < -40.0 {
            return log_x.exp();
        }
    }
    solve(start(a, p, side), side, p, |x| (tail(a, x), a - x))
}

fn start(a: f64, p: f64, side: Side) -> f64 {
    let z = if side == Side::Lower { ndtri(p) } else { -ndtri(p) };
    let cube = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    if a > 0.3 && cube > 0.2 {
        return a * cube * cube * cube;
    }
    if side == Side::Upper && p < 0.5 * a {
        // Q is about a·E₁(x) here, and falls nearly as exp(−x).
        return 0.5 + (0.5 * a / p).ln();
    }
    let log_lower = if side == Side::Lower { p.ln() } else { (-p).ln_1p() };
    ((log_lower + gammaln(a + 1.0)) / a).exp()
}
