//! Binds `underhood::linalg`.

use std::ffi::CString;

use numpy::{PyArray1, PyArray2, PyArrayDyn, ToPyArray};
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::prelude::*;
use pyo3::types::PyType;
use underhood::linalg as core;

use crate::array;
use crate::error::Outcome;
use crate::runtime::run;

pyo3::import_exception!(underhood._errors, IllConditionedWarning);

/// Gives a Python warning for what the core remarked, if it did.
fn warn(py: Python<'_>, category: &Bound<'_, PyType>, remark: Option<impl ToString>) -> PyResult<()> {
    match remark.map(|text| CString::new(text.to_string())) {
        Some(Ok(text)) => PyErr::warn(py, category, &text, 1),
        _ => Ok(()),
    }
}

/// Multiply two matrices, a matrix and a vector, or two vectors.
///
/// (AB)ᵢⱼ = Σₖ aᵢₖ bₖⱼ. A vector on the left counts as a row, one on the right as a column; that axis is dropped from the result.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, k) or (k,)
///     The left factor.
/// b : array_like, shape (k, n) or (k,)
///     The right factor.
///
/// Returns
/// -------
/// numpy.ndarray
///     Shape (m, n), without the axes that vectors do not have; two vectors give an array without axes, which is one number.
///
/// Raises
/// ------
/// ValueError
///     If the inner lengths differ, or an operand is a number or a stack of matrices (which this version does not take).
///
/// Notes
/// -----
/// NaN and infinities go through, as in NumPy. Large products use as many threads as ``RAYON_NUM_THREADS`` allows, and give the
/// same bits with any number of them. Source: Goto and van de Geijn, ACM TOMS 34 (2008), doi:10.1145/1356052.1356053.
///
/// Examples
/// --------
/// >>> from underhood.linalg import matmul
/// >>> matmul([[1, 2], [3, 4]], [1, 1])
/// array([3., 7.])
#[pyfunction]
fn matmul<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (a, b) = (array::array("matmul", "a", a)?, array::array("matmul", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let product = run(py, a.len() + b.len(), || core::matmul(a, b))?;
    Ok(PyArrayDyn::from_owned_array(py, product))
}

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
fn solve<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
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
fn inv<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
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
fn det(py: Python<'_>, a: &Bound<'_, PyAny>) -> Outcome<f64> {
    let a = array::matrix("det", "a", a)?;
    let a = a.view();
    let determinant = run(py, a.len(), || core::determinant("det", a))?;
    warn(py, &py.get_type::<PyRuntimeWarning>(), determinant.warning())?;
    Ok(determinant.value)
}

/// Sign and logarithm of the determinant, as a pair.
#[pyfunction]
fn slogdet(py: Python<'_>, a: &Bound<'_, PyAny>) -> Outcome<(f64, f64)> {
    let a = array::matrix("slogdet", "a", a)?;
    let a = a.view();
    let determinant = run(py, a.len(), || core::determinant("slogdet", a))?;
    Ok((determinant.sign, determinant.logabsdet))
}

/// Q and R, as a pair.
#[pyfunction]
#[pyo3(signature = (a, mode = "reduced"))]
#[expect(clippy::type_complexity, reason = "a pair of arrays, spelled out")]
fn qr<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    mode: &str,
) -> Outcome<(Bound<'py, PyArray2<f64>>, Bound<'py, PyArray2<f64>>)> {
    let a = array::matrix("qr", "a", a)?;
    let a = a.view();
    let mode: core::QrMode = mode.parse()?;
    let factors = run(py, a.len(), || core::qr(a, mode))?;
    Ok((PyArray2::from_owned_array(py, factors.q), PyArray2::from_owned_array(py, factors.r)))
}

/// Factor a symmetric positive definite matrix: a = L Lᵀ.
///
/// Parameters
/// ----------
/// a : array_like, shape (n, n)
///     The matrix.
///
/// Returns
/// -------
/// numpy.ndarray, shape (n, n)
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
fn cholesky<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let a = array::matrix("cholesky", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::cholesky(a))?))
}

type FourParts<'py> = (Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArray1<f64>>, usize, Bound<'py, PyArray1<f64>>);

/// Solution, residuals, rank and singular values, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, b, rcond = None))]
fn lstsq<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    rcond: Option<f64>,
) -> Outcome<FourParts<'py>> {
    let (a, b) = (array::matrix("lstsq", "a", a)?, array::array("lstsq", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let fit = run(py, a.len() + b.len(), || core::lstsq(a, b, rcond))?;
    let x = PyArrayDyn::from_owned_array(py, fit.x);
    Ok((x, fit.residuals.to_pyarray(py), fit.rank, fit.singular_values.to_pyarray(py)))
}

/// Matrices and the systems they stand for.
#[pymodule]
pub(crate) mod linalg {
    #[pymodule_export]
    use super::{cholesky, det, inv, lstsq, matmul, qr, slogdet, solve};
    #[pymodule_export]
    use crate::linalg_tmp::{eig0, eigvals0, schur0};
}
