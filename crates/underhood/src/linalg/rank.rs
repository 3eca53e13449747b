//! The rank: how many columns are independent, told by the singular values that are not negligible.
//!
//! Source: G. H. Golub and C. F. Van Loan, Matrix Computations (4th edition), §5.4.

use ndarray::ArrayView2;

use super::{magnitude, svd};
use crate::check;
use crate::error::Result;

/// Up to where a singular value counts as zero.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Negligible {
    /// ε·max(m, n) times the largest: what rounding the entries can do.
    #[default]
    Rounding,
    /// So many times the largest.
    Relative(f64),
    /// This number.
    Absolute(f64),
}

/// The number of singular values that are not negligible.
///
/// With `hermitian` the matrix must be symmetric, which is checked.
///
/// # Errors
/// [`Error::NotFinite`](crate::Error::NotFinite) for NaN and infinities, [`Error::OutOfRange`](crate::Error::OutOfRange) for a
/// negative tolerance; with `hermitian` also [`Error::Shape`](crate::Error::Shape) and [`Error::NotSymmetric`](crate::Error::NotSymmetric).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Negligible, matrix_rank};
///
/// let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
/// assert_eq!(matrix_rank(a.view(), Negligible::Rounding, false)?, 2);
/// assert_eq!(matrix_rank(a.view(), Negligible::Absolute(10.0), false)?, 1);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn matrix_rank(a: ArrayView2<'_, f64>, negligible: Negligible, hermitian: bool) -> Result<usize> {
    const EXPECTED: &str = "zero or a positive number";
    match negligible {
        Negligible::Rounding => {}
        Negligible::Relative(rtol) => check::in_range("matrix_rank", "rtol", rtol, rtol >= 0.0, EXPECTED)?,
        Negligible::Absolute(tol) => check::in_range("matrix_rank", "tol", tol, tol >= 0.0, EXPECTED)?,
    }
    let largest = svd::looked_at("matrix_rank", "A", a, hermitian)?;
    let exponent = magnitude::exponent(largest);
    // Scaled near one, no singular value is beyond the range or loses its digits.
    let scaled = svd::scaled(a, exponent);
    let (s, exponent) = match &scaled {
        Some(scaled) => (svd::values_of(scaled.view(), 1.0), exponent),
        None => (svd::values_of(a, largest), 0),
    };
    let first = s.first().copied().unwrap_or(0.0);
    let limit = match negligible {
        Negligible::Rounding => f64::EPSILON * a.nrows().max(a.ncols()) as f64 * first,
        Negligible::Relative(rtol) => rtol * first,
        Negligible::Absolute(tol) => libm::ldexp(tol, -exponent),
    };
    Ok(s.iter().filter(|&&value| value > limit).count())
}
