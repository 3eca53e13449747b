//! One tail of a distribution function beside its density, and quantiles by Newton's method on the tail's logarithm.

use super::exponent::Scaled;
use crate::double_double::Dd;

/// Which tail of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Up to x.
    Lower,
    /// Beyond x.
    Upper,
}

impl Side {
    /// The other tail.
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Lower => Side::Upper,
            Side::Upper => Side::Lower,
        }
    }
}

/// The tail that could be computed without loss, with the density per unit of ln x (or of the log odds).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tail {
    /// Which one it is.
    pub(crate) side: Side,
    /// Its probability.
    pub(crate) value: Scaled,
    /// x times the density at x.
    pub(crate) density: Scaled,
}

impl Tail {
    /// The probability of one side.
    pub(crate) fn probability(&self, side: Side) -> f64 {
        let value = at_most(self.value.value(), 1.0);
        if side == self.side { value } else { 1.0 - value }
    }

    /// The tail beyond a point from which on one side is a power: its probability and the density times exp(log_factor).
    pub(crate) fn scaled(&self, side: Side, log_factor: Dd) -> Tail {
        let density = self.density.times_exp(log_factor);
        if side == self.side {
            return Tail { side, value: self.value.times_exp(log_factor), density };
        }
        let log = self.log_probability(side) + log_factor.value();
        if log > -0.7 {
            Tail { side: side.other(), value: Scaled { factor: -log.exp_m1(), exponent: Dd::ZERO }, density }
        } else {
            Tail { side, value: Scaled { factor: 1.0, exponent: Dd::from(log) }, density }
        }
    }

    /// The logarithm of the probability of one side.
    pub(crate) fn log_probability(&self, side: Side) -> f64 {
        if side == self.side { at_most(self.value.ln(), 0.0) } else { (-at_most(self.value.value(), 1.0)).ln_1p() }
    }
}

/// What rounding carried beyond the limit is taken back. Not `min`, which would turn a NaN into the limit.
fn at_most(value: f64, limit: f64) -> f64 {
    if value > limit { limit } else { value }
}

/// The smallest positive double.
const LEAST: f64 = f64::from_bits(1);

/// Finds the x > 0 at which one tail has probability p, 0 < p ≤ ½ or so, from a starting point.
///
/// Newton's method on the logarithm of the tail as a function of ln x. The densities served here are log-concave in ln x (in the
/// log odds), hence so are both tails: the iteration converges from everywhere, without a bracket. `tail` gives the tail
/// and the slope of the logarithm of its density; near the end that slope makes the step Halley's.
pub(crate) fn solve(start: f64, side: Side, p: f64, tail: impl Fn(f64) -> (Tail, f64)) -> f64 {
    let log_p = p.ln();
    let mut x = start;
    for _ in 0..200 {
        if !(x > 0.0) || x.is_infinite() {
            return x;
        }
        let (found, density_slope) = tail(x);
        let value = found.probability(side);
        let (excess, slope) = if value > 0.5 * p && value < 2.0 * p {
            (((value - p) / p).ln_1p(), found.density.value() / value)
        } else {
            let log_value = found.log_probability(side);
            let ratio = Scaled { factor: found.density.factor, exponent: found.density.exponent - log_value };
            (log_value - log_p, ratio.value())
        };
        let slope = if side == Side::Lower { slope } else { -slope };
        let newton = -excess / slope;
        let curvature = 0.5 * newton * (density_slope - slope);
        let step = if curvature.abs() < 0.5 { newton / (1.0 + curvature) } else { newton };
        if !step.is_finite() {
            return x;
        }
        let before = x;
        x *= step.clamp(-600.0, 600.0).exp();
        // A step may overshoot the range of doubles: only what is still beyond from its ends is 0 or infinite.
        if x == 0.0 && before > LEAST {
            x = LEAST;
        } else if x.is_infinite() && before < f64::MAX {
            x = f64::MAX;
        }
        if x == before {
            // Below the normal numbers the next double may be further off than any bound on the step.
            break;
        }
        // What a step of Halley's leaves is of the third order.
        let size = excess.abs().max(step.abs());
        if size * size * step.abs() < 1e-18 && size < 1e-3 {
            break;
        }
    }
    x
}
