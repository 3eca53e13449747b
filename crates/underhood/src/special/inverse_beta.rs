//! Inverses of the regularized incomplete beta function, in terms of the odds x/(1 − x), which lose neither end:
//! Newton's method on the logarithm of the smaller tail (`tail::solve`). Many at a time for one pair of shapes by Taylor's series
//! about a few such points (`quantile_series`).

use super::beta_function::{betaln, ln_gamma_ratio_over_power};
use super::beta_lanes::SHAPES;
use super::gamma_function::ln_gamma_1p;
use super::incomplete_beta::{Split, density, tail};
use super::normal_quantile::ndtri;
use super::quantile_series::{self, COUNT, Node};
use super::tail::{Side, solve};
use crate::double_double::Dd;

/// Replaces every p by the x with I(a, b; x) = p: [`betaincinv`] to within rounding, several at a time.
///
/// ```
/// use underhood::special::{betaincinv, betaincinv_in_place};
///
/// let mut p = [0.1, 0.5, 0.75];
/// betaincinv_in_place(2.5, 4.0, &mut p);
/// assert!((p[1] / betaincinv(2.5, 4.0, 0.5) - 1.0).abs() < 1e-15);
/// ```
pub fn betaincinv_in_place(a: f64, b: f64, p: &mut [f64]) {
    quantiles_in_place(a, b, p, Side::Lower, Quantile::Share, |p| betaincinv(a, b, p));
}

/// Replaces every q by the x with 1 − I(a, b; x) = q: [`betainccinv`] to within rounding, several at a time.
pub fn betainccinv_in_place(a: f64, b: f64, q: &mut [f64]) {
    quantiles_in_place(a, b, q, Side::Upper, Quantile::Share, |q| betainccinv(a, b, q));
}

/// What is wanted of a point x and y = 1 − x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Quantile {
    /// x.
    Share,
    /// unit·x/y.
    Odds(f64),
    /// unit·√(x/y).
    Root(f64),
}

/// Replaces every p by what is wanted of the quantile of one side; `one` is the same for one p, to within rounding.
pub(crate) fn quantiles_in_place(
    a: f64,
    b: f64,
    p: &mut [f64],
    side: Side,
    wanted: Quantile,
    one: impl Fn(f64) -> f64,
) {
    if !SHAPES.contains(&a) || !SHAPES.contains(&b) {
        p.iter_mut().for_each(|p| *p = one(*p));
        return;
    }
    quantile_series::quantiles_in_place(p, side, one, |p, side| node(a, b, p, side, wanted));
}

/// The series of what is wanted at p. With L the log odds and s = dlnD/dL = ay − bx: K′ = −sK², x′ = −y′ = xyK.
fn node(a: f64, b: f64, p: f64, side: Side, wanted: Quantile) -> Node {
    let w = odds(a, b, p, side);
    let split = Split::of_odds(Dd::from(w), Dd::from(1.0));
    let (mut k, mut sk, mut s) = ([0.0; COUNT], [0.0; COUNT], [0.0; COUNT]);
    let (mut x, mut y, mut yk) = ([0.0; COUNT], [0.0; COUNT], [0.0; COUNT]);
    let slope = density(a, b, split).over(p).inverse().value();
    k[0] = if side == Side::Lower { slope } else { -slope };
    s[0] = (split.y * a - split.x * b).value();
    (x[0], y[0]) = (split.x.value(), split.y.value());
    let mut series = [0.0; COUNT];
    for n in 0..COUNT {
        let product = |f: &[f64; COUNT], g: &[f64; COUNT]| (0..=n).map(|i| f[i] * g[n - i]).sum::<f64>();
        (sk[n], yk[n]) = (product(&s, &k), product(&y, &k));
        let next = (n + 1) as f64;
        series[n] = match wanted {
            Quantile::Share => yk[n],
            Quantile::Odds(_) => k[n],
            Quantile::Root(_) => 0.5 * k[n],
        } / next;
        if n + 1 < COUNT {
            k[n + 1] = -product(&sk, &k) / next;
            x[n + 1] = product(&x, &yk) / next;
            y[n + 1] = -x[n + 1];
            s[n + 1] = -(a + b) * x[n + 1];
        }
    }
    let value = match wanted {
        Quantile::Share => x[0],
        Quantile::Odds(unit) => unit * w,
        Quantile::Root(unit) => unit * w.sqrt(),
    };
    Node { value, series }
}

/// The x with I(a, b; x) = p. NaN for p outside [0, 1], a ≤ 0 or b ≤ 0.
///
/// Relative error below 1e-14 and what three ulps of p change (which is much for shapes below 0.01, where x is about p¹ᐟᵃ); 0 where x
/// underflows, 1 where 1 − x does not count.
///
/// ```
/// use underhood::special::betaincinv;
///
/// assert!((betaincinv(2.0, 1.0, 0.09) - 0.3).abs() < 1e-15);
/// ```
pub fn betaincinv(a: f64, b: f64, p: f64) -> f64 {
    from_odds(odds(a, b, p, Side::Lower))
}

