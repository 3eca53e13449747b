//! Binds subspaces and their bases, the row echelon form, and kinds of matrices.

use numpy::ndarray::Array2;
use numpy::{PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::linalg as core;

use super::{each, to_python};
use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime::run;

/// Reduced form and pivots, as a pair.
#[pyfunction]
#[pyo3(signature = (a, tol = None))]
#[expect(clippy::type_complexity, reason = "a pair of arrays, spelled out")]
pub(super) fn rref<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
) -> Outcome<(Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<i64>>)> {
    let tol = option::optional_number("rref", "tol", tol)?;
    let a = array::matrix("rref", "a", a)?;
    let a = a.view();
    let form = run(py, a.len(), || core::rref(a, tol))?;
    let pivots = PyArray1::from_iter(py, form.pivots.iter().map(|&column| column as i64));
    Ok((PyArray2::from_owned_array(py, form.r), pivots))
}

/// Find an orthonormal basis of the null space, {x : a x = 0}.
///
/// What a maps to nothing. From the singular value decomposition a = UΣVᵀ: the directions that are perpendicular to those columns of V whose
/// singular values are not negligible.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The matrix.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).
///
/// Returns
/// -------
/// numpy.ndarray, shape (n, n - r)
///     The basis vectors, as columns; r is the rank. In each, the first component that is at least 7/10 as large as the largest is
///     positive.
///
/// Raises
/// ------
/// ValueError
///     If a is not a matrix, a number is NaN or infinite, or rcond is negative.
///
/// Notes
/// -----
/// As ``scipy.linalg.null_space``. The dimensions of :func:`null_space` and :func:`row_space` add up to n, those of
/// :func:`left_null_space` and :func:`column_space` to m. Source: Strang, Am. Math. Monthly 100 (1993),
/// doi:10.1080/00029890.1993.11990500.
///
/// Examples
/// --------
/// >>> from underhood.linalg import null_space
/// >>> null_space([[1, 1]]).round(6)
/// array([[ 0.707107],
///        [-0.707107]])
#[pyfunction]
#[pyo3(signature = (a, rcond = None))]
pub(super) fn null_space<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rcond = option::optional_number("null_space", "rcond", rcond)?;
    let a = array::matrix("null_space", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::null_space(a, rcond))?))
}

/// Find an orthonormal basis of the column space, {a x}.
///
/// All that a reaches. From the singular value decomposition a = UΣVᵀ: the columns of U whose singular values are not negligible.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The matrix.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).
///
/// Returns
/// -------
/// numpy.ndarray, shape (m, r)
///     The basis vectors, as columns; r is the rank. In each, the first component that is at least 7/10 as large as the largest is
///     positive. (``scipy.linalg.orth`` has the same without that sign.)
///
/// Raises
/// ------
/// ValueError
///     If a is not a matrix, a number is NaN or infinite, or rcond is negative.
///
/// See Also
/// --------
/// gram_schmidt : A basis whose vectors follow the columns one by one.
///
/// Examples
/// --------
/// >>> from underhood.linalg import column_space
/// >>> column_space([[3, 6], [4, 8]]).round(12)
/// array([[0.6],
///        [0.8]])
#[pyfunction]
#[pyo3(signature = (a, rcond = None))]
pub(super) fn column_space<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rcond = option::optional_number("column_space", "rcond", rcond)?;
    let a = array::matrix("column_space", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::column_space(a, rcond))?))
}

/// Find an orthonormal basis of the row space, {aᵀy}.
///
/// What a responds to: perpendicular to the null space. From the singular value decomposition a = UΣVᵀ: the columns of V whose singular values
/// are not negligible.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The matrix.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).
///
/// Returns
/// -------
/// numpy.ndarray, shape (n, r)
///     The basis vectors, as columns; r is the rank. In each, the first component that is at least 7/10 as large as the largest is
///     positive.
///
/// Raises
/// ------
/// ValueError
///     If a is not a matrix, a number is NaN or infinite, or rcond is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import row_space
/// >>> row_space([[3, 4], [6, 8]]).round(12)
/// array([[0.6],
///        [0.8]])
#[pyfunction]
#[pyo3(signature = (a, rcond = None))]
pub(super) fn row_space<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rcond = option::optional_number("row_space", "rcond", rcond)?;
    let a = array::matrix("row_space", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::row_space(a, rcond))?))
}

