//! The gamma distribution with scale 1 at the quotient of two numbers: what `Gamma` (x/scale) and `InverseGamma` (scale/x) share.
//!
//! P(a, y) is a power of y far below the mode, so its logarithm needs only that of y: quotients that leave the range of doubles, and quantiles
//! that would, are followed in logarithms. For large shapes the entropy and the information are written with what Stirling's formula
//! leaves, without the terms of size a·ln a that cancel (NIST DLMF §5.11).

use crate::double_double::Dd;
use crate::special::digamma_less_ln;
use crate::special::gamma_function::{ln_gamma_1p, stirling_error};
use crate::special::incomplete_gamma::tail;
use crate::special::lanes::MANY;
use crate::special::tail::{Side, Tail};
use crate::special::{Scaled, digamma, gammaln, polygamma, quantile};

/// Below this the lower tail is a power of y to the last digit, for every shape.
const POWER: f64 = 1e-280;
/// ½ ln 2π
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
/// So many numbers are divided at a time.
const BLOCK: usize = 1 << 14;

/// One tail at y = top/bottom, both positive and finite; None where y is beyond the largest double.
pub(super) fn tail_at(shape: f64, top: f64, bottom: f64) -> Option<Tail> {
    let y = top / bottom;
    if y.is_infinite() {
        return None;
    }
    if y < POWER {
        let log = Dd::from(top).ln() - Dd::from(bottom).ln() - Dd::from(POWER).ln();
        return Some(tail(shape, POWER).scaled(Side::Lower, log * shape));
    }
    let found = tail(shape, y);
    Some(if shape + y > 16.0 { moved(found, shape, y, Dd::quotient(top, bottom).low / y) } else { found })
}

/// The tail at y(1 + r) from that at y: what rounding took from a quotient counts |a − y| times in the density, and that much or √a times in a tail.
fn moved(tail: Tail, shape: f64, y: f64, r: f64) -> Tail {
    // Nothing was rounded, or the remainder is beyond the range of doubles.
    if r == 0.0 || !r.is_finite() {
        return tail;
    }
    let ratio = (tail.density.ln() - tail.value.ln()).exp();
    let change = if tail.side == Side::Lower { r * ratio } else { -r * ratio };
    Tail {
        side: tail.side,
        value: if change.is_finite() { tail.value.times_exp(Dd::from(change)) } else { tail.value },
        density: tail.density.times_exp(Dd::from((shape - y) * r)),
    }
}

/// scale·y, or scale/y if `inverse`, for the y at which one side has probability p.
pub(super) fn quantile_times(shape: f64, p: f64, side: Side, scale: f64, inverse: bool) -> f64 {
    let y = quantile(shape, p, side);
    if !(y < POWER && p > 0.0 && p < 1.0) {
        return if inverse { scale / y } else { scale * y };
    }
    let lower = if side == Side::Lower { Dd::from(p) } else { Dd::sum(1.0, -p) };
    let ln_gamma = if shape < 1.0 { ln_gamma_1p(shape) } else { gammaln(shape + 1.0) };
    let log = (lower.ln() + ln_gamma) / shape;
    let exponent = Dd::from(scale).ln() + if inverse { -log } else { log };
    Scaled { factor: 1.0, exponent }.value()
}

/// Replaces every x by what `wide` makes of the quotients, and by `one` of x where the quotient is not an ordinary number, or its rounding counts
/// too much; it is not rounded if `exact`.
pub(super) fn by_quotient(
    shape: f64,
    exact: bool,
    x: &mut [f64],
    quotient: impl Fn(f64) -> f64,
    wide: impl Fn(&mut [f64]),
    one: impl Fn(f64) -> f64,
) {
    // Half an ulp of the quotient makes less than 5e-13 there.
    let reach = if exact { f64::INFINITY } else { 4096.0 - shape.sqrt() };
    let ordinary = |x: f64| {
        let y = quotient(x);
        y > 1e-150 && y < 1e150 && (y - shape).abs() < reach
    };
    by_blocks(x, ordinary, |x| x.iter_mut().for_each(|x| *x = quotient(*x)), wide, one);
}

/// Replaces every p by what `wide` makes of it, and by `one` of p where the quantile of one side could be below 1e-250.
pub(super) fn by_probability(
    shape: f64,
    p: &mut [f64],
    side: Side,
    wide: impl Fn(&mut [f64]),
    one: impl Fn(f64) -> f64,
) {
    // Γ(1 + a)·P is about the a-th power of the quantile down there.
    let least = 0.5 * 10_f64.powf(-250.0 * shape);
    if shape < 0.01 {
        p.iter_mut().for_each(|p| *p = one(*p));
        return;
    }
    let ordinary = |p: f64| if side == Side::Lower { p > least && p < 1.0 } else { p > 0.0 && p < 1.0 - least };
    if p.iter().all(|p| ordinary(*p)) {
        // At once: the nodes of the series are made once.
        wide(p);
    } else {
        by_blocks(p, ordinary, |_| (), wide, one);
    }
}

/// `first`, then `wide`, block by block; where a number is not ordinary, `one`.
fn by_blocks(
    x: &mut [f64],
    ordinary: impl Fn(f64) -> bool,
    first: impl Fn(&mut [f64]),
    wide: impl Fn(&mut [f64]),
    one: impl Fn(f64) -> f64,
) {
    if x.len() < MANY {
        x.iter_mut().for_each(|x| *x = one(*x));
        return;
    }
    let mut before = vec![0.0; x.len().min(BLOCK)];
    for block in x.chunks_mut(BLOCK) {
        let before = &mut before[..block.len()];
        before.copy_from_slice(block);
        let all = block.iter().fold(true, |all, &x| all & ordinary(x));
        first(block);
        wide(block);
        if !all {
            for (value, &x) in block.iter_mut().zip(&*before) {
                if !ordinary(x) {
                    *value = one(x);
                }
            }
        }
    }
}

/// E(−ln f(Y)) for the density f of the distribution with this shape.
pub(in crate::distributions) fn entropy(a: f64) -> f64 {
    if a < 1.0 {
        return a + gammaln(a) + (1.0 - a) * digamma(a);
    }
    0.5 * a.ln() + HALF_LN_TWO_PI + stirling_error(a) + (1.0 - a) * digamma_less_ln(a)
}

/// E(−ln f(1/Y)) for the density f of 1/Y.
pub(super) fn inverse_entropy(a: f64) -> f64 {
    if a < 1.0 {
        return a + gammaln(a) - (1.0 + a) * digamma(a);
    }
    HALF_LN_TWO_PI - 1.5 * a.ln() + stirling_error(a) - (1.0 + a) * digamma_less_ln(a)
}

/// a·ψ′(a) − 1: about 1/(2a) for large a.
pub(super) fn information(a: f64) -> f64 {
    if a < 20.0 {
        return a * polygamma(1.0, a) - 1.0;
    }
    let w = 1.0 / a;
    let square = w * w;
    // DLMF 5.15.8; the next term is below 1e-16 of the sum.
    w * (0.5
        + w * (1.0 / 6.0
            + square * (-1.0 / 30.0 + square * (1.0 / 42.0 + square * (-1.0 / 30.0 + square * (5.0 / 66.0))))))
}

/// ln a − ψ(a): from ∞ at 0 down to 0, about 1/(2a) for large a.
pub(super) fn ln_less_digamma(a: f64) -> f64 {
    if a < 1.0 { a.ln() - digamma(a) } else { -digamma_less_ln(a) }
}
