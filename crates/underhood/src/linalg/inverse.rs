//! The inverse: the matrix that undoes another, A⁻¹·A = I.

use ndarray::{Array2, ArrayView2};

use super::condition::{IllConditioned, norm_1};
use super::lu::Lu;
use super::solve::smallest;
use super::{determinant, magnitude, refine, small, wide};
use crate::check;
use crate::error::{Error, Result};

/// Refining an inverse costs as much as computing it many times over; above this side only the warning is given.
const WORTH_REFINING: usize = 128;

/// Elimination that lets entries grow by more than this loses digits that it need not lose.
const GROWTH: f64 = 1e3;

/// An inverse, and how far to trust it.
#[derive(Debug, Clone, PartialEq)]
pub struct Inverse {
    /// A⁻¹.
    pub inverse: Array2<f64>,
    /// Present when A is nearly singular: its condition number, and the digits that are left.
    pub warning: Option<IllConditioned>,
}

/// The inverse of a square matrix. To solve A·x = b, [`solve`](super::solve()) is quicker and more accurate.
///
/// The inverse of a symmetric matrix is symmetric to the last bit. The condition number κ₁ = ‖A‖₁·‖A⁻¹‖₁ is known once the inverse is;
/// above 10¹² the result carries a warning.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities, [`Error::Singular`] when a pivot is exactly
/// zero (a matrix of small whole numbers is judged exactly), [`Error::Invalid`] when the inverse lies beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::inv;
///
/// assert_eq!(inv(array![[2.0, 0.0], [0.0, 4.0]].view())?.inverse, array![[0.5, 0.0], [0.0, 0.25]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn inv(a: ArrayView2<'_, f64>) -> Result<Inverse> {
    let n = check::square("inv", "a", a)?;
    let largest = magnitude::largest("inv", "a", a)?;
    let (mut inverse, warning) = if magnitude::is_comfortable(largest) {
        moderate(a, largest)?
    } else if n <= wide::LIMIT && wide::is_mixed(a) {
        let solved = wide::solve(a, Array2::eye(n).view()).map_err(singular)?;
        (solved.x, IllConditioned::judge("inv", solved.scaled_condition))
    } else {
        // (D₁·A·D₂)⁻¹ = D₂⁻¹·A⁻¹·D₁⁻¹.
        let scaled = magnitude::equilibrate(a);
        let (mut inverse, warning) = moderate(scaled.matrix.view(), 1.0)?;
        for ((i, j), v) in inverse.indexed_iter_mut() {
            *v = libm::ldexp(*v, -scaled.columns[i] - scaled.rows[j]);
        }
        (inverse, warning)
    };
    if !inverse.iter().all(|v| v.is_finite()) {
        let problem = "has an inverse beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "inv", argument: "a", problem });
    }
    if n > 1 && is_symmetric(a) {
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * inverse[[i, j]] + 0.5 * inverse[[j, i]];
                inverse[[i, j]] = mean;
                inverse[[j, i]] = mean;
            }
        }
    }
    Ok(Inverse { inverse, warning })
}

fn moderate(a: ArrayView2<'_, f64>, largest: f64) -> Result<(Array2<f64>, Option<IllConditioned>)> {
    let n = a.nrows();
    let norm = norm_1(a);
    if n <= small::LIMIT {
        match small::inverse(a) {
            Ok(inverse) if norm * norm_1(inverse.view()) < 1e6 => return Ok((inverse, None)),
            // A product that underflowed may have made the pivot zero.
            Err(pivot) if !wide::is_mixed(a) => return Err(singular(pivot)),
            _ => {}
        }
    }
    let far = || -> Result<(Array2<f64>, Option<IllConditioned>)> {
        let solved = wide::solve(a, Array2::eye(n).view()).map_err(singular)?;
        Ok((solved.x, IllConditioned::judge("inv", solved.condition)))
    };
    let lu = Lu::of(a);
    if let Some(pivot) = lu.zero_pivot() {
        if n <= wide::LIMIT && wide::is_mixed(a) {
            return far();
        }
        return Err(singular(pivot));
    }
    if n <= small::LIMIT && determinant::of_whole_numbers(a) == Some(0.0) {
        return Err(singular(smallest(lu.pivots())));
    }
    if lu.largest_of_u() <= GROWTH * largest {
        let inverse = lu.inverse();
        let warning = IllConditioned::judge("inv", norm * norm_1(inverse.view()));
        if n > WORTH_REFINING || norm * norm_1(inverse.view()) < 1e6 {
            return Ok((inverse, warning));
        }
    }
    let refined = refine::solve(a, lu, Array2::eye(n).view());
    if n <= wide::LIMIT && wide::is_mixed(a) && !refine::solves_every_row(a, refined.x.view(), Array2::eye(n).view()) {
        return far();
    }
    let warning = IllConditioned::judge("inv", norm * refined.inverse_norm);
    Ok((refined.x, warning))
}

fn singular(pivot: usize) -> Error {
    Error::Singular { function: "inv", argument: "a", pivot }
}

fn is_symmetric(a: ArrayView2<'_, f64>) -> bool {
    (0..a.nrows()).all(|i| (0..i).all(|j| a[[i, j]] == a[[j, i]]))
}
