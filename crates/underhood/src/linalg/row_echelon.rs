//! The reduced row echelon form, to which the steps of elimination on paper lead: each pivot is 1, alone in its column, and right of the
//! one above.
//!
//! It depends on which numbers count as zero. Where every row is a multiple of small whole numbers, the elimination is exact: in whole
//! numbers of 128 bits, where each step divides without a remainder (E. H. Bareiss, "Sylvester's identity and multistep integer-preserving
//! Gaussian elimination", Math. Comp. 22 (1968) 565–578, doi:10.1090/S0025-5718-1968-0226829-0). Elsewhere it is Gauss and Jordan's
//! elimination with partial pivoting, after rows and columns were brought near one by powers of two.

use ndarray::{Array2, ArrayView2, s};

use super::magnitude;
use crate::check;
use crate::error::{Error, Result};

/// A reduced row echelon form and where its pivots are.
#[derive(Debug, Clone, PartialEq)]
pub struct Rref {
    /// The reduced form, of the shape of the matrix.
    pub r: Array2<f64>,
    /// The column of each row's pivot; there are as many as the rank.
    pub pivots: Vec<usize>,
}

/// Rows of whole numbers up to this size are eliminated exactly: numbers like 0.1, which doubles do not hold, are not among them.
const MODEST: f64 = 1_048_576.0;

/// Exact elimination takes at most so many steps.
const PATIENCE: usize = 1_000_000;

/// The reduced row echelon form of `a`.
///
/// Without `tol`, rows that are whole numbers up to 2²⁰ times a power of two are eliminated exactly, as long as 128 bits suffice;
/// in other matrices, what elimination leaves counts as zero up to ε·max(m, n)·‖A‖∞, once rows and columns are scaled by powers of two.
/// With `tol`, elimination is in doubles, and what it leaves counts as zero up to that size.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a negative `tol`, [`Error::Invalid`] for a form beyond the range
/// of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::rref;
///
/// let form = rref(array![[1.0, 2.0, 3.0], [2.0, 4.0, 7.0]].view(), None)?;
/// assert_eq!(form.r, array![[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
/// assert_eq!(form.pivots, [0, 2]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn rref(a: ArrayView2<'_, f64>, tol: Option<f64>) -> Result<Rref> {
    magnitude::largest("rref", "a", a)?;
    let form = match tol {
        Some(tol) => {
            check::in_range("rref", "tol", tol, tol >= 0.0, "zero or a positive number")?;
            eliminate(a.to_owned(), tol)
        }
        None => exact(a).unwrap_or_else(|| scaled(a)),
    };
    if !form.r.iter().all(|v| v.is_finite()) {
        let problem = "has a reduced form beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "rref", argument: "a", problem });
    }
    Ok(form)
}

/// Elimination in whole numbers; None where they are not modest, or grow too long.
fn exact(a: ArrayView2<'_, f64>) -> Option<Rref> {
    let (m, n) = a.dim();
    if m.saturating_mul(n).saturating_mul(m.min(n)) > PATIENCE {
        return None;
    }
    let mut rows: Vec<Vec<i128>> = a.rows().into_iter().map(|row| whole(row.iter().copied())).collect::<Option<_>>()?;
    let mut pivots = Vec::new();
    let mut previous = 1_i128;
    for column in 0..n {
        let rank = pivots.len();
        let Some(found) = (rank..m).find(|&i| rows[i][column] != 0) else { continue };
        rows.swap(rank, found);
        let row = rows[rank].clone();
        let pivot = row[column];
        for (_, other) in rows.iter_mut().enumerate().filter(|&(i, _)| i != rank) {
            let factor = other[column];
            for (v, &above) in other.iter_mut().zip(&row) {
                // Every entry is a minor of the matrix, so that the division leaves nothing.
                *v = pivot.checked_mul(*v)?.checked_sub(factor.checked_mul(above)?)? / previous;
            }
        }
        previous = pivot;
        pivots.push(column);
    }
    // Every pivot is now the same minor.
    let mut r = Array2::zeros((m, n));
    for (i, row) in rows.iter().enumerate().take(pivots.len()) {
        for (j, &v) in row.iter().enumerate().filter(|&(_, &v)| v != 0) {
            r[[i, j]] = quotient(v, previous);
        }
    }
    Some(Rref { r, pivots })
}

/// The whole numbers that a row is a power of two of, if they are modest.
fn whole(row: impl Iterator<Item = f64> + Clone) -> Option<Vec<i128>> {
    // Below the last bit that any entry has.
    let lowest = row.clone().filter(|&v| v != 0.0).map(last_bit).min().unwrap_or(0);
    row.map(|v| {
        let number = libm::ldexp(v, -lowest);
        (number.abs() <= MODEST).then_some(number as i128)
    })
    .collect()
}

