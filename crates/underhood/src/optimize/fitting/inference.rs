//! How sure fitted parameters are.
//!
//! Near the minimum the residuals are linear in the parameters, whose covariance is then σ²·(JᵀJ)⁻¹ (G. A. F. Seber and C. J. Wild,
//! "Nonlinear Regression", 1989, section 2.1, doi:10.1002/0471725315). JᵀJ is never formed: singular values of J, its columns brought to
//! length one, give its inverse.

use ndarray::{Array1, Array2, ArrayView2};

use crate::check;
use crate::error::Result;
use crate::linalg;

/// The covariance of parameters for residuals of variance one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ParameterCovariance {
    /// (JᵀJ)⁻¹, or infinities if J's columns depend on each other.
    pub matrix: Array2<f64>,
    /// The numerical rank of J.
    pub rank: usize,
    /// The largest through the smallest singular value of J with columns of length one.
    pub condition: f64,
}

/// (JᵀJ)⁻¹ for a Jacobian J of residuals; times their variance it is the covariance of the parameters.
///
/// # Errors
/// [`Error::NotFinite`](crate::Error::NotFinite).
///
/// ```
/// let c = underhood::optimize::parameter_covariance(ndarray::array![[1.0, 0.0], [0.0, 2.0]].view())?;
/// assert!((c.matrix[[1, 1]] - 0.25).abs() < 1e-15 && c.rank == 2);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn parameter_covariance(jacobian: ArrayView2<'_, f64>) -> Result<ParameterCovariance> {
    check::finite_matrix("parameter_covariance", "jacobian", jacobian)?;
    let (m, n) = jacobian.dim();
    let lengths: Array1<f64> = jacobian.columns().into_iter().map(|c| linalg::length(c.view())).collect();
    let scaled =
        Array2::from_shape_fn((m, n), |(i, j)| if lengths[j] > 0.0 { jacobian[[i, j]] / lengths[j] } else { 0.0 });
    let svd = linalg::svd(scaled.view(), false, false)?;
    let (first, last) = (svd.s.first().copied().unwrap_or(0.0), svd.s.last().copied().unwrap_or(0.0));
    let negligible = f64::EPSILON * m.max(n) as f64 * first;
    let rank = svd.s.iter().filter(|&&s| s > negligible).count();
    if rank < n {
        return Ok(ParameterCovariance {
            matrix: Array2::from_elem((n, n), f64::INFINITY),
            rank,
            condition: f64::INFINITY,
        });
    }
    let matrix = Array2::from_shape_fn((n, n), |(i, j)| {
        let (i, j) = (i.min(j), i.max(j));
        (0..n).map(|k| svd.vh[[k, i]] / svd.s[k] * (svd.vh[[k, j]] / svd.s[k])).sum::<f64>() / lengths[i] / lengths[j]
    });
    Ok(ParameterCovariance { matrix, rank, condition: first / last })
}
