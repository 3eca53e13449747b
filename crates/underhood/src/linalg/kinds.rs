//! Kinds of matrices: symmetric, orthogonal, positive definite. Each is decided up to rounding, by a tolerance that is said.

use ndarray::{Array2, ArrayView2};

use super::product::gemm;
use super::{cholesky, magnitude, triangle};
use crate::check;
use crate::error::{Error, Result};

/// 10·ε·n: what rounding leaves in a product of n×n matrices, with room to spare.
fn default_tolerance(n: usize) -> f64 {
    10.0 * f64::EPSILON * n as f64
}

fn tolerance(function: &'static str, tol: Option<f64>, n: usize) -> Result<f64> {
    let tol = tol.unwrap_or_else(|| default_tolerance(n));
    check::in_range(function, "tol", tol, tol >= 0.0, "zero or a positive number")?;
    Ok(tol)
}

/// Whether A = Aᵀ: mirrored entries differ by at most `tol` times the largest entry. The default is 10·ε·n; 0 asks for equality.
///
/// A matrix that is not square is not symmetric.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a negative `tol`.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::is_symmetric;
///
/// assert!(is_symmetric(array![[1.0, 2.0], [2.0, 5.0]].view(), None)?);
/// assert!(!is_symmetric(array![[1.0, 2.0], [3.0, 5.0]].view(), None)?);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn is_symmetric(a: ArrayView2<'_, f64>, tol: Option<f64>) -> Result<bool> {
    let tol = tolerance("is_symmetric", tol, a.nrows())?;
    let largest = magnitude::largest("is_symmetric", "a", a)?;
    Ok(a.nrows() == a.ncols() && mirrored(a, tol, largest))
}

fn mirrored(a: ArrayView2<'_, f64>, tol: f64, largest: f64) -> bool {
    let bound = 0.5 * tol * largest;
    triangle::first_apart(a, |_, _, lower, upper| triangle::half_difference(lower, upper) <= bound).is_none()
}

/// Whether Qᵀ·Q = I: no entry of the difference is larger than `tol`. The default is 10·ε·n.
///
/// A matrix that is not square is not orthogonal, even if its columns are orthonormal.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a negative `tol`.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::is_orthogonal;
///
/// assert!(is_orthogonal(array![[0.6, -0.8], [0.8, 0.6]].view(), None)?);
/// assert!(!is_orthogonal(array![[1.0, 1.0], [0.0, 1.0]].view(), None)?);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn is_orthogonal(a: ArrayView2<'_, f64>, tol: Option<f64>) -> Result<bool> {
    let n = a.ncols();
    let tol = tolerance("is_orthogonal", tol, n)?;
    let largest = magnitude::largest("is_orthogonal", "a", a)?;
    // No entry of a unit vector is larger than one: what is, would only overflow.
    if a.nrows() != n || largest > 2.0 + tol {
        return Ok(false);
    }
    let mut product = Array2::zeros((n, n));
    gemm(product.view_mut(), a.t(), a);
    Ok(product.indexed_iter().all(|((i, j), &v)| (v - f64::from(u8::from(i == j))).abs() <= tol))
}

/// Whether A is symmetric and xᵀ·A·x > 0 for every x ≠ 0, with a margin for rounding: Cholesky's factorisation must exist of A with its
/// diagonal diminished by the factor 1 − `tol`. The default is 10·ε·n.
///
/// That asks of the smallest eigenvalue, once rows and columns are scaled so that the diagonal is one, to be larger than `tol`, where
/// rounding could not have made it positive. Where the answer is yes, [`cholesky`](crate::linalg::cholesky) succeeds. Symmetry is that of
/// `cholesky`; a matrix that is not symmetric is not positive definite here, even if xᵀ·A·x is positive.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a `tol` that is negative or not below one.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::is_positive_definite;
///
/// assert!(is_positive_definite(array![[2.0, 1.0], [1.0, 2.0]].view(), None)?);
/// assert!(!is_positive_definite(array![[1.0, 2.0], [2.0, 1.0]].view(), None)?);
/// assert!(!is_positive_definite(array![[1.0, 1.0], [1.0, 1.0]].view(), None)?);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn is_positive_definite(a: ArrayView2<'_, f64>, tol: Option<f64>) -> Result<bool> {
    const FUNCTION: &str = "is_positive_definite";
    let tol = tolerance(FUNCTION, tol, a.nrows())?;
    check::in_range(FUNCTION, "tol", tol, tol < 1.0, "below 1")?;
    let largest = magnitude::largest(FUNCTION, "a", a)?;
    if a.nrows() != a.ncols() || !a.diag().iter().all(|&v| v > 0.0) {
        return Ok(false);
    }
    // Denormal numbers have no digits to be diminished by.
    let e = magnitude::exponent(largest).min(0);
    let mut diminished = a.mapv(|v| libm::ldexp(v, -e));
    diminished.diag_mut().mapv_inplace(|v| v - tol * v);
    match cholesky(diminished.view()) {
        Ok(_) => Ok(true),
        Err(Error::NotSymmetric { .. } | Error::NotPositiveDefinite { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}
