//! Expectations over quantiles: E g(X) = ∫₀¹ g(F⁻¹(u)) du by the double exponential rule (Takahasi and Mori 1974, doi:10.2977/prims/1195192451),
//! which takes the infinities that quantiles have at the ends; and sums for distributions of whole numbers.

use std::f64::consts::FRAC_PI_2;

use crate::distributions::{Discrete, Distribution};

/// Beyond this the weights are below 1e-300.
const END: f64 = 6.1;
/// So often the step is halved.
const HALVINGS: u32 = 7;
/// The probabilities at whose quantiles stretches of whole numbers end.
const LEVELS: [f64; 8] = [1e-18, 1e-13, 1e-9, 1e-6, 1e-3, 0.03, 0.2, 0.5];
/// So many values at the beginning of a stretch are summed one by one.
const HEAD: f64 = 64.0;
/// So many blocks a stretch is cut into at most.
const BLOCKS: f64 = 65_536.0;

/// E g(X) of a continuous distribution; the integral is split at the places where its density or g is not smooth.
pub(super) fn expectation<D: Distribution + ?Sized>(distribution: &D, breaks: &[f64], g: impl Fn(f64) -> f64) -> f64 {
    let mut ends: Vec<(f64, f64)> = breaks.iter().map(|&x| (distribution.cdf(x), distribution.sf(x))).collect();
    ends.extend([(0.0, 1.0), (1.0, 0.0)]);
    ends.retain(|(below, above)| !below.is_nan() && !above.is_nan());
    ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    ends.dedup();
    ends.windows(2).map(|pair| between(distribution, pair[0], pair[1], &g)).sum()
}

/// The part of the expectation between two probabilities, each with its complement.
fn between<D: Distribution + ?Sized>(
    distribution: &D,
    from: (f64, f64),
    to: (f64, f64),
    g: &dyn Fn(f64) -> f64,
) -> f64 {
    let share = if to.0 < 0.5 { to.0 - from.0 } else { from.1 - to.1 };
    if !(share > 0.0) {
        return 0.0;
    }
    // w = 1/(1 + exp(−π sinh t)) of the way; the smaller of w and 1 − w keeps its digits.
    let term = |t: f64| {
        let tail = 1.0 / (1.0 + (2.0 * FRAC_PI_2 * t.abs().sinh()).exp());
        let (w, rest) = if t < 0.0 { (tail, 1.0 - tail) } else { (1.0 - tail, tail) };
        let (below, above) = (from.0 + share * w, to.1 + share * rest);
        let x = if below < above { distribution.ppf(below) } else { distribution.isf(above) };
        let weight = 2.0 * FRAC_PI_2 * t.cosh() * tail * (1.0 - tail);
        let value = g(x) * weight;
        if weight > 0.0 && value.is_finite() { value } else { 0.0 }
    };
    let along = |first: f64, step: f64| -> f64 {
        let steps = ((END - first) / step) as u32;
        (0..=steps).map(|k| first + f64::from(k) * step).map(|t| term(t) + if t > 0.0 { term(-t) } else { 0.0 }).sum()
    };
    let (mut step, mut sum) = (0.5, along(0.0, 0.5));
    for _ in 0..HALVINGS {
        let before = sum * step;
        sum += along(0.5 * step, step);
        step *= 0.5;
        if (sum * step - before).abs() <= 1e-14 * before.abs() {
            break;
        }
    }
    sum * step * share
}

/// E g(K) of a distribution of whole numbers: between its quantiles, every value where they are few; where they are many, blocks of them by
/// the middle one, whose error is that of the midpoint rule, about 1e-10. NaN if the probabilities do not add up to 1 in that way.
pub(super) fn summation<D: Discrete + ?Sized>(distribution: &D, g: impl Fn(f64) -> f64) -> f64 {
    let mut ends: Vec<f64> = LEVELS.iter().flat_map(|&p| [distribution.ppf(p), distribution.isf(p)]).collect();
    ends.sort_unstable_by(f64::total_cmp);
    ends.dedup();
    let (mut sum, mut total) = (0.0, 0.0);
    let mut add = |k: f64, values: f64| {
        let p = values * distribution.pmf(k);
        if p > 0.0 {
            sum += p * g(k);
            total += p;
        }
    };
    let mut next = ends[0];
    for &end in &ends {
        // A point that stands out at the beginning of a stretch (as 0 does in a mixture with it) is taken alone.
        let alone = (next + HEAD).min(end + 1.0);
        while next < alone {
            add(next, 1.0);
            next += 1.0;
        }
        // Blocks of an odd number of values, so that one stands in the middle.
        let block = 2.0 * ((end + 1.0 - next) / (2.0 * BLOCKS)).floor() + 1.0;
        while next + block <= end + 1.0 && next + block > next {
            add(next + (block - 1.0) / 2.0, block);
            next += block;
        }
        while next <= end && next + 1.0 > next {
            add(next, 1.0);
            next += 1.0;
        }
    }
    if (total - 1.0).abs() < 1e-8 { sum } else { f64::NAN }
}
