//! The condition number κ(A) = ‖A‖·‖A⁻¹‖: by how much solving A·x = b can magnify a relative error of b.
//!
//! Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, chapters 6 and 7.

use std::str::FromStr;

use ndarray::{ArrayView2, Axis};

use super::{inverse, magnitude, svd};
use crate::check;
use crate::error::{Error, Result};

/// The norm in which a condition number is taken. Those with a minus take the smallest where the norm takes the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConditionNorm {
    /// σ₁/σₖ, the largest through the smallest singular value; for any shape.
    #[default]
    Two,
    /// σₖ/σ₁.
    MinusTwo,
    /// The largest sum of magnitudes in a column.
    One,
    /// The smallest sum of magnitudes in a column.
    MinusOne,
    /// The largest sum of magnitudes in a row.
    Infinity,
    /// The smallest sum of magnitudes in a row.
    MinusInfinity,
    /// The root of the sum of all squares.
    Frobenius,
}

impl FromStr for ConditionNorm {
    type Err = Error;

    /// The names that NumPy uses: 2, -2, 1, -1, inf, -inf and fro.
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "2" => ConditionNorm::Two,
            "-2" => ConditionNorm::MinusTwo,
            "1" => ConditionNorm::One,
            "-1" => ConditionNorm::MinusOne,
            "inf" => ConditionNorm::Infinity,
            "-inf" => ConditionNorm::MinusInfinity,
            "fro" => ConditionNorm::Frobenius,
            _ => {
                return Err(Error::UnknownName {
                    function: "cond",
                    argument: "p",
                    value: name.into(),
                    allowed: &["2", "-2", "1", "-1", "inf", "-inf", "fro"],
                });
            }
        })
    }
}

/// The condition number of a matrix; infinite for a singular one.
///
/// In the norms ±2 it takes the singular values, and any shape; in the others the inverse, and a square matrix. A matrix of small whole numbers
/// that is singular is recognised as such in the latter; in the former rounding leaves a number of about 10¹⁶.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::Shape`] for a matrix that is not square where it has to be, [`Error::TooFew`]
/// for one without entries.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{ConditionNorm, cond};
///
/// let a = array![[4.0, 0.0], [0.0, 0.5]];
/// assert_eq!(cond(a.view(), ConditionNorm::Two)?, 8.0);
/// assert_eq!(cond(a.view(), ConditionNorm::One)?, 8.0);
/// assert_eq!(cond(array![[1.0, 2.0], [2.0, 4.0]].view(), ConditionNorm::One)?, f64::INFINITY);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cond(x: ArrayView2<'_, f64>, p: ConditionNorm) -> Result<f64> {
    let by_values = matches!(p, ConditionNorm::Two | ConditionNorm::MinusTwo);
    if !by_values {
        check::square("cond", "x", x)?;
    }
    check::at_least("cond", "x", "numbers", x.len(), 1)?;
    let largest = magnitude::largest("cond", "x", x)?;
    if largest == 0.0 {
        return Ok(f64::INFINITY);
    }
    // A condition number does not change with the scale: near one, neither norm leaves the range before the product does.
    let scaled = svd::scaled(x, magnitude::exponent(largest));
    let (x, largest) = scaled.as_ref().map_or((x, largest), |scaled| (scaled.view(), 1.0));
    if by_values {
        let s = svd::values_of(x, largest);
        let (first, last) = (s[0], s[s.len() - 1]);
        return Ok(if p == ConditionNorm::Two { first / last } else { last / first });
    }
    match inverse::inv(x) {
        Ok(found) => Ok(norm(x, p) * norm(found.inverse.view(), p)),
        Err(Error::Singular { .. } | Error::Invalid { .. }) => Ok(f64::INFINITY),
        Err(other) => Err(other),
    }
}

fn norm(a: ArrayView2<'_, f64>, p: ConditionNorm) -> f64 {
    let sums = |axis| a.lanes(Axis(axis)).into_iter().map(|lane| lane.iter().map(|v| v.abs()).sum::<f64>());
    match p {
        ConditionNorm::One => sums(0).fold(0.0, f64::max),
        ConditionNorm::MinusOne => sums(0).fold(f64::INFINITY, f64::min),
        ConditionNorm::Infinity => sums(1).fold(0.0, f64::max),
        ConditionNorm::MinusInfinity => sums(1).fold(f64::INFINITY, f64::min),
        _ => a.iter().map(|v| v * v).sum::<f64>().sqrt(),
    }
}
