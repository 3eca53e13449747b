//! X̃ᵀX̃ of the centred rows X̃, in one pass over the data.

use ndarray::Array2;

use crate::error::Error;
use crate::models::frame::Frame;
use crate::models::moments::centre;
use crate::models::rows::{BLOCK, CHECK_EVERY, Rows};
use crate::panel::{LANES, add_outer_products, standardise};

/// Mean and scatter of the rows.
pub(super) struct Scatter {
    /// Mean of each column.
    pub(super) mean: Vec<f64>,
    /// Σ (x − mean)(x − mean)ᵀ, in units of `unit` squared.
    pub(super) matrix: Array2<f64>,
    /// A power of two that brings the numbers to a middle size; 1 for nearly all data.
    pub(super) unit: f64,
}

/// One pass about a centre near the mean; another, about the mean itself, where the first centre was too far from it to leave the
/// variances their digits, and after a change of units where squares leave the range of doubles.
pub(super) fn scatter<E: From<Error>>(
    function: &'static str,
    rows: &Rows<'_>,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Scatter, E> {
    let mut found = about(rows, centre(rows), 1.0, checkpoint)?;
    let in_range = |v: f64| v == 0.0 || (1e-200..1e200).contains(&v);
    if !found.raw.iter().all(|&v| in_range(v)) {
        let (frame, survey) = Frame::of(function, rows)?;
        found = about(rows, frame.back(&survey.mean), frame.unit(), checkpoint)?;
    }
    if found.off_centre {
        found = about(rows, found.mean, found.unit, checkpoint)?;
    }
    Ok(Scatter { mean: found.mean, matrix: found.matrix, unit: found.unit })
}

struct Pass {
    mean: Vec<f64>,
    matrix: Array2<f64>,
    unit: f64,
    /// The sums of squares about the centre.
    raw: Vec<f64>,
    /// Whether the mean is so far from the centre that half of a sum of squares or more went into the distance.
    off_centre: bool,
}

fn about<E: From<Error>>(
    rows: &Rows<'_>,
    centre: Vec<f64>,
    unit: f64,
    checkpoint: &mut impl FnMut() -> Result<(), E>,
) -> Result<Pass, E> {
    let (n, p) = (rows.count as f64, rows.columns);
    // (1, x − c): the first column sums up the others.
    let width = (p + 1).next_multiple_of(LANES);
    crate::check::room("PCA.fit", "scatter matrix", &[width, width])?;
    let mut panel = vec![0.0; BLOCK.min(rows.count) * width];
    let mut sums = vec![0.0; width * width];
    let scales = vec![1.0 / unit; p];
    let mut work = 0;
    for block in rows.blocks() {
        standardise(block, &centre, &scales, 1, &mut panel);
        let count = block.len() / p;
        add_outer_products(&panel[..count * width], width, &mut sums);
        work += count * width * width / 2;
        if work > 8 * CHECK_EVERY {
            work = 0;
            checkpoint()?;
        }
    }
    let away: Vec<f64> = sums[1..=p].iter().map(|s| s / n).collect();
    let at = |i: usize, j: usize| sums[(i.min(j) + 1) * width + i.max(j) + 1];
    let raw: Vec<f64> = (0..p).map(|j| at(j, j)).collect();
    let off_centre = (0..p).any(|j| n * away[j] * away[j] > 0.5 * raw[j]);
    let mut matrix = Array2::from_shape_fn((p, p), |(i, j)| at(i, j) - n * away[i] * away[j]);
    for j in 0..p {
        // What rounding of the centre has left.
        if super::is_constant(rows, j) {
            matrix.row_mut(j).fill(0.0);
            matrix.column_mut(j).fill(0.0);
        }
    }
    let mean = centre.iter().zip(&away).map(|(c, d)| c + d * unit).collect();
    Ok(Pass { mean, matrix, unit, raw, off_centre })
}
