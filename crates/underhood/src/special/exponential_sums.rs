//! The logarithm of a sum of exponentials, and the softmax, without over- or underflow: the largest exponent is taken out first.

use super::exponential::exp_pair;
use crate::double_double::two_sum;
use crate::simd::{BASELINE_FMA, wide_kernel};

/// ln Σ exp(xᵢ): the largest x plus a little. −∞ for no numbers at all.
///
/// The error is an ulp or two of the largest exponent in the result: relative below 1e-15 but where the sum is nearly 1.
///
/// ```
/// use underhood::special::logsumexp;
///
/// assert_eq!(logsumexp(&[1000.0, 1000.0]), 1000.0 + std::f64::consts::LN_2);
/// ```
pub fn logsumexp(x: &[f64]) -> f64 {
    let top = largest(x);
    if !top.is_finite() {
        return top;
    }
    // The largest are counted, not added: what the others give keeps its digits beside them.
    let (count, rest) = beside(x, top);
    top + (count.ln() + (rest / count).ln_1p())
}

/// ln|Σ bᵢ exp(xᵢ)| and the sign of the sum: 1, −1, or 0 for an empty or vanishing one. Stops at the end of the shorter slice.
///
/// ```
/// use underhood::special::logsumexp_weighted;
///
/// let (log, sign) = logsumexp_weighted(&[0.0, 0.0], &[1.0, -3.0]);
/// assert_eq!((log, sign), (std::f64::consts::LN_2, -1.0));
/// ```
pub fn logsumexp_weighted(x: &[f64], b: &[f64]) -> (f64, f64) {
    // Exponents without weight do not count.
    let counted = |(&x, &b): (&f64, &f64)| if b == 0.0 { f64::NEG_INFINITY } else { x };
    let top =
        x.iter().zip(b).map(counted).fold(f64::NEG_INFINITY, |top, x| if x > top || x.is_nan() { x } else { top });
    if top == f64::NEG_INFINITY || top.is_nan() || b.iter().any(|b| b.is_nan()) {
        return if top == f64::NEG_INFINITY && !b.iter().any(|b| b.is_nan()) {
            (top, 0.0)
        } else {
            (f64::NAN, f64::NAN)
        };
    }
    if top == f64::INFINITY {
        let sum: f64 = x.iter().zip(b).filter(|(x, _)| **x == top).map(|(_, b)| b * top).sum();
        return (if sum.is_nan() { sum } else { top }, sum.signum());
    }
    // Neumaier's sum, since the weights may cancel.
    let (mut sum, mut lost) = (0.0, 0.0);
    for (&x, &b) in x.iter().zip(b).filter(|(_, b)| **b != 0.0) {
        let (next, error) = two_sum(sum, b * below::<BASELINE_FMA>(x, top));
        sum = next;
        lost += error;
    }
    let sum = sum + lost;
    (top + sum.abs().ln(), if sum == 0.0 { 0.0 } else { sum.signum() })
}

/// Replaces every number by exp(xᵢ)/Σ exp(xⱼ): positive weights that add up to 1. NaN if there is a NaN, or more than one infinite number.
///
/// ```
/// use underhood::special::softmax_in_place;
///
/// let mut x = [1000.0, 1000.0, -1000.0];
/// softmax_in_place(&mut x);
/// assert_eq!(x, [0.5, 0.5, 0.0]);
/// ```
pub fn softmax_in_place(x: &mut [f64]) {
    let top = largest(x);
    if top == f64::INFINITY && x.iter().filter(|x| **x == top).count() == 1 {
        // Beside one infinite number the others are nothing.
        x.iter_mut().for_each(|x| *x = f64::from(u8::from(*x == top)));
        return;
    }
    let sum = exponentials(x, top);
    x.iter_mut().for_each(|x| *x /= sum);
}

wide_kernel! {
    /// The largest number, NaN if there is one; −∞ for none.
    fn largest(x: &[f64]) -> f64 = largest_body
}

wide_kernel! {
    /// How many numbers equal the top, and Σ exp(x − top) of the others.
    fn beside(x: &[f64], top: f64) -> (f64, f64) = beside_body
}

wide_kernel! {
    /// Replaces every x by exp(x − top), and gives their sum.
    fn exponentials(x: &mut [f64], top: f64) -> f64 = exponentials_body
}

/// Independent sums, and how many numbers each takes before it goes into a sum of sums.
const LANES: usize = 16;
const BLOCK: usize = 128 * LANES;

/// exp(x − top) for x ≤ top < ∞, the difference in two doubles.
#[inline(always)]
fn below<const FMA: bool>(x: f64, top: f64) -> f64 {
    let (difference, low) = two_sum(x, -top);
    exp_pair::<FMA>(difference, if difference > -800.0 { low } else { 0.0 })
}

#[inline(always)]
fn largest_body<const FMA: bool>(x: &[f64]) -> f64 {
    let mut tops = [f64::NEG_INFINITY; LANES];
    let mut nan = [false; LANES];
    for group in x.chunks(LANES) {
        for (lane, &x) in group.iter().enumerate() {
            tops[lane] = if x > tops[lane] { x } else { tops[lane] };
            nan[lane] |= x.is_nan();
        }
    }
    if nan.contains(&true) { f64::NAN } else { tops.iter().fold(f64::NEG_INFINITY, |top, &x| top.max(x)) }
}

#[inline(always)]
fn beside_body<const FMA: bool>(x: &[f64], top: f64) -> (f64, f64) {
    let (mut count, mut total) = (0.0, 0.0);
    for block in x.chunks(BLOCK) {
        let (mut counts, mut sums) = ([0.0; LANES], [0.0; LANES]);
        for group in block.chunks(LANES) {
            for (lane, &x) in group.iter().enumerate() {
                let is_top = x == top;
                counts[lane] += if is_top { 1.0 } else { 0.0 };
                sums[lane] += if is_top { 0.0 } else { below::<FMA>(x, top) };
            }
        }
        count += counts.iter().sum::<f64>();
        total += sums.iter().sum::<f64>();
    }
    (count, total)
}

#[inline(always)]
fn exponentials_body<const FMA: bool>(x: &mut [f64], top: f64) -> f64 {
    let mut total = 0.0;
    for block in x.chunks_mut(BLOCK) {
        for x in block.iter_mut() {
            *x = below::<FMA>(*x, top);
        }
        let mut sums = [0.0; LANES];
        for group in block.chunks(LANES) {
            for (sum, x) in sums.iter_mut().zip(group) {
                *sum += x;
            }
        }
        total += sums.iter().sum::<f64>();
    }
    total
}
