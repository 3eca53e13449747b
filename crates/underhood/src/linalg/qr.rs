//! Orthogonal factorisation A = Q·R by Householder's reflections.
//!
//! Source: A. S. Householder, "Unitary triangularization of a nonsymmetric matrix", J. ACM 5 (1958), doi:10.1145/320941.320947; blocked as
//! by R. Schreiber and C. Van Loan (1989), doi:10.1137/0910005. The factorisation is faer's.

use std::str::FromStr;

use faer::linalg::householder;
use faer::linalg::qr::no_pivoting::factor;
use faer::linalg::{triangular_solve, triangular_solve::solve_upper_triangular_in_place};
use faer::{Conj, Par, Spec};
use ndarray::{Array2, ArrayView2, s};

use super::bridge::{by_columns, mat, mat_mut, with_scratch, zeros_by_columns};
use super::magnitude;
use crate::check;
use crate::error::{Error, Result};

/// How much of Q and R is wanted, for an m×n matrix with k = min(m, n).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QrMode {
    /// Q is m×k, R is k×n: an orthonormal basis of the column space.
    #[default]
    Reduced,
    /// Q is m×m, R is m×n: a basis of the whole space.
    Complete,
}

impl FromStr for QrMode {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "reduced" => Ok(QrMode::Reduced),
            "complete" => Ok(QrMode::Complete),
            _ => Err(Error::UnknownName {
                function: "qr",
                argument: "mode",
                value: name.into(),
                allowed: &["reduced", "complete"],
            }),
        }
    }
}

/// A = Q·R.
#[derive(Debug, Clone, PartialEq)]
pub struct Qr {
    /// Orthonormal columns: QᵀQ = I.
    pub q: Array2<f64>,
    /// Upper triangular.
    pub r: Array2<f64>,
}

/// The factorisation A = Q·R into orthonormal columns and an upper triangle.
///
/// Each step reflects a column onto the axis whose sign is opposite to its first entry's, so that nothing cancels; R's diagonal
/// therefore may have either sign, as with NumPy. Stable for every matrix: ‖A − Q·R‖ and ‖QᵀQ − I‖ stay within a few n·ε.
///
/// # Errors
/// [`Error::NotFinite`](crate::Error::NotFinite) for NaN or an infinity.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{QrMode, qr};
///
/// let a = array![[3.0, 1.0], [4.0, 2.0]];
/// let f = qr(a.view(), QrMode::Reduced)?;
/// assert!((f.q.dot(&f.r) - &a).iter().all(|e| e.abs() < 1e-14));
/// assert!((f.r[[0, 0]].abs() - 5.0).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr(a: ArrayView2<'_, f64>, mode: QrMode) -> Result<Qr> {
    let largest = magnitude::largest("qr", "a", a)?;
    // Reflections square the entries: bring them near one first where squares would leave the range. Powers of two change no digit.
    let scale = if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) };
    let reflections =
        if scale == 0 { Reflections::of(a) } else { Reflections::of(a.mapv(|v| libm::ldexp(v, -scale)).view()) };
    let (m, n) = a.dim();
    let columns = if mode == QrMode::Complete { m } else { m.min(n) };
    check::room("qr", "matrix Q", &[m, columns])?;
    let mut r = Array2::zeros((columns, n));
    for i in 0..m.min(n) {
        let row = reflections.basis.slice(s![i, i..]);
        r.slice_mut(s![i, i..]).assign(&row);
    }
    if scale != 0 {
        r.mapv_inplace(|v: f64| libm::ldexp(v, scale));
    }
    Ok(Qr { q: reflections.q(columns), r })
}

/// Q as a product of reflections (below the diagonal, with their blocks' factors) and R (on and above it).
#[derive(Debug)]
pub(crate) struct Reflections {
    basis: Array2<f64>,
    blocks: Array2<f64>,
}

impl Reflections {
    /// Factors a matrix of finite numbers.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let (m, n) = a.dim();
        let size = m.min(n);
        let block = factor::recommended_block_size::<f64>(m, n).max(1);
        let mut basis = by_columns(a);
        let mut blocks = zeros_by_columns(block, size);
        if size > 0 {
            let need = factor::qr_in_place_scratch::<f64>(m, n, block, Par::Seq, Spec::default());
            with_scratch(need, |stack| {
                let (basis, blocks) = (mat_mut(basis.view_mut()), mat_mut(blocks.view_mut()));
                factor::qr_in_place(basis, blocks, Par::Seq, stack, Spec::default());
            });
        }
        Reflections { basis, blocks }
    }

    /// The first columns of Q.
    fn q(&self, columns: usize) -> Array2<f64> {
        let mut q = zeros_by_columns(self.basis.nrows(), columns);
        q.diag_mut().fill(1.0);
        let size = self.blocks.ncols();
        if size == 0 || columns == 0 {
            return q;
        }
        let need = householder::apply_block_householder_sequence_on_the_left_in_place_scratch::<f64>(
            self.basis.nrows(),
            self.blocks.nrows(),
            columns,
        );
        with_scratch(need, |stack| {
            householder::apply_block_householder_sequence_on_the_left_in_place_with_conj(
                mat(self.basis.slice(s![.., ..size])),
                mat(self.blocks.view()),
                Conj::No,
                mat_mut(q.view_mut()),
                Par::Seq,
                stack,
            );
        });
        q
    }

    /// Overwrites the columns of `b` with A⁻¹·b = R⁻¹·Qᵀ·b, for a square matrix.
    pub(crate) fn solve(&self, b: &mut Array2<f64>) {
        let q = self.q(self.basis.nrows());
        *b = by_columns(q.t().dot(b).view());
        solve_upper_triangular_in_place(mat(self.basis.view()), mat_mut(b.view_mut()), Par::Seq);
    }

    /// The same with A⁻ᵀ = Q·R⁻ᵀ.
    pub(crate) fn solve_transposed(&self, b: &mut Array2<f64>) {
        let q = self.q(self.basis.nrows());
        let mut x = by_columns(b.view());
        triangular_solve::solve_lower_triangular_in_place(
            mat(self.basis.view()).transpose(),
            mat_mut(x.view_mut()),
            Par::Seq,
        );
        *b = by_columns(q.dot(&x).view());
    }
}
