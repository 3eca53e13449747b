//! Binds products of vectors, norms, directions, projections of points.

use numpy::PyArray2;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use underhood::linalg as core;
use underhood::linalg::NormOrder;

use super::{each, to_python};
use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime::run;

/// Compute the dot product of two arrays.
///
/// Of two vectors x·y = Σ xᵢyᵢ, of matrices the matrix product; in general the sum over the last axis of a and the last but one of b.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Arrays of any number of axes. The last axis of a must be as long as the last but one of b (or its only one); a number multiplies
///     every entry of the other.
///
/// Returns
/// -------
/// float or numpy.ndarray
///     A number for two vectors; else an array with the axes that are left of a, then those that are left of b.
///
/// Raises
/// ------
/// ValueError
///     If the two lengths differ.
///
/// Notes
/// -----
/// As ``numpy.dot``; NaN and infinities go through. For stacks of matrices, :func:`matmul` is what is meant.
///
/// Examples
/// --------
/// >>> from underhood.linalg import dot
/// >>> dot([1, 2, 3], [4, 5, 6])
/// 32.0
/// >>> dot([[1, 2], [3, 4]], [1, 1])
/// array([3., 7.])
#[pyfunction]
pub(super) fn dot<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let (a, b) = (array::array("dot", "a", a)?, array::array("dot", "b", b)?);
    let (a, b) = (a.view(), b.view());
    to_python(py, run(py, a.len() + b.len(), || core::dot(a, b))?)
}

/// Compute the vector product a × b.
///
/// (a₂b₃ - a₃b₂, a₃b₁ - a₁b₃, a₁b₂ - a₂b₁): perpendicular to both, and as long as the parallelogram that they span is large.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Vectors of three components, or arrays of them whose other axes are broadcast against each other. Vectors of two components have
///     a third that is zero.
/// axis : int, optional
///     Where the components lie, in a, in b and in the result. Default: the last axis.
///
/// Returns
/// -------
/// float or numpy.ndarray
///     The products. Where a and b both have two components, only the third of the product, without that axis: the signed area of the
///     parallelogram, a number for two vectors.
///
/// Raises
/// ------
/// ValueError
///     If vectors have neither two nor three components, other axes do not fit, or there is no such axis.
///
/// Notes
/// -----
/// As ``numpy.cross`` (with one axis for all, and vectors in the plane without its warning), but each component has an error of a few
/// roundings even where it cancels, and ``cross(b, a)`` is exactly ``-cross(a, b)``.
///
/// Examples
/// --------
/// >>> from underhood.linalg import cross
/// >>> cross([1, 0, 0], [0, 1, 0])
/// array([0., 0., 1.])
/// >>> cross([3, 0], [1, 2])
/// 6.0
#[pyfunction]
#[pyo3(signature = (a, b, axis = Given::Default(-1)), text_signature = "(a, b, axis=-1)")]
pub(super) fn cross<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    axis: Given<'_, 'py, isize>,
) -> Outcome<Bound<'py, PyAny>> {
    let axis = option::place("cross", "axis", axis)?;
    let (a, b) = (array::array("cross", "a", a)?, array::array("cross", "b", b)?);
    let (a, b) = (a.view(), b.view());
    to_python(py, run(py, a.len() + b.len(), || core::cross(a, b, axis))?)
}

