//! What of a symmetric matrix is read, and whether it is symmetric.

use ndarray::ArrayView2;

use super::storage::LANES;
use crate::error::{Error, Result};
use crate::linalg::magnitude;
use crate::linalg::triangle::{TILE, Triangle, mirrors};

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
                        Triangle::Both => mirrors(function, a, (i, j), largest)?,
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
