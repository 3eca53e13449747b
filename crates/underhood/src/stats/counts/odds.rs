//! The odds ratio of a table of two by two whose margins are held.
//!
//! The first count X then has probabilities proportional to C(K, k) C(N − K, n − k) ψᵏ: Fisher's noncentral hypergeometric distribution (R. A. Fisher 1935,
//! doi:10.2307/2342435; J. Cornfield 1956). As a function of θ = ln ψ it is an exponential family: E X grows with θ, and ln P(X ≥ k) is concave
//! in it with derivative E(X | X ≥ k) − E X, so that Newton's method cannot fail. The likelihood is largest where E X is the count that was seen;
//! the ends of the exact interval are where a tail has probability α/2.
//!
//! Sums run outwards from the count that was seen. Where the standard deviation is in the hundreds they are integrals, with the first correction of
//! Euler's and Maclaurin's formula at the midpoint (NIST DLMF 2.10.1).

use crate::distributions::discrete::quadrature::integral;
use crate::error::{Error, Result};
use crate::special::stirling_error;

/// Sums over distributions with a larger standard deviation are integrals.
const WIDE: f64 = 200.0;

const STEPS: usize = 200;

/// A table of two by two, given its margins.
pub(super) struct Conditional {
    /// [a, b, c, d], row by row.
    cells: [f64; 4],
    /// ln of the odds ratio with ½ added to each cell, and about its standard error.
    start: f64,
    error: f64,
}

/// Σ f, Σ j·f and Σ j²·f over steps j away from the count, f relative to its own probability.
#[derive(Clone, Copy, Default)]
struct Sums {
    mass: f64,
    first: f64,
    second: f64,
}

impl Sums {
    fn add(&mut self, j: f64, f: f64) {
        self.mass += f;
        self.first += j * f;
        self.second += j * j * f;
    }
}

impl Conditional {
    pub(super) fn of(cells: [f64; 4]) -> Conditional {
        let [a, b, c, d] = cells.map(|cell| cell + 0.5);
        let error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        Conditional { cells, start: (a / b).ln() + (d / c).ln(), error }
    }

    /// How far the count can fall and rise.
    fn room(&self) -> (f64, f64) {
        let [a, b, c, d] = self.cells;
        (a.min(d), b.min(c))
    }

    /// The ψ under which the expectation of the count is the count.
    pub(super) fn most_likely(&self) -> Result<f64> {
        match self.room() {
            (0.0, _) => Ok(0.0),
            (_, 0.0) => Ok(f64::INFINITY),
            _ => self.root(self.start, |below, above| {
                let all = 1.0 + below.mass + above.mass;
                let mean = (above.first - below.first) / all;
                let variance = (above.second + below.second) / all - mean * mean;
                -mean / variance
            }),
        }
    }

    /// The ψ under which P(X ≥ count) = tail.
    pub(super) fn lower(&self, tail: f64) -> Result<f64> {
        if self.room().0 == 0.0 {
            return Ok(0.0);
        }
        self.root(self.start - 2.0 * self.error, |below, above| {
            let (all, upper) = (1.0 + below.mass + above.mass, 1.0 + above.mass);
            let slope = above.first / upper - (above.first - below.first) / all;
            (tail.ln() - (upper / all).ln()) / slope
        })
    }

    /// The ψ under which P(X ≤ count) = tail.
    pub(super) fn upper(&self, tail: f64) -> Result<f64> {
        if self.room().1 == 0.0 {
            return Ok(f64::INFINITY);
        }
        self.root(self.start + 2.0 * self.error, |below, above| {
            let (all, lower) = (1.0 + below.mass + above.mass, 1.0 + below.mass);
            let slope = -below.first / lower - (above.first - below.first) / all;
            (tail.ln() - (lower / all).ln()) / slope
        })
    }

