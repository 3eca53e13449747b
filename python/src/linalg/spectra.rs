//! Binds eigenvalues, Schur's form and functions of matrices.

use numpy::PyArrayDyn;
use numpy::ndarray::IxDyn;
use pyo3::prelude::*;
use underhood::linalg::{self as core, Numbers};

use super::{each, to_python};
use crate::array;
use crate::error::{Failure, Outcome};
use crate::option::{self, Given};
use crate::runtime::{check_signals, run};

/// A real array for Python, or a complex one.
fn numbers<'py>(py: Python<'py>, numbers: Numbers<IxDyn>) -> Bound<'py, PyAny> {
    match numbers {
        Numbers::Real(array) => PyArrayDyn::from_owned_array(py, array).into_any(),
        Numbers::Complex(array) => PyArrayDyn::from_owned_array(py, array).into_any(),
    }
}

type Two<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Eigenvalues and eigenvectors, as a pair.
#[pyfunction]
pub(super) fn eig<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Two<'py>> {
    let (values, vectors) = each(py, "eig", "a", a, |a| core::eig(a).map(|e| (e.eigenvalues, e.eigenvectors)))?;
    Ok((numbers(py, values), numbers(py, vectors)))
}

/// Compute the eigenvalues of a square matrix.
///
/// The numbers λ for which a v = λ v has a solution other than zero. They are the roots of det(a - λ I), but are not computed as such.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// numpy.ndarray, shape (..., n)
///     The eigenvalues by rising real part; of a conjugate pair, the one with the positive imaginary part first. Real when all are
///     real, complex otherwise (a stack is complex when any of its matrices has complex ones).
///
/// Raises
/// ------
/// ValueError
///     If a is not square, a number is NaN or infinite, or an eigenvalue is beyond the range of doubles.
///
/// See Also
/// --------
/// eig : The same with eigenvectors.
///
/// Notes
/// -----
/// The errors are those of a change of a by a few n·ε‖b‖, where b is a, balanced: rows and columns are first scaled by powers of two so that the norm
/// becomes small. Matrices whose entries differ by hundreds of orders of magnitude keep their accuracy. Source: Golub and Van Loan,
/// Matrix Computations, chapter 7.
///
/// Examples
/// --------
/// >>> from underhood.linalg import eigvals
/// >>> eigvals([[0, 1], [-1, 0]])
/// array([0.+1.j, 0.-1.j])
#[pyfunction]
pub(super) fn eigvals<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    Ok(numbers(py, each(py, "eigvals", "a", a, core::eigvals)?))
}

/// T and Z, as a pair.
#[pyfunction]
#[pyo3(signature = (a, output = Given::Default("real")), text_signature = "(a, output='real')")]
pub(super) fn schur<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    output: Given<'_, 'py, &'static str>,
) -> Outcome<Two<'py>> {
    let output: core::SchurOutput = option::name("schur", "output", output)?.parse()?;
    let (t, z) = each(py, "schur", "a", a, |a| core::schur(a, output).map(|f| (f.t, f.z)))?;
    Ok((numbers(py, t), numbers(py, z)))
}

/// Tell whether a square matrix has a basis of eigenvectors.
///
/// If so, a = P D P⁻¹ with a diagonal D. Matrices with distinct eigenvalues are diagonalizable, and symmetric ones; a Jordan block such as
/// [[1, 1], [0, 1]] is not, because its eigenvalue counts twice but has one eigenvector only.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// bool or numpy.ndarray of bool, shape (...)
///     Whether there is such a basis, of real or complex vectors.
///
/// Raises
/// ------
/// ValueError
///     If a is not square, or a number is NaN or infinite.
///
/// Notes
/// -----
/// In doubles the question has an answer only up to rounding: a counts as defective when a change by a few dozen n·ε‖a‖ makes it so, and an entry
/// smaller than that counts as zero. Source: Demmel, Numer. Math. 51 (1987), doi:10.1007/BF01400115.
///
/// Examples
/// --------
/// >>> from underhood.linalg import is_diagonalizable
/// >>> is_diagonalizable([[1, 1], [0, 1]]), is_diagonalizable([[1, 1], [0, 2]])
/// (False, True)
#[pyfunction]
pub(super) fn is_diagonalizable<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    to_python(py, each(py, "is_diagonalizable", "a", a, core::is_diagonalizable)?)
}

/// P and D, as a pair.
#[pyfunction]
pub(super) fn diagonalize<'py>(py: Python<'py>, a: &Bound<'py, PyAny>) -> Outcome<Two<'py>> {
    let (p, d) = each(py, "diagonalize", "a", a, |a| core::diagonalize(a).map(|f| (f.p, f.d)))?;
    Ok((numbers(py, p), numbers(py, d)))
}

/// Raise a square matrix to a whole power.
///
/// aⁿ = a·a···a by repeated squaring; a⁰ is the identity, and negative powers are those of the inverse.
///
/// Parameters
/// ----------
/// a : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
/// n : int
///     The power.
///
/// Returns
/// -------
/// numpy.ndarray, shape of a
///     The power; symmetric to the last bit when a is, and exact for whole numbers while they stay below 2⁵³.
///
/// Raises
/// ------
/// LinAlgError
///     If n is negative and a is singular.
/// ValueError
///     If a is not square, or n is negative and a number is NaN or infinite (else they go through, as in all products).
///
/// Notes
/// -----
/// An entry beyond the range of doubles comes out as an infinity of its sign. The result is always an array of doubles.
///
/// Examples
/// --------
/// >>> from underhood.linalg import matrix_power
/// >>> matrix_power([[1, 1], [1, 0]], 10)
/// array([[89., 55.],
///        [55., 34.]])
#[pyfunction]
pub(super) fn matrix_power<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyAny>> {
    let n = array::integer("matrix_power", "n", n)?;
    let a = array::stack("matrix_power", "a", a)?;
    let a = a.view();
    to_python(py, run(py, a.len(), || core::matrix_powers::<Failure>(a, n, check_signals))?)
}

/// Compute the exponential of a square matrix.
///
/// e^A = I + A + A²/2! + A³/3! + …: the solution of x' = A x is x(t) = e^(tA) x(0).
///
/// Parameters
/// ----------
/// A : array_like, shape (..., n, n)
///     The matrix, or a stack of them.
///
/// Returns
/// -------
/// numpy.ndarray, shape of A
///     The exponential; symmetric to the last bit when A is.
///
/// Raises
/// ------
/// ValueError
///     If A is not square, a number is NaN or infinite, or the exponential has entries beyond the range of doubles.
///
/// Notes
/// -----
/// The relative error is a small multiple of ε times the condition number of the exponential at A, which is at least ‖A‖. Entries that are
/// too small for a double are zero. Source: scaling and squaring by Al-Mohy and Higham, SIAM J. Matrix Anal. Appl. 31 (2009),
/// doi:10.1137/09074721X.
///
/// Examples
/// --------
/// >>> from underhood.linalg import expm
/// >>> expm([[0, -1], [1, 0]]).round(12)
/// array([[ 0.54030231, -0.84147098],
///        [ 0.84147098,  0.54030231]])
#[pyfunction]
#[pyo3(signature = (A))]
#[allow(non_snake_case, reason = "SciPy's name")]
pub(super) fn expm<'py>(py: Python<'py>, A: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let a = array::stack("expm", "A", A)?;
    let a = a.view();
    to_python(py, run(py, a.len(), || core::matrix_exponentials::<Failure>(a, check_signals))?)
}
