//! Reduction to bidiagonal form, A = U·B·Vᵀ, by reflections from the left and from the right in turn.
//!
//! Source: G. H. Golub and W. Kahan, "Calculating the singular values and pseudo-inverse of a matrix", SIAM J. Numer. Anal. 2 (1965),
//! doi:10.1137/0702016; the reflections of a block of steps are saved up, A − P·Qᵀ, and applied by one product of matrices, as J. Dongarra,
//! D. Sorensen and S. Hammarling (1989), doi:10.1016/0377-0427(89)90367-1, do; that one reading of the matrix serves both of a step's
//! products, Aᵀ·u and A·v, is from G. Howell et al., "Cache efficient bidiagonalization using BLAS 2.5 operators", ACM TOMS 34 (2008),
//! doi:10.1145/1356052.1356055.

use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder};

use super::kernels::{LANES, Pass, add_times, pass, transposed_times};
use crate::linalg::product;
use crate::simd::dot;

/// Steps whose reflections are saved up: what they owe to the next step costs more the more there are, their product less.
fn block(n: usize) -> usize {
    (n / 8).clamp(LANES, MOST)
}

/// The most steps that are saved up.
const MOST: usize = 32;

/// Reflections that are applied together to the vectors.
const REFLECTORS: usize = 32;

/// A sum of squares up to this counts as zero beside entries near one: dividing by its root could leave the range.
const NOTHING: f64 = 1e-280;

/// U·B·Vᵀ of an m×n matrix, m ≥ n.
pub(super) struct Bidiagonal {
    /// B's diagonal.
    pub(super) diagonal: Vec<f64>,
    /// What stands to the right of it; one fewer.
    pub(super) upper: Vec<f64>,
    /// U as a product of reflectors.
    pub(super) left: Reflectors,
    /// V.
    pub(super) right: Reflectors,
}

/// (I − τ₀·v₀·v₀ᵀ)·(I − τ₁·v₁·v₁ᵀ)·…
pub(super) struct Reflectors {
    /// The vectors, in columns; vⱼ is 1 at row j + offset, and what stands above it does not count.
    columns: Vec<f64>,
    rows: usize,
    stride: usize,
    offset: usize,
    taus: Vec<f64>,
}

/// Columns are padded to whole blocks of lanes, by a number that does not make all of them meet in the same lines of the cache.
fn padded(rows: usize) -> usize {
    let stride = rows.next_multiple_of(LANES);
    if stride.is_multiple_of(64) { stride + LANES } else { stride }
}

/// Makes x the vector of the reflector that maps x to (β, 0, 0, …); gives β and τ.
fn reflect(x: &mut [f64]) -> (f64, f64) {
    let Some((first, rest)) = x.split_first_mut() else { return (0.0, 0.0) };
    let (alpha, squares) = (*first, dot(rest, rest));
    *first = 1.0;
    if squares <= NOTHING {
        rest.fill(0.0);
        return (alpha, 0.0);
    }
    let beta = -(alpha * alpha + squares).sqrt().copysign(alpha);
    let reciprocal = 1.0 / (alpha - beta);
    rest.iter_mut().for_each(|v| *v *= reciprocal);
    (beta, (beta - alpha) / beta)
}

