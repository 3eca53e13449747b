//! Least squares: the x of smallest length among those that make ‖A·x − b‖ smallest.
//!
//! By singular values: with A = U·Σ·Vᵀ, x = V·Σ⁺·Uᵀ·b, where Σ⁺ inverts the singular values that are not negligible. Source:
//! G. H. Golub and W. Kahan, "Calculating the singular values and pseudo-inverse of a matrix", SIAM J. Numer. Anal. 2 (1965),
//! doi:10.1137/0702016. The decomposition is faer's.

use faer::diag::DiagMut;
use faer::linalg::svd;
use faer::{Par, Spec};
use ndarray::{Array, Array1, Array2, ArrayView, ArrayView2, Axis, Dimension, Ix2};

use super::bridge::{mat, mat_mut, with_scratch, zeros_by_columns};
use super::{magnitude, product};
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
/// negative `rcond`, [`Error::NotConverged`] if the iteration for the singular values stalls, which no finite matrix is known to do.
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
    let scale = |largest| if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) };
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

    let (u, mut s, v) = decompose(a)?;
    let rank = s.iter().filter(|&&value| value > rcond * s[0]).count();
    let mut rotated = Array2::zeros((rank, b.ncols()));
    product::gemm(rotated.view_mut(), u.slice(ndarray::s![.., ..rank]).reversed_axes(), b);
    for (mut row, &value) in rotated.rows_mut().into_iter().zip(&s) {
        row.mapv_inplace(|w: f64| w / value);
    }
    let mut x = Array2::zeros((n, b.ncols()));
    product::gemm(x.view_mut(), v.slice(ndarray::s![.., ..rank]), rotated.view());
    let residuals = if rank == n && m > n {
        let mut left = Array2::zeros(b.dim());
        product::gemm(left.view_mut(), a, x.view());
        left -= &b;
        left.columns().into_iter().map(|c| libm::ldexp(c.iter().map(|r| r * r).sum(), 2 * scale_b)).collect()
    } else {
        Array1::zeros(0)
    };
    if scale_a != 0 || scale_b != 0 {
        x.mapv_inplace(|w| libm::ldexp(w, scale_b - scale_a));
        s.mapv_inplace(|w| libm::ldexp(w, scale_a));
    }
    if !x.iter().all(|w| w.is_finite()) {
        let problem = "has a solution beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "lstsq", argument: "b", problem });
    }
    let x = x.into_shape_with_order(shape).unwrap_or_else(|_| unreachable!("x has n rows and b's columns"));
    Ok(LeastSquares { x, residuals, rank, singular_values: s })
}

/// A = U·Σ·Vᵀ with k = min(m, n) columns in U and V.
fn decompose(a: ArrayView2<'_, f64>) -> Result<(Array2<f64>, Array1<f64>, Array2<f64>)> {
    let (m, n) = a.dim();
    let k = m.min(n);
    let (mut u, mut v, mut s) = (zeros_by_columns(m, k), zeros_by_columns(n, k), Array1::zeros(k));
    if k == 0 {
        return Ok((u, s, v));
    }
    let vectors = svd::ComputeSvdVectors::Thin;
    let need = svd::svd_scratch::<f64>(m, n, vectors, vectors, Par::Seq, Spec::default());
    let outcome = with_scratch(need, |stack| {
        let values = s.as_slice_mut().unwrap_or(&mut []);
        svd::svd(
            mat(a),
            DiagMut::from_slice_mut(values),
            Some(mat_mut(u.view_mut())),
            Some(mat_mut(v.view_mut())),
            Par::Seq,
            stack,
            Spec::default(),
        )
    });
    outcome.map_err(|_| Error::NotConverged {
        function: "lstsq",
        iterations: 30 * k,
        detail: "the singular values of a did not settle".into(),
    })?;
    Ok((u, s, v))
}
