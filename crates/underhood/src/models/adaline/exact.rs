//! The minimum of Adaline's loss without descent: the equations of least squares, solved.
//!
//! Independent columns go to the regression of `stats`, which forms the moments in one pass where the columns are well-conditioned and works in doubled
//! precision where they are not. Where columns depend on each other, or are more than the rows, many planes are equally good: the one with the
//! shortest w is taken, from the singular values of the centred columns.

use ndarray::{Array1, Array2, ArrayView2};

use super::super::rows::Rows;
use super::FIT;
use crate::error::Error;
use crate::linalg::lstsq;
use crate::stats::regression::{RegressionOptions, interruptible_regression};

/// w and b for the rows whose signs (y times the row's weight) are not zero.
pub(super) fn solve<E: From<Error>>(
    rows: &Rows<'_>,
    signs: &[f64],
    weights: Option<&[f64]>,
    intercept: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<(Vec<f64>, f64), E> {
    let chosen;
    let counts = |i: usize| signs[i] != 0.0;
    let rows = if signs.contains(&0.0) {
        chosen = rows.chosen(counts);
        &chosen
    } else {
        rows
    };
    let used = || signs.iter().filter(|sign| **sign != 0.0);
    let y: Array1<f64> = used().map(|sign| sign.signum()).collect();
    let weights: Option<Array1<f64>> = weights.map(|_| used().map(|sign| sign.abs()).collect());
    let shape = (rows.count, rows.columns);
    let x = ArrayView2::from_shape(shape, rows.values()).map_err(|_| Error::Shape {
        function: FIT,
        argument: "X",
        shape: vec![shape.0, shape.1],
        expected: "rows".into(),
    })?;

    let options =
        RegressionOptions { intercept, weights: weights.as_ref().map(|w| w.view()), ..RegressionOptions::default() };
    let mut interrupted = None;
    let mut ask = || {
        checkpoint().map_err(|error| {
            interrupted = Some(error);
            Error::Interrupted { function: FIT }
        })
    };
    let found = interruptible_regression::<Error>(x, y.view(), &options, &mut ask);
    if let Some(error) = interrupted {
        return Err(error);
    }
    if let Ok(fit) = found
        && fit.params.iter().all(|b| b.is_finite())
    {
        let params = fit.params.to_vec();
        return Ok(if intercept { (params[1..].to_vec(), params[0]) } else { (params, 0.0) });
    }
    Ok(shortest(x, &y, weights.as_ref(), intercept)?)
}

/// Of all planes with the least loss, the one with the shortest w.
fn shortest(
    x: ArrayView2<'_, f64>,
    y: &Array1<f64>,
    weights: Option<&Array1<f64>>,
    intercept: bool,
) -> Result<(Vec<f64>, f64), Error> {
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let total: f64 = (0..y.len()).map(weight).sum();
    let mean = |value: &dyn Fn(usize) -> f64| {
        if intercept { (0..y.len()).map(|i| weight(i) / total * value(i)).sum() } else { 0.0 }
    };
    let centre: Vec<f64> = (0..x.ncols()).map(|j| mean(&|i| x[(i, j)])).collect();
    let middle = mean(&|i| y[i]);
    let root = |i: usize| weight(i).sqrt();
    let a = Array2::from_shape_fn(x.dim(), |(i, j)| root(i) * (x[(i, j)] - centre[j]));
    let b = Array1::from_shape_fn(y.len(), |i| root(i) * (y[i] - middle));
    let w = lstsq(a.view(), b.view(), None)?.x.to_vec();
    let bias = middle - w.iter().zip(&centre).map(|(w, c)| w * c).sum::<f64>();
    Ok((w, bias))
}
