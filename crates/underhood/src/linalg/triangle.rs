//! Which half of a symmetric matrix is read, and whether the other mirrors it.

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

impl Triangle {
    /// NumPy's names, "L" and "U"; none of them for both triangles.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any other name.
    ///
    /// ```
    /// use underhood::linalg::Triangle;
    ///
    /// assert_eq!(Triangle::named("eigh", Some("L"))?, Triangle::Lower);
    /// assert!(Triangle::named("eigh", Some("lower")).is_err());
    /// # Ok::<(), underhood::Error>(())
    /// ```
    pub fn named(function: &'static str, name: Option<&str>) -> Result<Self> {
        match name {
            None => Ok(Triangle::Both),
            Some("L" | "l") => Ok(Triangle::Lower),
            Some("U" | "u") => Ok(Triangle::Upper),
            Some(name) => {
                let (argument, allowed) = ("UPLO", &["L", "U"][..]);
                Err(Error::UnknownName { function, argument, value: name.into(), allowed })
            }
        }
    }

    /// The lower triangle, by rows, with zeros above it.
    pub(super) fn read(self, function: &'static str, a: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        if self == Triangle::Both {
            crate::check::finite_matrix(function, "a", a)?;
            cholesky::symmetric(function, "a", a)?;
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
