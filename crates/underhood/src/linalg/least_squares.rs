//! Least squares: the x of smallest length among those that make ‖A·x − b‖ smallest.
//!
//! Reflections take A to a triangle R. Its singular values are A's and tell the rank. When it is full, R·x = Qᵀ·b is solved by
//! substitution (G. Golub, "Numerical methods for solving linear least squares problems", Numer. Math. 7 (1965),
//! doi:10.1007/BF01436075); when it is not, x = V·Σ⁺·Uᵀ·b, where Σ⁺ inverts the singular values that are not negligible (G. H. Golub and
//! W. Kahan, SIAM J. Numer. Anal. 2 (1965), doi:10.1137/0702016).

use faer::Par;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use ndarray::{Array, Array1, Array2, ArrayView, ArrayView2, Axis, Dimension, Ix2, s};

use super::bridge::{mat, mat_mut};
use super::householder::{Kernels, Width};
use super::reflections::Reflections;
use super::strips::Strips;
use super::{magnitude, product, qr, svd};
use crate::check;
use crate::error::{Error, Result, Shape};

/// A least-squares solution with NumPy's four parts.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares<D: Dimension> {
    /// The solution, a column for each of b's.
    pub x: Array<f64, D>,
    /// The sum of squared residuals for each column of b; empty when the rank is below A's columns or A has no more rows than columns.
    pub residuals: Array1<f64>,
    /// The number of singular values that are not negligible.
    pub rank: usize,
    /// All singular values, largest first.
    pub singular_values: Array1<f64>,
}

/// The least-squares solution of A·x ≈ b for an m×n matrix of any rank; among several, the shortest.
///
/// Singular values at most `rcond` times the largest count as zero; the default is ε·max(m, n). For a line through data with standard
/// errors see `stats::regression`, which is also more accurate.
///
/// # Errors
/// [`Error::Shape`] when `b` does not have as many rows as `a`, [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a
/// negative `rcond`, [`Error::Invalid`] when the solution lies beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::lstsq;
///
/// // The line c + m·t nearest to four points.
/// let a = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let fit = lstsq(a.view(), array![-1.0, 0.2, 0.9, 2.1].view(), None)?;
/// assert!((fit.x[0] - -0.95).abs() < 1e-14 && (fit.x[1] - 1.0).abs() < 1e-14);
/// assert!((fit.residuals[0] - 0.05).abs() < 1e-14);
/// assert_eq!(fit.rank, 2);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn lstsq<D: Dimension>(
    a: ArrayView2<'_, f64>,
    b: ArrayView<'_, f64, D>,
    rcond: Option<f64>,
) -> Result<LeastSquares<D>> {
    let (m, n) = a.dim();
    if !matches!(b.ndim(), 1 | 2) || b.shape()[0] != m {
        let expected = format!("a is {}", Shape(a.shape()));
        return Err(Error::Shape { function: "lstsq", argument: "b", shape: b.shape().to_vec(), expected });
    }
    let rcond = rcond.unwrap_or(f64::EPSILON * m.max(n) as f64);
    check::in_range("lstsq", "rcond", rcond, rcond >= 0.0, "zero or a positive number")?;
    let mut shape = b.raw_dim();
    shape[0] = n;
    let b = b.into_dyn();
    let b = if b.ndim() == 1 { b.insert_axis(Axis(1)) } else { b };
    let b = b.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("the number of axes was looked at"));
    check::room("lstsq", "solution", &[n, b.ncols()])?;
    let largest = magnitude::largest("lstsq", "a", a)?;
    let largest_b = magnitude::largest("lstsq", "b", b).map_err(|error| match error {
        Error::NotFinite { function, argument, value, mut index } => {
            index.truncate(shape.ndim());
            Error::NotFinite { function, argument, value, index }
        }
        other => other,
    })?;
    // Squares of huge or tiny numbers would leave the range: powers of two bring both sides near one, and change no digit.
    let scale =
        |largest| if largest == 0.0 || qr::MODERATE.contains(&largest) { 0 } else { magnitude::exponent(largest) };
    let (scale_a, scale_b) = (scale(largest), scale(largest_b));
    let (scaled_a, scaled_b);
    let a = if scale_a == 0 {
        a
    } else {
        scaled_a = a.mapv(|v| libm::ldexp(v, -scale_a));
        scaled_a.view()
    };
    let b = if scale_b == 0 {
        b
    } else {
        scaled_b = b.mapv(|v| libm::ldexp(v, -scale_b));
        scaled_b.view()
    };

    let Fit { mut x, residuals, rank, mut values } = if m >= n { tall(a, b, rcond) } else { wide(a, b, rcond) };
    let residuals: Array1<f64> = residuals.into_iter().map(|r| libm::ldexp(r, 2 * scale_b)).collect();
    if scale_a != 0 || scale_b != 0 {
        x.mapv_inplace(|w| libm::ldexp(w, scale_b - scale_a));
        values.mapv_inplace(|w| libm::ldexp(w, scale_a));
    }
    if !x.iter().all(|w| w.is_finite()) {
        let problem = "has a solution beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "lstsq", argument: "b", problem });
    }
    let x = x.into_shape_with_order(shape).unwrap_or_else(|_| unreachable!("x has n rows and b's columns"));
    Ok(LeastSquares { x, residuals, rank, singular_values: values })
}

