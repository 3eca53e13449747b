//! The four subspaces of a matrix, by orthonormal bases: column space and left null space, row space and null space.
//!
//! From A = U·Σ·Vᵀ, with rank r the number of singular values above a threshold: the first r columns of U and of V span column and row
//! space, and what is perpendicular to them are the left null space and the null space (G. Strang, "The fundamental theorem of linear
//! algebra", Am. Math. Monthly 100 (1993) 848–855, doi:10.1080/00029890.1993.11990500). Perpendicular directions are the
//! remaining columns of Q in a Householder factorisation of those that are found. All four ask the same decomposition for
//! the rank, so that their dimensions always add up to m and n.

use ndarray::{Array2, ArrayView2, ArrayViewD, Ix1, s};

use super::qr::{QrMode, qr};
use super::{magnitude, orientation, svd};
use crate::check;
use crate::error::{Error, Result};

/// The rank, and bases of column and row space (as columns).
pub(crate) struct Range {
    pub(crate) columns: Array2<f64>,
    pub(crate) rows: Array2<f64>,
}

/// Decides on the rank and cuts the singular vectors off there.
pub(crate) fn range(
    function: &'static str,
    argument: &'static str,
    a: ArrayView2<'_, f64>,
    rcond: Option<f64>,
) -> Result<Range> {
    let rcond = rcond.unwrap_or(f64::EPSILON * a.nrows().max(a.ncols()) as f64);
    check::in_range(function, "rcond", rcond, rcond >= 0.0, "zero or a positive number")?;
    let largest = magnitude::largest(function, argument, a)?;
    let scaled;
    let (a, largest) = if magnitude::is_comfortable(largest) {
        (a, largest)
    } else {
        // A power of two changes no direction.
        scaled = a.mapv(|v| libm::ldexp(v, -magnitude::exponent(largest)));
        (scaled.view(), libm::ldexp(largest, -magnitude::exponent(largest)))
    };
    let svd::Thin { u, s, v } = svd::decompose(a, largest);
    let rank = s.iter().filter(|&&value| value > rcond * s[0]).count();
    Ok(Range { columns: u.slice_move(s![.., ..rank]), rows: v.slice_move(s![.., ..rank]) })
}

/// What is perpendicular to orthonormal columns: the columns behind them in a complete factorisation.
fn complement(function: &'static str, basis: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    let (n, rank) = basis.dim();
    check::room(function, "basis", &[n, n])?;
    let q = qr(basis, QrMode::Complete)?.q;
    Ok(q.slice_move(s![.., rank..]))
}

/// Gives every column the sign of the convention, and the rows' order in memory that NumPy's arrays have.
pub(crate) fn oriented(basis: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut out = basis.as_standard_layout().into_owned();
    let signs: Vec<f64> = basis.columns().into_iter().map(|c| orientation::sign(c.iter().copied())).collect();
    for mut row in out.rows_mut() {
        // Adding zero turns −0 into 0.
        row.iter_mut().zip(&signs).for_each(|(v, sign)| *v = *v * sign + 0.0);
    }
    out
}

/// An orthonormal basis of {x : A·x = 0}, as columns.
///
/// Singular values at most `rcond` times the largest count as zero; the default is ε·max(m, n). In every column, the first component
/// that is at least 7/10 as large as the largest is positive.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a
/// negative `rcond`.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::null_space;
///
/// let basis = null_space(array![[1.0, 1.0]].view(), None)?;
/// assert!((basis[[0, 0]] - 0.5_f64.sqrt()).abs() < 1e-15 && (basis[[1, 0]] + 0.5_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn null_space(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<Array2<f64>> {
    let rows = range("null_space", "a", a, rcond)?.rows;
    Ok(oriented(complement("null_space", rows.view())?.view()))
}

/// An orthonormal basis of {A·x}, as columns. `rcond`, signs and errors as for [`null_space`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::column_space;
///
/// let basis = column_space(array![[3.0, 6.0], [4.0, 8.0]].view(), None)?;
/// assert!((&basis - &array![[0.6], [0.8]]).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn column_space(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<Array2<f64>> {
    Ok(oriented(range("column_space", "a", a, rcond)?.columns.view()))
}

