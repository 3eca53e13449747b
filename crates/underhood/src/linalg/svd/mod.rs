//! The singular value decomposition A = U·Σ·Vᵀ.

use faer::diag::DiagMut;
use faer::linalg::svd as routine;
use faer::{Par, Spec};
use ndarray::{Array1, Array2, ArrayView2};

use super::bridge::{mat, mat_mut, with_scratch, zeros_by_columns};

/// A = U·Σ·Vᵀ with k = min(m, n) columns in U and in V.
#[derive(Debug, Clone)]
pub(crate) struct Thin {
    /// Orthonormal columns, m×k.
    pub(crate) u: Array2<f64>,
    /// The singular values, largest first.
    pub(crate) s: Array1<f64>,
    /// Orthonormal columns, n×k.
    pub(crate) v: Array2<f64>,
}

/// The thin decomposition of a matrix of finite numbers whose squares stay within range
/// (`magnitude::is_comfortable`). The signs of the vectors are as they come.
pub(crate) fn decompose(a: ArrayView2<'_, f64>) -> Thin {
    let (m, n) = a.dim();
    let k = m.min(n);
    let (mut u, mut v, mut s) = (zeros_by_columns(m, k), zeros_by_columns(n, k), Array1::zeros(k));
    if k == 0 {
        return Thin { u, s, v };
    }
    let vectors = routine::ComputeSvdVectors::Thin;
    let need = routine::svd_scratch::<f64>(m, n, vectors, vectors, Par::Seq, Spec::default());
    let _ = with_scratch(need, |stack| {
        let values = s.as_slice_mut().unwrap_or(&mut []);
        routine::svd(
            mat(a),
            DiagMut::from_slice_mut(values),
            Some(mat_mut(u.view_mut())),
            Some(mat_mut(v.view_mut())),
            Par::Seq,
            stack,
            Spec::default(),
        )
    });
    Thin { u, s, v }
}
