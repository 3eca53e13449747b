//! Eigenvalues and eigenvectors of symmetric matrices, A = V·Λ·Vᵀ: the spectral theorem, computed.
//!
//! Three steps: reflections bring A to tridiagonal form (`tridiagonal`), the tridiagonal eigenproblem is solved by QL sweeps
//! when small (`implicit_ql`) and by divide and conquer when large (`divide`, `secular`), and its eigenvectors are reflected back.
//! Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, chapter 8.

mod divide;
mod implicit_ql;
mod input;
mod secular;
mod storage;
mod tridiagonal;

use ndarray::{Array1, Array2, ArrayView2};

pub use input::Triangle;

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

/// Eigenvalues (rising) and orthonormal eigenvectors of a symmetric matrix.
///
/// # Errors
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Triangle, eigh};
///
/// let e = eigh(array![[2.0, 1.0], [1.0, 2.0]].view(), Triangle::Both)?;
/// assert!((e.values[0] - 1.0).abs() < 1e-15 && (e.values[1] - 3.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eigh(a: ArrayView2<'_, f64>, triangle: Triangle) -> Result<SymmetricEigen> {
    let n = check::square("eigh", "a", a)?;
    let stride = n.next_multiple_of(storage::LANES);
    check::room("eigh", "working memory", &[4, stride, stride])?;
    let mut work = vec![0.0; stride * stride];
    let exponent = input::read("eigh", a, triangle, &mut work, stride)?;

    let mut diagonals = vec![0.0; 3 * n + 4 * stride];
    let (d, rest) = diagonals.split_at_mut(n);
    let (e, rest) = rest.split_at_mut(n);
    let (tau, scratch) = rest.split_at_mut(n);
    let clock = std::time::Instant::now();
    let reflections = tridiagonal::reduce(&mut work, stride, d, e, tau, scratch);
    let t1 = clock.elapsed();
    let mut z = vec![0.0; stride * stride];
    let order = divide::decompose(d, e, &mut z, stride);
    let t2 = clock.elapsed();
    reflections.apply(&mut z, n);
    let t3 = clock.elapsed();
    let mut values = Array1::zeros(n);
    let mut vectors = Array2::zeros((n, n));
    for ((&place, value), mut row) in order.iter().zip(&mut values).zip(vectors.rows_mut()) {
        *value = scale_back("eigh", d[place], exponent)?;
        let column = &z[place * stride..place * stride + n];
        let sign = sign(column);
        row.iter_mut().zip(column).for_each(|(x, v)| *x = sign * v);
    }
    if std::env::var("PHASES").is_ok() {
        eprintln!("tri {t1:?} dc {:?} back {:?} out {:?}", t2 - t1, t3 - t2, clock.elapsed() - t3);
    }
    Ok(SymmetricEigen { values, vectors: vectors.reversed_axes() })
}

/// The eigenvalues of a symmetric matrix, rising.
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
    d.sort_by(f64::total_cmp);
    d.iter().map(|&value| scale_back("eigvalsh", value, exponent)).collect()
}

fn scale_back(function: &'static str, value: f64, exponent: i32) -> Result<f64> {
    let value = if exponent == 0 { value } else { libm::ldexp(value, exponent) };
    if value.is_finite() {
        return Ok(value);
    }
    let problem = "has an eigenvalue beyond the range of doubles (1.8e308); scale the matrix down".into();
    Err(Error::Invalid { function, argument: "a", problem })
}

/// The sign that makes the first component that is at least 7/10 as large as the largest positive.
fn sign(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    x.iter().find(|v| v.abs() >= 0.7 * largest).map_or(1.0, |v| 1.0_f64.copysign(*v))
}
