//! Elimination with partial pivoting, P·A = L·U, of matrices of any size.
//!
//! The factorisation is faer's (recursive, after S. Toledo, "Locality of reference in LU decomposition with partial pivoting", SIAM J.
//! Matrix Anal. Appl. 18 (1997), doi:10.1137/S0895479896297744). It is fast on memory stored by columns; a matrix that is stored by
//! rows is its transpose stored by columns, so Aᵀ is factored instead and every solve is turned round: no copy is rearranged.

use faer::linalg::lu::partial_pivoting;
use faer::perm::PermRef;
use faer::{Conj, Par, Spec};
use ndarray::{Array2, ArrayView2};

use super::bridge::{by_columns, mat, mat_mut, with_scratch, zeros_by_columns};

/// L and U of a square matrix, or of its transpose.
#[derive(Debug)]
pub(crate) struct Lu {
    /// L below the diagonal (its own diagonal is one), U on and above it; stored by columns.
    factors: Array2<f64>,
    /// Row i of the permuted matrix is row forward\[i\] of the matrix.
    forward: Vec<usize>,
    backward: Vec<usize>,
    /// Whether the permutation changes the determinant's sign.
    odd: bool,
    /// Whether these are the factors of the transpose.
    transposed: bool,
}

impl Lu {
    /// Factors a square matrix of finite numbers.
    pub(crate) fn of(a: ArrayView2<'_, f64>) -> Self {
        let n = a.nrows();
        let transposed = a.strides()[0].unsigned_abs() >= a.strides()[1].unsigned_abs();
        let mut factors = if transposed { by_columns(a.t()) } else { by_columns(a) };
        let (mut forward, mut backward) = (vec![0; n], vec![0; n]);
        let need = partial_pivoting::factor::lu_in_place_scratch::<usize, f64>(n, n, Par::Seq, Spec::default());
        let swaps = with_scratch(need, |stack| {
            let a = mat_mut(factors.view_mut());
            partial_pivoting::factor::lu_in_place(a, &mut forward, &mut backward, Par::Seq, stack, Spec::default())
                .0
                .transposition_count
        });
        Lu { factors, forward, backward, odd: swaps % 2 == 1, transposed }
    }

    /// The pivots, which are U's diagonal.
    pub(crate) fn pivots(&self) -> impl Iterator<Item = f64> {
        self.factors.diag().into_iter().copied()
    }

    /// The first pivot that is zero. What faer leaves behind one is no number.
    pub(crate) fn zero_pivot(&self) -> Option<usize> {
        let first = self.pivots().position(|p| p == 0.0 || !p.is_finite())?;
        (self.factors[[first, first]] == 0.0).then_some(first)
    }

    /// Whether entries left the range of doubles: a matrix of more than a thousand rows can make them grow so far, and so can a
    /// subnormal pivot, whose reciprocal is infinite.
    pub(crate) fn overflowed(&self) -> bool {
        self.zero_pivot().is_none() && !self.pivots().all(f64::is_finite)
    }

    /// The sign of the permutation's determinant.
    pub(crate) fn sign(&self) -> f64 {
        if self.odd { -1.0 } else { 1.0 }
    }

    /// The largest |uᵢⱼ|, which beside the largest |aᵢⱼ| shows how far elimination made entries grow.
    pub(crate) fn largest_of_u(&self) -> f64 {
        self.factors.indexed_iter().filter(|((i, j), _)| i <= j).fold(0.0, |m, (_, v)| v.abs().max(m))
    }

    /// Overwrites the columns of `b`, which is stored by columns, with A⁻¹·b.
    pub(crate) fn solve(&self, b: &mut Array2<f64>) {
        self.apply(b, self.transposed);
    }

    /// The same with A⁻ᵀ.
    pub(crate) fn solve_transposed(&self, b: &mut Array2<f64>) {
        self.apply(b, !self.transposed);
    }

    fn apply(&self, b: &mut Array2<f64>, transposed: bool) {
        let n = self.factors.nrows();
        let permutation = PermRef::new_checked(&self.forward, &self.backward, n);
        let (factors, columns) = (mat(self.factors.view()), b.ncols());
        let b = mat_mut(b.view_mut());
        let need = partial_pivoting::solve::solve_in_place_scratch::<usize, f64>(n, columns, Par::Seq)
            .or(partial_pivoting::solve::solve_transpose_in_place_scratch::<usize, f64>(n, columns, Par::Seq));
        with_scratch(need, |stack| {
            use partial_pivoting::solve::{solve_in_place_with_conj, solve_transpose_in_place_with_conj};
            if transposed {
                solve_transpose_in_place_with_conj(factors, factors, permutation, Conj::No, b, Par::Seq, stack);
            } else {
                solve_in_place_with_conj(factors, factors, permutation, Conj::No, b, Par::Seq, stack);
            }
        });
    }

    /// A⁻¹ = U⁻¹·L⁻¹·P.
    pub(crate) fn inverse(&self) -> Array2<f64> {
        let n = self.factors.nrows();
        let permutation = PermRef::new_checked(&self.forward, &self.backward, n);
        let factors = mat(self.factors.view());
        let mut inverse = zeros_by_columns(n, n);
        let need = partial_pivoting::inverse::inverse_scratch::<usize, f64>(n, Par::Seq);
        with_scratch(need, |stack| {
            let out = mat_mut(inverse.view_mut());
            partial_pivoting::inverse::inverse(out, factors, factors, permutation, Par::Seq, stack);
        });
        if self.transposed { inverse.reversed_axes() } else { inverse }
    }
}
