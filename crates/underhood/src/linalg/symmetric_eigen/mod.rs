//! Eigenvalues and eigenvectors of symmetric matrices, A = V·Λ·Vᵀ: the spectral theorem, computed.
//!
//! Up to four rows, Jacobi's rotations in the lanes of the vector unit (`jacobi_lanes`, `many`). Above, three steps: reflections bring A to tridiagonal form (`tridiagonal`); the tridiagonal eigenproblem is solved by QL sweeps
//! when small (`implicit_ql`) and by divide and conquer when large (`divide`, `secular`); and its eigenvectors are reflected back.
//! Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, chapter 8.

mod decomposition;
mod divide;
mod implicit_ql;
mod input;
mod jacobi_lanes;
mod many;
mod secular;
mod storage;
mod tridiagonal;

use ndarray::{Array1, Array2, ArrayView2};

pub use decomposition::{SpectralDecomposition, spectral_decomposition};
pub use many::{eigh_stack, eigvalsh_stack};

use super::orientation;
use super::triangle::Triangle;
use crate::check;
use crate::error::{Error, Result};
use crate::simd::dot;
use storage::LANES;

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
    if let Some(eigen) = few_rows(a, triangle) {
        return Ok(eigen);
    }
    match n {
        0..=8 => in_memory(function, a, triangle, &mut [0.0; 2 * 8 * 8 + 8 * 8]),
        9..=16 => in_memory(function, a, triangle, &mut [0.0; 2 * 16 * 16 + 8 * 16]),
        _ => {
            let stride = n.next_multiple_of(LANES);
            check::room(function, "working memory", &[4, stride, stride])?;
            in_memory(function, a, triangle, &mut vec![0.0; 2 * stride * stride + 8 * stride])
        }
    }
}

/// Matrices of two to four rows that ask for no special care.
fn few_rows(a: ArrayView2<'_, f64>, triangle: Triangle) -> Option<SymmetricEigen> {
    let n = a.nrows();
    if !(2..=jacobi_lanes::LIMIT).contains(&n) {
        return None;
    }
    let mut entries = [0.0; jacobi_lanes::LIMIT * jacobi_lanes::LIMIT];
    entries.iter_mut().zip(a).for_each(|(to, v)| *to = *v);
    let (mut values, mut vectors) = (Array1::zeros(n), Array2::zeros((n, n)));
    let fit = match (values.as_slice_mut(), vectors.as_slice_mut()) {
        (Some(values), Some(vectors)) => jacobi_lanes::solve(n, &entries[..n * n], triangle, values, vectors)[0],
        _ => false,
    };
    fit.then_some(SymmetricEigen { values, vectors })
}

/// The three steps, in memory that is zero before: two matrices and eight vectors.
fn in_memory(
    function: &'static str,
    a: ArrayView2<'_, f64>,
    triangle: Triangle,
    memory: &mut [f64],
) -> Result<SymmetricEigen> {
    let n = a.nrows();
    let stride = n.next_multiple_of(LANES);
    let (work, rest) = storage::aligned(memory).split_at_mut(stride * stride);
    let (z, rest) = rest.split_at_mut(stride * stride);
    let (scratch, rest) = rest.split_at_mut(4 * stride);
    let (d, rest) = rest.split_at_mut(n);
    let (e, rest) = rest.split_at_mut(n);
    let tau = &mut rest[..n];
    let exponent = input::read(function, a, triangle, work, stride)?;
    let reflections = tridiagonal::reduce(work, stride, d, e, tau, scratch);
    let (mut few, many);
    let order = if n <= divide::LEAF {
        few = std::array::from_fn::<usize, { divide::LEAF }, _>(|i| i);
        implicit_ql::with_vectors(d, e, z, stride, 0, &mut [implicit_ql::Rotation::default(); divide::LEAF]);
        few[..n].sort_unstable_by(|&i, &j| d[i].total_cmp(&d[j]));
        &few[..n]
    } else {
        many = divide::decompose(d, e, z, stride);
        &many[..]
    };
    reflections.apply(z, n);

    let mut values = Array1::zeros(n);
    let mut vectors = Array2::zeros((n, n));
    for ((&place, value), mut row) in order.iter().zip(&mut values).zip(vectors.rows_mut()) {
        *value = scale_back(function, d[place], exponent)?;
        let column = &z[place * stride..place * stride + n];
        // Rounding has left lengths near one: a step of Newton's for 1/√(vᵀv).
        let factor = orientation::sign(column.iter().copied()) * (1.5 - 0.5 * dot(column, column));
        row.iter_mut().zip(column).for_each(|(x, v)| *x = factor * v);
    }
    Ok(SymmetricEigen { values, vectors: vectors.reversed_axes() })
}

/// The eigenvalues of a symmetric matrix, rising: as [`eigh`] gives them up to rounding, in little more than half the time.
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
    if let Some(eigen) = few_rows(a, triangle) {
        return Ok(eigen.values);
    }
    match n {
        0..=8 => values_in_memory(a, triangle, &mut [0.0; 8 * 8 + 8 * 8]),
        9..=16 => values_in_memory(a, triangle, &mut [0.0; 16 * 16 + 8 * 16]),
        _ => {
            let stride = n.next_multiple_of(LANES);
            check::room("eigvalsh", "working memory", &[stride, stride])?;
            values_in_memory(a, triangle, &mut vec![0.0; stride * stride + 8 * stride])
        }
    }
}

/// The first two steps, in memory that is zero before: a matrix and eight vectors.
fn values_in_memory(a: ArrayView2<'_, f64>, triangle: Triangle, memory: &mut [f64]) -> Result<Array1<f64>> {
    let n = a.nrows();
    let stride = n.next_multiple_of(LANES);
    let (work, rest) = storage::aligned(memory).split_at_mut(stride * stride);
    let (scratch, rest) = rest.split_at_mut(4 * stride);
    let (d, rest) = rest.split_at_mut(n);
    let (e, rest) = rest.split_at_mut(n);
    let tau = &mut rest[..n];
    let exponent = input::read("eigvalsh", a, triangle, work, stride)?;
    tridiagonal::reduce(work, stride, d, e, tau, scratch);
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