/// Compute the outer product of two vectors, the matrix of all products aᵢbⱼ.
///
/// Parameters
/// ----------
/// a : array_like, shape (m,)
///     Its entries multiply the rows.
/// b : array_like, shape (n,)
///     Its multiples are the rows.
///
/// Returns
/// -------
/// numpy.ndarray, shape (m, n)
///     a bᵀ, a matrix of rank one at most.
///
/// Raises
/// ------
/// ValueError
///     If a or b is not a vector (as ``numpy.linalg.outer``; ``numpy.outer`` flattens what it is given).
///
/// Examples
/// --------
/// >>> from underhood.linalg import outer
/// >>> outer([1, 2], [3, 4])
/// array([[3., 4.],
///        [6., 8.]])
#[pyfunction]
pub(super) fn outer<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let (a, b) = (array::vector("outer", "a", a)?, array::vector("outer", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let product = run(py, a.len().saturating_mul(b.len()), || core::outer(a, b))?;
    Ok(PyArray2::from_owned_array(py, product))
}

/// Compute the Kronecker product a ⊗ b: every entry of a times the whole of b, in a's places.
///
/// Parameters
/// ----------
/// a, b : array_like
///     Arrays of any number of axes; the one with fewer has axes of length one put in front.
///
/// Returns
/// -------
/// float or numpy.ndarray
///     Each axis is as long as a's times b's; of matrices m×n and p×q, mp × nq. Two numbers give a number.
///
/// Raises
/// ------
/// MemoryError
///     If there is no room for so many numbers.
///
/// Notes
/// -----
/// As ``numpy.kron``. (A ⊗ B)(C ⊗ D) = AC ⊗ BD. Source: Horn and Johnson, Topics in Matrix Analysis, section 4.2.
///
/// Examples
/// --------
/// >>> from underhood.linalg import kron
/// >>> kron([[1, 2]], [[1], [3]])
/// array([[1., 2.],
///        [3., 6.]])
#[pyfunction]
pub(super) fn kron<'py>(py: Python<'py>, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let (a, b) = (array::array("kron", "a", a)?, array::array("kron", "b", b)?);
    let (a, b) = (a.view(), b.view());
    to_python(py, run(py, a.len().saturating_mul(b.len()), || core::kron(a, b))?)
}

/// Sum the diagonal of a matrix.
///
/// tr a = Σ aᵢᵢ, which is also the sum of the eigenvalues.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
/// offset : int, optional
///     Which diagonal: 0 the main one, 1 the one right of it, -1 the one left of it, and so on.
///
/// Returns
/// -------
/// float, or numpy.ndarray of shape (...)
///     The sum, compensated for rounding; 0 where there is no such diagonal.
///
/// Raises
/// ------
/// ValueError
///     If a has fewer than two axes.
///
/// Notes
/// -----
/// As ``numpy.linalg.trace``, of the last two axes; NaN and infinities go through.
///
/// Examples
/// --------
/// >>> from underhood.linalg import trace
/// >>> trace([[1, 2], [3, 4]]), trace([[1, 2], [3, 4]], offset=1)
/// (5.0, 2.0)
#[pyfunction]
#[pyo3(signature = (a, offset = Given::Default(0)), text_signature = "(a, offset=0)")]
pub(super) fn trace<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    offset: Given<'_, 'py, isize>,
) -> Outcome<Bound<'py, PyAny>> {
    let offset = option::place("trace", "offset", offset)?;
    to_python(py, each(py, "trace", "a", a, |m| Ok(core::trace(m, offset)))?)
}

