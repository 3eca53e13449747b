//! Whole powers of a square matrix by repeated squaring: Aⁿ needs about log₂ n products.

use ndarray::{Array2, ArrayD, ArrayView2, ArrayViewD};

use super::eigen::is_symmetric;
use super::lanes::{self, Lane};
use super::magnitude;
use super::many::mapped;
use super::product::gemm;
use super::schur::Columns;
use super::{extended_power, stack};
use crate::check;
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

/// Up to this side, a product is a few vector instructions, and packing for the large kernel would cost more.
const SMALL: usize = 12;

/// Products of numbers down to 2^−REACH are normal numbers, with all their digits.
const REACH: i32 = 400;

/// Aⁿ for a whole number n: A⁰ = I, and negative powers are those of the inverse.
///
/// As in all products, NaN and infinities go through when n is positive. An entry beyond the range of doubles comes out as an infinity
/// of its sign, and leaves the others as they are. Powers of a symmetric matrix are symmetric to the last bit; those of whole numbers are exact while they stay below 2⁵³.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square; for negative n, [`Error::NotFinite`] for NaN and infinities and [`Error::Singular`] when `a` has no
/// inverse.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::matrix_power;
///
/// let fibonacci = array![[1.0, 1.0], [1.0, 0.0]];
/// assert_eq!(matrix_power(fibonacci.view(), 10)?, array![[89.0, 55.0], [55.0, 34.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn matrix_power(a: ArrayView2<'_, f64>, n: i64) -> Result<Array2<f64>> {
    let side = check::square("matrix_power", "a", a)?;
    if n == 0 {
        return Ok(Array2::eye(side));
    }
    if n < 0 {
        check::finite_matrix("matrix_power", "a", a)?;
        let inverse = super::inv(a).map_err(|error| match error {
            Error::Singular { argument, pivot, .. } => Error::Singular { function: "matrix_power", argument, pivot },
            Error::Invalid { argument, problem, .. } => Error::Invalid { function: "matrix_power", argument, problem },
            other => other,
        })?;
        return Ok(positive(inverse.inverse.view(), n.unsigned_abs()));
    }
    Ok(positive(a, n.unsigned_abs()))
}

/// The same for every matrix of an array of shape (…, m, m), with `checkpoint` as in [`stack::map`].
///
/// Small matrices are multiplied eight at a time.
///
/// # Errors
/// Those of [`matrix_power`] with the matrix's place, and what `checkpoint` returns.
pub fn matrix_powers<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    n: i64,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<ArrayD<f64>, E> {
    let [.., rows, columns] = *a.shape() else { return stack::map(a, |m| matrix_power(m, n), checkpoint) };
    if a.ndim() < 3 || n < 1 || rows != columns || !(1..=lanes::POWER_LIMIT).contains(&rows) {
        return stack::map(a, |m| matrix_power(m, n), checkpoint);
    }
    let kernel = |x: &mut [Lane], side: usize| lanes::powers(x, side, n.unsigned_abs());
    let single = |m: ArrayView2<'_, f64>| matrix_power(m, n).map(|power| (power, None));
    let powers = mapped("matrix_power", "power", a, Some((&kernel, 1..=lanes::POWER_LIMIT)), single, checkpoint)?;
    Ok(powers.values)
}

fn positive(a: ArrayView2<'_, f64>, n: u64) -> Array2<f64> {
    let symmetric = is_symmetric(a);
    let columns = Columns::of(a);
    let mut result = power(columns.clone(), n);
    if !result.data().iter().all(|v| v.is_finite()) && a.iter().all(|v| v.is_finite()) {
        // On the way, ∞ − ∞ and 0·∞ may have become NaN, also in entries that stay within range.
        result = scaled_power(columns.clone(), n).unwrap_or_else(|| {
            let mut result = Columns::zeros(columns.n(), columns.n());
            result.data_mut().copy_from_slice(&extended_power::power(columns.data(), columns.n(), n));
            result
        });
    }
    if symmetric {
        mirror(&mut result);
    }
    // Back in rows, as NumPy's results are.
    result.view().as_standard_layout().into_owned()
}

