//! Cholesky's factorisation A = L·Lᵀ of a symmetric positive definite matrix: its square root among lower triangles.
//!
//! It exists exactly when xᵀ·A·x > 0 for every x ≠ 0, so that computing it is the test for positive definiteness. Needs half the work of
//! elimination and no pivoting. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, chapter 10.

use faer::linalg::cholesky::llt::factor;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Par, Spec};
use ndarray::{Array2, ArrayView2, s};

use super::bridge::{by_columns, mat, mat_mut, with_scratch};
use super::{magnitude, small};
use crate::check;
use crate::error::{Error, Result};

/// Differences between mirrored entries that rounding upstream explains, relative to the entries and to √(aᵢᵢ·aⱼⱼ).
const ROUNDING: f64 = 1e-10;

/// Tiles of this side are compared, so that reading across the rows stays in the cache.
const TILE: usize = 32;

/// The lower triangular L with A = L·Lᵀ and a positive diagonal.
///
/// Symmetry is checked (NumPy reads one triangle and trusts it): mirrored entries may differ by 10⁻¹⁰ relative, as rounding upstream leaves
/// them; the lower triangle is the one that counts.
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
    let n = check::square("cholesky", "a", a)?;
    let largest = magnitude::largest("cholesky", "a", a)?;
    symmetric("cholesky", "a", a)?;
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
    let mut l = by_columns(a);
    match factor_in_place(&mut l) {
        Ok(()) => {}
        Err(pivot) => return Err((pivot, pivot_value(a, pivot))),
    }
    // In rows, as NumPy's results are; what stands above the diagonal is not L's.
    let mut out = Array2::zeros((n, n));
    for start in (0..n).step_by(TILE) {
        let end = (start + TILE).min(n);
        for i in start..n {
            let to = end.min(i + 1);
            out.slice_mut(s![i, start..to]).assign(&l.slice(s![i, start..to]));
        }
    }
    Ok(out)
}

/// Overwrites the lower triangle; the index of the first pivot that is not positive.
fn factor_in_place(l: &mut Array2<f64>) -> std::result::Result<(), usize> {
    let need = factor::cholesky_in_place_scratch::<f64>(l.nrows(), Par::Seq, Spec::default());
    let outcome = with_scratch(need, |stack| {
        let options = factor::LltRegularization::default();
        factor::cholesky_in_place(mat_mut(l.view_mut()), options, Par::Seq, stack, Spec::default())
    });
    outcome.map(|_| ()).map_err(|factor::LltError::NonPositivePivot { index }| index)
}

/// aₖₖ − ‖y‖² with L₁₁·y = the k-th row left of the diagonal: what was left of the diagonal when its turn came.
fn pivot_value(a: ArrayView2<'_, f64>, k: usize) -> f64 {
    let mut leading = by_columns(a.slice(s![..k, ..k]));
    if factor_in_place(&mut leading).is_err() {
        return a[[k, k]];
    }
    let mut y = by_columns(a.slice(s![k..=k, ..k]).t());
    solve_lower_triangular_in_place(mat(leading.view()), mat_mut(y.view_mut()), Par::Seq);
    a[[k, k]] - y.iter().map(|v| v * v).sum::<f64>()
}

/// Refuses a square matrix whose mirrored entries differ by more than rounding explains.
pub(crate) fn symmetric(function: &'static str, argument: &'static str, a: ArrayView2<'_, f64>) -> Result<()> {
    let n = a.nrows();
    for rows in (0..n).step_by(TILE) {
        for columns in (0..=rows).step_by(TILE) {
            for i in rows..(rows + TILE).min(n) {
                for j in columns..(columns + TILE).min(i) {
                    let (lower, upper) = (a[[i, j]], a[[j, i]]);
                    if lower != upper && !differs_by_rounding(lower, upper, a[[i, i]], a[[j, j]]) {
                        return Err(Error::NotSymmetric { function, argument, row: j, column: i, upper, lower });
                    }
                }
            }
        }
    }
    Ok(())
}

fn differs_by_rounding(lower: f64, upper: f64, first: f64, second: f64) -> bool {
    let size = lower.abs().max(upper.abs()).max(first.abs().sqrt() * second.abs().sqrt());
    // Halves keep the difference of two huge numbers finite.
    (0.5 * lower - 0.5 * upper).abs() <= 0.5 * ROUNDING * size
}
