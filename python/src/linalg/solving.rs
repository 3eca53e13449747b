//! Binds what elimination answers: systems, inverses, determinants, and Cholesky's root.

use numpy::ndarray::ArrayD;
use numpy::{PyArrayDyn, ToPyArray};
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::prelude::*;
use underhood::linalg::{self as core, stack};

use super::{to_python, warn};
use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime::{check_signals, run};

pyo3::import_exception!(underhood._errors, IllConditionedWarning);

/// Results for Python, with a warning for the worst of them. A few numbers are copied sooner than an owner for them is made.
fn judged<'py>(py: Python<'py>, result: stack::Stacked) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    warn(py, &py.get_type::<IllConditionedWarning>(), result.warning)?;
    Ok(given(py, result.values))
}

fn given(py: Python<'_>, values: ArrayD<f64>) -> Bound<'_, PyArrayDyn<f64>> {
    const FEW: usize = 1024;
    if values.len() <= FEW { values.to_pyarray(py) } else { PyArrayDyn::from_owned_array(py, values) }
}

/// Solve the system of linear equations a x = b.
///
/// Elimination with partial pivoting, PA = LU. When the residual or a first estimate of the condition number shows that this was
/// not enough, the solution is refined with residuals in doubled precision.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix of coefficients, or a stack of them.
/// b : array_like, shape (n,) or (..., n, k)
///     One right-hand side, or one in each column of a matrix, or a stack of those; axes in front of the last two are broadcast against
///     a's. As in NumPy 2, b is a vector only when it has one axis.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n) or (..., n, k)
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
///     If the condition number κ₁ exceeds 1e12: numbers that were rounded to 16 digits then determine fewer than four digits of x. Of a
///     stack, the worst matrix is named with its index.
///
/// Notes
/// -----
/// Differs from NumPy: NaN is refused, and near singularity is reported.
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
    let (a, b) = (array::stack("solve", "a", a)?, array::array("solve", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let solution = run(py, a.len() + b.len(), || stack::solve(a, b, check_signals))?;
    judged(py, solution)
}

/// Solve a triangular system of linear equations, a x = b.
///
/// By substitution, one unknown after the other. Only the triangle that is asked for is read.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The triangle, or a stack of them.
/// b : array_like, shape (n,) or (..., n, k)
///     Right-hand sides, as for :func:`solve`.
/// trans : {0, 1, 2, "N", "T", "C"}, default 0
///     Solve a x = b (0, "N") or aᵀ x = b (1, "T"; 2 and "C" are the same for real numbers).
/// lower : bool, default False
///     Whether a is lower triangular; by default it is upper triangular.
/// unit_diagonal : bool, default False
///     Whether to take the diagonal for ones, without reading it.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n) or (..., n, k)
///     The solution.
///
/// Raises
/// ------
/// LinAlgError
///     If a number on the diagonal is zero; the message names it.
/// ValueError
///     If the shapes do not fit, a number that is read is NaN or infinite, or the solution is beyond the range of doubles.
///
/// Warns
/// -----
/// IllConditionedWarning
///     If the triangle's condition number κ₁ exceeds 1e12.
///
/// Notes
/// -----
/// The names are SciPy's. Source: Higham, Accuracy and Stability of Numerical Algorithms, chapter 8.
///
/// Examples
/// --------
/// >>> from underhood.linalg import solve_triangular
/// >>> solve_triangular([[2, 0], [1, 4]], [2, 9], lower=True)
/// array([1., 2.])
#[pyfunction]
#[pyo3(
    signature = (a, b, trans = None, lower = Given::Default(false), unit_diagonal = Given::Default(false)),
    text_signature = "(a, b, trans=0, lower=False, unit_diagonal=False)"
)]
pub(super) fn solve_triangular<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    trans: Option<&Bound<'py, PyAny>>,
    lower: Given<'_, 'py, bool>,
    unit_diagonal: Given<'_, 'py, bool>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    const FUNCTION: &str = "solve_triangular";
    let trans = trans.map_or_else(|| Ok("0".to_owned()), |value| value.str().map(|text| text.to_string()))?;
    let lower = option::flag(FUNCTION, "lower", lower)?;
    let unit_diagonal = option::flag(FUNCTION, "unit_diagonal", unit_diagonal)?;
    let transposed = core::is_transposed(FUNCTION, "trans", &trans)?;
    let (a, b) = (array::stack(FUNCTION, "a", a)?, array::array(FUNCTION, "b", b)?);
    let (a, b) = (a.view(), b.view());
    let solution = run(py, a.len() + b.len(), || {
        stack::solve_triangular(a, b, (transposed, lower, unit_diagonal), check_signals)
    })?;
    judged(py, solution)
}

