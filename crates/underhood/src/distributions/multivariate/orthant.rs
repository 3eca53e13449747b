//! The probability that three and more correlated standard normal variables lie in a box.
//!
//! A. Genz (1992, J. Comp. Graph. Stat. 1:141): with Y = L·Z the box becomes a sequence of intervals for Z₁, then Z₂ given Z₁, …; mapped to
//! the unit cube the probability is the mean of the product of their conditional probabilities. The mean is taken over a lattice of
//! Richtmyer's (multiples of the roots of primes) with the baker's transformation and twelve random shifts, whose spread gives the
//! error. The variables are taken in the order of Gibson, Glasbey and Elston (1994): the least likely first.

use ndarray::Array2;

use crate::random::Stream;
use crate::special::{ndtr, ndtr_in_place, ndtri_in_place};

/// So many random shifts, and Student's 99 % point for their mean: t₁₁ at 0.995.
const SHIFTS: usize = 12;
const WITHIN: f64 = 3.106;
/// So many points of the lattice are worked on at a time.
const BLOCK: usize = 256;
/// So many points each shift has at least, and at most.
const POINTS: (usize, usize) = (2 * BLOCK, 512 * BLOCK);
/// Beyond this a standard normal variable has no probability that a double can hold.
const FAR: f64 = 38.5;
/// 1/√(2π)
const DENSITY_AT_MODE: f64 = 0.398_942_280_401_432_7;

/// The probability of the box with these limits for a correlation matrix, and its error.
pub(super) fn probability(
    correlation: Array2<f64>,
    limits: Vec<(f64, f64)>,
    tolerance: f64,
    stream: &mut Stream,
) -> (f64, f64) {
    let ordered = ordered(correlation, limits);
    let steps: Vec<f64> = primes(ordered.limits.len()).iter().map(|prime| prime.sqrt().fract()).collect();
    let mut count = POINTS.0;
    loop {
        let means: Vec<f64> = (0..SHIFTS)
            .map(|_| {
                let shift: Vec<f64> = steps.iter().map(|_| stream.uniform()).collect();
                ordered.mean(&steps, &shift, count)
            })
            .collect();
        let value = means.iter().sum::<f64>() / SHIFTS as f64;
        let spread: f64 = means.iter().map(|m| (m - value) * (m - value)).sum();
        let error = WITHIN * (spread / (SHIFTS * (SHIFTS - 1)) as f64).sqrt() + f64::EPSILON * value;
        if error <= tolerance * value || count >= POINTS.1 {
            return (value.min(1.0), error);
        }
        count *= 2;
    }
}

/// The variables in their order.
struct Ordered {
    /// The root of the correlation matrix, by rows.
    root: Array2<f64>,
    limits: Vec<(f64, f64)>,
}

/// Cholesky's factorisation that takes as its next variable the one whose interval is least likely, when those before have their expected values.
fn ordered(mut correlation: Array2<f64>, mut limits: Vec<(f64, f64)>) -> Ordered {
    let size = limits.len();
    let mut root = Array2::<f64>::zeros((size, size));
    let mut expected = vec![0.0; size];
    for k in 0..size {
        let conditional = |i: usize, root: &Array2<f64>, expected: &[f64]| {
            let known: f64 = (0..k).map(|j| root[[i, j]] * expected[j]).sum();
            let variance = correlation[[i, i]] - (0..k).map(|j| root[[i, j]] * root[[i, j]]).sum::<f64>();
            let std = variance.max(f64::EPSILON * f64::EPSILON).sqrt();
            ((limits[i].0 - known) / std, (limits[i].1 - known) / std, std)
        };
        let (mut least, mut chosen) = (f64::INFINITY, k);
        for i in k..size {
            let (a, b, _) = conditional(i, &root, &expected);
            let likely = super::multivariate_normal::interval(a, b);
            if likely < least {
                (least, chosen) = (likely, i);
            }
        }
        let (a, b, std) = conditional(chosen, &root, &expected);
        limits.swap(k, chosen);
        for j in 0..size {
            correlation.swap([k, j], [chosen, j]);
        }
        for j in 0..size {
            correlation.swap([j, k], [j, chosen]);
        }
        for j in 0..k {
            root.swap([k, j], [chosen, j]);
        }
        root[[k, k]] = std;
        for i in k + 1..size {
            let known: f64 = (0..k).map(|j| root[[i, j]] * root[[k, j]]).sum();
            root[[i, k]] = (correlation[[i, k]] - known) / std;
        }
        // The mean of a standard normal variable between a and b.
        let height = |z: f64| if z.is_finite() { DENSITY_AT_MODE * (-0.5 * z * z).exp() } else { 0.0 };
        let within = super::multivariate_normal::interval(a, b);
        expected[k] = if within > 1e-290 { (height(a) - height(b)) / within } else { a.max(-FAR).min(b).min(FAR) };
    }
    Ordered { root, limits }
}

