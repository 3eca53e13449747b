//! Binds what elimination answers: systems, inverses, determinants, and Cholesky's root.

use numpy::{PyArray2, PyArrayDyn};
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::prelude::*;
use underhood::linalg as core;

use super::{each, to_python, warn};
use crate::array;
use crate::error::Outcome;
use crate::runtime::run;

pyo3::import_exception!(underhood._errors, IllConditionedWarning);

/// Solve the system of linear equations a x = b.
///
/// Elimination with partial pivoting, PA = LU. When the residual or a first estimate of the condition number shows that this was
/// not enough, the solution is refined with residuals in doubled precision.
///
/// Parameters
/// ----------
/// a : array_like, shape (n, n)
///     The matrix of coefficients.
/// b : array_like, shape (n,) or (n, k)
///     One right-hand side, or one in each column.
///
/// Returns
/// -------
/// numpy.ndarray, shape of b
///     The solution.
///
/// Raises
/// ------
/// LinAlgError
///     If a is exactly singular; the message names the first zero pivot. A matrix of small whole numbers is judged exactly up to
///     16×16, where rounding would hide that it is singular.
/// ValueError
///     If the shapes do not fit, a number is NaN or infinite, or the solution is beyond the range of doubles.
///
/// Warns
/// -----
/// IllConditionedWarning
///     If the condition number κ₁ exceeds 1e12: numbers that were rounded to 16 digits then determine fewer than four digits of x.
///
/// Notes
/// -----
/// Differs from NumPy: NaN is refused, and near singularity is reported. Stacks of matrices are not taken by this version.
/// Source: Higham, Accuracy and Stability of Numerical Algorithms, chapters 9 and 12.
///
/// Examples
/// --------
/// >>> from underhood.linalg import solve
/// >>> solve([[3, 1], [1, 2]], [9, 8])
/// array([2., 3.])
#[pyfunction]
pub(super) fn solve<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (a, b) = (array::matrix("solve", "a", a)?, array::array("solve", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let solution = run(py, a.len() + b.len(), || core::solve(a, b))?;
    warn(py, &py.get_type::<IllConditionedWarning>(), solution.warning)?;
    Ok(PyArrayDyn::from_owned_array(py, solution.x))
}

/// Invert a square matrix.
///
/// The matrix a⁻¹ with a⁻¹ a = a a⁻¹ = I. To solve a x = b, :func:`solve` is quicker and more accurate.
///
/// Parameters
/// ----------
/// a : array_like, shape (n, n)
///     The matrix.
///
/// Returns
/// -------
/// numpy.ndarray, shape (n, n)
///     The inverse; symmetric to the last bit when a is.
///
/// Raises
/// ------
/// LinAlgError
///     If a is exactly singular.
/// ValueError
///     If a is not square, a number is NaN or infinite, or the inverse is beyond the range of doubles.
///
/// Warns
/// -----
/// IllConditionedWarning
///     If the condition number κ₁ = ‖a‖₁‖a⁻¹‖₁ exceeds 1e12.
///
/// Examples
/// --------
/// >>> from underhood.linalg import inv
/// >>> inv([[2, 0], [0, 4]])
/// array([[0.5 , 0.  ],
///        [0.  , 0.25]])
#[pyfunction]
pub(super) fn inv<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let a = array::matrix("inv", "a", a)?;
    let a = a.view();
    let result = run(py, a.len(), || core::inv(a))?;
    warn(py, &py.get_type::<IllConditionedWarning>(), result.warning)?;
    Ok(PyArray2::from_owned_array(py, result.inverse))
}

/// Compute the determinant of a square matrix.
///
/// The factor by which a changes volume, with a sign that tells whether it mirrors; zero exactly when a is singular. It is the product of
/// the pivots of elimination.
///
/// Parameters
/// ----------
/// a : array_like, shape (n, n)
///     The matrix. One without rows has determinant 1.
///
/// Returns
/// -------
/// float
///     The determinant; exact for whole numbers that are small enough (every 3×3 with entries below 1,000).
///
/// Raises
/// ------
/// ValueError
///     If a is not square, or a number is NaN or infinite.
///
/// Warns
/// -----
/// RuntimeWarning
///     If the determinant leaves the range of doubles, so that infinity or zero is returned; see :func:`slogdet`.
///
/// Examples
/// --------
/// >>> from underhood.linalg import det
/// >>> det([[1, 2], [3, 4]])
/// -2.0
#[pyfunction]
pub(super) fn det(py: Python<'_>, a: &Bound<'_, PyAny>) -> Outcome<f64> {
    let a = array::matrix("det", "a", a)?;
    let a = a.view();
    let determinant = run(py, a.len(), || core::determinant("det", a))?;
    warn(py, &py.get_type::<PyRuntimeWarning>(), determinant.warning())?;
    Ok(determinant.value)
}

/// Sign and logarithm of the determinant, as a pair.
#[pyfunction]
pub(super) fn slogdet(py: Python<'_>, a: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
    let a = array::matrix("slogdet", "a", a)?;
    let a = a.view();
    let determinant = run(py, a.len(), || core::determinant("slogdet", a))?;
    Ok((determinant.sign, determinant.logabsdet))
}

/// Factor a symmetric positive definite matrix: a = L Lᵀ.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n, n)
///     L: lower triangular, with a positive diagonal.
///
/// Raises
/// ------
/// LinAlgError
///     If a is not positive definite; the message names the pivot.
/// ValueError
///     If a is not square or not symmetric (mirrored entries may differ by 1e-10 relative, as rounding leaves them), or a number is NaN
///     or infinite.
///
/// Notes
/// -----
/// Differs from NumPy, which reads one triangle and does not look at the other. Source: Higham, Accuracy and Stability of Numerical
/// Algorithms, chapter 10.
///
/// Examples
/// --------
/// >>> from underhood.linalg import cholesky
/// >>> cholesky([[4, 2], [2, 10]])
/// array([[2., 0.],
///        [1., 3.]])
#[pyfunction]
pub(super) fn cholesky<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    to_python(py, each(py, "cholesky", "a", a, core::cholesky)?)
}
