//! How much each row counts: nothing for a weight of zero, as much as two rows for a weight of two.

use super::rows::Rows;
use crate::error::{Error, Result};

/// Refuses weights that do not fit the rows, that are negative or not finite, or that leave a class without a row that counts.
pub(super) fn check_weights(
    function: &'static str,
    weights: Option<&[f64]>,
    codes: &[usize],
    classes: usize,
    rows: &Rows<'_>,
) -> Result<()> {
    let Some(weights) = weights else { return Ok(()) };
    check_values(function, weights, rows)?;
    let mut counts = vec![false; classes];
    for (&code, &weight) in codes.iter().zip(weights) {
        counts[code] |= weight > 0.0;
    }
    match counts.iter().position(|&some| !some) {
        None => Ok(()),
        Some(empty) => {
            let problem = format!("gives no row of class number {empty} a weight, but a class needs at least one");
            Err(Error::Invalid { function, argument: "sample_weight", problem })
        }
    }
}

/// Refuses weights that do not fit the rows, or that are negative or not finite.
pub(super) fn check_values(function: &'static str, weights: &[f64], rows: &Rows<'_>) -> Result<()> {
    const ARGUMENT: &str = "sample_weight";
    crate::check::same_length(function, (ARGUMENT, weights.len()), ("X", &[rows.count, rows.columns]))?;
    crate::check::finite_vector(function, ARGUMENT, weights.into())?;
    match weights.iter().position(|&w| w < 0.0) {
        None => Ok(()),
        Some(i) => {
            let problem = format!("holds {} at index {i}, but a weight cannot be negative", weights[i]);
            Err(Error::Invalid { function, argument: ARGUMENT, problem })
        }
    }
}

/// The sum of the weights: how many rows there are, if none are given.
pub(super) fn total(weights: Option<&[f64]>, rows: &Rows<'_>) -> f64 {
    weights.map_or(rows.count as f64, |weights| weights.iter().sum())
}