/// What is found of a problem whose numbers are of moderate size.
struct Fit {
    x: Array2<f64>,
    residuals: Vec<f64>,
    rank: usize,
    values: Array1<f64>,
}

/// At least as many rows as columns: reflections take A to a triangle R and b to Qᵀb, whose last rows are the residual.
fn tall(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, rcond: f64) -> Fit {
    let ((m, n), columns) = (a.dim(), b.ncols());
    let (mut r, lengths) = match qr::triangle_by_blocks(a, b) {
        Some(r) => {
            let lengths = (n..n + columns).map(|j| r.slice(s![n.., j]).iter().map(|v| v * v).sum()).collect();
            (r, lengths)
        }
        None if n + columns <= 4 => reflected::<4>(a, b),
        None if n + columns <= 8 => reflected::<8>(a, b),
        None => reflected::<16>(a, b),
    };
    let (r, mut c) = r.slice_mut(s![..n, ..]).split_at(Axis(1), n);
    let (values, rank) = rank_of(r.view(), rcond);
    let x = if rank == n {
        solve_upper_triangular_in_place(mat(r.view()), mat_mut(c.view_mut()), Par::Seq);
        c.to_owned()
    } else {
        shortest(r.view(), c.view(), rank)
    };
    let residuals = if rank == n && m > n { lengths } else { Vec::new() };
    Fit { x, residuals, rank, values }
}

/// \[R Qᵀb\], and the squared lengths of what reflections leave of b below it.
fn reflected<const B: usize>(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> (Array2<f64>, Vec<f64>)
where
    Width: Kernels<B>,
{
    let ((m, n), columns) = (a.dim(), b.ncols());
    let mut strips = Strips::<B>::zeros(m, n + columns);
    strips.write(a, 0, 0);
    strips.write(b, 0, n);
    let reflections = Reflections::leading(strips, n + columns, n);
    let lengths = (n..n + columns).map(|j| reflections.rest(j)).collect();
    (reflections.triangle(n), lengths)
}

/// More columns than rows: with Aᵀ = Q·R, the shortest solution of Rᵀ·y = b is turned back, x = Q·y.
fn wide(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, rcond: f64) -> Fit {
    let ((m, n), columns) = (a.dim(), b.ncols());
    let reflections = Reflections::<16>::of(a.t());
    let r = reflections.triangle(m);
    let (values, rank) = rank_of(r.view(), rcond);
    let y = if rank == m {
        let mut y = b.to_owned();
        solve_lower_triangular_in_place(mat(r.t()), mat_mut(y.view_mut()), Par::Seq);
        y
    } else {
        shortest(r.t(), b, rank)
    };
    let mut x = Array2::zeros((n, columns));
    x.slice_mut(s![..m, ..]).assign(&y);
    reflections.turn_forth(&mut x);
    Fit { x, residuals: Vec::new(), rank, values }
}

/// The singular values of a square matrix, and how many are not negligible.
fn rank_of(r: ArrayView2<'_, f64>, rcond: f64) -> (Array1<f64>, usize) {
    let values = svd::values_of(r, largest(r));
    let rank = values.iter().filter(|&&value| value > rcond * values[0]).count();
    (values, rank)
}

/// V·Σ⁺·Uᵀ·b for a square matrix of lower rank.
fn shortest(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, rank: usize) -> Array2<f64> {
    let svd::Thin { u, s, v } = svd::decompose(a, largest(a));
    let mut rotated = Array2::zeros((rank, b.ncols()));
    product::gemm(rotated.view_mut(), u.slice(s![.., ..rank]).reversed_axes(), b);
    for (mut row, &value) in rotated.rows_mut().into_iter().zip(&s) {
        row.mapv_inplace(|w: f64| w / value);
    }
    let mut x = Array2::zeros((a.ncols(), b.ncols()));
    product::gemm(x.view_mut(), v.slice(s![.., ..rank]), rotated.view());
    x
}

fn largest(a: ArrayView2<'_, f64>) -> f64 {
    a.iter().fold(0.0, |m, v| m.max(v.abs()))
}
