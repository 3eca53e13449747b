//! Taylor's coefficients of a function that can only be called.
//!
//! Up to the fourth, they are derivatives. Beyond, the function is sampled at Chebyshev's points of intervals around the point; the
//! polynomial through the samples has the coefficients, if it has converged. A small interval loses them to rounding, a large one to
//! singularities: of many, each coefficient takes the one where its error is least.

use std::f64::consts::PI;

use super::derivative::{Doubt, Method, Options, at};
use super::ladder::Place;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// The highest coefficient: beyond, nothing is left of 16 digits.
const HIGHEST: usize = 20;

/// Samples in an interval, and the intervals' radii as parts of the point's size or of 1.
const SAMPLES: usize = 65;
const RADII: [f64; 12] = [8.0, 4.0, 2.0, 1.4, 0.97, 0.69, 0.48, 0.34, 0.17, 0.085, 0.01, 0.001];

/// The coefficients of a Taylor polynomial, and how good they are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Taylor {
    /// `f⁽ᵏ⁾(a) / k!`, from k = 0 up.
    pub coefficients: Vec<f64>,
    /// A cautious estimate of the absolute error of each.
    pub errors: Vec<f64>,
    /// How often the function was called.
    pub evaluations: usize,
    /// The first coefficient that is not to be trusted, and why.
    pub doubt: Option<(usize, Doubt)>,
}

/// The coefficients of the Taylor polynomial of `f` at `a`, up to `(x − a)ⁿ`.
///
/// ```
/// use underhood::calculus::taylor;
/// use underhood::Error;
///
/// let found = taylor(|x: f64| Ok::<_, Error>(x.exp()), 0.0, 6)?;
/// assert!((found.coefficients[6] - 1.0 / 720.0).abs() <= found.errors[6] && found.errors[6] < 1e-11);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfRange`] for an `a` that is not finite or an `n` above 20; whatever `f` returns as its error.
pub fn taylor<E: From<Error>>(
    mut f: impl FnMut(f64) -> std::result::Result<f64, E>,
    a: f64,
    n: usize,
) -> std::result::Result<Taylor, E> {
    let mut caught = Caught::new("taylor");
    let found = coefficients(&mut |x| caught.catch(f(x)), a, n);
    caught.release(found)
}

fn coefficients(f: &mut dyn FnMut(f64) -> Result<f64>, a: f64, n: usize) -> Result<Taylor> {
    check::in_range("taylor", "n", n as f64, n <= HIGHEST, "0 to 20 (beyond, differences of doubles say nothing)")?;
    check::in_range("taylor", "a", a, a.is_finite(), "finite")?;
    let mut calls = 0;
    let mut f = |x: f64| {
        calls += 1;
        f(x)
    };
    let centre = f(a)?;
    let mut best = vec![(f64::NAN, f64::INFINITY); n + 1];
    best[0] = (centre, f64::EPSILON * centre.abs());
    let mut doubt = (!centre.is_finite()).then_some((0, Doubt::NoValue { found: centre }));
    let mut factorial = 1.0;
    for k in 1..=n.min(4) {
        factorial *= k as f64;
        let options = Options { order: k, method: Method::Auto, step: None };
        let found = at(&mut f, &Place::number(a, centre), &options)?;
        best[k] = (found.value / factorial, found.error / factorial);
        doubt = doubt.or(found.doubt.map(|trouble| (k, trouble)));
    }
    if n > 2 && doubt.is_none() {
        let size = if a == 0.0 { 1.0 } else { a.abs() };
        for radius in
            RADII.into_iter().flat_map(|part| [part * size, part]).take(if size == 1.0 { RADII.len() * 2 } else { 99 })
        {
            if let Some(found) = interpolated(&mut f, a, radius, n)? {
                for (best, found) in best.iter_mut().zip(found) {
                    if found.1 < best.1 {
                        *best = found;
                    }
                }
            }
        }
        let lost = |&(value, error): &(f64, f64)| !(error <= 1e-2 * value.abs()) && !(error <= 1e-8 * size_of(&best));
        doubt = best.iter().position(lost).map(|k| (k, Doubt::Unsettled));
    }
    let (coefficients, errors) = best.into_iter().unzip();
    Ok(Taylor { coefficients, errors, evaluations: calls, doubt })
}

fn size_of(best: &[(f64, f64)]) -> f64 {
    best.iter().fold(0.0, |m: f64, (value, _)| m.max(value.abs()))
}

/// Value and error of each coefficient from samples within `radius` of `a`; nothing where the polynomial has not converged.
fn interpolated(
    f: &mut dyn FnMut(f64) -> Result<f64>,
    a: f64,
    radius: f64,
    n: usize,
) -> Result<Option<Vec<(f64, f64)>>> {
    let angle = |j: usize| PI * (j as f64 + 0.5) / SAMPLES as f64;
    let mut values = [0.0; SAMPLES];
    for (j, value) in values.iter_mut().enumerate() {
        *value = f(a + radius * angle(j).cos())?;
        if !value.is_finite() {
            return Ok(None);
        }
    }
    // The coefficients of Chebyshev's polynomials Tⱼ((x − a) / radius).
    let share = |k: usize| {
        let sum: f64 = values.iter().enumerate().map(|(j, value)| value * (k as f64 * angle(j)).cos()).sum();
        sum * if k == 0 { 1.0 } else { 2.0 } / SAMPLES as f64
    };
    let shares: Vec<f64> = (0..SAMPLES).map(share).collect();
    let largest = values.iter().fold(0.0, |m: f64, value| m.max(value.abs()));
    // Rounding in the samples: what is left in the highest coefficients, or the last digit of the values and of the arguments.
    let tail = shares[SAMPLES - 12..].iter().fold(0.0, |m: f64, share| m.max(share.abs()));
    let noise = (2.0 * tail).max(2.0 * f64::EPSILON * largest);
    if noise > 1e-9 * largest {
        return Ok(None);
    }
    let kept = shares.iter().rposition(|share| share.abs() > noise).map_or(1, |last| last + 1);
    // Tⱼ₊₁ = 2 t Tⱼ − Tⱼ₋₁ in powers of t.
    let powers = kept.max(n) + 1;
    let (mut before, mut now) = (vec![0.0; powers], vec![0.0; powers]);
    before[0] = 1.0;
    if powers > 1 {
        now[1] = 1.0;
    }
    let (mut sums, mut errors) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    // Shares that drown in noise add nothing to the sums, but what they may be is doubt.
    for (j, share) in shares.iter().enumerate().take(kept.max(n) + 1) {
        for k in 0..=n {
            sums[k] += if j <= kept { share * before[k] } else { 0.0 };
            errors[k] += noise * before[k].abs();
        }
        let next: Vec<f64> = (0..powers).map(|k| 2.0 * if k == 0 { 0.0 } else { now[k - 1] } - before[k]).collect();
        before = std::mem::replace(&mut now, next);
    }
    let unscaled = |k: usize, value: f64| value / radius.powi(k as i32);
    Ok(Some((0..=n).map(|k| (unscaled(k, sums[k]), unscaled(k, errors[k] + noise))).collect()))
}
