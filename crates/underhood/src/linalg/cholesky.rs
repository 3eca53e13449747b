//! Cholesky's factorisation A = L·Lᵀ of a symmetric positive definite matrix: its square root among lower triangles.
//!
//! It exists exactly when xᵀ·A·x > 0 for every x ≠ 0, so that computing it is the test for positive definiteness. Needs half the work of
//! elimination and no pivoting. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, chapter 10.

use ndarray::{Array2, ArrayView2};

use super::lu::{BLOCK, ONE_BLOCK};
use super::product::{even, subtract};
use super::tile::{Corner, Finish, LANES, Tile, kernels};
use super::triangle::{TILE, Triangle, symmetric};
use super::triangular::Rows;
use super::{magnitude, small};
use crate::check;
use crate::error::{Error, Result};

/// The lower triangular L with A = L·Lᵀ and a positive diagonal.
///
/// Symmetry is checked (NumPy reads one triangle and trusts it): mirrored entries may differ by 10⁻¹⁰ relative, or by 8·n·ε times the
/// largest entry, as rounding upstream leaves them; the lower triangle is the one that counts.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities, [`Error::NotSymmetric`],
/// [`Error::NotPositiveDefinite`] with the first pivot that is not positive.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::cholesky;
///
/// assert_eq!(cholesky(array![[4.0, 2.0], [2.0, 10.0]].view())?, array![[2.0, 0.0], [1.0, 3.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cholesky(a: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    root(a, Triangle::Both)
}

/// The same factor from one triangle of `a`: the other is not read, and may hold anything.
///
/// # Errors
/// As for [`cholesky`], without its look at symmetry.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Triangle, cholesky_of};
///
/// let half = array![[4.0, f64::NAN], [2.0, 10.0]];
/// assert_eq!(cholesky_of(half.view(), Triangle::Lower)?, array![[2.0, 0.0], [1.0, 3.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cholesky_of(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<Array2<f64>> {
    root(a, triangle)
}

