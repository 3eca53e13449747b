//! The condition number κ(A) = ‖A‖·‖A⁻¹‖: by how much solving A·x = b can magnify a relative error of b.
//!
//! Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, chapters 6 and 7.

use std::str::FromStr;

use ndarray::{ArrayView2, Axis};

use super::norm::{NormOrder, matrix_norm};
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
    /// The sum of the singular values.
    Nuclear,
}

impl FromStr for ConditionNorm {
    type Err = Error;

    /// The names that NumPy uses: 2, -2, 1, -1, inf, -inf, fro and nuc.
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "2" => ConditionNorm::Two,
            "-2" => ConditionNorm::MinusTwo,
            "1" => ConditionNorm::One,
            "-1" => ConditionNorm::MinusOne,
            "inf" => ConditionNorm::Infinity,
            "-inf" => ConditionNorm::MinusInfinity,
            "fro" => ConditionNorm::Frobenius,
            "nuc" => ConditionNorm::Nuclear,
            _ => {
                return Err(Error::UnknownName {
                    function: "cond",
                    argument: "p",
                    value: name.into(),
                    allowed: &["2", "-2", "1", "-1", "inf", "-inf", "fro", "nuc"],
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
    if !by_values {
        return by_inverse(x, largest, p);
    }
    // A condition number does not change with the scale: near one, no singular value leaves the range.
    let scaled = svd::scaled(x, magnitude::exponent(largest));
    let (x, largest) = scaled.as_ref().map_or((x, largest), |scaled| (scaled.view(), 1.0));
    let s = svd::values_of(x, largest);
    let (first, last) = (s[0], s[s.len() - 1]);
    Ok(if p == ConditionNorm::Two { first / last } else { last / first })
}

/// ‖X‖·‖X⁻¹‖, of which either may lie beyond the range of doubles though the other brings the product back into it.
fn by_inverse(x: ArrayView2<'_, f64>, largest: f64, p: ConditionNorm) -> Result<f64> {
    let found = match inverse::inv(x) {
        Ok(found) if norm_is_safe(x) && norm_is_safe(found.inverse.view()) => {
            return Ok(norm(x, p)? * norm(found.inverse.view(), p)?);
        }
        Ok(found) => Ok((found.inverse, 0)),
        // The inverse of a matrix near one may be within the range where that of a tiny one is not.
        Err(Error::Invalid { .. }) => {
            let shift = magnitude::exponent(largest);
            inverse::inv(x.mapv(|v| libm::ldexp(v, -shift)).view()).map(|found| (found.inverse, shift))
        }
        Err(error) => Err(error),
    };
    let (inverse, shift) = match found {
        Ok(found) => found,
        Err(Error::Singular { .. } | Error::Invalid { .. }) => return Ok(f64::INFINITY),
        Err(other) => return Err(other),
    };
    let (of_x, e) = scaled_norm(x, p)?;
    let (of_inverse, f) = scaled_norm(inverse.view(), p)?;
    Ok(libm::ldexp(of_x * of_inverse, (e + f - shift).clamp(-5000, 5000)))
}

/// Whether sums of squares of the entries stay normal numbers.
fn norm_is_safe(a: ArrayView2<'_, f64>) -> bool {
    a.iter().all(|v| *v == 0.0 || (1e-140..1e140).contains(&v.abs()))
}

/// The norm as m·2ᵉ. Norms that are smallest sums are near one before the sum is taken, others as a whole.
fn scaled_norm(a: ArrayView2<'_, f64>, p: ConditionNorm) -> Result<(f64, i32)> {
    let size = |v: ndarray::ArrayView1<'_, f64>| v.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let exponent = match p {
        ConditionNorm::MinusOne | ConditionNorm::MinusInfinity => {
            let axis = Axis(usize::from(p == ConditionNorm::MinusInfinity));
            a.lanes(axis).into_iter().map(size).fold(f64::INFINITY, f64::min)
        }
        _ => a.iter().fold(0.0_f64, |m, v| m.max(v.abs())),
    };
    let exponent = magnitude::exponent(exponent);
    // An infinity in another lane is not the smallest.
    Ok((norm(a.mapv(|v| libm::ldexp(v, -exponent)).view(), p)?, exponent))
}

fn norm(a: ArrayView2<'_, f64>, p: ConditionNorm) -> Result<f64> {
    let sums = |axis| a.lanes(Axis(axis)).into_iter().map(|lane| lane.iter().map(|v| v.abs()).sum::<f64>());
    Ok(match p {
        ConditionNorm::One => sums(0).fold(0.0, f64::max),
        ConditionNorm::MinusOne => sums(0).fold(f64::INFINITY, f64::min),
        ConditionNorm::Infinity => sums(1).fold(0.0, f64::max),
        ConditionNorm::MinusInfinity => sums(1).fold(f64::INFINITY, f64::min),
        ConditionNorm::Nuclear => matrix_norm(a, NormOrder::Nuclear)?,
        _ => a.iter().map(|v| v * v).sum::<f64>().sqrt(),
    })
}