/// An orthonormal basis of {Aᵀ·y}, as columns. `rcond`, signs and errors as for [`null_space`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::row_space;
///
/// let basis = row_space(array![[3.0, 4.0], [6.0, 8.0]].view(), None)?;
/// assert!((&basis - &array![[0.6], [0.8]]).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn row_space(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<Array2<f64>> {
    Ok(oriented(range("row_space", "a", a, rcond)?.rows.view()))
}

/// An orthonormal basis of {y : Aᵀ·y = 0}, as columns. `rcond`, signs and errors as for [`null_space`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::left_null_space;
///
/// let basis = left_null_space(array![[3.0], [4.0]].view(), None)?;
/// assert!((&basis - &array![[0.8], [-0.6]]).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn left_null_space(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<Array2<f64>> {
    let columns = range("left_null_space", "a", a, rcond)?.columns;
    Ok(oriented(complement("left_null_space", columns.view())?.view()))
}

/// Whether the columns of a matrix are independent: none is a combination of the others.
///
/// Each column is first brought near one by a power of two, since independence does not depend on lengths. They are independent when no
/// singular value of the result is at most `rcond` times the largest; the default is ε·max(m, n). No columns at all are independent.
///
/// # Errors
/// As for [`null_space`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::is_independent;
///
/// assert!(is_independent(array![[1.0, 0.0], [0.0, 1e-20]].view(), None)?);
/// assert!(!is_independent(array![[1.0, 2.0], [2.0, 4.0]].view(), None)?);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn is_independent(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<bool> {
    Ok(rank_of_columns("is_independent", "vectors", a, rcond)? == a.ncols())
}

/// The vectors that are meant by one matrix (its columns) or by several vectors, as the columns of a matrix.
///
/// # Errors
/// [`Error::Shape`] when there are several that are no vectors, or not equally long.
pub fn columns_of(
    function: &'static str,
    argument: &'static str,
    vectors: &[ArrayViewD<'_, f64>],
) -> Result<Array2<f64>> {
    let refused =
        |shape: &[usize], expected: String| Error::Shape { function, argument, shape: shape.to_vec(), expected };
    match vectors {
        [one] if one.ndim() == 2 => Ok(one
            .to_owned()
            .into_dimensionality()
            .unwrap_or_else(|_| unreachable!("the number of axes was looked at"))),
        _ => {
            let length = vectors.first().map_or(0, |first| first.len());
            let mut columns = Array2::zeros((length, vectors.len()));
            for (vector, mut column) in vectors.iter().zip(columns.columns_mut()) {
                let vector = vector
                    .view()
                    .into_dimensionality::<Ix1>()
                    .map_err(|_| refused(vector.shape(), "one matrix, or vectors, are needed".into()))?;
                if vector.len() != length {
                    return Err(refused(vector.shape(), format!("the first is a vector of {length}")));
                }
                column.assign(&vector);
            }
            Ok(columns)
        }
    }
}

/// The rank of the columns, once each is near one in length; more columns than rows cannot all be independent.
pub(crate) fn rank_of_columns(
    function: &'static str,
    argument: &'static str,
    a: ArrayView2<'_, f64>,
    rcond: Option<f64>,
) -> Result<usize> {
    magnitude::largest(function, argument, a)?;
    Ok(range(function, argument, columns_near_one(a).0.view(), rcond)?.columns.ncols())
}

/// Every column divided by a power of two near its largest entry, and the exponents.
pub(crate) fn columns_near_one(a: ArrayView2<'_, f64>) -> (Array2<f64>, Vec<i32>) {
    let mut scaled = a.to_owned();
    let mut exponents = Vec::with_capacity(a.ncols());
    for mut column in scaled.columns_mut() {
        let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let exponent = magnitude::exponent(largest);
        column.mapv_inplace(|v| libm::ldexp(v, -exponent));
        exponents.push(exponent);
    }
    (scaled, exponents)
}