/// Compute a norm: the length of a vector, the size of a matrix.
///
/// ‖x‖ₚ = (Σ|xᵢ|^p)^(1/p); the default is the length, p = 2.
///
/// Parameters
/// ----------
/// x : array_like
///     A vector, a matrix, or an array of them.
/// ord : int, float, "fro" or "nuc", optional
///     Which norm. The default is the root of the sum of squares, of all entries when there is no axis.
///
///     ======  =============================  ==================================
///     ord     of vectors                     of matrices
///     ======  =============================  ==================================
///     None    length, (Σxᵢ²)^½               Frobenius' norm
///     "fro"                                  (Σaᵢⱼ²)^½
///     "nuc"                                  sum of the singular values
///     inf     largest |xᵢ|                   largest sum of a row's magnitudes
///     -inf    smallest |xᵢ|                  smallest sum of a row's magnitudes
///     0       number of xᵢ ≠ 0
///     1       Σ|xᵢ|                          largest sum of a column's magnitudes
///     -1      (Σ|xᵢ|⁻¹)⁻¹                    smallest sum of a column's magnitudes
///     2       length                         largest singular value
///     -2      (Σ|xᵢ|⁻²)^-½                   smallest singular value
///     other   (Σ|xᵢ|^p)^(1/p)
///     ======  =============================  ==================================
/// axis : int or pair of ints, optional
///     One axis: norms of the vectors along it. Two: of the matrices whose rows are counted by the first and columns by the second.
///     Default: all of x, a vector or a matrix when ord is given.
/// keepdims : bool, optional
///     Whether the axes that were summed over stay, with length one.
///
/// Returns
/// -------
/// float or numpy.ndarray
///     The norm or norms.
///
/// Raises
/// ------
/// ValueError
///     If there is no such norm or axis; if singular values are needed of a matrix with NaN or infinities (other norms let them through).
///
/// Notes
/// -----
/// As ``numpy.linalg.norm``, with sums that are compensated and neither overflow nor underflow on the way: ``norm([1e300, 1e300])`` is
/// 1.4142135623730951e+300, where NumPy's is infinite. Beyond 1.8e308, infinity is returned. Source: Blue, ACM TOMS 4 (1978),
/// doi:10.1145/355769.355771.
///
/// Examples
/// --------
/// >>> from underhood.linalg import norm
/// >>> norm([3, 4])
/// 5.0
/// >>> norm([[3, 4], [5, 12]], axis=1)
/// array([ 5., 13.])
/// >>> norm([[1, 2], [3, 4]], ord=1)
/// 6.0
#[pyfunction]
#[pyo3(
    signature = (x, ord = None, axis = None, keepdims = Given::Default(false)),
    text_signature = "(x, ord=None, axis=None, keepdims=False)"
)]
pub(super) fn norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    ord: Option<&Bound<'py, PyAny>>,
    axis: Option<&Bound<'py, PyAny>>,
    keepdims: Given<'_, 'py, bool>,
) -> Outcome<Bound<'py, PyAny>> {
    let keepdims = option::flag("norm", "keepdims", keepdims)?;
    let x = array::array("norm", "x", x)?;
    let x = x.view();
    if ord.is_none() && axis.is_none() && !keepdims {
        return Ok(run(py, x.len(), || core::length(x)).into_pyobject(py).map_err(PyErr::from)?.into_any());
    }
    let order = ord.map(order).transpose()?;
    let axes = axis.map(|axis| axes("norm", "axis", axis)).transpose()?;
    to_python(py, run(py, x.len(), || core::norm(x, order, axes.as_deref(), keepdims))?)
}

/// A number, or the name of a norm.
fn order(ord: &Bound<'_, PyAny>) -> Outcome<NormOrder> {
    match ord.cast::<PyString>() {
        Ok(name) => Ok(name.to_cow()?.parse()?),
        Err(_) if array::is_number(ord) => Ok(NormOrder::Power(ord.extract()?)),
        Err(_) => Ok(NormOrder::Power(array::number("norm", "ord", ord)?)),
    }
}

/// One axis, or a tuple of them.
fn axes(function: &str, argument: &str, axis: &Bound<'_, PyAny>) -> Outcome<Vec<isize>> {
    let one = |axis: &Bound<'_, PyAny>| axis.extract::<isize>();
    let axes = match axis.cast::<PyTuple>() {
        Ok(several) => several.iter().map(|axis| one(&axis)).collect::<PyResult<_>>(),
        Err(_) => one(axis).map(|axis| vec![axis]),
    };
    Ok(axes.map_err(|_| {
        PyTypeError::new_err(format!("{function}: {argument} must be a whole number or a tuple of them"))
    })?)
}

