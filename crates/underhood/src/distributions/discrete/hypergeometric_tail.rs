//! Probabilities of drawing from an urn, and their sums.
//!
//! P(X ≤ k) below the mean is P(k)·(1 + r₁ + r₁r₂ + …) with the ratios of neighbouring probabilities. Where that would take more than a thousand
//! terms, the probabilities are samples of a function of a real k that changes little from one to the next, and the sum is its integral with the
//! corrections of Euler's and Maclaurin's formula at the midpoint (NIST DLMF 2.10.1): Σ = ∫ f − f′/24 + 7f‴/5760 − 31f⁗′/967680.

use super::lattice::binomial_mass;
use super::quadrature::integral;
use crate::double_double::Dd;
use crate::special::incomplete_beta::Split;
use crate::special::{Scaled, digamma, polygamma};

/// Items, successes among them, and draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Urn {
    pub(super) population: f64,
    pub(super) successes: f64,
    pub(super) draws: f64,
}

/// So many terms are added one by one.
const TERMS: f64 = 1000.0;
/// Terms below exp(−this) of the first are not needed.
const DEPTH: f64 = 38.0;
/// The integral is cut into so many panels.
const PANELS: u32 = 4;

impl Urn {
    pub(super) fn new(population: f64, successes: f64, draws: f64) -> Urn {
        Urn { population, successes, draws }
    }

    /// The urn with successes and failures exchanged.
    pub(super) fn turned(&self) -> Urn {
        Urn { successes: self.population - self.successes, ..*self }
    }

    /// The smallest number of successes.
    pub(super) fn first(&self) -> f64 {
        (self.draws - (self.population - self.successes)).max(0.0)
    }

    /// C(K, k) C(N − K, n − k)/C(N, n), for real k: with p = n/N, the probability of k draws among the successes and n − k among the failures over
    /// that of n in all, if each item were drawn with probability p.
    pub(super) fn mass(&self, k: f64) -> Scaled {
        let (all, of, n) = (self.population, self.successes, self.draws);
        if of == 0.0 || n == 0.0 || of == all || n == all {
            return Scaled { factor: 1.0, exponent: Dd::ZERO };
        }
        let split = Split::of_odds(Dd::from(n), Dd::from(all - n));
        let (one, other, both) =
            (binomial_mass(k, of, split), binomial_mass(n - k, all - of, split), binomial_mass(n, all, split));
        Scaled {
            factor: one.factor * other.factor / both.factor,
            exponent: one.exponent + other.exponent - both.exponent,
        }
    }

    /// P(X ≤ k) for a k below the mean (or not far above).
    pub(super) fn lower(&self, k: f64) -> Scaled {
        let first = self.first();
        let mass = self.mass(k);
        // The logarithm falls by slope·d + ½·bend·d² over d numbers.
        let slope = -self.down(k).ln();
        let cells = self.cells(k);
        let bend: f64 = cells.iter().map(|cell| 1.0 / (cell + 1.0)).sum();
        let slope = slope.max(0.0);
        let reach = 2.0 * DEPTH / (slope + (slope * slope + 2.0 * DEPTH * bend).sqrt());
        if reach.min(k - first) > TERMS {
            return self.integrated(k, reach.min(k - first), mass);
        }
        let (mut sum, mut term, mut j) = (1.0, 1.0, k);
        while j > first {
            term *= self.down(j);
            sum += term;
            if term < 1e-17 * sum {
                break;
            }
            j -= 1.0;
        }
        mass.times(sum)
    }

    /// P(j − 1)/P(j).
    #[inline]
    fn down(&self, j: f64) -> f64 {
        let failures = self.population - self.successes;
        let (drawn, rest) = (self.draws - j + 1.0, failures - self.draws + j);
        (j * rest) / ((self.successes - j + 1.0) * drawn)
    }

    /// Successes and failures that are drawn and that are left.
    fn cells(&self, k: f64) -> [f64; 4] {
        let drawn = self.draws - k;
        [k, self.successes - k, drawn, (self.population - self.successes) - drawn]
    }

    /// The first three derivatives of ln f = −Σ ln Γ(cell + 1) for cells in the thousands; two of the cells grow with k, two fall. With u = cell + ½:
    /// ψ(cell + 1) = ln u + 1/(24u²) − … (DLMF 5.11.2).
    fn derivatives(&self, k: f64) -> [f64; 3] {
        let [drawn, left, failures, rest] = self.cells(k).map(|cell| cell + 0.5);
        let odd = |of: &dyn Fn(f64) -> f64| (of(left) - of(drawn)) + (of(failures) - of(rest));
        let first = ((left / drawn) * (failures / rest)).ln() + odd(&|u| 1.0 / (24.0 * u * u));
        let second = -[drawn, left, failures, rest].map(|u| 1.0 / u - 1.0 / (12.0 * u * u * u)).iter().sum::<f64>();
        [first, second, odd(&|u| -1.0 / (u * u))]
    }

    /// The sum up to k as an integral up to k + ½ that reaches so far down.
    fn integrated(&self, k: f64, reach: f64, mass: Scaled) -> Scaled {
        // At k − d, relative to the probability at k. A cell in the trillions has no room for all digits of d: the nearest place at which every
        // cell is a double, and Taylor's series from there.
        let grid = (self.population * f64::EPSILON).log2().ceil().exp2().min(1.0);
        let share = |d: f64| {
            let near = (d / grid).round() * grid;
            let at = self.mass(k - near);
            let [first, second, third] = self.derivatives(k - near);
            let step = near - d;
            let rest = step * (first + step * (second / 2.0 + step * third / 6.0));
            let ratio = Scaled { factor: at.factor / mass.factor, exponent: at.exponent - mass.exponent };
            ratio.value() * rest.exp()
        };
        let width = (reach + 0.5) / f64::from(PANELS);
        let area: f64 = (0..PANELS)
            .map(|panel| integral(width * f64::from(panel) - 0.5, width * f64::from(panel + 1) - 0.5, share))
            .sum();
        // The corrections at the end, k + ½.
        let [drawn, left, failures, rest] = self.cells(k).map(|cell| cell + 1.0);
        let (drawn, left, failures, rest) = (drawn + 0.5, left - 0.5, failures - 0.5, rest + 0.5);
        let odd = |of: &dyn Fn(f64) -> f64| (of(left) - of(drawn)) + (of(failures) - of(rest));
        let even = |of: &dyn Fn(f64) -> f64| -(of(left) + of(drawn) + of(failures) + of(rest));
        let first = odd(&digamma);
        let (second, third) = (even(&|x| polygamma(1.0, x)), odd(&|x| polygamma(2.0, x)));
        let (fourth, fifth) = (even(&|x| polygamma(3.0, x)), odd(&|x| polygamma(4.0, x)));
        let square = first * first;
        let f3 = square * first + 3.0 * first * second + third;
        let f5 = square * square * first
            + 10.0 * square * first * second
            + 10.0 * square * third
            + 15.0 * first * second * second
            + 5.0 * first * fourth
            + 10.0 * second * third
            + fifth;
        let corrections = share(-0.5) * (-first / 24.0 + 7.0 * f3 / 5760.0 - 31.0 * f5 / 967_680.0);
        mass.times(area + corrections)
    }
}
