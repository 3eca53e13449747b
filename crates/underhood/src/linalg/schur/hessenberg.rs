//! Reduction to Hessenberg form, A = Q·H·Qᵀ with zeros below H's subdiagonal, by Householder's reflections.
//!
//! Each reflection clears a column below the subdiagonal and is applied from the right at once. Small matrices are reduced reflection by
//! reflection in kernels whose loops run down columns; large ones by blocks, where half of the work is matrix products. Sources:
//! G. Golub and C. Van Loan, Matrix Computations, §7.4.3; blocks after G. Quintana-Ortí and R. van de Geijn, ACM TOMS 32 (2006),
//! doi:10.1145/1141885.1141887, in faer's implementation.

use faer::linalg::evd::hessenberg as blocked;
use faer::linalg::householder;
use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Conj, MatMut, Par, Spec};

use super::columns::Columns;
use crate::linalg::bridge::with_scratch;
use crate::simd::{mul_add, wide_kernel};

/// From this side on, blocks pay.
const BLOCKED: usize = 100;

/// Reduces rows and columns first ..= last of `h`, which is upper triangular elsewhere; the rest of the matrix follows, and so does `z`
/// when it has rows: z ← z·Q. What lay below the subdiagonal is zero afterwards.
pub(super) fn reduce(h: &mut Columns, z: &mut Columns, first: usize, last: usize) {
    let size = last + 1 - first;
    if size < 3 {
        return;
    }
    if size >= BLOCKED && size == h.n() && (z.rows() == 0 || z.rows() == size) {
        return by_blocks(h, z);
    }
    reduce_in_kernel(h, z, first, last);
}

/// The same, reflection by reflection whatever the size.
pub(super) fn reduce_in_kernel(h: &mut Columns, z: &mut Columns, first: usize, last: usize) {
    let (n, rows) = (h.n(), z.rows());
    let mut scratch = vec![0.0; 2 * n.max(rows)];
    kernel(h.data_mut(), n, z.data_mut(), rows, first, last, &mut scratch);
}

wide_kernel! {
    fn kernel(h: &mut [f64], n: usize, z: &mut [f64], rows: usize, first: usize, last: usize, scratch: &mut [f64]) = body
}

#[inline(always)]
fn body<const FMA: bool>(
    h: &mut [f64],
    n: usize,
    z: &mut [f64],
    rows: usize,
    first: usize,
    last: usize,
    scratch: &mut [f64],
) {
    let (v, w) = scratch.split_at_mut(scratch.len() / 2);
    for k in first..last.saturating_sub(1) {
        let column = &mut h[k * n..(k + 1) * n];
        let v = &mut v[..last - k];
        v.copy_from_slice(&column[k + 1..=last]);
        let Some((tau, beta)) = reflect::<FMA>(v) else { continue };
        column[k + 1] = beta;
        column[k + 2..=last].fill(0.0);
        // From the left: rows k + 1 ..= last of the columns that follow.
        for column in h[(k + 1) * n..].chunks_exact_mut(n) {
            let x = &mut column[k + 1..=last];
            let sum = tau * dot::<FMA>(v, x);
            for (x, v) in x.iter_mut().zip(&*v) {
                *x = mul_add::<FMA>(-sum, *v, *x);
            }
        }
        from_the_right::<FMA>(&mut h[(k + 1) * n..(last + 1) * n], n, last + 1, v, tau, w);
        if rows > 0 {
            from_the_right::<FMA>(&mut z[(k + 1) * rows..(last + 1) * rows], rows, rows, v, tau, w);
        }
    }
}

/// Turns a vector into v (v₀ = 1) of the reflection that maps it to (β, 0, …): gives τ and β, or nothing when its tail is zero already.
#[inline(always)]
fn reflect<const FMA: bool>(x: &mut [f64]) -> Option<(f64, f64)> {
    let tail = x[1..].iter().fold(0.0_f64, |m, e| m.max(e.abs()));
    if tail == 0.0 {
        return None;
    }
    let largest = tail.max(x[0].abs());
    let scale = if (1e-140..1e140).contains(&largest) { 1.0 } else { largest };
    if scale != 1.0 {
        x.iter_mut().for_each(|e| *e /= scale);
    }
    let length = dot::<FMA>(x, x).sqrt();
    let beta = if x[0] > 0.0 { -length } else { length };
    let pivot = x[0] - beta;
    let reciprocal = 1.0 / pivot;
    x[1..].iter_mut().for_each(|e| *e *= reciprocal);
    x[0] = 1.0;
    Some((-pivot / beta, beta * scale))
}

/// X ← X·(I − τ·v·vᵀ), rows up to `height`.
#[inline(always)]
fn from_the_right<const FMA: bool>(x: &mut [f64], n: usize, height: usize, v: &[f64], tau: f64, w: &mut [f64]) {
    let w = &mut w[..height];
    w.fill(0.0);
    for (column, &factor) in x.chunks_exact(n).zip(v) {
        for (w, x) in w.iter_mut().zip(&column[..height]) {
            *w = mul_add::<FMA>(factor, *x, *w);
        }
    }
    for (column, &factor) in x.chunks_exact_mut(n).zip(v) {
        let factor = -tau * factor;
        for (x, w) in column[..height].iter_mut().zip(&*w) {
            *x = mul_add::<FMA>(factor, *w, *x);
        }
    }
}

#[inline(always)]
fn dot<const FMA: bool>(x: &[f64], y: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (blocks_x, blocks_y) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    let (tail_x, tail_y) = (blocks_x.remainder(), blocks_y.remainder());
    let mut sums = [0.0; LANES];
    for (x, y) in blocks_x.zip(blocks_y) {
        for lane in 0..LANES {
            sums[lane] = mul_add::<FMA>(x[lane], y[lane], sums[lane]);
        }
    }
    let tail: f64 = tail_x.iter().zip(tail_y).map(|(x, y)| x * y).sum();
    let (low, high) = ([sums[0] + sums[4], sums[1] + sums[5]], [sums[2] + sums[6], sums[3] + sums[7]]);
    (low[0] + high[0]) + (low[1] + high[1]) + tail
}

fn by_blocks(h: &mut Columns, z: &mut Columns) {
    let n = h.n();
    let block = faer::linalg::qr::no_pivoting::factor::recommended_block_size::<f64>(n - 1, n - 1);
    let mut factors = Columns::zeros(block, n - 1);
    let need = blocked::hessenberg_in_place_scratch::<f64>(n, block, Par::Seq, Spec::default())
        .or(householder::apply_block_householder_sequence_on_the_right_in_place_scratch::<f64>(n - 1, block, n));
    let rows = z.rows();
    with_scratch(need, |stack| {
        let mut h = MatMut::from_column_major_slice_mut(h.data_mut(), n, n);
        let mut factors = MatMut::from_column_major_slice_mut(factors.data_mut(), block, n - 1);
        blocked::hessenberg_in_place(h.rb_mut(), factors.rb_mut(), Par::Seq, stack, Spec::default());
        if rows > 0 {
            let z = MatMut::from_column_major_slice_mut(z.data_mut(), rows, n);
            householder::apply_block_householder_sequence_on_the_right_in_place_with_conj(
                h.rb().submatrix(1, 0, n - 1, n - 1),
                factors.rb(),
                Conj::No,
                z.subcols_mut(1, n - 1),
                Par::Seq,
                stack,
            );
        }
    });
    for j in 0..n {
        let column = h.column_mut(j);
        let below = (j + 2).min(n);
        column[below..].fill(0.0);
    }
}
