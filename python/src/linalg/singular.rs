//! Binds the singular value decomposition and what rests on it: pseudo-inverse, rank, condition number.

use numpy::PyArrayDyn;
use numpy::ndarray::Axis;
use pyo3::prelude::*;
use pyo3::types::PyString;
use underhood::check;
use underhood::linalg::{self as core, ConditionNorm, Negligible, stack};

use super::{each, to_python};
use crate::array;
use crate::error::{Failure, Outcome};
use crate::option::{self, Given};
use crate::runtime::{check_signals, run};

/// U, S and Vh, as a tuple; S alone without `compute_uv`.
#[pyfunction]
#[pyo3(
    signature = (a, full_matrices = Given::Default(true), compute_uv = Given::Default(true), hermitian = Given::Default(false)),
    text_signature = "(a, full_matrices=True, compute_uv=True, hermitian=False)"
)]
pub(super) fn svd<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    full_matrices: Given<'_, 'py, bool>,
    compute_uv: Given<'_, 'py, bool>,
    hermitian: Given<'_, 'py, bool>,
) -> Outcome<Bound<'py, PyAny>> {
    let read = |argument, given| option::flag("svd", argument, given);
    let (full_matrices, compute_uv) = (read("full_matrices", full_matrices)?, read("compute_uv", compute_uv)?);
    let hermitian = read("hermitian", hermitian)?;
    let a = array::stack("svd", "a", a)?;
    let (view, numbers) = (a.view(), a.view().len());
    if !compute_uv {
        let work = || core::singular_values_of_stack::<Failure>("svd", view, hermitian, check_signals);
        return Ok(PyArrayDyn::from_owned_array(py, run(py, numbers, work)?).into_any());
    }
    let work = || core::svd_of_stack::<Failure>(view, full_matrices, hermitian, check_signals);
    let (u, s, vh) = run(py, numbers, work)?;
    let array = |part| PyArrayDyn::from_owned_array(py, part);
    Ok((array(u), array(s), array(vh)).into_pyobject(py)?.into_any())
}

/// Compute the singular values of a matrix.
///
/// How far the matrix stretches along its principal directions: the half-axes of the ellipsoid that it makes of the unit ball. Quicker than
/// :func:`svd`, which gives the directions as well.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., min(m, n))
///     The singular values, in falling order, none negative.
///
/// Raises
/// ------
/// ValueError
///     If a number is NaN or infinite, or a singular value is beyond the range of doubles.
///
/// Notes
/// -----
/// Errors stay within a few ε·max(m, n) times the largest value; those of a bidiagonal matrix within a few n·ε of each value itself.
/// Source: Golub and Kahan (1965), doi:10.1137/0702016; Fernando and Parlett (1994), doi:10.1007/s002110050024.
///
/// Examples
/// --------
/// >>> from underhood.linalg import svdvals
/// >>> svdvals([[0, 2], [-3, 0]])
/// array([3., 2.])
#[pyfunction]
pub(super) fn svdvals<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let a = array::stack("svdvals", "a", a)?;
    let (view, numbers) = (a.view(), a.view().len());
    let work = || core::singular_values_of_stack::<Failure>("svdvals", view, false, check_signals);
    Ok(PyArrayDyn::from_owned_array(py, run(py, numbers, work)?))
}

/// Compute the pseudo-inverse of a matrix of any shape and rank.
///
/// A⁺ = VΣ⁺Uᵀ, where Σ⁺ inverts the singular values that are not negligible. It is the only matrix with AA⁺A = A and A⁺AA⁺ = A⁺ whose
/// products AA⁺ and A⁺A are symmetric; A⁺b is the shortest x that makes ‖Ax - b‖ smallest.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., m, n)
///     The matrix, or a stack of them.
/// rcond : float, optional
///     Singular values up to rcond times the largest count as zero. Default: ε·max(m, n), about 2.2e-16·max(m, n).
/// hermitian : bool
///     Whether a must be symmetric; it is then checked.
/// rtol : float, optional
///     Another name for rcond; only one of them may be given.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n, m)
///     The pseudo-inverse; symmetric to the last bit when a is.
///
/// Raises
/// ------
/// ValueError
///     If a number is NaN or infinite, the tolerance is negative, a is not symmetric where it must be, or the result is beyond the range
///     of doubles.
///
/// Notes
/// -----
/// Differs from NumPy in the default tolerance, which there is 1e-15 whatever the size (and ε·max(m, n) with ``rtol=None``).
/// Source: Penrose (1955), doi:10.1017/S0305004100030401.
///
/// Examples
/// --------
/// >>> from underhood.linalg import pinv
/// >>> pinv([[1], [2]]).round(12)
/// array([[0.2, 0.4]])
#[pyfunction]
#[pyo3(
    signature = (a, rcond = None, hermitian = Given::Default(false), *, rtol = None),
    text_signature = "(a, rcond=None, hermitian=False, *, rtol=None)"
)]
pub(super) fn pinv<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    rcond: Option<&Bound<'py, PyAny>>,
    hermitian: Given<'_, 'py, bool>,
    rtol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    const FUNCTION: &str = "pinv";
    let hermitian = option::flag(FUNCTION, "hermitian", hermitian)?;
    let rtol = option::optional_number(FUNCTION, "rtol", rtol)?;
    let rcond = only_one(FUNCTION, ("rcond", option::optional_number(FUNCTION, "rcond", rcond)?), rtol)?;
    if let Some(rtol) = rtol {
        // The core knows it by its other name.
        check::in_range(FUNCTION, "rtol", rtol, rtol >= 0.0, "zero or a positive number")?;
    }
    let rcond = rcond.or(rtol);
    Ok(PyArrayDyn::from_owned_array(py, each(py, "pinv", "a", a, |m| core::pinv(m, rcond, hermitian))?))
}

