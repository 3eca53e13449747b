//! What of a symmetric matrix is read, and whether it is symmetric.

use ndarray::ArrayView2;

use super::storage::LANES;
use crate::error::{Error, Result};
use crate::linalg::magnitude;
use crate::linalg::triangle::Triangle;

/// Differences between mirrored entries that rounding upstream explains, relative to the entries and to √(aᵢᵢ·aⱼⱼ).
const ROUNDING: f64 = 1e-10;

/// Tiles of this side are read, so that reading across the rows stays in the cache.
const TILE: usize = 32;

/// Copies the lower triangle to the columns of `work`, with whole blocks on the diagonal, scaled by a power of two when its entries are
/// near the ends of the range; gives that power.
pub(super) fn read(
    function: &'static str,
    a: ArrayView2<'_, f64>,
    triangle: Triangle,
    work: &mut [f64],
    stride: usize,
) -> Result<i32> {
    let n = a.nrows();
    let lower = if triangle == Triangle::Upper { a.t() } else { a };
    let mut largest = match triangle {
        Triangle::Both => magnitude::largest(function, "a", a)?,
        _ => 0.0,
    };
    for rows in (0..n).step_by(TILE) {
        for columns in (0..=rows).step_by(TILE) {
            for j in columns..(columns + TILE).min(n) {
                for i in rows.max(j)..(rows + TILE).min(n) {
                    let value = lower[[i, j]];
                    work[j * stride + i] = value;
                    match triangle {
                        Triangle::Both => mirrors(function, a, i, j, largest)?,
                        _ => largest = larger(function, triangle, value, (i, j), largest)?,
                    }
                }
            }
        }
    }
    let exponent = if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) };
    if exponent != 0 {
        work.iter_mut().for_each(|v| *v = libm::ldexp(*v, -exponent));
    }
    for j in 0..n {
        for i in j + 1..n.min((j / LANES + 1) * LANES) {
            work[i * stride + j] = work[j * stride + i];
        }
    }
    Ok(exponent)
}

fn larger(function: &'static str, triangle: Triangle, value: f64, (i, j): (usize, usize), largest: f64) -> Result<f64> {
    if value.is_finite() {
        return Ok(largest.max(value.abs()));
    }
    let index = if triangle == Triangle::Upper { vec![j, i] } else { vec![i, j] };
    Err(Error::NotFinite { function, argument: "a", value, index })
}

/// Refuses entries that differ by more than rounding.
#[inline]
fn mirrors(function: &'static str, a: ArrayView2<'_, f64>, i: usize, j: usize, largest: f64) -> Result<()> {
    let (lower, upper) = (a[[i, j]], a[[j, i]]);
    if lower == upper || differs_by_rounding(lower, upper, a[[i, i]], a[[j, j]], largest * a.nrows() as f64) {
        return Ok(());
    }
    Err(Error::NotSymmetric { function, argument: "a", row: j, column: i, upper, lower })
}

fn differs_by_rounding(lower: f64, upper: f64, first: f64, second: f64, largest: f64) -> bool {
    let size = lower.abs().max(upper.abs()).max(first.abs().sqrt() * second.abs().sqrt());
    // Halves keep the difference of two huge numbers finite.
    let difference = (0.5 * lower - 0.5 * upper).abs();
    difference <= 0.5 * ROUNDING * size || difference <= 4.0 * f64::EPSILON * largest
}
