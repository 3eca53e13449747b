//! What the neighbours say of a query: shares of classes, means of targets.

use ndarray::{Array2, ArrayView2};

use crate::check;
use crate::error::{Error, Result};

/// Weights 1/distance. Where a distance is zero, the rows at zero count alike and the others not at all.
pub fn reciprocal_weights(distances: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut weights = distances.to_owned();
    for mut line in weights.outer_iter_mut() {
        // Relative to the nearest: the reciprocal of a tiny distance would overflow.
        let least = line.iter().fold(f64::INFINITY, |least, &d| least.min(d));
        line.mapv_inplace(|d| {
            if d == least {
                1.0
            } else if d.is_infinite() {
                0.0
            } else {
                least / d
            }
        });
    }
    weights
}

/// Calls `add` with each line of neighbours: the line's number, its sum of weights, and each neighbour with its weight.
fn lines(
    function: &'static str,
    rows: ArrayView2<'_, i64>,
    weights: Option<ArrayView2<'_, f64>>,
    count: usize,
    mut add: impl FnMut(usize, f64, &mut dyn Iterator<Item = (usize, f64)>),
) -> Result<()> {
    if let Some(weights) = &weights
        && weights.dim() != rows.dim()
    {
        let expected = format!("there are {} neighbours of {} rows", rows.ncols(), rows.nrows());
        return Err(Error::Shape { function, argument: "weights", shape: weights.shape().to_vec(), expected });
    }
    if let Some(far) = rows.iter().find(|&&i| usize::try_from(i).map_or(true, |i| i >= count)) {
        let problem = format!("holds row {far}, but there are {count} training rows");
        return Err(Error::Invalid { function, argument: "neighbours", problem });
    }
    for (line, numbers) in rows.outer_iter().enumerate() {
        let weight = |k: usize| weights.map_or(1.0, |weights| weights[(line, k)]);
        let mut total = 0.0;
        for k in 0..numbers.len() {
            let one = weight(k);
            check::in_range(function, "weights", one, one >= 0.0 && one.is_finite(), "zero or positive, and finite")?;
            total += one;
        }
        if !(total > 0.0) {
            let problem = format!("are zero for every neighbour of row {line}");
            return Err(Error::Invalid { function, argument: "weights", problem });
        }
        add(line, total, &mut numbers.iter().enumerate().map(|(k, &i)| (i as usize, weight(k))));
    }
    Ok(())
}

/// The share of each class among the neighbours of each query, queries × classes; `rows` are their numbers.
///
/// # Errors
/// Shapes do not fit, a row number or class number is too large, or a weight is negative, not finite, or zero for all.
pub fn class_shares(
    function: &'static str,
    rows: ArrayView2<'_, i64>,
    weights: Option<ArrayView2<'_, f64>>,
    codes: &[usize],
    classes: usize,
) -> Result<Array2<f64>> {
    if let Some(far) = codes.iter().find(|&&code| code >= classes) {
        let problem = format!("holds class number {far}, but there are {classes} classes");
        return Err(Error::Invalid { function, argument: "y", problem });
    }
    check::room(function, "shares of the classes", &[rows.nrows(), classes])?;
    let mut out = Array2::zeros((rows.nrows(), classes));
    lines(function, rows, weights, codes.len(), |line, total, neighbours| {
        let mut shares = out.row_mut(line);
        neighbours.for_each(|(i, weight)| shares[codes[i]] += weight);
        shares.mapv_inplace(|share| share / total);
    })?;
    Ok(out)
}

/// The mean of each target over the neighbours of each query, queries × targets.
///
/// # Errors
/// As [`class_shares`].
pub fn neighbour_means(
    function: &'static str,
    rows: ArrayView2<'_, i64>,
    weights: Option<ArrayView2<'_, f64>>,
    targets: ArrayView2<'_, f64>,
) -> Result<Array2<f64>> {
    let mut out = Array2::zeros((rows.nrows(), targets.ncols()));
    lines(function, rows, weights, targets.nrows(), |line, total, neighbours| {
        let mut means = out.row_mut(line);
        neighbours.for_each(|(i, weight)| {
            let share = weight / total;
            means.iter_mut().zip(targets.row(i)).for_each(|(mean, y)| *mean += share * y);
        });
    })?;
    Ok(out)
}
