//! Which half of a symmetric matrix is read, and whether the other mirrors it.

use ndarray::{Array2, ArrayView2};

use super::magnitude;
use crate::error::{Error, Result};

/// Differences between mirrored entries that rounding upstream explains, relative to the entries and to √(aᵢᵢ·aⱼⱼ).
const ROUNDING: f64 = 1e-10;

/// Tiles of this side are compared, so that reading across the rows stays in the cache.
pub(super) const TILE: usize = 32;

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
            let largest = magnitude::largest(function, "a", a)?;
            symmetric(function, "a", a, largest)?;
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

/// Refuses a square matrix with this largest magnitude whose mirrored entries differ by more than rounding explains.
pub(super) fn symmetric(
    function: &'static str,
    argument: &'static str,
    a: ArrayView2<'_, f64>,
    largest: f64,
) -> Result<()> {
    let near = |i: usize, j: usize, lower: f64, upper: f64| differs_by_rounding(a, (i, j), (lower, upper), largest);
    match first_apart(a, near) {
        None => Ok(()),
        Some((i, j)) => Err(apart(function, argument, a, (i, j))),
    }
}

/// Refuses one entry below the diagonal that its mirror differs from.
#[inline]
pub(super) fn mirrors(
    function: &'static str,
    a: ArrayView2<'_, f64>,
    (i, j): (usize, usize),
    largest: f64,
) -> Result<()> {
    let (lower, upper) = (a[[i, j]], a[[j, i]]);
    if lower == upper || differs_by_rounding(a, (i, j), (lower, upper), largest) {
        return Ok(());
    }
    Err(apart(function, "a", a, (i, j)))
}

#[cold]
fn apart(function: &'static str, argument: &'static str, a: ArrayView2<'_, f64>, (i, j): (usize, usize)) -> Error {
    let (lower, upper) = (a[[i, j]], a[[j, i]]);
    Error::NotSymmetric { function, argument, row: j, column: i, upper, lower }
}

/// Where a square matrix has an entry below the diagonal that is neither its mirror nor near it, as `near(i, j, lower, upper)` says.
pub(super) fn first_apart(
    a: ArrayView2<'_, f64>,
    near: impl Fn(usize, usize, f64, f64) -> bool,
) -> Option<(usize, usize)> {
    let n = a.nrows();
    for rows in (0..n).step_by(TILE) {
        for columns in (0..=rows).step_by(TILE) {
            for i in rows..(rows + TILE).min(n) {
                for j in columns..(columns + TILE).min(i) {
                    let (lower, upper) = (a[[i, j]], a[[j, i]]);
                    if lower != upper && !near(i, j, lower, upper) {
                        return Some((i, j));
                    }
                }
            }
        }
    }
    None
}

/// Whether mirrored entries are the same but for rounding: of the entries themselves, or of sums of n numbers of the largest size.
fn differs_by_rounding(
    a: ArrayView2<'_, f64>,
    (i, j): (usize, usize),
    (lower, upper): (f64, f64),
    largest: f64,
) -> bool {
    let size = lower.abs().max(upper.abs()).max(a[[i, i]].abs().sqrt() * a[[j, j]].abs().sqrt());
    let difference = half_difference(lower, upper);
    difference <= 0.5 * ROUNDING * size || difference <= 4.0 * f64::EPSILON * a.nrows() as f64 * largest
}

/// Half of the difference, which is finite for two huge numbers.
pub(super) fn half_difference(lower: f64, upper: f64) -> f64 {
    (0.5 * lower - 0.5 * upper).abs()
}