/// Divide vectors by their length.
///
/// x / ‖x‖, the unit vector of the same direction.
///
/// Parameters
/// ----------
/// x : array_like
///     A vector, or an array of them.
/// ord : float, optional
///     Which norm becomes one: 2 (the default) the length, 1 the sum of magnitudes, inf the largest magnitude, or any other positive number.
/// axis : int, optional
///     The axis that the vectors lie along. Default: the last, so that a matrix has its rows normalised.
///
/// Returns
/// -------
/// numpy.ndarray, shape of x
///     The unit vectors. Empty where x is.
///
/// Raises
/// ------
/// ValueError
///     If a vector is zero and has no direction (the message says which), a number is NaN or infinite, ord is not positive, or x is a
///     single number.
///
/// Notes
/// -----
/// Right for vectors of any magnitude, down to 5e-324.
///
/// Examples
/// --------
/// >>> from underhood.linalg import normalize
/// >>> normalize([3, 4])
/// array([0.6, 0.8])
#[pyfunction]
#[pyo3(signature = (x, ord = Given::Default(2.0), axis = Given::Default(-1)), text_signature = "(x, ord=2.0, axis=-1)")]
pub(super) fn normalize<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    ord: Given<'_, 'py, f64>,
    axis: Given<'_, 'py, isize>,
) -> Outcome<Bound<'py, PyAny>> {
    let ord = option::number("normalize", "ord", ord)?;
    let axis = option::place("normalize", "axis", axis)?;
    let x = array::array("normalize", "x", x)?;
    let x = x.view();
    to_python(py, run(py, x.len(), || core::normalize(x, ord, axis))?)
}

/// Measure the angle between two vectors.
///
/// θ = 2 atan2(‖u/‖u‖ - v/‖v‖‖, ‖u/‖u‖ + v/‖v‖‖), which equals arccos(u·v / ‖u‖‖v‖) but keeps all digits of small angles.
///
/// Parameters
/// ----------
/// u, v : array_like, shape (n,)
///     The vectors.
/// degrees : bool, optional
///     Whether the angle is in degrees, 0 to 180; else in radians, 0 to π.
///
/// Returns
/// -------
/// float
///     The angle.
///
/// Raises
/// ------
/// ValueError
///     If the lengths differ, a vector is zero and has no direction, or a number is NaN or infinite.
///
/// Notes
/// -----
/// Source: Kahan, "How futile are mindless assessments of roundoff in floating-point computation?" (2006), section 12.
///
/// Examples
/// --------
/// >>> from underhood.linalg import angle
/// >>> angle([1, 0], [0, 5], degrees=True)
/// 90.0
/// >>> angle([1, 0], [1, 1e-12])
/// 1e-12
#[pyfunction]
#[pyo3(signature = (u, v, degrees = Given::Default(false)), text_signature = "(u, v, degrees=False)")]
pub(super) fn angle(
    py: Python<'_>,
    u: &Bound<'_, PyAny>,
    v: &Bound<'_, PyAny>,
    degrees: Given<'_, '_, bool>,
) -> Outcome<f64> {
    let degrees = option::flag("angle", "degrees", degrees)?;
    let (u, v) = (array::vector("angle", "u", u)?, array::vector("angle", "v", v)?);
    let (u, v) = (u.view(), v.view());
    let radians = run(py, u.len(), || core::angle(u, v))?;
    Ok(if degrees { radians.to_degrees() } else { radians })
}

/// Compare directions: the cosine of the angle between vectors.
///
/// u·v / (‖u‖‖v‖): 1 for the same direction, 0 for perpendicular ones, -1 for opposite ones.
///
/// Parameters
/// ----------
/// u : array_like, shape (n,) or (m, n)
///     A vector, or one in each row.
/// v : array_like, shape (n,) or (k, n), optional
///     What u is compared with. Default: u itself.
///
/// Returns
/// -------
/// float or numpy.ndarray
///     A number for two vectors; the table of u's rows against v's, shape (m, k), for two matrices; a vector where one is a vector.
///     Within [-1, 1]; of u with itself exactly symmetric, with ones on the diagonal.
///
/// Raises
/// ------
/// ValueError
///     If the lengths differ, a vector is zero and has no direction (scikit-learn calls its cosines 0), or a number is NaN or infinite.
///
/// See Also
/// --------
/// angle : The angle itself, with all its digits where directions nearly agree.
///
/// Examples
/// --------
/// >>> from underhood.linalg import cosine_similarity
/// >>> cosine_similarity([1, 0], [3, 4])
/// 0.6
/// >>> cosine_similarity([[1, 0], [0, 2]], [[3, 4]])
/// array([[0.6],
///        [0.8]])
#[pyfunction]
#[pyo3(signature = (u, v = None))]
pub(super) fn cosine_similarity<'py>(
    py: Python<'py>,
    u: &Bound<'py, PyAny>,
    v: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let u = array::array("cosine_similarity", "u", u)?;
    let v = v.map(|v| array::array("cosine_similarity", "v", v)).transpose()?;
    let (u, v) = (u.view(), v.as_ref().map(array::Array::view));
    to_python(py, run(py, u.len(), || core::cosine_similarity(u, v))?)
}

