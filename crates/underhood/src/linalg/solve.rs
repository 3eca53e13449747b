//! Systems of linear equations A·x = b.
//!
//! Elimination solves almost every system well, and two cheap signs tell when it did not: the residual, and a probe that is
//! solved beside b and comes out large when A is nearly singular. Only then is the careful way taken, which refines the solution and
//! estimates the condition number (`refine`).

use ndarray::{Array, Array2, ArrayView, ArrayView2, Axis, Dimension, Ix2};

use super::condition::{IllConditioned, norm_1, probe};
use super::lu::Lu;
use super::small::{self, Elimination};
use super::{determinant, magnitude, product, refine, wide};
use crate::check;
use crate::error::{Error, Result, Shape};
use crate::simd;

/// Above this lower estimate of the condition number the careful way is taken.
const SUSPICIOUS: f64 = 1e6;

/// A solution, and how far to trust it.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution<D: Dimension> {
    /// x with A·x = b, in b's shape.
    pub x: Array<f64, D>,
    /// Present when A is nearly singular: its condition number, and the digits that are left.
    pub warning: Option<IllConditioned>,
}

/// The x that solves A·x = b, for one right-hand side (a vector) or several (the columns of a matrix).
///
/// The error of x is about κ₁(A)·ε relative to x. Where κ₁ may exceed 10⁶, or the residual shows that elimination let entries grow, x is
/// refined with residuals in doubled precision until it is as accurate as doubles allow for exactly these numbers. Above 10¹² the
/// solution carries a warning, since numbers that were rounded before they came here do not determine it to more than four digits.
/// Up to 256×256, entries that differ by more than 2¹⁰⁰ in magnitude are eliminated with 32 digits and wide exponents where elimination in
/// doubles cannot be trusted. With entries beyond 2^±400 the condition number is that of the matrix after its rows and columns were
/// scaled by powers of two, or of the components of x under relative changes of each number, whichever is smaller.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square or `b` does not have as many rows, [`Error::NotFinite`] for NaN and infinities,
/// [`Error::Singular`] when a pivot is exactly zero (a matrix of whole numbers is judged exactly up to 16×16 when its determinant is
/// small enough), [`Error::Invalid`] when the solution lies beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::solve;
///
/// // Two numbers whose sum is 10 and whose difference is 4.
/// let solution = solve(array![[1.0, 1.0], [1.0, -1.0]].view(), array![10.0, 4.0].view())?;
/// assert_eq!(solution.x, array![7.0, 3.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn solve<D: Dimension>(a: ArrayView2<'_, f64>, b: ArrayView<'_, f64, D>) -> Result<Solution<D>> {
    let n = check::square("solve", "a", a)?;
    fits("solve", a, &b)?;
    let shape = b.raw_dim();
    let b = columns_of(b);
    let largest = magnitude::largest("solve", "a", a)?;
    let largest_b = magnitude::largest("solve", "b", b).map_err(|error| in_vector(error, shape.ndim()))?;
    let comfortable = magnitude::is_comfortable(largest) && magnitude::is_comfortable(largest_b);

    let quick = if n <= small::LIMIT && b.ncols() == 1 && comfortable { short(a, b, largest, largest_b) } else { None };
    let (x, warning) = match quick {
        Some(x) => (x, None),
        None if comfortable => {
            let lu = eliminated(a, b);
            // A subnormal pivot, whose reciprocal is infinite, wants rows and columns of like size.
            if lu.overflowed() { scaled(a, b, largest_b)? } else { general(a, lu, b, largest)? }
        }
        None => scaled(a, b, largest_b)?,
    };
    if !x.iter().all(|v| v.is_finite()) {
        return Err(Error::Invalid {
            function: "solve",
            argument: "b",
            problem: "has a solution beyond the range of doubles (1.8e308)".into(),
        });
    }
    Ok(Solution { x: in_shape(x, shape), warning })
}

