//! Expectations over quantiles: E g(X) = ∫₀¹ g(F⁻¹(u)) du by the double exponential rule (Takahasi and Mori 1974, doi:10.2977/prims/1195192451),
//! which takes the infinities that quantiles have at the ends; and sums for distributions of whole numbers.

use std::f64::consts::FRAC_PI_2;

use crate::distributions::{Discrete, Distribution};

/// Beyond this the weights are below 1e-300.
const END: f64 = 6.1;
/// So often the step is halved.
const HALVINGS: u32 = 7;
/// So many values are summed one by one.
const MOST: f64 = 4e6;

/// E g(X) of a continuous distribution.
pub(super) fn expectation<D: Distribution + ?Sized>(distribution: &D, g: impl Fn(f64) -> f64) -> f64 {
    // u = 1/(1 + exp(−π sinh t)); the smaller of u and 1 − u keeps its digits.
    let term = |t: f64| {
        let tail = 1.0 / (1.0 + (2.0 * FRAC_PI_2 * t.abs().sinh()).exp());
        let x = if t < 0.0 { distribution.ppf(tail) } else { distribution.isf(tail) };
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
    sum * step
}

/// E g(K) of a distribution of whole numbers: over all that have a probability worth adding.
pub(super) fn summation<D: Discrete + ?Sized>(distribution: &D, g: impl Fn(f64) -> f64) -> f64 {
    let (first, last) = (distribution.ppf(1e-18), distribution.isf(1e-18));
    // Where there are too many, every so many: a sum over a smooth function on a grid finer than its width loses nothing (Poisson's formula).
    let stride = ((last - first) / MOST).ceil().max(1.0);
    let steps = ((last - first) / stride) as u64;
    let terms = (0..=steps).map(|step| first + step as f64 * stride).map(|k| (k, distribution.pmf(k)));
    let (sum, total) =
        terms.filter(|(_, p)| *p > 0.0).fold((0.0, 0.0), |(sum, total), (k, p)| (sum + p * g(k), total + p));
    if stride > 1.0 { sum / total } else { sum }
}