impl Ordered {
    /// The mean over the first `count` points of the lattice with one shift.
    fn mean(&self, steps: &[f64], shift: &[f64], count: usize) -> f64 {
        let size = self.limits.len();
        // The first interval is the same for all points.
        let (a, b) = self.limits[0];
        let (first, last) = (a / self.root[[0, 0]], b / self.root[[0, 0]]);
        let turned = first + last > 0.0;
        let (first, last) = if turned { (-last, -first) } else { (first, last) };
        let (below, within) = (ndtr(first), ndtr(last) - ndtr(first));
        let mut z = vec![[0.0; BLOCK]; size];
        let mut sum = 0.0;
        for start in (0..count).step_by(BLOCK) {
            let mut product = [within; BLOCK];
            let mut signs = [if turned { -1.0 } else { 1.0 }; BLOCK];
            let (mut low, mut high) = ([below; BLOCK], [below + within; BLOCK]);
            for i in 0..size {
                if i > 0 {
                    let mut known = [0.0; BLOCK];
                    for (j, z) in z[..i].iter().enumerate() {
                        let l = self.root[[i, j]];
                        known.iter_mut().zip(z).for_each(|(known, z)| *known += l * z);
                    }
                    let (a, b) = self.limits[i];
                    let std = self.root[[i, i]];
                    for lane in 0..BLOCK {
                        let (a, b) = ((a - known[lane]) / std, (b - known[lane]) / std);
                        let turned = a + b > 0.0;
                        signs[lane] = if turned { -1.0 } else { 1.0 };
                        (low[lane], high[lane]) = if turned { (-b, -a) } else { (a, b) };
                    }
                    ndtr_in_place(&mut low);
                    ndtr_in_place(&mut high);
                    for lane in 0..BLOCK {
                        product[lane] *= high[lane] - low[lane];
                    }
                }
                if i + 1 < size {
                    let next = &mut z[i];
                    for lane in 0..BLOCK {
                        let place = ((start + lane + 1) as f64 * steps[i] + shift[i]).fract();
                        let folded = (2.0 * place - 1.0).abs();
                        next[lane] = low[lane] + folded * (high[lane] - low[lane]);
                    }
                    ndtri_in_place(next);
                    next.iter_mut().zip(&signs).for_each(|(z, sign)| *z = sign * z.clamp(-FAR, FAR));
                }
            }
            sum += product.iter().sum::<f64>();
        }
        sum / count as f64
    }
}

/// The first primes.
fn primes(count: usize) -> Vec<f64> {
    let mut primes: Vec<usize> = Vec::with_capacity(count);
    let mut candidate = 2;
    while primes.len() < count {
        if primes.iter().take_while(|p| *p * *p <= candidate).all(|p| candidate % p != 0) {
            primes.push(candidate);
        }
        candidate += 1;
    }
    primes.into_iter().map(|p| p as f64).collect()
}
