//! Sums Σ pois(j; h)·Tⱼ of one tail each of distributions whose parameter rises with j, weighed by Poisson probabilities: noncentral
//! χ² and F (P. B. Patnaik 1949, doi:10.1093/biomet/36.1-2.202).
//!
//! All terms are positive, so a small tail is as exact as a large one. A lower tail falls with j by Tⱼ − Tⱼ₊₁ = Dⱼ, an upper one rises by as
//! much: stepping in the direction in which it grows adds and never cancels (L. Knüsel and B. Bablok 1996, doi:10.1137/S1064827594261279).
//! Terms are made in blocks, each anchored afresh, which keeps rounding from gathering over the thousands of terms of a large h.

use super::incomplete_gamma;
use super::tail::Side;

/// So many terms by recurrence between two that are computed directly.
const BLOCK: usize = 32;

/// Means h = nc/2 above this would take too many terms.
pub(super) const LARGEST_MEAN: f64 = 1e12;

/// What is mixed.
pub(super) trait Mixed {
    /// Tⱼ of that side and Dⱼ, the drop from the lower tail j to the lower tail j + 1.
    fn tail(&self, j: f64, side: Side) -> (f64, f64);

    /// Dⱼ₊₁/Dⱼ.
    fn ratio(&self, j: f64) -> f64;

    /// Where wⱼDⱼ is largest, roughly.
    fn saddle(&self, h: f64) -> f64;
}

/// Σ pois(j; h)·Tⱼ.
pub(super) fn mixture(h: f64, side: Side, mixed: &impl Mixed) -> f64 {
    // Where the tail is about 1 the weights decide, elsewhere the tail behaves as D does.
    let saddle = mixed.saddle(h);
    let peak = if side == Side::Lower { h.min(saddle) } else { h.max(saddle) };
    let first = (peak / BLOCK as f64).floor().max(0.0);
    let mut total = block(first, h, side, mixed);
    let mut next = first + 1.0;
    while add(&mut total, block(next, h, side, mixed)) {
        next += 1.0;
    }
    next = first - 1.0;
    while next >= 0.0 && add(&mut total, block(next, h, side, mixed)) {
        next -= 1.0;
    }
    if total > 1.0 { 1.0 } else { total }
}

/// Adds a block; whether the next one can still matter.
fn add(total: &mut f64, block: f64) -> bool {
    *total += block;
    block > 1e-19 * *total
}

/// pois(j; h).
fn weight(j: f64, h: f64) -> f64 {
    if j == 0.0 { (-h).exp() } else { incomplete_gamma::density(j, h).value() / j }
}

/// The sum of `BLOCK` terms from the number-th multiple of it on.
fn block(number: f64, h: f64, side: Side, mixed: &impl Mixed) -> f64 {
    /// From a drop below this the recurrence could not climb back to terms that count.
    const TINY: f64 = 1e-280;
    let bottom = number * BLOCK as f64;
    let mut j = if side == Side::Upper { bottom } else { bottom + (BLOCK - 1) as f64 };
    let (tail, drop) = mixed.tail(j, side);
    let start = weight(j, h);
    if start * drop < TINY {
        let one_by_one = (0..BLOCK).map(|i| bottom + i as f64);
        return one_by_one.map(|j| weight(j, h) * mixed.tail(j, side).0).sum();
    }
    if side == Side::Upper {
        let (mut term, mut sum) = (start * tail, 0.0);
        // wⱼ₊₁Dⱼ
        let mut gain = start * h / (j + 1.0) * drop;
        for _ in 0..BLOCK {
            sum += term;
            term = term * h / (j + 1.0) + gain;
            gain *= h / (j + 2.0) * mixed.ratio(j);
            j += 1.0;
        }
        return sum;
    }
    let (mut term, mut sum) = (start * tail, 0.0);
    // wⱼ₋₁Dⱼ₋₁
    let mut gain = start * (j / h) * (drop / mixed.ratio(j - 1.0));
    for _ in 0..BLOCK {
        sum += term;
        term = term * (j / h) + gain;
        j -= 1.0;
        gain *= (j / h) / mixed.ratio(j - 1.0);
    }
    sum
}
