//! Least squares without inference, for the models: the two solvers of regression, each asked by name.

use ndarray::{Array2, ArrayView1, ArrayView2, s};

use super::accurate;
use super::design::{Design, Response};
use super::fast;
use crate::error::Error;

/// Coefficients of least squares with the geometry they rest on.
pub(crate) struct Coefficients {
    /// The constant; 0 where none was asked for.
    pub(crate) constant: f64,
    /// One a column.
    pub(crate) slopes: Vec<f64>,
    /// y less what is fitted, each times the root of its weight.
    pub(crate) residuals: Vec<f64>,
    /// R of Q·R, the columns around their means (as they are, without a constant).
    pub(crate) root: Array2<f64>,
}

/// The columns' geometry where they are well conditioned, else nothing.
pub(crate) fn geometry(x: ArrayView2<'_, f64>, roots: &[f64], intercept: bool) -> Option<Array2<f64>> {
    Some(fast::Factored::of(x, &[], roots, intercept)?.centred().0)
}

/// Solves where the columns are well conditioned, by two passes over memory; else gives nothing.
pub(crate) fn quickly(x: ArrayView2<'_, f64>, y: &[f64], roots: &[f64], intercept: bool) -> Option<Coefficients> {
    let factored = fast::Factored::of(x, y, roots, intercept)?;
    let (params, mut residuals) = factored.solve(y)?;
    residuals.iter_mut().zip(roots).for_each(|(e, w)| *e *= w);
    let (constant, slopes) = if intercept { (params[0], params[1..].to_vec()) } else { (0.0, params) };
    Some(Coefficients { constant, slopes, residuals, root: factored.centred().0 })
}

/// Solves in doubled precision.
///
/// # Errors
/// Whatever a regression refuses: fewer rows than coefficients, a constant column beside the constant, dependent columns, a constant y.
pub(crate) fn exactly<E: From<Error>>(
    function: &'static str,
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    roots: &[f64],
    intercept: bool,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<Coefficients, E> {
    let mut design = Design::new(function, x, intercept, None)?;
    let mut response = Response::new(function, y, design.constant.is_some())?;
    design.weigh(roots);
    response.values.iter_mut().zip(roots).for_each(|(y, w)| *y *= w);
    let factored = accurate::Factored::interruptible(design, None, checkpoint)?;
    let (beta, mut residuals) = factored.solve(&response.values);
    let (exponents, shift) = (&factored.design.exponents, response.exponent);
    residuals.iter_mut().for_each(|e| *e = libm::ldexp(*e, shift));
    let (k, start) = (exponents.len(), usize::from(intercept));
    let root = Array2::from_shape_fn((k, k), |(i, j)| libm::ldexp(factored.root[i * k + j].value(), exponents[j]));
    let mut params = beta.iter().zip(exponents).map(|(b, e)| libm::ldexp(b.value(), shift - e));
    let constant = if intercept { params.next().unwrap_or(0.0) } else { 0.0 };
    Ok(Coefficients {
        constant,
        slopes: params.collect(),
        residuals,
        root: root.slice(s![start.., start..]).to_owned(),
    })
}
