//! The minimum of Adaline's loss without descent: least squares of the signs, as `linear` solves them. Where many planes are equally good, as of
//! columns that depend on each other, it is the one with the shortest w.

use ndarray::{Array1, ArrayView2};

use super::super::linear::plane;
use super::super::rows::Rows;
use super::FIT;
use crate::error::Error;

/// w and b for the rows whose signs (y times the row's weight) are not zero.
pub(super) fn solve<E: From<Error>>(
    rows: &Rows<'_>,
    signs: &[f64],
    weights: Option<&[f64]>,
    intercept: bool,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<(Vec<f64>, f64), E> {
    let chosen;
    let rows = if signs.contains(&0.0) {
        chosen = rows.chosen(|i| signs[i] != 0.0);
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
    plane(FIT, x, y.view(), weights.as_ref().map(|w| w.view()), intercept, checkpoint)
}
