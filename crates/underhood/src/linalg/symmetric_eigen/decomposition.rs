//! The spectral theorem as a sum: A = Σ λᵢ·Pᵢ, where Pᵢ projects onto the eigenspace of λᵢ.
//!
//! Eigenvectors of a repeated eigenvalue are arbitrary within their eigenspace, its projector is not: therefore eigenvalues that
//! agree up to rounding share one. Source: G. Strang, Introduction to Linear Algebra, 5th edition, §6.4.

use ndarray::{Array1, Array2, Array3, ArrayView2, Axis, s};

use super::{SymmetricEigen, vectors_and_values};
use crate::check;
use crate::error::Result;
use crate::linalg::triangle::Triangle;

/// Neighbouring eigenvalues that differ by up to this many units of n·ε·‖A‖ count as one: several times their error.
const AGREEMENT: f64 = 16.0;

/// A = Σ λᵢ·Pᵢ over the distinct eigenvalues.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectralDecomposition {
    /// The distinct eigenvalues, rising; of values that agree up to rounding, the mean.
    pub values: Array1<f64>,
    /// How many of the columns of `vectors` belong to each of them.
    pub multiplicities: Array1<usize>,
    /// Orthonormal eigenvectors in the columns, in the order of the eigenvalues.
    pub vectors: Array2<f64>,
    /// Pᵢ = Σ v·vᵀ over the eigenvectors of λᵢ, along the first axis: exactly symmetric, idempotent up to rounding, their sum is I.
    pub projectors: Array3<f64>,
}

/// The distinct eigenvalues of a symmetric matrix and the orthogonal projectors onto their eigenspaces, A = Σ λᵢ·Pᵢ.
///
/// Neighbouring eigenvalues are taken for one when they differ by at most `tolerance`·max|λ|; by default that is 16·n·ε, several times
/// their error. The projectors of n distinct eigenvalues hold n³ numbers.
///
/// # Errors
/// Those of [`eigh`](super::eigh); [`Error::OutOfRange`](crate::Error::OutOfRange) for a negative tolerance,
/// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::spectral_decomposition;
///
/// let a = array![[2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [1.0, 0.0, 2.0]];
/// let parts = spectral_decomposition(a.view(), None)?;
/// assert_eq!(parts.multiplicities, array![1, 2]);
/// assert!((&parts.values - &array![1.0, 3.0]).iter().all(|d| d.abs() < 1e-14));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn spectral_decomposition(a: ArrayView2<'_, f64>, tolerance: Option<f64>) -> Result<SpectralDecomposition> {
    const FUNCTION: &str = "spectral_decomposition";
    let n = a.nrows();
    let tolerance = tolerance.unwrap_or(AGREEMENT * n as f64 * f64::EPSILON);
    check::in_range(
        FUNCTION,
        "tol",
        tolerance,
        (0.0..f64::INFINITY).contains(&tolerance),
        "zero or a positive number",
    )?;
    let SymmetricEigen { values, vectors } = vectors_and_values(FUNCTION, a, Triangle::Both)?;

    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut starts: Vec<usize> =
        (0..n).filter(|&i| i == 0 || 0.5 * values[i] - 0.5 * values[i - 1] > 0.5 * tolerance * largest).collect();
    let distinct = starts.len();
    starts.push(n);
    check::room(FUNCTION, "projectors", &[distinct, n, n])?;

    let mut projectors = Array3::zeros((distinct, n, n));
    for (range, mut projector) in starts.windows(2).zip(projectors.axis_iter_mut(Axis(0))) {
        for vector in vectors.slice(s![.., range[0]..range[1]]).columns() {
            for (i, mut row) in projector.rows_mut().into_iter().enumerate() {
                row.scaled_add(vector[i], &vector);
            }
        }
    }
    let mean = |range: &[usize]| {
        let group = values.slice(s![range[0]..range[1]]);
        // From the first one, so that equal values keep every digit.
        group[0] + group.iter().map(|v| (v - group[0]) / group.len() as f64).sum::<f64>()
    };
    Ok(SpectralDecomposition {
        values: starts.windows(2).map(mean).collect(),
        multiplicities: starts.windows(2).map(|range| range[1] - range[0]).collect(),
        vectors,
        projectors,
    })
}
