//! The exact probability that a sample's distribution function leaves the band of width ±d about the true one.
//!
//! For n uniform values let N(s) be how many are below s/n. It is a Poisson process given that N(n) = n. With c = nd, the band is left upwards if N ≥ m before
//! the time s = m − c, and downwards if N < m at the time s = m − 1 + c (J. Durbin 1973, *Distribution Theory for Tests Based on the Sample Distribution Function*). So
//! two times in every unit of s matter, and between them N grows by a Poisson number: the recursion behind G. Marsaglia, W. W. Tsang and J. Wang
//! (2003, doi:10.18637/jss.v008.i18), who raise its matrix to a power and get P(D < d). Here the vector of probabilities is carried from one
//! time to the next, and what leaves the band is added up, each part times the probability that the rest leads to N(n) = n. Nothing is
//! subtracted, so small probabilities keep their digits.

use std::f64::consts::TAU;

use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};
use crate::special::stirling_error;
use crate::stats::counts::relative_entropy;

/// Poisson probabilities below this share of the first are left out.
const NEGLIGIBLE: f64 = 1e-21;

/// More values take longer than anyone waits.
const MOST: usize = 100_000;

/// P(D ≥ d) for n values and ½ < nd.
pub(super) fn probability(function: &'static str, n: usize, d: f64) -> Result<f64> {
    if n > MOST {
        let problem =
            format!("is 'exact', which takes too long for {n} values; 'auto' is right to nine digits or more there");
        return Err(Error::Invalid { function, argument: "method", problem });
    }
    let c = n as f64 * d;
    let (whole, part) = (c.floor(), c - c.floor());
    let whole = whole as usize;
    // In unit i: downwards at i + part, upwards at i + (1 − part).
    let upwards_first = 1.0 - part < part;
    let (first, second) = if upwards_first { (1.0 - part, part) } else { (part, 1.0 - part) };
    // From the start to the first time, from there to the second, and across to the next unit's first.
    let (start, within, across) = (growth(first), growth(second - first), growth(first + (1.0 - second)));
    let mut band = Band { n, low: 0, mass: vec![1.0], spare: Vec::new(), left: 0.0 };
    let at_end = poisson(n as f64, n as f64);
    for i in 0..n {
        let before = if i == 0 { &start } else { &across };
        for (step, time, upwards) in [(before, first, upwards_first), (&within, second, !upwards_first)] {
            band.grow(step);
            let rest = (n - i) as f64 - time;
            if upwards {
                band.leave_upwards(i + 1 + whole, rest, at_end);
            } else if i + 1 > whole {
                band.leave_downwards(i + 1 - whole, rest, at_end);
            }
        }
    }
    Ok(band.left.min(1.0))
}

/// P(x) for a Poisson number with this mean, by its deviance (C. Loader 2000).
fn poisson(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return (-mean).exp();
    }
    (-stirling_error(x) - mean * relative_entropy((x - mean) / mean)).exp() / (TAU * x).sqrt()
}

/// The probabilities of a Poisson number with this mean.
fn growth(mean: f64) -> Vec<f64> {
    let mut term = (-mean).exp();
    let mut terms = vec![term];
    for k in 1..60 {
        term *= mean / f64::from(k);
        if term < NEGLIGIBLE {
            break;
        }
        terms.push(term);
    }
    terms
}

/// So many numbers are made at a time, in registers.
const BLOCK: usize = 16;

wide_kernel! {
    /// to[i] = Σ step[k]·from[i + m − k] for the m + 1 numbers of `step`: growth by a random number.
    fn spread(from: &[f64], step: &[f64], to: &mut [f64]) = spread_body
}

#[inline(always)]
fn spread_body<const FMA: bool>(from: &[f64], step: &[f64], to: &mut [f64]) {
    for (start, block) in to.chunks_exact_mut(BLOCK).enumerate() {
        let mut sums = [0.0; BLOCK];
        for (share, from) in step.iter().rev().zip(from[start * BLOCK..].windows(BLOCK)) {
            for (sum, from) in sums.iter_mut().zip(from) {
                *sum = mul_add::<FMA>(*share, *from, *sum);
            }
        }
        block.copy_from_slice(&sums);
    }
}

/// The probabilities of `low`, `low + 1`, … values so far, without having left the band.
struct Band {
    n: usize,
    low: usize,
    mass: Vec<f64>,
    spare: Vec<f64>,
    /// The probability of having left it.
    left: f64,
}

impl Band {
    fn grow(&mut self, step: &[f64]) {
        let before = step.len() - 1;
        let length = (self.mass.len() + before).min(self.n + 1 - self.low);
        let whole_blocks = length.next_multiple_of(BLOCK);
        self.spare.clear();
        self.spare.resize(before, 0.0);
        self.spare.extend_from_slice(&self.mass);
        self.spare.resize((before + whole_blocks).max(self.spare.len()), 0.0);
        self.mass.resize(whole_blocks, 0.0);
        spread(&self.spare, step, &mut self.mass);
        self.mass.truncate(length);
    }

    /// Takes away what has reached `m` values while `rest` is still to come.
    fn leave_upwards(&mut self, m: usize, rest: f64, at_end: f64) {
        let inside = m.saturating_sub(self.low);
        if inside >= self.mass.len() {
            return;
        }
        // P(the missing values come in the rest), and its ratio from one number of them to the next smaller.
        let mut missing = (self.n - m) as f64;
        let mut comes = poisson(missing, rest) / at_end;
        for mass in &self.mass[inside..] {
            self.left += mass * comes;
            comes *= missing / rest;
            missing -= 1.0;
        }
        self.mass.truncate(inside);
    }

    /// Takes away what has not reached `m` values.
    fn leave_downwards(&mut self, m: usize, rest: f64, at_end: f64) {
        while self.low < m && !self.mass.is_empty() {
            self.left += self.mass.remove(0) * poisson((self.n - self.low) as f64, rest) / at_end;
            self.low += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn short_distances_have_ruben_and_gambinos_formula() {
        // P(D < d) = n!·(2d − 1/n)ⁿ for ½ ≤ nd ≤ 1.
        for n in [1_usize, 2, 5, 12] {
            for c in [0.6, 0.75, 0.9, 1.0] {
                let size = n as f64;
                let inside: f64 = (1..=n).map(|k| k as f64 * (2.0 * c - 1.0) / size).product();
                assert_relative_eq!(probability("f", n, c / size).unwrap(), 1.0 - inside, max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn two_values_leave_a_wide_band_on_one_side_only() {
        // P(D ≥ d) = 2(1 − d)² for two values and d ≥ ½.
        for d in [0.5, 0.6, 0.75, 0.9] {
            assert_relative_eq!(probability("f", 2, d).unwrap(), 2.0 * (1.0 - d) * (1.0 - d), max_relative = 1e-13);
        }
    }
}