/// b has a row for each of a's.
pub(super) fn fits<D: Dimension>(
    function: &'static str,
    a: ArrayView2<'_, f64>,
    b: &ArrayView<'_, f64, D>,
) -> Result<()> {
    if matches!(b.ndim(), 1 | 2) && b.shape()[0] == a.nrows() {
        return Ok(());
    }
    let expected = format!("a is {}", Shape(a.shape()));
    Err(Error::Shape { function, argument: "b", shape: b.shape().to_vec(), expected })
}

/// x has b's elements in b's order, whatever its own layout.
pub(super) fn in_shape<D: Dimension>(x: Array2<f64>, shape: D) -> Array<f64, D> {
    let x = if x.is_standard_layout() { x } else { x.as_standard_layout().into_owned() };
    x.into_shape_with_order(shape).unwrap_or_else(|_| unreachable!("x has as many elements as b"))
}

/// A vector as a matrix of one column; a matrix as it is.
pub(super) fn columns_of<D: Dimension>(b: ArrayView<'_, f64, D>) -> ArrayView2<'_, f64> {
    let b = b.into_dyn();
    let b = if b.ndim() == 1 { b.insert_axis(Axis(1)) } else { b };
    b.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("the number of axes was looked at"))
}

/// A place in a vector is one index, though the vector was looked through as a column.
pub(super) fn in_vector(error: Error, axes: usize) -> Error {
    match error {
        Error::NotFinite { function, argument, value, mut index } => {
            index.truncate(axes);
            Error::NotFinite { function, argument, value, index }
        }
        other => other,
    }
}

/// The short path; None when a sign tells that more care is needed.
fn short(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, largest: f64, largest_b: f64) -> Option<Array2<f64>> {
    let n = a.nrows();
    let mut carried = [[0.0; 2]; small::LIMIT];
    for (i, pair) in carried.iter_mut().enumerate().take(n) {
        *pair = [b[[i, 0]], probe(i)];
    }
    let Elimination::Done { .. } = small::solve_vector(a, &mut carried) else { return None };
    let norm = largest * n as f64;
    let (mut size, mut stretched) = (0.0_f64, 0.0_f64);
    for pair in &carried[..n] {
        size += pair[0].abs();
        stretched = stretched.max(pair[1].abs());
    }
    let mut residual = 0.0_f64;
    for (i, row) in a.rows().into_iter().enumerate() {
        let product: f64 = row.iter().zip(&carried).map(|(a, pair)| a * pair[0]).sum();
        residual = residual.max((b[[i, 0]] - product).abs());
    }
    let tolerance = 8.0 * n as f64 * f64::EPSILON * (largest * size + largest_b);
    // Comparisons are false for NaN, which an overflow could leave.
    let trusted = norm * stretched <= SUSPICIOUS && residual <= tolerance;
    trusted.then(|| Array2::from_shape_fn((n, 1), |(i, _)| carried[i][0]))
}