/// Find an orthonormal basis of the left null space, {y : aᵀy = 0}.
///
/// What a does not reach: perpendicular to the column space, so that a x = b can only be solved when b is perpendicular to it.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The matrix.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).
///
/// Returns
/// -------
/// numpy.ndarray, shape (m, m - r)
///     The basis vectors, as columns; r is the rank. In each, the first component that is at least 7/10 as large as the largest is
///     positive.
///
/// Raises
/// ------
/// ValueError
///     If a is not a matrix, a number is NaN or infinite, or rcond is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import left_null_space
/// >>> left_null_space([[3], [4]]).round(12)
/// array([[ 0.8],
///        [-0.6]])
#[pyfunction]
#[pyo3(signature = (a, rcond = None))]
pub(super) fn left_null_space<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rcond = option::optional_number("left_null_space", "rcond", rcond)?;
    let a = array::matrix("left_null_space", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::left_null_space(a, rcond))?))
}

/// Make the columns of a matrix orthonormal, one after the other.
///
/// Gram and Schmidt's process: q₁ = a₁/‖a₁‖, then from each column what the ones before it explain is taken away, aⱼ - Σ(qᵢ·aⱼ)qᵢ, and the
/// rest divided by its length. Taking away is repeated, which keeps the vectors perpendicular to the last digits.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The vectors, as columns.
/// dependent : {"error", "drop"}, optional
///     What becomes of a column that is a combination of those before it (when at most ε·max(m, n) of its length is left).
///
/// Returns
/// -------
/// numpy.ndarray, shape (m, n)
///     Orthonormal columns, the first k of which span what the first k of a do. With ``dependent="drop"``, as many as were independent.
///
/// Raises
/// ------
/// ValueError
///     If a column is zero or depends on those before it (the message says which), or a number is NaN or infinite.
///
/// See Also
/// --------
/// qr : The same with the coefficients, a = QR, by reflections.
///
/// Notes
/// -----
/// Source: Giraud, Langou and Rozložník, Numer. Math. 101 (2005), doi:10.1007/s00211-005-0615-4.
///
/// Examples
/// --------
/// >>> from underhood.linalg import gram_schmidt
/// >>> gram_schmidt([[3, 1], [4, 2]]).round(12)
/// array([[ 0.6, -0.8],
///        [ 0.8,  0.6]])
#[pyfunction]
#[pyo3(signature = (a, dependent = Given::Default("error")), text_signature = "(a, dependent='error')")]
pub(super) fn gram_schmidt<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    dependent: Given<'_, 'py, &'static str>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let a = array::matrix("gram_schmidt", "a", a)?;
    let a = a.view();
    let dependent: core::Dependent = option::name("gram_schmidt", "dependent", dependent)?.parse()?;
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::gram_schmidt(a, dependent))?))
}

/// Compute the matrix that projects onto the column space.
///
/// P = QQᵀ with an orthonormal basis of the column space in Q's columns; where a's columns are independent, P = a(aᵀa)⁻¹aᵀ.
///
/// Parameters
/// ----------
/// a : array_like, shape (m, n)
///     The columns span the subspace; they may depend on each other.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n).
///
/// Returns
/// -------
/// numpy.ndarray, shape (m, m)
///     P, symmetric to the last bit, with PP = P. Onto the whole space it is the identity, onto nothing it is zero.
///
/// Raises
/// ------
/// ValueError
///     If a is not a matrix, a number is NaN or infinite, or rcond is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import projection_matrix
/// >>> projection_matrix([[1], [1]]).round(12)
/// array([[0.5, 0.5],
///        [0.5, 0.5]])
#[pyfunction]
#[pyo3(signature = (a, rcond = None))]
pub(super) fn projection_matrix<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let rcond = option::optional_number("projection_matrix", "rcond", rcond)?;
    let a = array::matrix("projection_matrix", "a", a)?;
    let a = a.view();
    Ok(PyArray2::from_owned_array(py, run(py, a.len(), || core::projection_matrix(a, rcond))?))
}