/// Count the independent columns of a matrix.
///
/// The number of singular values that are not negligible.
///
/// Parameters
/// ----------
/// A : array_like, shape (..., m, n)
///     The matrix, or a stack of them. A vector or a number has rank 0 if it is zero, otherwise 1.
/// tol : float, optional
///     Singular values up to tol count as zero. Default: ε·max(m, n) times the largest, which is what rounding the entries can do.
/// hermitian : bool
///     Whether A must be symmetric; it is then checked.
/// rtol : float, optional
///     The tolerance as a multiple of the largest singular value; only one of tol and rtol may be given.
///
/// Returns
/// -------
/// int
///     The rank; for a stack an array of them.
///
/// Raises
/// ------
/// ValueError
///     If a number is NaN or infinite, the tolerance is negative, or A is not symmetric where it must be.
///
/// Notes
/// -----
/// Source: Golub and Van Loan, Matrix Computations, §5.4.
///
/// Examples
/// --------
/// >>> from underhood.linalg import matrix_rank
/// >>> matrix_rank([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
/// 2
#[pyfunction]
#[pyo3(
    signature = (A, tol = None, hermitian = Given::Default(false), *, rtol = None),
    text_signature = "(A, tol=None, hermitian=False, *, rtol=None)"
)]
#[expect(non_snake_case, reason = "the argument's name is NumPy's")]
pub(super) fn matrix_rank<'py>(
    py: Python<'py>,
    A: &Bound<'py, PyAny>,
    tol: Option<&Bound<'py, PyAny>>,
    hermitian: Given<'_, 'py, bool>,
    rtol: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    const FUNCTION: &str = "matrix_rank";
    let hermitian = option::flag(FUNCTION, "hermitian", hermitian)?;
    let rtol = option::optional_number(FUNCTION, "rtol", rtol)?;
    let tol = option::optional_number(FUNCTION, "tol", tol)?;
    let absolute = only_one(FUNCTION, ("tol", tol), rtol)?.map(Negligible::Absolute);
    let negligible = absolute.or(rtol.map(Negligible::Relative)).unwrap_or_default();
    let array = array::array(FUNCTION, "A", A)?;
    let mut view = array.view();
    while view.ndim() < 2 {
        view = view.insert_axis(Axis(0));
    }
    let rank = |m: numpy::ndarray::ArrayView2<'_, f64>| core::matrix_rank(m, negligible, hermitian);
    let ranks = run(py, view.len(), || stack::map::<_, Failure>(view, rank, check_signals))?;
    to_python(py, ranks.mapv(|rank| rank as i64))
}

/// Compute the condition number of a matrix, ‖x‖·‖x⁻¹‖.
///
/// By how much solving with the matrix can magnify a relative error; its decimal logarithm is the number of digits that may be lost.
///
/// Parameters
/// ----------
/// x : array_like, shape (..., m, n)
///     The matrix, or a stack of them; square unless p is 2 or -2.
/// p : {None, 2, -2, 1, -1, inf, -inf, "fro", "nuc"}
///     The norm. None and 2: largest through smallest singular value; -2: the other way round; 1 and inf: largest sum of magnitudes in a
///     column, in a row; -1 and -inf: the smallest; "fro": root of the sum of all squares; "nuc": sum of the singular values.
///
/// Returns
/// -------
/// float
///     The condition number, infinite for a singular matrix; for a stack an array of them.
///
/// Raises
/// ------
/// ValueError
///     If a number is NaN or infinite, x has no entries or is not square where it must be, or p is unknown.
///
/// Notes
/// -----
/// In the norms ±2 rounding may leave about 1e16 for a matrix that is singular; in the others one of small whole numbers is judged
/// exactly. Differs from NumPy, where NaN goes through. Source: Higham, Accuracy and Stability of Numerical Algorithms, chapter 6.
///
/// Examples
/// --------
/// >>> from underhood.linalg import cond
/// >>> cond([[4, 0], [0, 0.5]])
/// 8.0
#[pyfunction]
#[pyo3(signature = (x, p = None))]
pub(super) fn cond<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    p: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    let norm: ConditionNorm = match p {
        None => ConditionNorm::default(),
        Some(name) if name.is_instance_of::<PyString>() => name.extract::<String>()?.parse()?,
        Some(number) => array::number("cond", "p", number)?.to_string().parse()?,
    };
    to_python(py, each(py, "cond", "x", x, |m| core::cond(m, norm))?)
}

/// Refuses two tolerances; gives the first.
fn only_one(function: &'static str, first: (&'static str, Option<f64>), rtol: Option<f64>) -> Outcome<Option<f64>> {
    if let (Some(_), Some(_)) = (first.1, rtol) {
        let problem = "and rtol are both given, but only one tolerance can hold".into();
        return Err(underhood::Error::Invalid { function, argument: first.0, problem }.into());
    }
    Ok(first.1)
}