    /// Newton's method for θ; gives ψ.
    fn root(&self, start: f64, step: impl Fn(Sums, Sums) -> f64) -> Result<f64> {
        let (mut theta, limit) = (start, 4.0 * self.error);
        for _ in 0..STEPS {
            let (below, above) = self.sums(theta);
            let step = step(below, above).clamp(-limit, limit);
            theta += step;
            if step.abs() < 1e-15 * theta.abs().max(1.0) || step.abs() < 1e-12 * self.error {
                return Ok(theta.exp());
            }
        }
        let detail = format!("ln of the odds ratio near {theta}");
        Err(Error::NotConverged { function: "fisher_exact", iterations: STEPS, detail })
    }

    /// The sums below and above the count.
    fn sums(&self, theta: f64) -> (Sums, Sums) {
        if self.error * WIDE < 1.0 {
            return (self.integrated(theta, -1.0), self.integrated(theta, 1.0));
        }
        let [a, b, c, d] = self.cells;
        let psi = theta.exp();
        (added([b, c], [a, d], 1.0 / psi), added([a, d], [b, c], psi))
    }

    /// The sums on one side as integrals from ½ on.
    fn integrated(&self, theta: f64, side: f64) -> Sums {
        const PANELS: u32 = 24;
        let signs = [side, -side, -side, side];
        // ln Γ(cell + 1) by Stirling's formula.
        let cells = self.cells.map(|cell| cell + 1.0);
        let slope = side * (theta - (cells[0] / cells[1]).ln() - (cells[3] / cells[2]).ln());
        let at_zero: f64 = cells.iter().map(|a| stirling_error(*a)).sum();
        let density = |t: f64| {
            let mut log = slope * t + at_zero;
            for (a, sign) in cells.iter().zip(signs) {
                let u = sign * t / a;
                log -= a * relative_entropy(u) - 0.5 * u.ln_1p() + stirling_error(a + sign * t);
            }
            log.exp()
        };
        let sd = 1.0 / self.error;
        let (low, high) = self.room();
        let room = if side > 0.0 { high } else { low };
        let reach = ((slope * sd * sd).max(0.0) + 9.0 * sd).min(0.9 * room);
        let width = (reach - 0.5) / f64::from(PANELS);
        let mut sums = Sums::default();
        for panel in 0..PANELS {
            let low = 0.5 + width * f64::from(panel);
            sums.mass += integral(low, low + width, density);
            sums.first += integral(low, low + width, |t| t * density(t));
            sums.second += integral(low, low + width, |t| t * t * density(t));
        }
        // g′(½)/24 for g = f, t·f and t²·f, with f about 1 there.
        let (f, rise) = (density(0.5), density(1.0) - density(0.0));
        sums.mass += rise / 24.0;
        sums.first += (f + 0.5 * rise) / 24.0;
        sums.second += (f + 0.25 * rise) / 24.0;
        sums
    }
}

/// The sums over steps that make the first two cells larger by one each and the others smaller, one by one.
fn added([mut grow, mut rise]: [f64; 2], [mut shrink, mut fall]: [f64; 2], odds: f64) -> Sums {
    let (mut sums, mut f, mut j) = (Sums::default(), 1.0, 0.0);
    while shrink.min(fall) > 0.0 {
        let ratio = odds * (shrink / (grow + 1.0)) * (fall / (rise + 1.0));
        f *= ratio;
        j += 1.0;
        sums.add(j, f);
        if ratio < 1.0 && j * j * f < 1e-18 * sums.second.min(1.0 + sums.mass) {
            break;
        }
        (grow, rise, shrink, fall) = (grow + 1.0, rise + 1.0, shrink - 1.0, fall - 1.0);
    }
    sums
}

/// (1 + u) ln(1 + u) − u, about u²/2: the exponent of a Poisson probability of (1 + u)λ, relative to λ.
pub(in crate::stats) fn relative_entropy(u: f64) -> f64 {
    if u.abs() > 0.1 {
        return (1.0 + u) * u.ln_1p() - u;
    }
    // Σ (−u)ᵏ/(k(k − 1)) from k = 2.
    let series = (2..18).rev().fold(0.0, |sum, k| sum * -u + 1.0 / f64::from(k * (k - 1)));
    u * u * series
}
