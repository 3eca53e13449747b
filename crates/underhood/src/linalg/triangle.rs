//! Which half of a symmetric matrix is read, and whether the other mirrors it.

use std::str::FromStr;

use ndarray::{Array2, ArrayView2};

use super::cholesky;
use crate::error::{Error, Result};

/// Which triangle of a symmetric matrix is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Triangle {
    /// The lower one; the upper one must mirror it.
    #[default]
    Both,
    /// The lower one; what stands above the diagonal is not looked at.
    Lower,
    /// The upper one; what stands below the diagonal is not looked at.
    Upper,
}

impl FromStr for Triangle {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "L" | "l" => Ok(Triangle::Lower),
            "U" | "u" => Ok(Triangle::Upper),
            _ => {
                Err(Error::UnknownName { function: "ldlt", argument: "UPLO", value: name.into(), allowed: &["L", "U"] })
            }
        }
    }
}

impl Triangle {
    /// The lower triangle, by rows, with zeros above it.
    pub(super) fn read(self, function: &'static str, a: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        if self == Triangle::Both {
            crate::check::finite_matrix(function, "a", a)?;
            cholesky::symmetric(function, a)?;
        }
        let n = a.nrows();
        let lower = if self == Triangle::Upper { a.t() } else { a };
        let mut out = Array2::zeros((n, n));
        for i in 0..n {
            for j in 0..=i {
                let value = lower[[i, j]];
                if !value.is_finite() {
                    let index = if self == Triangle::Upper { vec![j, i] } else { vec![i, j] };
                    return Err(Error::NotFinite { function, argument: "a", value, index });
                }
                out[[i, j]] = value;
            }
        }
        Ok(out)
    }
}
