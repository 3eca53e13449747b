//! The regularized incomplete beta function and its complement.
//!
//! With the density D = xᵃyᵇ/B(a, b), y = 1 − x (both in two doubles, the exponent too): the contracted continued fraction of
//! A. R. DiDonato and A. H. Morris (1992, TOMS 708, doi:10.1145/131766.131776; DLMF 8.17.22) on the side of the mode where it
//! converges fast, and Temme's expansion about the normal distribution near the mode of two large parameters. For a < 1 and small x,
//! 1 − I from the power series of ln I, which also serves Student's t near its centre.

use std::f64::consts::TAU;

use super::beta_function::ln_gamma_ratio_over_power;
use super::exponent::{Scaled, deviance};
use super::fraction::continued_fraction;
use super::gamma_function::{ln_gamma_1p, stirling_error};
use super::tail::{Side, Tail};
use super::{incomplete_gamma, uniform};
use crate::double_double::Dd;

/// The regularized incomplete beta function I(a, b; x) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1−t)ᵇ⁻¹ dt.
///
/// NaN outside 0 ≤ x ≤ 1, for a ≤ 0 or b ≤ 0, and for infinite a or b. Relative error below 1e-14 down to the smallest normal number.
///
/// ```
/// use underhood::special::betainc;
///
/// // Beta(2, 1) has distribution function x².
/// assert!((betainc(2.0, 1.0, 0.3) - 0.09).abs() < 1e-16);
/// ```
pub fn betainc(a: f64, b: f64, x: f64) -> f64 {
    regularized(a, b, x, Side::Lower)
}

/// 1 − I(a, b; x), without the cancellation: relative error below 1e-14 down to the smallest normal number.
///
/// ```
/// use underhood::special::betaincc;
///
/// assert!((betaincc(1.0, 50.0, 0.75) / 0.25_f64.powi(50) - 1.0).abs() < 1e-14);
/// ```
pub fn betaincc(a: f64, b: f64, x: f64) -> f64 {
    regularized(a, b, x, Side::Upper)
}

pub(super) fn regularized(a: f64, b: f64, x: f64, side: Side) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) || a.is_infinite() || b.is_infinite() {
        return f64::NAN;
    }
    if x == 0.0 || x == 1.0 {
        return if (x == 0.0) == (side == Side::Lower) { 0.0 } else { 1.0 };
    }
    if a.max(b) > HUGE {
        return beyond(a, b, x, side);
    }
    tail(a, b, Split::of(x)).probability(side)
}

/// Products of larger parameters would leave the range of doubles.
const HUGE: f64 = 1e280;

/// I or 1 − I where a or b is huge. If the other is not, b·t (or a·(1 − t)) has a gamma distribution to the last digit; if both are,
/// I is a step at the mean: the next doubles beside it lie further off than the distribution reaches.
fn beyond(a: f64, b: f64, x: f64, side: Side) -> f64 {
    const LARGE: f64 = 1e200;
    let other = if side == Side::Lower { Side::Upper } else { Side::Lower };
    if a < LARGE {
        return incomplete_gamma::regularized(a, b * x, side);
    }
    if b < LARGE {
        return incomplete_gamma::regularized(b, a * (1.0 - x), other);
    }
    let down = 2f64.powi(-500);
    let excess = excess(a * down, b * down, Split::of(x)).high;
    match (excess == 0.0, (excess > 0.0) == (side == Side::Lower)) {
        (true, _) => 0.5,
        (false, reached) => f64::from(u8::from(reached)),
    }
}

/// A number between 0 and 1 and its complement, neither rounded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split {
    /// The number.
    pub(crate) x: Dd,
    /// 1 − x.
    pub(crate) y: Dd,
}

impl Split {
    /// From the number.
    pub(crate) fn of(x: f64) -> Split {
        Split { x: Dd::from(x), y: Dd::sum(1.0, -x) }
    }

    /// x = top/(top + bottom); the smaller of both must not be far below 1e-150.
    pub(crate) fn of_odds(top: Dd, bottom: Dd) -> Split {
        if top.high > 1e150 || bottom.high > 1e150 {
            // Dekker's product would overflow above 1e290.
            let down = 2f64.powi(-500);
            return Split::of_odds(top * down, bottom * down);
        }
        let sum = top + bottom;
        Split { x: top / sum, y: bottom / sum }
    }

    /// The complement's split.
    fn swapped(self) -> Split {
        Split { x: self.y, y: self.x }
    }
}