/// Tell whether vectors are independent: none is a combination of the others.
///
/// Parameters
/// ----------
/// *vectors : array_like
///     One matrix, whose columns are the vectors; or the vectors themselves, each of shape (n,).
/// rcond : float, optional
///     They are dependent when a singular value is at most rcond times the largest, once each vector was brought near one in length (by a
///     power of two), on which independence does not depend. Default: ε·max(n, number of vectors).
///
/// Returns
/// -------
/// bool
///     Whether they are independent. More vectors than components never are; no vectors at all are.
///
/// Raises
/// ------
/// ValueError
///     If the vectors differ in length, a number is NaN or infinite, or rcond is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import is_independent
/// >>> is_independent([1, 2], [2, 4]), is_independent([1, 2], [2, 5])
/// (False, True)
/// >>> is_independent([[1, 0], [0, 1e-20]])
/// True
#[pyfunction]
#[pyo3(signature = (*vectors, rcond = None))]
pub(super) fn is_independent(
    py: Python<'_>,
    vectors: &Bound<'_, PyTuple>,
    rcond: Option<&Bound<'_, PyAny>>,
) -> Outcome<bool> {
    const FUNCTION: &str = "is_independent";
    let rcond = option::optional_number(FUNCTION, "rcond", rcond)?;
    let read: Vec<_> =
        vectors.iter().map(|vector| array::array(FUNCTION, "vectors", &vector)).collect::<Outcome<_>>()?;
    let views: Vec<_> = read.iter().map(array::Array::view).collect();
    let matrix: Array2<f64> = core::columns_of(FUNCTION, "vectors", &views)?;
    Ok(run(py, matrix.len(), || core::is_independent(matrix.view(), rcond))?)
}

/// Find the coordinates of a vector in a basis.
///
/// The numbers c with v = c₁b₁ + c₂b₂ + … = Bc.
///
/// Parameters
/// ----------
/// v : array_like, shape (n,) or (n, k)
///     The vector, or one in each column.
/// basis : array_like, shape (n, d)
///     The basis vectors, as columns. Where d < n they span a subspace, in which v must lie.
///
/// Returns
/// -------
/// numpy.ndarray, shape (d,) or (d, k)
///     The coordinates.
///
/// Raises
/// ------
/// ValueError
///     If v is not in the span of the basis (farther than 1e-10 of its length; the message says how far), the basis vectors depend on each
///     other, the numbers of rows differ, or a number is NaN or infinite.
///
/// Notes
/// -----
/// By B = QR and one step of refinement with residuals in 32 digits, on columns brought near one. Source: Björck, Numerical Methods for
/// Least Squares Problems (1996), section 2.9.3.
///
/// Examples
/// --------
/// >>> from underhood.linalg import coordinates
/// >>> coordinates([3, 1], [[1, 1], [1, -1]])
/// array([2., 1.])
#[pyfunction]
pub(super) fn coordinates<'py>(
    py: Python<'py>,
    v: &Bound<'py, PyAny>,
    basis: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    let (v, basis) = (array::array("coordinates", "v", v)?, array::matrix("coordinates", "basis", basis)?);
    let (v, basis) = (v.view(), basis.view());
    to_python(py, run(py, v.len() + basis.len(), || core::coordinates(v, basis))?)
}

/// Compute the matrix that turns coordinates in one basis into coordinates in another.
///
/// The M with T M = F, for the bases in the columns of F (from) and T (to): if c are a vector's coordinates in the first, M c are those in
/// the second.
///
/// Parameters
/// ----------
/// from_basis : array_like, shape (n, d)
///     The basis that coordinates are given in, as columns.
/// to_basis : array_like, shape (n, d)
///     The basis that they are wanted in; it must span the same space.
///
/// Returns
/// -------
/// numpy.ndarray, shape (d, d)
///     M. Its columns are the coordinates of the first basis' vectors in the second.
///
/// Raises
/// ------
/// ValueError
///     If the shapes differ, the vectors of one basis depend on each other, the bases span different subspaces, or a number is NaN or
///     infinite.
///
/// Examples
/// --------
/// >>> from underhood.linalg import change_of_basis
/// >>> change_of_basis([[1, 0], [0, 1]], [[0, -1], [1, 0]])
/// array([[ 0.,  1.],
///        [-1.,  0.]])
#[pyfunction]
pub(super) fn change_of_basis<'py>(
    py: Python<'py>,
    from_basis: &Bound<'py, PyAny>,
    to_basis: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    const FUNCTION: &str = "change_of_basis";
    let from = array::matrix(FUNCTION, "from_basis", from_basis)?;
    let to = array::matrix(FUNCTION, "to_basis", to_basis)?;
    let (from, to) = (from.view(), to.view());
    Ok(PyArray2::from_owned_array(py, run(py, from.len() + to.len(), || core::change_of_basis(from, to))?))
}

