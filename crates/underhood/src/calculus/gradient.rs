//! The gradient: one partial derivative for each coordinate.

use ndarray::Array1;

use super::derivative::{Doubt, Estimate, Options, at, checked, nothing};
use super::ladder::Place;
use crate::error::Error;

/// The gradient of a function of many variables, and how good it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Gradient {
    /// The partial derivatives.
    pub values: Array1<f64>,
    /// A cautious estimate of the absolute error of each.
    pub errors: Array1<f64>,
    /// What is known of each partial derivative.
    pub partials: Vec<Estimate>,
    /// How often the function was called.
    pub evaluations: usize,
    /// Whether every partial derivative converged.
    pub converged: bool,
}

/// The gradient of `f` at `x`, of length n: entry i is the derivative of `f` along coordinate i alone, with `options` as in
/// [`derivative`](super::derivative()) (an order above 1 gives the pure second, third or fourth partial derivatives).
///
/// `f` is called at `x` once and then some 20 to 40 times for each coordinate.
///
/// ```
/// use underhood::calculus::{Options, gradient};
/// use underhood::Error;
///
/// let product = |x: &[f64]| Ok::<_, Error>(x[0] * x[1].sin());
/// let slope = gradient(product, &[2.0, 0.0], &Options::default())?;
/// assert!((slope.values[0] - 0.0).abs() < 1e-13 && (slope.values[1] - 2.0).abs() < 1e-13);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for no coordinates, [`Error::NotFinite`] for an infinite one (a NaN gives NaN), [`Error::OutOfRange`] for an
/// option; whatever `f` returns as its error.
pub fn gradient<E: From<Error>>(
    mut f: impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    options: &Options,
) -> Result<Gradient, E> {
    checked(options, "gradient")?;
    crate::check::at_least("gradient", "x", "values", x.len(), 1)?;
    not_infinite("gradient", x)?;
    if x.iter().any(|v| v.is_nan()) {
        return Ok(collect(vec![nothing(options.method, 0, Doubt::NoPoint); x.len()], 0));
    }
    let centre = f(x)?;
    partials(&mut f, x, centre, options).map(|partials| collect(partials, 1))
}

/// The partial derivatives when the value at the (finite) point is known already.
fn partials<E>(
    f: &mut impl FnMut(&[f64]) -> Result<f64, E>,
    x: &[f64],
    centre: f64,
    options: &Options,
) -> Result<Vec<Estimate>, E> {
    let mut moved = x.to_vec();
    let mut partials = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        let mut along = |coordinate: f64| {
            moved[i] = coordinate;
            f(&moved)
        };
        partials.push(at(&mut along, &Place::number(x[i], centre), options)?);
        moved[i] = x[i];
    }
    Ok(partials)
}

fn collect(partials: Vec<Estimate>, evaluations: usize) -> Gradient {
    Gradient {
        values: partials.iter().map(|partial| partial.value).collect(),
        errors: partials.iter().map(|partial| partial.error).collect(),
        evaluations: evaluations + partials.iter().map(|partial| partial.evaluations).sum::<usize>(),
        converged: partials.iter().all(|partial| partial.converged),
        partials,
    }
}

/// Refuses an infinity in a point; NaN gives NaN.
pub(super) fn not_infinite(function: &'static str, x: &[f64]) -> crate::error::Result<()> {
    match x.iter().position(|v| v.is_infinite()) {
        Some(i) => Err(Error::NotFinite { function, argument: "x", value: x[i], index: vec![i] }),
        None => Ok(()),
    }
}