/// The x with 1 − I(a, b; x) = q. As exact as [`betaincinv`].
///
/// ```
/// use underhood::special::betainccinv;
///
/// assert!((betainccinv(1.0, 2.0, 0.25) - 0.5).abs() < 1e-15);
/// ```
pub fn betainccinv(a: f64, b: f64, q: f64) -> f64 {
    from_odds(odds(a, b, q, Side::Upper))
}

fn from_odds(w: f64) -> f64 {
    if w.is_infinite() { 1.0 } else { w / (1.0 + w) }
}

/// The odds w = x/(1 − x) at which one tail has probability p.
pub(crate) fn odds(a: f64, b: f64, p: f64, side: Side) -> f64 {
    odds_times(a, b, p, side, 1.0)
}

/// unit·w, also where w alone leaves the range of doubles.
pub(crate) fn odds_times(a: f64, b: f64, p: f64, side: Side, unit: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&p)) || a.is_infinite() || b.is_infinite() {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if (p == 0.0) == (side == Side::Lower) { 0.0 } else { f64::INFINITY };
    }
    let (p, side) = if p > 0.5 { (1.0 - p, side.other()) } else { (p, side) };
    let log_of = |wanted| if side == wanted { Dd::from(p).ln() } else { Dd::from((-p).ln_1p()) };
    if let Some(log_w) = log_of_tiny(a, b, || log_of(Side::Lower)) {
        return (log_w + Dd::from(unit).ln()).exp();
    }
    if let Some(log_w) = log_of_tiny(b, a, || log_of(Side::Upper)) {
        return (Dd::from(unit).ln() - log_w).exp();
    }
    let at = |w| Split::of_odds(Dd::from(w), Dd::from(1.0));
    let w = solve(start(a, b, p, side), side, p, |w| {
        let split = at(w);
        (tail(a, b, split), (split.y * a - split.x * b).value())
    });
    if w.is_nan() || (1.0 / EDGE..=EDGE).contains(&w) {
        return unit * w;
    }
    // So far out that the two doubles of the shares leave the range, both tails have long been powers of the odds.
    let (edge, power, far) = if w > 1.0 { (EDGE, -b, Side::Upper) } else { (1.0 / EDGE, a, Side::Lower) };
    let log = log_of(far);
    let tail = tail(a, b, at(edge));
    let log_at_edge = if tail.side == far {
        tail.value.exponent + Dd::from(tail.value.factor).ln()
    } else {
        Dd::from(tail.log_probability(far))
    };
    let far = edge * unit * ((log - log_at_edge) / power).exp();
    // For shapes near the end of the range there is nothing better.
    if far.is_nan() { unit * w } else { far }
}

/// ln x where I(a, b; x) is a power of x to the last digit, a < 1; from ln I. See `log_of_small` of `incomplete_beta`.
fn log_of_tiny(a: f64, b: f64, log: impl Fn() -> Dd) -> Option<Dd> {
    if a >= 1.0 {
        return None;
    }
    // The logarithms of a share and of p may cancel, and what is left is divided by a.
    let (c, share) = if b < 1.0 { (b + 1.0, (Dd::from(b) / Dd::sum(a, b)).ln()) } else { (b, Dd::ZERO) };
    let log = log() - share - (ln_gamma_ratio_over_power(a, c) - ln_gamma_1p(a));
    if log.high / a < -1e5 {
        // Underflows, and so would the quotient of two doubles.
        return Some(Dd::from(-1e5));
    }
    let log_x = log / a - Dd::from(c).ln();
    (log_x.high < -40.0 - b.max(1.0).ln()).then_some(log_x)
}

/// Odds that are still well inside the range of doubles: 2⁸⁰⁰.
const EDGE: f64 = f64::from_bits((1023 + 800) << 52);

/// Wilson's and Hilferty's cubes above and below (E. Paulson 1942, doi:10.1214/aoms/1177731608) where they are near enough; else the
/// powers of the odds that both tails are far out, and between them a normal in the log odds.
fn start(a: f64, b: f64, p: f64, side: Side) -> f64 {
    let z = if side == Side::Lower { ndtri(p) } else { -ndtri(p) };
    let (above, below) = (1.0 / (9.0 * a), 1.0 / (9.0 * b));
    let bottom = (1.0 - below) * (1.0 - below) - below * z * z;
    let spread = (1.0 - below) * (1.0 - below) * above + (1.0 - above) * (1.0 - above) * below - above * below * z * z;
    let cube_root = ((1.0 - above) * (1.0 - below) + z * spread.max(0.0).sqrt()) / bottom;
    if a > 0.3 && b > 0.3 && bottom > 0.15 && spread > 0.0 && cube_root > 0.15 {
        return cube_root * cube_root * cube_root * (a / b);
    }
    let centre = (a / b).ln() + z * (1.0 / a + 1.0 / b).sqrt();
    let power = match side {
        Side::Lower => (p.ln() + a.ln() + betaln(a, b)) / a,
        Side::Upper => -(p.ln() + b.ln() + betaln(a, b)) / b,
    };
    let log_odds = match side {
        Side::Lower => centre.max(power),
        Side::Upper => centre.min(power),
    };
    log_odds.clamp(-554.0, 554.0).exp()
}
