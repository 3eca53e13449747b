//! The pseudo-inverse A⁺: the matrix that comes nearest to undoing A, whatever A's shape and rank.
//!
//! With A = U·Σ·Vᵀ it is V·Σ⁺·Uᵀ, where Σ⁺ inverts the singular values that are not negligible. It is the only matrix with
//! A·A⁺·A = A, A⁺·A·A⁺ = A⁺, and both products symmetric. Source: R. Penrose, "A generalized inverse for matrices", Proc. Camb. Phil. Soc. 51
//! (1955), doi:10.1017/S0305004100030401.

use ndarray::{Array2, ArrayView2, s};

use super::svd::{self, Thin};
use super::{magnitude, product};
use crate::check;
use crate::error::{Error, Result};

/// The pseudo-inverse of an m×n matrix, n×m.
///
/// Singular values up to `rcond` times the largest count as zero; the default is ε·max(m, n). A⁺·b is the shortest of the vectors
/// that make ‖A·x − b‖ smallest. The pseudo-inverse of a symmetric matrix is symmetric to the last bit. With `hermitian` the matrix must be
/// symmetric, which is checked.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a negative `rcond`, [`Error::Invalid`] when the result is beyond
/// the range of doubles; with `hermitian` also [`Error::Shape`] and [`Error::NotSymmetric`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::pinv;
///
/// let inverse = pinv(array![[1.0], [2.0]].view(), None, false)?;
/// assert!((inverse - array![[0.2, 0.4]]).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn pinv(a: ArrayView2<'_, f64>, rcond: Option<f64>, hermitian: bool) -> Result<Array2<f64>> {
    let (m, n) = a.dim();
    let rcond = rcond.unwrap_or(f64::EPSILON * m.max(n) as f64);
    check::in_range("pinv", "rcond", rcond, rcond >= 0.0, "zero or a positive number")?;
    let largest = svd::looked_at("pinv", "a", a, hermitian)?;
    check::room("pinv", "pseudo-inverse", &[n, m])?;
    let exponent = magnitude::exponent(largest);
    let scaled = svd::scaled(a, exponent);
    let Thin { u, s, mut v } = match &scaled {
        Some(scaled) => svd::decompose(scaled.view(), 1.0),
        None => svd::decompose(a, largest),
    };
    let rank = s.iter().filter(|&&value| value > rcond * s[0]).count();
    for (mut column, &value) in v.columns_mut().into_iter().zip(&s).take(rank) {
        column.mapv_inplace(|x| x / value);
    }
    let mut inverse = Array2::zeros((n, m));
    product::gemm(inverse.view_mut(), v.slice(s![.., ..rank]), u.slice(s![.., ..rank]).reversed_axes());
    if scaled.is_some() {
        inverse.mapv_inplace(|x: f64| libm::ldexp(x, -exponent));
    }
    if !inverse.iter().all(|x| x.is_finite()) {
        let problem = "has a pseudo-inverse beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: "pinv", argument: "a", problem });
    }
    if m == n && (0..n).all(|i| (0..i).all(|j| a[[i, j]] == a[[j, i]])) {
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * inverse[[i, j]] + 0.5 * inverse[[j, i]];
                inverse[[i, j]] = mean;
                inverse[[j, i]] = mean;
            }
        }
    }
    Ok(inverse)
}