/// The factors of `a`, with b and a probe beside it taken through the elimination.
fn eliminated(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Lu {
    let columns = b.ncols();
    Lu::carrying(a, columns + 1, |i, carried| {
        carried.iter_mut().zip(b.row(i)).for_each(|(to, &v)| *to = v);
        carried[columns] = probe(i);
    })
}

/// Any size, entries of moderate magnitude; `lu` are the factors of `a`.
fn general(
    a: ArrayView2<'_, f64>,
    mut lu: Lu,
    b: ArrayView2<'_, f64>,
    largest: f64,
) -> Result<(Array2<f64>, Option<IllConditioned>)> {
    let (n, columns) = (a.nrows(), b.ncols());
    if let Some(pivot) = lu.zero_pivot() {
        // A product that underflowed may have made it so.
        if n > wide::LIMIT || !wide::is_mixed(a) {
            return Err(singular(pivot));
        }
        let solved = wide::solve(a, b).map_err(singular)?;
        return Ok((solved.x, IllConditioned::judge("solve", solved.condition)));
    }
    let (mut x, mut stretched) = (Array2::zeros((n, columns)), 0.0_f64);
    let carried = lu.carried();
    for (i, mut row) in x.rows_mut().into_iter().enumerate() {
        let carried = carried.row(i);
        row.iter_mut().zip(carried).for_each(|(x, &v)| *x = v);
        // An infinity or no number at all must not look small.
        let size = carried[columns].abs();
        stretched = stretched.max(if size.is_nan() { f64::INFINITY } else { size });
    }
    if largest * n as f64 * stretched <= SUSPICIOUS && residual_is_small(a, x.view(), b, largest) {
        return Ok((x, None));
    }
    if n <= small::LIMIT && determinant::of_whole_numbers(a) == Some(0.0) {
        return Err(Error::Singular { function: "solve", argument: "a", pivot: smallest(lu.pivots()) });
    }
    let refined = refine::solve(a, lu, b);
    if n <= wide::LIMIT && wide::is_mixed(a) && !refine::solves_every_row(a, refined.x.view(), b) {
        let solved = wide::solve(a, b).map_err(singular)?;
        return Ok((solved.x, IllConditioned::judge("solve", solved.condition)));
    }
    let warning = IllConditioned::judge("solve", norm_1(a) * refined.inverse_norm);
    Ok((refined.x, warning))
}

fn singular(pivot: usize) -> Error {
    Error::Singular { function: "solve", argument: "a", pivot }
}

/// Entries near the ends of the range: where some are also far from the others, elimination has numbers that reach further; rows and columns are brought near one by powers of two, and the solution is taken back.
fn scaled(
    a: ArrayView2<'_, f64>,
    b: ArrayView2<'_, f64>,
    largest_b: f64,
) -> Result<(Array2<f64>, Option<IllConditioned>)> {
    if a.nrows() <= wide::LIMIT && (wide::is_mixed(a) || wide::is_mixed(b)) {
        let solved = wide::solve(a, b).map_err(singular)?;
        return Ok((solved.x, IllConditioned::judge("solve", solved.scaled_condition)));
    }
    let scaled = magnitude::equilibrate(a);
    let shift = if largest_b == 0.0 { 0 } else { magnitude::exponent(largest_b) };
    let mut b = b.to_owned();
    for (mut row, &e) in b.rows_mut().into_iter().zip(&scaled.rows) {
        row.mapv_inplace(|v| libm::ldexp(v, -e - shift));
    }
    let (mut x, warning) = general(scaled.matrix.view(), eliminated(scaled.matrix.view(), b.view()), b.view(), 1.0)?;
    for (mut row, &e) in x.rows_mut().into_iter().zip(&scaled.columns) {
        row.mapv_inplace(|v| libm::ldexp(v, shift - e));
    }
    Ok((x, warning))
}

/// Whether every column's residual is what rounding explains.
fn residual_is_small(a: ArrayView2<'_, f64>, x: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, largest: f64) -> bool {
    let n = a.nrows();
    let only = if x.ncols() == 1 { x.column(0).to_slice() } else { None };
    let product = match only {
        Some(x) if a.is_standard_layout() => {
            Array2::from_shape_fn((n, 1), |(i, _)| a.row(i).as_slice().map_or(f64::NAN, |row| simd::dot(row, x)))
        }
        _ => {
            let mut product = Array2::zeros(b.dim());
            product::gemm(product.view_mut(), a, x);
            product
        }
    };
    (0..b.ncols()).all(|j| {
        let size: f64 = x.column(j).iter().map(|v| v.abs()).sum();
        let bound = b.column(j).iter().fold(largest * size, |m, v| m.max(v.abs()));
        let tolerance = 8.0 * (n as f64).max(10.0) * f64::EPSILON * bound;
        product.column(j).iter().zip(b.column(j)).all(|(p, b)| (p - b).abs() <= tolerance)
    })
}

/// Where the smallest magnitude stands.
pub(super) fn smallest(pivots: impl Iterator<Item = f64>) -> usize {
    pivots.enumerate().fold((0, f64::INFINITY), |best, (i, p)| if p.abs() < best.1 { (i, p.abs()) } else { best }).0
}