/// One of the tails, a, b > 0 and 0 < x < 1.
pub(crate) fn tail(a: f64, b: f64, split: Split) -> Tail {
    let excess = excess(a, b, split);
    let density = density_with(a, b, split, excess);
    let rho = a / (a + b) * b;
    if rho >= uniform::LEAST_RHO && a >= 1.0 && b >= 1.0 && -2.0 * density.exponent.high <= rho {
        let f = |count| uniform::beta_coefficients(a / (a + b), b / (a + b), count);
        return uniform::tail(rho, -density.exponent, excess.high > 0.0, f, correction(a, b));
    }
    if a < 1.0 && split.x.high < few(b) {
        let log_lower = log_of_small(a, b, split.x.high);
        if log_lower > -0.7 {
            return Tail {
                side: Side::Upper,
                value: Scaled { factor: -log_lower.exp_m1(), exponent: Dd::ZERO },
                density,
            };
        }
    }
    if b < 1.0 && split.y.high < few(a) {
        let log_upper = log_of_small(b, a, split.y.high);
        if log_upper > -0.7 {
            return Tail {
                side: Side::Lower,
                value: Scaled { factor: -log_upper.exp_m1(), exponent: Dd::ZERO },
                density,
            };
        }
    }
    if starts_below(a, b, split.x.high, split.y.high) {
        Tail { side: Side::Lower, value: density.times(1.0 / fraction(a, b, split.x.high, -excess.high)), density }
    } else {
        let swapped = split.swapped();
        Tail { side: Side::Upper, value: density.times(1.0 / fraction(b, a, swapped.x.high, excess.high)), density }
    }
}

/// Whether the fraction is to give the lower tail: below the mode, where it converges fast. But for a < 1 the mode is 0, and beyond
/// `few` the lower tail is nearly 1; likewise for b < 1.
#[inline(always)]
pub(super) fn starts_below(a: f64, b: f64, x: f64, y: f64) -> bool {
    if a < 1.0 && b >= 1.0 && x >= few(b) {
        return false;
    }
    if b < 1.0 && a >= 1.0 && y >= few(a) {
        return true;
    }
    x * (a + b + 2.0) < a + 1.0
}

/// For a < 1: the x below which ln I is computed by its series, of which less is left the larger bx is: a sixth at 1.2. Beyond ½ for
/// b < 1, so that either x or y is below.
pub(super) fn few(b: f64) -> f64 {
    1.2 / b.max(2.3)
}

/// bx − ay, zero at the mean.
#[inline]
fn excess(a: f64, b: f64, split: Split) -> Dd {
    split.x * b - split.y * a
}

/// xᵃyᵇ/B(a, b): xy times the density of the beta distribution.
pub(crate) fn density(a: f64, b: f64, split: Split) -> Scaled {
    density_with(a, b, split, excess(a, b, split))
}

fn density_with(a: f64, b: f64, split: Split, excess: Dd) -> Scaled {
    if a < 1.0 {
        return density_of_small(a, b, split);
    }
    if b < 1.0 {
        return density_of_small(b, a, split.swapped());
    }
    let sum = Dd::sum(a, b);
    let energy = deviance(excess / a, || split.x * sum / a) * a + deviance(-excess / b, || split.y * sum / b) * b;
    Scaled { factor: (a / (a + b) * b / TAU).sqrt() * correction(a, b), exponent: -energy }
}

/// exp of Stirling's error in 1/B(a, b) for a, b ≥ 1.
fn correction(a: f64, b: f64) -> f64 {
    (stirling_error(a + b) - stirling_error(a) - stirling_error(b)).exp()
}

/// The same for a < 1: a/Γ(1+a)·(c·x)ᵃ·yᵇ·[Γ(a+c)/(Γ(c)·cᵃ)], c = b or, for b < 1, b + 1 with b/(a+b) beside it.
fn density_of_small(a: f64, b: f64, split: Split) -> Scaled {
    let (c, shifted) = if b < 1.0 { (b + 1.0, b / (a + b)) } else { (b, 1.0) };
    let factor = a * shifted * (ln_gamma_ratio_over_power(a, c) - ln_gamma_1p(a)).exp();
    Scaled { factor, exponent: (split.x * c).ln() * a + split.y.ln() * b }
}

/// ln I(a, b; x) for a < 1 and small x, where I can be nearly 1, from the series xᵃ/(aB)·(1 + aΣ (1−b)ₙxⁿ/(n!(a+n))) (TOMS 708).
fn log_of_small(a: f64, b: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut n) = (0.0, 1.0, 0.0);
    while n < 200.0 {
        n += 1.0;
        term *= (n - b) / n * x;
        let next = term / (a + n);
        sum += next;
        if f64::abs(next) < 1e-17 * f64::abs(sum) {
            break;
        }
    }
    let (c, shift) = if b < 1.0 { (b + 1.0, -(a / b).ln_1p()) } else { (b, 0.0) };
    a * (x * c).ln() + (ln_gamma_ratio_over_power(a, c) + shift - ln_gamma_1p(a)) + (a * sum).ln_1p()
}

/// D/I(a, b; x) as a continued fraction; `excess` is ay − bx.
pub(super) fn fraction(a: f64, b: f64, x: f64, excess: f64) -> f64 {
    let base = excess + 1.0;
    // 1/(a + 2m − 1) and 1/(a + 2m + 1): one division a term, since the second is the next term's first.
    let mut next = 1.0 / (a + 1.0);
    continued_fraction(a * next * base, |m| {
        let odd = next;
        next = 1.0 / (a + 2.0 * m + 1.0);
        let turn = m * (b - m) * x * odd;
        ((a + m - 1.0) * odd * (a + b + m - 1.0) * x * turn, m + turn + (a + m) * next * (base + m * (2.0 - x)))
    })
}