/// Project vectors onto a line or a subspace: the nearest point there.
///
/// Onto the line through v, (u·v / v·v) v; onto the column space of a matrix, QQᵀu with an orthonormal basis in Q's columns.
///
/// Parameters
/// ----------
/// u : array_like, shape (n,) or (m, n)
///     A vector, or one in each row.
/// onto : array_like, shape (n,) or (n, k)
///     A vector that gives the line's direction, or a matrix whose columns span the subspace (they may depend on each other).
///
/// Returns
/// -------
/// numpy.ndarray, shape of u
///     The projections. What is left, u minus its projection, is perpendicular to the line or subspace.
///
/// Raises
/// ------
/// ValueError
///     If the numbers of components differ, the line's vector is zero, or a number is NaN or infinite.
///
/// See Also
/// --------
/// projection_matrix : The matrix QQᵀ itself.
///
/// Notes
/// -----
/// Source: Strang, Introduction to Linear Algebra, chapter 4.
///
/// Examples
/// --------
/// >>> from underhood.linalg import project
/// >>> project([3, 4], onto=[1, 1])
/// array([3.5, 3.5])
/// >>> project([1, 2, 3], onto=[[1, 0], [0, 1], [0, 0]]).round(12)
/// array([1., 2., 0.])
#[pyfunction]
pub(super) fn project<'py>(
    py: Python<'py>,
    u: &Bound<'py, PyAny>,
    onto: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    let (u, onto) = (array::array("project", "u", u)?, array::array("project", "onto", onto)?);
    let (u, onto) = (u.view(), onto.view());
    to_python(py, run(py, u.len() + onto.len(), || core::project(u, onto))?)
}

/// Measure the signed distance of points from a hyperplane.
///
/// (wᵀx + b) / ‖w‖, the distance of x from the hyperplane wᵀx + b = 0: positive on the side that w points to, negative on the other.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,) or (m, n)
///     A point, or one in each row.
/// w : array_like, shape (n,)
///     The weights, a vector perpendicular to the hyperplane.
/// b : float, optional
///     The intercept (bias). Default: 0, a hyperplane through the origin.
///
/// Returns
/// -------
/// float or numpy.ndarray of shape (m,)
///     The distances.
///
/// Raises
/// ------
/// ValueError
///     If a point has another number of components than w, w is zero, or a number is NaN or infinite.
///
/// Notes
/// -----
/// This is the picture behind the perceptron: it answers 1 where the distance is positive, and errs on a point whose distance has the
/// wrong sign; the smallest distance of all points is the margin of the separation, on which the number of its mistakes depends (Novikoff
/// 1962). wᵀx + b is summed with 32 digits, since it cancels near the hyperplane.
///
/// Examples
/// --------
/// >>> from underhood.linalg import hyperplane_distance
/// >>> hyperplane_distance([[0, 0], [3, 4]], [3, 4], -5)
/// array([-1.,  4.])
#[pyfunction]
#[pyo3(signature = (x, w, b = None))]
pub(super) fn hyperplane_distance<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    w: &Bound<'py, PyAny>,
    b: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    const FUNCTION: &str = "hyperplane_distance";
    let (x, w) = (array::array(FUNCTION, "x", x)?, array::vector(FUNCTION, "w", w)?);
    let b = b.map_or(Ok(0.0), |b| array::number(FUNCTION, "b", b))?;
    let (x, w) = (x.view(), w.view());
    to_python(py, run(py, x.len(), || core::hyperplane_distance(x, w, b))?)
}