/// Tell whether a matrix is symmetric, a = aᵀ.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
/// tol : float, optional
///     Mirrored entries may differ by tol times the largest entry. Default: 10·ε·n, as rounding leaves them; 0 asks for equality.
///
/// Returns
/// -------
/// bool, or numpy.ndarray of bool, shape (...)
///     Whether it is; a matrix that is not square is not.
///
/// Raises
/// ------
/// ValueError
///     If a has fewer than two axes, a number is NaN or infinite, or tol is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import is_symmetric
/// >>> is_symmetric([[1, 2], [2, 5]]), is_symmetric([[1, 2], [3, 5]])
/// (True, False)
#[pyfunction]
#[pyo3(signature = (a, tol = None))]
pub(super) fn is_symmetric<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let tol = option::optional_number("is_symmetric", "tol", tol)?;
    to_python(py, each(py, "is_symmetric", "a", a, |m| core::is_symmetric(m, tol))?)
}

/// Tell whether a matrix is orthogonal, aᵀa = I: its columns are perpendicular unit vectors.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
/// tol : float, optional
///     Entries of aᵀa may differ from the identity's by tol. Default: 10·ε·n, as rounding leaves them.
///
/// Returns
/// -------
/// bool, or numpy.ndarray of bool, shape (...)
///     Whether it is; a matrix that is not square is not, even if its columns are orthonormal.
///
/// Raises
/// ------
/// ValueError
///     If a has fewer than two axes, a number is NaN or infinite, or tol is negative.
///
/// Examples
/// --------
/// >>> from underhood.linalg import is_orthogonal
/// >>> is_orthogonal([[0.6, -0.8], [0.8, 0.6]]), is_orthogonal([[1, 1], [0, 1]])
/// (True, False)
#[pyfunction]
#[pyo3(signature = (a, tol = None))]
pub(super) fn is_orthogonal<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let tol = option::optional_number("is_orthogonal", "tol", tol)?;
    to_python(py, each(py, "is_orthogonal", "a", a, |m| core::is_orthogonal(m, tol))?)
}

/// Tell whether a symmetric matrix is positive definite: xᵀ a x > 0 for every x except 0.
///
/// Tested by Cholesky's factorisation of a with its diagonal diminished by the factor 1 - tol, so that a matrix that is singular up to
/// rounding does not pass. Where the answer is yes, :func:`cholesky` succeeds.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
/// tol : float, optional
///     The margin: what the smallest eigenvalue must exceed, once rows and columns are scaled so that the diagonal is 1. Default:
///     10·ε·n.
///
/// Returns
/// -------
/// bool, or numpy.ndarray of bool, shape (...)
///     Whether it is. A matrix that is not symmetric (but for rounding, as :func:`cholesky` judges it) or not square is not.
///
/// Raises
/// ------
/// ValueError
///     If a has fewer than two axes, a number is NaN or infinite, or tol is not in [0, 1).
///
/// Notes
/// -----
/// Source: Higham, Accuracy and Stability of Numerical Algorithms, theorem 10.7.
///
/// Examples
/// --------
/// >>> from underhood.linalg import is_positive_definite
/// >>> is_positive_definite([[2, 1], [1, 2]]), is_positive_definite([[1, 2], [2, 1]])
/// (True, False)
#[pyfunction]
#[pyo3(signature = (a, tol = None))]
pub(super) fn is_positive_definite<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let tol = option::optional_number("is_positive_definite", "tol", tol)?;
    to_python(py, each(py, "is_positive_definite", "a", a, |m| core::is_positive_definite(m, tol))?)
}