fn power(mut base: Columns, mut n: u64) -> Columns {
    let mut result: Option<Columns> = None;
    let mut square = Columns::zeros(base.n(), base.n());
    loop {
        if n & 1 == 1 {
            result = Some(match result {
                None => base.clone(),
                Some(old) => {
                    let mut next = Columns::zeros(base.n(), base.n());
                    multiply(&mut next, &old, &base);
                    next
                }
            });
        }
        n >>= 1;
        if n == 0 {
            return result.unwrap_or(base);
        }
        multiply(&mut square, &base, &base);
        std::mem::swap(&mut square, &mut base);
    }
}

/// The same with a power of two set apart at every product; nothing when entries of one matrix differ by so much that this would lose the small ones.
fn scaled_power(mut base: Columns, mut n: u64) -> Option<Columns> {
    let mut result: Option<(Columns, i64)> = None;
    let mut exponent = 0_i64;
    let mut square = Columns::zeros(base.n(), base.n());
    loop {
        exponent = exponent.saturating_add(normalize(&mut base)?);
        if n & 1 == 1 {
            result = Some(match result {
                None => (base.clone(), exponent),
                Some((old, e)) => {
                    let mut next = Columns::zeros(base.n(), base.n());
                    multiply(&mut next, &old, &base);
                    let shift = normalize(&mut next)?;
                    (next, e.saturating_add(exponent).saturating_add(shift))
                }
            });
        }
        n >>= 1;
        if n == 0 {
            let (mut result, exponent) = result.unwrap_or((base, exponent));
            let exponent = exponent.clamp(-5000, 5000) as i32;
            result.data_mut().iter_mut().for_each(|v| *v = libm::ldexp(*v, exponent));
            return Some(result);
        }
        multiply(&mut square, &base, &base);
        std::mem::swap(&mut square, &mut base);
        exponent = exponent.saturating_mul(2);
    }
}

/// Divides by a power of two that brings the largest entry near one; its exponent. Nothing when other entries are so small beside it that products of them
/// could leave the range of doubles.
fn normalize(a: &mut Columns) -> Option<i64> {
    let largest = a.data().iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 {
        return Some(0);
    }
    let smallest = a.data().iter().filter(|v| **v != 0.0).fold(largest, |m, v| m.min(v.abs()));
    let exponent = magnitude::exponent(largest);
    if exponent - magnitude::exponent(smallest) > REACH {
        return None;
    }
    a.data_mut().iter_mut().for_each(|v| *v = libm::ldexp(*v, -exponent));
    Some(i64::from(exponent))
}

/// Makes mirrored entries equal, which they are but for rounding.
pub(crate) fn mirror(a: &mut Columns) {
    for j in 0..a.n() {
        for i in 0..j {
            let mean = if a[(i, j)] == a[(j, i)] { a[(i, j)] } else { 0.5 * a[(i, j)] + 0.5 * a[(j, i)] };
            a[(i, j)] = mean;
            a[(j, i)] = mean;
        }
    }
}

/// out = a·b for square matrices of one side.
pub(crate) fn multiply(out: &mut Columns, a: &Columns, b: &Columns) {
    let n = a.n();
    if n <= SMALL {
        out.data_mut().fill(0.0);
        small(out.data_mut(), a.data(), b.data(), n);
    } else {
        gemm(out.view_mut(), a.view(), b.view());
    }
}

wide_kernel! {
    fn small(out: &mut [f64], a: &[f64], b: &[f64], n: usize) = small_body
}

#[inline(always)]
fn small_body<const FMA: bool>(out: &mut [f64], a: &[f64], b: &[f64], n: usize) {
    if n == 0 {
        return;
    }
    for (out, b) in out.chunks_exact_mut(n).zip(b.chunks_exact(n)) {
        for (column, &factor) in a.chunks_exact(n).zip(b) {
            for (out, v) in out.iter_mut().zip(column) {
                *out = mul_add::<FMA>(factor, *v, *out);
            }
        }
    }
}