/// Invert a square matrix.
///
/// The matrix a⁻¹ with a⁻¹ a = a a⁻¹ = I. To solve a x = b, :func:`solve` is quicker and more accurate.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n, n)
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
///     If the condition number κ₁ = ‖a‖₁‖a⁻¹‖₁ exceeds 1e12. Of a stack, the worst matrix is named with its index.
///
/// Examples
/// --------
/// >>> from underhood.linalg import inv
/// >>> inv([[2, 0], [0, 4]])
/// array([[0.5 , 0.  ],
///        [0.  , 0.25]])
#[pyfunction]
pub(super) fn inv<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let a = array::stack("inv", "a", a)?;
    let a = a.view();
    let result = run(py, a.len(), || stack::inv(a, check_signals))?;
    judged(py, result)
}

/// Compute the determinant of a square matrix.
///
/// The factor by which a changes volume, with a sign that tells whether it mirrors; zero exactly when a is singular. It is the product of
/// the pivots of elimination.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them. One without rows has determinant 1.
///
/// Returns
/// -------
/// float or numpy.ndarray, shape (...)
///     The determinant, an array of them for a stack; exact for whole numbers that are small enough (every 3×3 with entries below 1,000).
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
pub(super) fn det<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let a = array::stack("det", "a", a)?;
    let a = a.view();
    let found = run(py, a.len(), || stack::determinants("det", a, check_signals))?;
    warn(py, &py.get_type::<PyRuntimeWarning>(), found.warning)?;
    to_python(py, found.values)
}

/// Sign and logarithm of the determinant, as a pair.
#[pyfunction]
pub(super) fn slogdet<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let a = array::stack("slogdet", "a", a)?;
    let a = a.view();
    let found = run(py, a.len(), || stack::determinants("slogdet", a, check_signals))?;
    Ok((to_python(py, found.signs)?, to_python(py, found.logarithms)?))
}

/// Factor a symmetric positive definite matrix: a = L Lᵀ.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
/// upper : bool, default False
///     Whether to return U = Lᵀ, with a = UᵀU, instead of L.
/// UPLO : {"L", "U"}, optional
///     Read only the lower or the upper triangle. By default a must be symmetric, and both are compared.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n, n)
///     L: lower triangular, with a positive diagonal; or its transpose.
///
/// Raises
/// ------
/// LinAlgError
///     If a is not positive definite; the message names the pivot.
/// ValueError
///     If a is not square or not symmetric (mirrored entries may differ by 1e-10 relative, or 8·n·ε of the largest), or a number is NaN
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
#[pyo3(
    signature = (a, /, *, upper = Given::Default(false), UPLO = None),
    text_signature = "(a, /, *, upper=False, UPLO=None)"
)]
#[expect(non_snake_case, reason = "the argument's name is NumPy's")]
pub(super) fn cholesky<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    upper: Given<'_, 'py, bool>,
    UPLO: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let upper = option::flag("cholesky", "upper", upper)?;
    let triangle = core::Triangle::named("cholesky", option::optional_name("cholesky", "UPLO", UPLO)?.as_deref())?;
    let a = array::stack("cholesky", "a", a)?;
    let a = a.view();
    let roots = run(py, a.len(), || stack::cholesky(a, triangle, upper, check_signals))?;
    Ok(given(py, roots))
}
