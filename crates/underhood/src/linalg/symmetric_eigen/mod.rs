//! Eigenvalues and eigenvectors of symmetric matrices, A = V·Λ·Vᵀ: the spectral theorem, computed.
//!
//! Three steps: reflections bring A to tridiagonal form (`tridiagonal`); the tridiagonal eigenproblem is solved by QL sweeps
//! when small (`implicit_ql`) and by divide and conquer when large (`divide`, `secular`); and its eigenvectors are reflected back.
//! Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, chapter 8.

mod decomposition;
mod divide;
mod implicit_ql;
mod input;
mod secular;
mod storage;
mod tridiagonal;

use ndarray::{Array1, Array2, ArrayView2};

pub use decomposition::{SpectralDecomposition, spectral_decomposition};

use super::orientation;
use super::triangle::Triangle;
use crate::check;
use crate::error::{Error, Result};

/// A = V·Λ·Vᵀ.
#[derive(Debug, Clone, PartialEq)]
pub struct SymmetricEigen {
    /// The eigenvalues, rising.
    pub values: Array1<f64>,
    /// Column j is the eigenvector of eigenvalue j: of length one, orthogonal to the others.
    pub vectors: Array2<f64>,
}

/// Eigenvalues, rising, and orthonormal eigenvectors of a symmetric matrix: A = V·Λ·Vᵀ.
///
/// Of the two unit vectors ±v the one is given whose first component that is at least 7/10 as large as the largest is positive. For
/// every matrix, ‖A·V − V·Λ‖ stays within a few n·ε·‖A‖ and ‖VᵀV − I‖ within a few n·ε; eigenvalues much smaller than the largest one
/// have that absolute error, not that relative one.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities in what is read, [`Error::NotSymmetric`] with
/// [`Triangle::Both`], [`Error::Invalid`] when an eigenvalue exceeds the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Triangle, eigh};
///
/// let e = eigh(array![[2.0, 1.0], [1.0, 2.0]].view(), Triangle::Both)?;
/// assert!((&e.values - &array![1.0, 3.0]).iter().all(|d| d.abs() < 1e-15));
/// let half = 0.5_f64.sqrt();
/// assert!((&e.vectors - &array![[half, half], [-half, half]]).iter().all(|d| d.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eigh(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<SymmetricEigen> {
    vectors_and_values("eigh", a, triangle)
}

/// [`eigh`] on behalf of another function, whose name errors carry.
pub(super) fn vectors_and_values(
    function: &'static str,
    a: ArrayView2<'_, f64>,
    triangle: Triangle,
) -> Result<SymmetricEigen> {
    let n = check::square(function, "a", a)?;
    let stride = n.next_multiple_of(storage::LANES);
    check::room(function, "working memory", &[4, stride, stride])?;
    let mut work = vec![0.0; stride * stride];
    let exponent = input::read(function, a, triangle, &mut work, stride)?;

    let mut diagonals = vec![0.0; 3 * n + 4 * stride];
    let (d, rest) = diagonals.split_at_mut(n);
    let (e, rest) = rest.split_at_mut(n);
    let (tau, scratch) = rest.split_at_mut(n);
    let reflections = tridiagonal::reduce(&mut work, stride, d, e, tau, scratch);
    let mut z = vec![0.0; stride * stride];
    let order = divide::decompose(d, e, &mut z, stride);
    reflections.apply(&mut z, n);

    let mut values = Array1::zeros(n);
    let mut vectors = Array2::zeros((n, n));
    for ((&place, value), mut row) in order.iter().zip(&mut values).zip(vectors.rows_mut()) {
        *value = scale_back(function, d[place], exponent)?;
        let column = &z[place * stride..place * stride + n];
        let sign = orientation::sign(column.iter().copied());
        row.iter_mut().zip(column).for_each(|(x, v)| *x = sign * v);
    }
    Ok(SymmetricEigen { values, vectors: vectors.reversed_axes() })
}

/// The eigenvalues of a symmetric matrix, rising: as [`eigh`] gives them up to rounding, in less than half the time.
///
/// # Errors
/// Those of [`eigh`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Triangle, eigvalsh};
///
/// let values = eigvalsh(array![[2.0, 1.0], [1.0, 2.0]].view(), Triangle::Both)?;
/// assert!((&values - &array![1.0, 3.0]).iter().all(|d| d.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eigvalsh(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<Array1<f64>> {
    let n = check::square("eigvalsh", "a", a)?;
    let stride = n.next_multiple_of(storage::LANES);
    check::room("eigvalsh", "working memory", &[stride, stride])?;
    let mut work = vec![0.0; stride * stride];
    let exponent = input::read("eigvalsh", a, triangle, &mut work, stride)?;
    let mut diagonals = vec![0.0; 3 * n + 4 * stride];
    let (d, rest) = diagonals.split_at_mut(n);
    let (e, rest) = rest.split_at_mut(n);
    let (tau, scratch) = rest.split_at_mut(n);
    tridiagonal::reduce(&mut work, stride, d, e, tau, scratch);
    divide::values_only(d, e);
    d.sort_unstable_by(f64::total_cmp);
    d.iter().map(|&value| scale_back("eigvalsh", value, exponent)).collect()
}

fn scale_back(function: &'static str, value: f64, exponent: i32) -> Result<f64> {
    // No negative zeros: the sign of nothing is rounding's.
    let value = if exponent == 0 { value } else { libm::ldexp(value, exponent) } + 0.0;
    if value.is_finite() {
        return Ok(value);
    }
    let problem = "has an eigenvalue beyond the range of doubles (1.8e308): scale the matrix down".into();
    Err(Error::Invalid { function, argument: "a", problem })
}