fn root(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<Array2<f64>> {
    let n = check::square("cholesky", "a", a)?;
    let whole;
    let a = if triangle == Triangle::Both {
        a
    } else {
        let within = |i: usize, j: usize| i == j || (triangle == Triangle::Lower) == (i > j);
        whole = Array2::from_shape_fn((n, n), |(i, j)| if within(i, j) { a[[i, j]] } else { a[[j, i]] });
        whole.view()
    };
    let largest = magnitude::largest("cholesky", "a", a)?;
    symmetric("cholesky", "a", a, largest)?;
    if magnitude::is_comfortable(largest) {
        return factor(a).map_err(|(pivot, value)| refused(pivot, value));
    }
    // D·A·D with powers of two that bring the diagonal near one; L follows its rows back.
    let exponents: Vec<i32> =
        (0..n).map(|i| if a[[i, i]] == 0.0 { 0 } else { magnitude::exponent(a[[i, i]]).div_euclid(2) }).collect();
    let scaled = Array2::from_shape_fn((n, n), |(i, j)| libm::ldexp(a[[i, j]], -exponents[i] - exponents[j]));
    let mut l =
        factor(scaled.view()).map_err(|(pivot, value)| refused(pivot, libm::ldexp(value, 2 * exponents[pivot])))?;
    for ((i, _), v) in l.indexed_iter_mut() {
        *v = libm::ldexp(*v, exponents[i]);
    }
    Ok(l)
}

fn refused(pivot: usize, value: f64) -> Error {
    Error::NotPositiveDefinite { function: "cholesky", argument: "a", pivot, value }
}

/// L, or the first pivot that is not positive and its value.
fn factor(a: ArrayView2<'_, f64>) -> std::result::Result<Array2<f64>, (usize, f64)> {
    let n = a.nrows();
    if n <= small::LIMIT {
        return small::cholesky(a);
    }
    // Lᵀ is computed, whose rows are contiguous; what stands below the diagonal of `rows` is never read.
    let mut rows = Rows::unwritten(n, n);
    for start in (0..n).step_by(TILE) {
        for from in (start..n).step_by(TILE) {
            for i in start..(start + TILE).min(n) {
                let row = &mut rows.row_mut(i)[from..(from + TILE).min(n)];
                row.iter_mut().enumerate().for_each(|(j, v)| *v = a[[from + j, i]]);
            }
        }
    }
    factor_rows(&mut rows, n)?;
    let mut out = Array2::zeros((n, n));
    if let Some(out) = out.as_slice_mut() {
        for start in (0..n).step_by(TILE) {
            for from in (start..n).step_by(LANES) {
                for i in start..(start + TILE).min(n) {
                    let row = rows.row(i);
                    for j in from.max(i)..(from + LANES).min(n) {
                        out[j * n + i] = row[j];
                    }
                }
            }
        }
    }
    Ok(out)
}

/// A = UᵀU in place, from and into the upper triangle: eight rows at a time, each brought up to date by one long sum. The first pivot
/// that is not positive, and what was left of it.
fn factor_rows(rows: &mut Rows, n: usize) -> std::result::Result<(), (usize, f64)> {
    let (kernels, step) = (kernels(), rows.step());
    let block = if n <= ONE_BLOCK { n } else { BLOCK };
    for start in (0..n).step_by(block) {
        let end = (start + block).min(n);
        for q in (start..end).step_by(kernels.rows) {
            let height = kernels.rows.min(end - q);
            let all = rows.place();
            let a = all.from(start, q).at;
            let whole = |c: *mut f64, column: usize, finish: Finish| Tile {
                depth: q - start,
                a,
                a_row: 1,
                a_column: step,
                b: all.from(start, column).at,
                b_row: step,
                c,
                c_row: step,
                last: LANES,
                finish,
            };
            // SAFETY: the tile lies within the rows.
            unsafe { kernels.run(height, height, &mut whole(rows.at_mut(q, q), q, Finish::Subtract)) };
            let reciprocals = corner(rows, q, height).map_err(|(i, value)| (q + i, value))?;
            let triangle = Corner { at: all.from(q, q).at, row: 1, column: step, reciprocals };
            let right = q + height;
            for (strip, count) in even((n - right).div_ceil(LANES), kernels.vectors) {
                let column = right + strip * LANES;
                if column < n {
                    let mut tile = whole(rows.at_mut(q, column), column, Finish::Lower(triangle));
                    // SAFETY: as above.
                    unsafe { kernels.run(height, (count * LANES).min(n - column), &mut tile) };
                }
            }
        }
        subtract_square(rows, (start, end), (end, n));
    }
    Ok(())
}

/// The small triangle on the diagonal; one over its own diagonal.
fn corner(rows: &mut Rows, q: usize, height: usize) -> std::result::Result<[f64; LANES], (usize, f64)> {
    let mut u = [[0.0; LANES]; LANES];
    for i in 0..height {
        u[i][i..height].copy_from_slice(&rows.row(q + i)[q + i..q + height]);
    }
    let mut reciprocals = [1.0; LANES];
    for k in 0..height {
        let pivot = u[k][k];
        if !(pivot > 0.0) {
            return Err((k, pivot));
        }
        let root = pivot.sqrt();
        reciprocals[k] = 1.0 / root;
        u[k][k] = root;
        for j in k + 1..height {
            u[k][j] *= reciprocals[k];
        }
        for i in k + 1..height {
            for j in i..height {
                u[i][j] -= u[k][i] * u[k][j];
            }
        }
    }
    for i in 0..height {
        rows.row_mut(q + i)[q + i..q + height].copy_from_slice(&u[i][i..height]);
    }
    Ok(reciprocals)
}

/// Takes UᵀU of the rows `start..end` from the upper triangle of `from..to`, in halves: the square between two halves is one product.
fn subtract_square(rows: &mut Rows, (start, end): (usize, usize), (from, to): (usize, usize)) {
    if from >= to {
        return;
    }
    let (all, step) = (rows.place(), rows.step());
    let turned = |column: usize| {
        let place = all.from(start, column);
        super::product::Place { at: place.at, row: 1, column: step }
    };
    if to - from <= 2 * TILE {
        // SAFETY: parts of the rows, of which the one that is written to overlaps no other.
        unsafe {
            let size = (to - from, to - from, end - start);
            subtract(rows.at_mut(from, from), step, size, turned(from), all.from(start, from));
        }
        return;
    }
    let middle = from + ((to - from) / 2).next_multiple_of(LANES);
    subtract_square(rows, (start, end), (from, middle));
    // SAFETY: as above.
    unsafe {
        let size = (middle - from, to - middle, end - start);
        subtract(rows.at_mut(from, middle), step, size, turned(from), all.from(start, middle));
    }
    subtract_square(rows, (start, end), (middle, to));
}
