//! The derivative along a direction: how fast a function of many variables changes when all move at once.

use super::derivative::{Doubt, Estimate, Options, at, checked, nothing};
use super::gradient::not_infinite;
use super::ladder::Place;
use crate::check;
use crate::error::{Error, Result};

/// The derivative of `f` at `x` along `v`: the `options.order`-th derivative of `f(x + t v)` at t = 0, with `v` as long as it is
/// given (the slope per unit length needs a `v` of length 1).
///
/// ```
/// use underhood::calculus::{Options, directional_derivative};
/// use underhood::Error;
///
/// let product = |x: &[f64]| Ok::<_, Error>(x[0] * x[1]);
/// let slope = directional_derivative(product, &[2.0, 5.0], &[1.0, 1.0], &Options::default())?;
/// assert!((slope.value - 7.0).abs() <= slope.error && slope.error < 1e-12);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for no coordinates, [`Error::Shape`] if `v` is not as long as `x`, [`Error::NotFinite`] for an infinity in `x` or
/// anything not finite in `v`, [`Error::Invalid`] for a `v` of zeros, [`Error::OutOfRange`] for an option; whatever `f` returns as its error.
pub fn directional_derivative<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> std::result::Result<f64, E>,
    x: &[f64],
    v: &[f64],
    options: &Options,
) -> std::result::Result<Estimate, E> {
    const NAME: &str = "directional_derivative";
    checked(options, NAME)?;
    let largest = direction(NAME, x, v)?;
    if x.iter().any(|x| x.is_nan()) {
        return Ok(nothing(options.method, 0, Doubt::NoPoint));
    }
    let centre = f(x)?;
    // Turned into a direction whose largest entry is about 1, by a power of two, which rounds nothing.
    let scale = 2f64.powi(-(largest.log2().floor() as i32));
    let unit: Vec<f64> = v.iter().map(|v| v * scale).collect();
    let inner = Options { step: options.step.map(|step| step / scale), ..*options };
    let mut estimate = along(&mut f, x, &unit, centre, &inner)?;
    for _ in 0..options.order {
        estimate.value /= scale;
        estimate.error /= scale;
    }
    estimate.evaluations += 1;
    Ok(estimate)
}

/// Refuses what is no direction at `x`; gives its largest entry.
fn direction(function: &'static str, x: &[f64], v: &[f64]) -> Result<f64> {
    check::at_least(function, "x", "values", x.len(), 1)?;
    not_infinite(function, x)?;
    check::finite_vector(function, "v", v.into())?;
    if v.len() != x.len() {
        let expected = format!("x has {} values", x.len());
        return Err(Error::Shape { function, argument: "v", shape: vec![v.len()], expected });
    }
    let largest = v.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    if largest < f64::MIN_POSITIVE {
        return Err(Error::Invalid { function, argument: "v", problem: "is zero, so it has no direction".into() });
    }
    Ok(largest)
}

/// The derivative of `f(x + t unit)` at t = 0, where the value there is known; that evaluation is not counted.
pub(super) fn along<E>(
    f: &mut impl FnMut(&[f64]) -> std::result::Result<f64, E>,
    x: &[f64],
    unit: &[f64],
    centre: f64,
    options: &Options,
) -> std::result::Result<Estimate, E> {
    let moving = || x.iter().zip(unit).filter(|(x, u)| **x != 0.0 && **u != 0.0);
    // No coordinate that moves shall cross zero in the first steps.
    let size = moving().map(|(x, u)| (x / u).abs()).fold(f64::INFINITY, f64::min);
    let size = if size.is_finite() && size > 1e-300 { size } else { 1.0 };
    let blur = 0.5 * f64::EPSILON * moving().map(|(x, _)| x.abs()).fold(0.0, f64::max);
    let mut moved = x.to_vec();
    let mut line = |t: f64| {
        moved.iter_mut().zip(x.iter().zip(unit)).for_each(|(moved, (x, u))| *moved = x + t * u);
        f(&moved)
    };
    at(&mut line, &Place { x: 0.0, centre, size, blur }, options)
}
