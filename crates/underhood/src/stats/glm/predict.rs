//! What a generalised linear model says about rows that it has not seen, and how sure it is.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::family::Family;
use crate::check;
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::regression::Prediction;

/// The mean of y for the rows of X, with the interval of each: that of η = zᵀβ, which is η ± q·‖Cᵀz‖, carried over to the scale of y.
///
/// `params` and `cov_root` (C) are those of a [`GeneralisedLinearModel`](super::GeneralisedLinearModel); there is one coefficient more than X has
/// columns when a constant was added. `offset` is added to η (default: nothing).
///
/// # Errors
/// [`Error::Shape`] when X's columns do not fit the coefficients or the offset not the rows, [`Error::NotFinite`] for missing values,
/// [`Error::OutOfRange`] for the level.
pub fn predict(
    x: ArrayView2<'_, f64>,
    params: ArrayView1<'_, f64>,
    cov_root: ArrayView2<'_, f64>,
    family: Family,
    offset: Option<ArrayView1<'_, f64>>,
    confidence_level: f64,
) -> Result<Prediction> {
    let start = match params.len().checked_sub(x.ncols()) {
        Some(start @ (0 | 1)) if cov_root.dim() == (params.len(), params.len()) => start,
        _ => {
            let expected = format!("the regression has {} coefficients, the constant included", params.len());
            return Err(Error::Shape { function: "predict", argument: "X", shape: x.shape().to_vec(), expected });
        }
    };
    check::finite_matrix("predict", "X", x)?;
    check::finite_vector("predict", "params", params)?;
    check::finite_matrix("predict", "cov_root", cov_root)?;
    if let Some(offset) = offset {
        check::same_length("predict", ("offset", offset.len()), ("X", x.shape()))?;
        check::finite_vector("predict", "offset", offset)?;
    }
    let level = confidence_level;
    check::in_range("predict", "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    let critical = Normal::standard().isf(0.5 * (1.0 - level));
    let (m, entry) = (x.nrows(), |row: &ArrayView1<'_, f64>, j: usize| if j < start { 1.0 } else { row[j - start] });
    let mut found = Prediction { predicted: Array1::zeros(m), lower: Array1::zeros(m), upper: Array1::zeros(m) };
    for (i, row) in x.rows().into_iter().enumerate() {
        let own = offset.map_or(0.0, |offset| offset[i]);
        let eta: f64 = params.iter().enumerate().map(|(j, b)| b * entry(&row, j)).sum::<f64>() + own;
        let parts = cov_root.columns().into_iter();
        let parts: Array1<f64> = parts.map(|c| c.iter().enumerate().map(|(j, c)| c * entry(&row, j)).sum()).collect();
        let reach = critical * crate::stats::regression::inference::length(parts.view());
        found.predicted[i] = family.mean(eta);
        found.lower[i] = family.mean(eta - reach);
        found.upper[i] = family.mean(eta + reach);
    }
    Ok(found)
}