/// The power of two of the last bit of a number that is not zero.
fn last_bit(v: f64) -> i32 {
    let (fraction, exponent) = libm::frexp(v);
    let digits = libm::ldexp(fraction.abs(), 53) as u64;
    exponent - 53 + digits.trailing_zeros() as i32
}

/// p/q, rounded once where numerator and denominator are below 2⁵³ in lowest terms.
fn quotient(p: i128, q: i128) -> f64 {
    let (mut a, mut b) = (p.unsigned_abs(), q.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let size = (p.unsigned_abs() / a) as f64 / (q.unsigned_abs() / a) as f64;
    if (p < 0) == (q < 0) { size } else { -size }
}

/// Elimination in doubles of the matrix whose rows and columns were brought near one.
fn scaled(a: ArrayView2<'_, f64>) -> Rref {
    let near_one = magnitude::equilibrate(a);
    let size = near_one.matrix.rows().into_iter().map(|row| row.iter().map(|v| v.abs()).sum()).fold(0.0, f64::max);
    let tolerance = f64::EPSILON * a.nrows().max(a.ncols()) as f64 * size;
    let mut form = eliminate(near_one.matrix, tolerance);
    // Rows may have any scale; a column's is divided by that of the pivot in whose row the entry stands.
    for (i, &pivot) in form.pivots.iter().enumerate() {
        for (j, v) in form.r.row_mut(i).iter_mut().enumerate() {
            *v = libm::ldexp(*v, near_one.columns[j] - near_one.columns[pivot]);
        }
    }
    form
}

/// Gauss and Jordan's elimination with partial pivoting; pivots up to `tolerance` count as zero.
fn eliminate(mut r: Array2<f64>, tolerance: f64) -> Rref {
    let (m, n) = r.dim();
    let mut pivots = Vec::new();
    for column in 0..n {
        let rank = pivots.len();
        let found = (rank..m).fold(None, |best: Option<usize>, i| match best {
            Some(k) if r[[k, column]].abs() >= r[[i, column]].abs() => best,
            _ => Some(i),
        });
        let Some(found) = found.filter(|&i| r[[i, column]].abs() > tolerance) else {
            r.slice_mut(s![rank.., column]).fill(0.0);
            continue;
        };
        if found != rank {
            (column..n).for_each(|j| r.swap([rank, j], [found, j]));
        }
        let pivot = r[[rank, column]];
        // Left of the pivot there are zeros.
        r.slice_mut(s![rank, column..]).mapv_inplace(|v| v / pivot + 0.0);
        let row = r.slice(s![rank, column..]).to_owned();
        for (i, mut other) in r.slice_mut(s![.., column..]).rows_mut().into_iter().enumerate() {
            let factor = other[0];
            if i != rank && factor != 0.0 {
                other.scaled_add(-factor, &row);
                other[0] = 0.0;
            }
        }
        pivots.push(column);
    }
    Rref { r, pivots }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn both_ways_agree_where_numbers_are_small() {
        let a = array![[2.0, 4.0, -2.0, 1.0], [1.0, 2.0, 5.0, 0.5], [3.0, 6.0, 3.0, 7.0], [0.0, 0.0, 6.0, 0.0]];
        let (whole, doubles) = (exact(a.view()).unwrap(), scaled(a.view()));
        assert_eq!(whole.pivots, doubles.pivots);
        assert!((&whole.r - &doubles.r).iter().all(|e| e.abs() < 1e-14));
    }

    #[test]
    fn a_row_is_read_as_whole_numbers_where_they_are_modest() {
        assert_eq!(whole([0.5, 0.0, -1.25].into_iter()), Some(vec![2, 0, -5]));
        assert_eq!(whole([3e300_f64, 0.0].map(|v| v.trunc()).into_iter()), None);
        assert_eq!(whole([0.1, 1.0].into_iter()), None);
        assert_eq!(whole([0.0, 0.0].into_iter()), Some(vec![0, 0]));
        assert_eq!(whole([2.0_f64.powi(1000), 2.0_f64.powi(1001)].into_iter()), Some(vec![1, 2]));
        assert_eq!(whole([5e-324, 1.5e-323].into_iter()), Some(vec![1, 3]));
        assert_eq!((quotient(-6, 4), quotient(6, -3), quotient(5, 5)), (-1.5, -2.0, 1.0));
    }
}
