//! Gram and Schmidt's process: from every column, what the columns before it explain is taken away, and the rest is made a unit vector.
//!
//! In floating point, one round leaves vectors that are far from perpendicular when columns nearly depend on each other. Taking away once
//! more what is left over gives perpendicular vectors to the last digits ("twice is enough", after W. Kahan and B. Parlett; L. Giraud,
//! J. Langou, M. Rozložník, "On the round-off error analysis of the Gram–Schmidt algorithm with reorthogonalization", Numer. Math.
//! 101 (2005) 87–100, doi:10.1007/s00211-005-0615-4).

use std::str::FromStr;

use ndarray::{Array2, ArrayView2};

use super::norm::euclidean;
use super::{magnitude, subspaces};
use crate::error::{Error, Result};
use crate::simd::{self, mul_add, wide_kernel};

/// What becomes of a column that depends on those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dependent {
    /// The whole is refused, with the column's number.
    #[default]
    Error,
    /// It is left out; the result has as many columns as were independent.
    Drop,
}

impl FromStr for Dependent {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "error" => Ok(Dependent::Error),
            "drop" => Ok(Dependent::Drop),
            _ => {
                let (value, allowed) = (name.into(), &["error", "drop"]);
                Err(Error::UnknownName { function: "gram_schmidt", argument: "dependent", value, allowed })
            }
        }
    }
}

/// Orthonormal columns, the first k of which span what the first k columns of `a` span.
///
/// Each points to the side of its column of `a` (their inner product is positive). A column is dependent when what is left of it is at most
/// ε·max(m, n) times as long as it was.
///
/// # Errors
/// [`Error::Invalid`] for a dependent column, unless it is to be dropped; [`Error::NotFinite`] for NaN and infinities.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{Dependent, gram_schmidt};
///
/// let q = gram_schmidt(array![[3.0, 1.0], [4.0, 2.0]].view(), Dependent::Error)?;
/// assert!((&q - &array![[0.6, -0.8], [0.8, 0.6]]).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn gram_schmidt(a: ArrayView2<'_, f64>, dependent: Dependent) -> Result<Array2<f64>> {
    const ROUNDS: usize = 4;
    let (m, n) = a.dim();
    magnitude::largest("gram_schmidt", "a", a)?;
    let tolerance = f64::EPSILON * m.max(n) as f64;
    let columns = subspaces::columns_near_one(a).0.reversed_axes().as_standard_layout().into_owned();
    let mut basis: Vec<f64> = Vec::with_capacity(m * m.min(n));
    let mut found = 0;
    for (j, column) in columns.rows().into_iter().enumerate() {
        let mut rest = column.to_vec();
        let whole = euclidean(&rest);
        let mut size = whole;
        for _ in 0..ROUNDS {
            if size <= tolerance * whole {
                break;
            }
            for q in basis.chunks_exact(m.max(1)) {
                subtract(simd::dot(q, &rest), q, &mut rest);
            }
            let before = size;
            size = euclidean(&rest);
            if size > 0.5 * before {
                break;
            }
        }
        if size > tolerance * whole && found < m {
            basis.extend(rest.iter().map(|v| v / size));
            found += 1;
        } else if dependent == Dependent::Error {
            let problem = match (whole == 0.0, j) {
                (true, _) => format!("has a column of zeros (column {j}), which has no direction"),
                (_, 1) => "has dependent columns: column 1 is a multiple of column 0".into(),
                _ => format!("has dependent columns: column {j} is a combination of the {j} before it"),
            };
            return Err(Error::Invalid { function: "gram_schmidt", argument: "a", problem });
        }
    }
    let rows =
        Array2::from_shape_vec((found, m), basis).unwrap_or_else(|_| unreachable!("a row for each that was found"));
    // Adding zero turns −0 into 0.
    Ok(rows.t().mapv(|v| v + 0.0).as_standard_layout().into_owned())
}

wide_kernel! {
    /// rest −= c·q.
    fn subtract(c: f64, q: &[f64], rest: &mut [f64]) = subtract_body
}
#[inline(always)]
fn subtract_body<const FMA: bool>(c: f64, q: &[f64], rest: &mut [f64]) {
    rest.iter_mut().zip(q).for_each(|(v, &w)| *v = mul_add::<FMA>(-c, w, *v));
}
