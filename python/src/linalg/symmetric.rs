//! Binds the spectra of symmetric matrices.

use numpy::{PyArray1, PyArray2, PyArray3, PyArrayDyn};
use pyo3::prelude::*;
use underhood::linalg as core;

use crate::array;
use crate::error::Outcome;
use crate::option;
use crate::runtime::{check_signals, run};

/// Eigenvalues and eigenvectors, as a pair.
#[pyfunction]
#[pyo3(signature = (a, UPLO = None))]
#[expect(non_snake_case, reason = "the argument's name is NumPy's")]
#[expect(clippy::type_complexity, reason = "a pair of arrays, spelled out")]
pub(super) fn eigh<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    UPLO: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArrayDyn<f64>>)> {
    let triangle = core::Triangle::named("eigh", option::optional_name("eigh", "UPLO", UPLO)?.as_deref())?;
    let a = array::stack("eigh", "a", a)?;
    let a = a.view();
    let (values, vectors) = run(py, a.len(), || core::eigh_stack(a, triangle, check_signals))?;
    Ok((PyArrayDyn::from_owned_array(py, values), PyArrayDyn::from_owned_array(py, vectors)))
}

/// Compute the eigenvalues of a symmetric matrix.
///
/// The n real numbers λ with a v = λ v for some v ≠ 0, in rising order. As :func:`eigh` gives them up to rounding, in little more than half the
/// time.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
/// UPLO : {"L", "U"}, optional
///     Read only the lower or the upper triangle. By default a must be symmetric, and both are compared.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n)
///     The eigenvalues, each as often as its multiplicity.
///
/// Raises
/// ------
/// ValueError
///     If a is not square or not symmetric (rounding is forgiven), a number is NaN or infinite, or an eigenvalue is beyond
///     the range of doubles.
///
/// Notes
/// -----
/// Their error stays within a few n·ε·max|λ|: tiny eigenvalues beside large ones have that absolute error. Differs from NumPy, which reads
/// the lower triangle and does not look at the other. Source: Golub and Van Loan, Matrix Computations, §8.3; Parlett, The Symmetric
/// Eigenvalue Problem, §8.15.
///
/// Examples
/// --------
/// >>> from underhood.linalg import eigvalsh
/// >>> eigvalsh([[2, 1], [1, 2]])
/// array([1., 3.])
#[pyfunction]
#[pyo3(signature = (a, UPLO = None))]
#[expect(non_snake_case, reason = "the argument's name is NumPy's")]
pub(super) fn eigvalsh<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    UPLO: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let triangle = core::Triangle::named("eigvalsh", option::optional_name("eigvalsh", "UPLO", UPLO)?.as_deref())?;
    let a = array::stack("eigvalsh", "a", a)?;
    let a = a.view();
    let values = run(py, a.len(), || core::eigvalsh_stack(a, triangle, check_signals))?;
    Ok(PyArrayDyn::from_owned_array(py, values))
}

type Parts<'py> =
    (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>, Bound<'py, PyArray3<f64>>, Bound<'py, PyArray1<i64>>);

/// Distinct eigenvalues, eigenvectors, projectors and multiplicities, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, tol = None))]
pub(super) fn spectral_decomposition<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Parts<'py>> {
    let a = array::matrix("spectral_decomposition", "a", a)?;
    let tol = option::optional_number("spectral_decomposition", "tol", tol)?;
    let a = a.view();
    let sum = run(py, a.len(), || core::spectral_decomposition(a, tol))?;
    Ok((
        PyArray1::from_owned_array(py, sum.values),
        PyArray2::from_owned_array(py, sum.vectors),
        PyArray3::from_owned_array(py, sum.projectors),
        // NumPy's own counts are signed.
        PyArray1::from_owned_array(py, sum.multiplicities.mapv(|count| count as i64)),
    ))
}