/// Reduces a matrix of moderate numbers; V's reflectors are kept only when asked for.
pub(super) fn reduce(matrix: ArrayView2<'_, f64>, with_vectors: bool) -> Bidiagonal {
    let (m, n) = matrix.dim();
    debug_assert!(m >= n);
    let (stride, width) = (padded(m), padded(n));
    let mut a = vec![0.0; stride * n];
    view_mut(&mut a, m, n, stride).assign(&matrix);
    let block = block(n);
    let (mut p, mut q) = (vec![0.0; stride * 2 * block], vec![0.0; width * 2 * block]);
    let mut right = if with_vectors { vec![0.0; width * n] } else { Vec::new() };
    let (mut diagonal, mut upper) = (vec![0.0; n], vec![0.0; n.saturating_sub(1)]);
    let (mut left_taus, mut right_taus) = (vec![0.0; n], vec![0.0; n.saturating_sub(1)]);
    let (mut owed, mut row, mut sums) = (vec![0.0; width], vec![0.0; width], vec![0.0; stride]);
    let mut small = [0.0; 2 * MOST];

    let mut start = 0;
    while start < n {
        let end = (start + block).min(n);
        for k in start..end {
            let (saved, top) = (2 * (k - start), k / LANES * LANES);
            // Column k, brought up to date: A·eₖ − P·(Qᵀ·eₖ).
            for (j, factor) in small[..saved].iter_mut().enumerate() {
                *factor = q[j * width + k];
            }
            let column = &mut a[k * stride + top..(k + 1) * stride];
            add_times(&p[top..], stride, &small[..saved], -1.0, column);
            let (beta, tau) = reflect(&mut column[k - top..m - top]);
            (diagonal[k], left_taus[k]) = (beta, tau);
            let u = &mut p[saved * stride + top..(saved + 1) * stride];
            u.copy_from_slice(column);
            u[..k - top].fill(0.0);
            if k + 1 == n {
                break;
            }
            let wide = (k + 1) / LANES * LANES;
            let (before, after) = p.split_at_mut(saved * stride);
            let u = &after[top..stride];
            // What the saved reflections owe to uᵀ·A and to row k: Q·(Pᵀ·u) and Q·(Pᵀ·eₖ).
            owed[wide..].fill(0.0);
            row[wide..].fill(0.0);
            if saved > 0 {
                transposed_times(&before[top..], stride, u, &mut small[..saved]);
                add_times(&q[wide..], width, &small[..saved], 1.0, &mut owed[wide..]);
                for (j, factor) in small[..saved].iter_mut().enumerate() {
                    *factor = before[j * stride + k];
                }
                add_times(&q[wide..], width, &small[..saved], 1.0, &mut row[wide..]);
            }
            let columns = &a[(k + 1) * stride + top..];
            pass(&mut Pass {
                a: columns,
                stride,
                u,
                top: k - top,
                tau,
                y: &mut owed[k + 1..n],
                r: &mut row[k + 1..n],
                w: &mut sums[top..],
            });
            let y = &mut q[saved * width..(saved + 1) * width];
            y[wide..k + 1].fill(0.0);
            y[k + 1..n].copy_from_slice(&owed[k + 1..n]);

            // The reflector from the right, v = (r − β·e₁)/(r₁ − β).
            let first = row[k + 1];
            let (beta, tau) = reflect(&mut row[k + 1..n]);
            (upper[k], right_taus[k]) = (beta, tau);
            row[wide..k + 1].fill(0.0);
            row[n..].fill(0.0);
            let v = &row[wide..];
            q[(saved + 1) * width + wide..(saved + 2) * width].copy_from_slice(v);
            if with_vectors {
                right[k * width + k + 1..k * width + n].copy_from_slice(&row[k + 1..n]);
            }
            // x = τ·(A − P·Qᵀ)·v, where A·v = (A·r − β·A·e₁)/(r₁ − β).
            let (before, after) = p.split_at_mut((saved + 1) * stride);
            let x = &mut after[top..stride];
            if tau == 0.0 {
                x.fill(0.0);
                continue;
            }
            let reciprocal = 1.0 / (first - beta);
            for ((x, &w), &c) in x.iter_mut().zip(&sums[top..]).zip(columns) {
                *x = (w - beta * c) * reciprocal;
            }
            transposed_times(&q[wide..], width, v, &mut small[..=saved]);
            add_times(&before[top..], stride, &small[..=saved], -1.0, x);
            x[..k + 1 - top].fill(0.0);
            x.iter_mut().for_each(|x| *x *= tau);
        }
        if end < n {
            let saved = 2 * (end - start);
            let trailing = view_mut(&mut a[end * stride + end..], m - end, n - end, stride);
            let (p, q) = (view(&p[end..], m - end, saved, stride), view(&q[end..], n - end, saved, width));
            product::accumulate(trailing, -1.0, p, q.reversed_axes());
        }
        start = end;
    }
    let left = Reflectors { columns: a, rows: m, stride, offset: 0, taus: left_taus };
    let right = Reflectors { columns: right, rows: n, stride: width, offset: 1, taus: right_taus };
    Bidiagonal { diagonal, upper, left, right }
}

/// A matrix by columns in a slice that may end with its last number.
fn view(a: &[f64], rows: usize, columns: usize, stride: usize) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((rows, columns).strides((1, stride)), a)
        .unwrap_or_else(|_| unreachable!("columns lie within the slice"))
}

fn view_mut(a: &mut [f64], rows: usize, columns: usize, stride: usize) -> ArrayViewMut2<'_, f64> {
    ArrayViewMut2::from_shape((rows, columns).strides((1, stride)), a)
        .unwrap_or_else(|_| unreachable!("columns lie within the slice"))
}

impl Reflectors {
    /// Overwrites C by the product of all reflectors and C, a block of them at a time: I − V·T·Vᵀ, where T⁻¹ is the upper triangle
    /// of Vᵀ·V with 1/τ on the diagonal (C. Puglisi 1992, doi:10.1137/0913042).
    pub(super) fn apply(&self, mut c: ArrayViewMut2<'_, f64>) {
        let (count, width) = (self.taus.len(), c.ncols());
        if width == 0 {
            return;
        }
        let mut panel = Vec::new();
        let mut gram = vec![0.0; REFLECTORS * REFLECTORS];
        let mut products = vec![0.0; REFLECTORS * width];
        for start in (0..count).step_by(REFLECTORS).rev() {
            let size = REFLECTORS.min(count - start);
            let top = start + self.offset;
            let rows = self.rows - top;
            panel.clear();
            for j in 0..size {
                let column = &self.columns[(start + j) * self.stride + top..][..rows];
                panel.resize(panel.len() + j, 0.0);
                if self.taus[start + j] == 0.0 {
                    panel.resize(panel.len() + rows - j, 0.0);
                } else {
                    panel.extend_from_slice(&column[j..]);
                }
            }
            let v = view(&panel, rows, size, rows);
            let mut g = view_mut(&mut gram, size, size, REFLECTORS);
            product::serial(g.view_mut(), v.t(), v);
            let mut block = c.slice_mut(ndarray::s![top.., ..]);
            let w = &mut products[..size * width];
            let shape = (size, width);
            let by_rows = ArrayViewMut2::from_shape(shape, &mut *w).unwrap_or_else(|_| unreachable!("of this length"));
            product::serial(by_rows, v.t(), block.view());
            for i in (0..size).rev() {
                let tau = self.taus[start + i];
                let (above, below) = w.split_at_mut((i + 1) * width);
                let row = &mut above[i * width..];
                for (j, other) in below.chunks_exact(width).enumerate() {
                    let factor = g[[i, i + 1 + j]];
                    row.iter_mut().zip(other).for_each(|(x, y)| *x -= factor * y);
                }
                row.iter_mut().for_each(|x| *x *= tau);
            }
            let w = ArrayView2::from_shape(shape, &*w).unwrap_or_else(|_| unreachable!("of this length"));
            product::accumulate(block.view_mut(), -1.0, v, w);
        }
    }
}
