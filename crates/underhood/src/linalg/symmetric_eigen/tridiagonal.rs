//! Reduction of a symmetric matrix to tridiagonal form, A = Q·T·Qᵀ, and the way back, Q·Z.
//!
//! Column k is reflected onto the subdiagonal by H = I − τ·v·vᵀ; what remains becomes H·A·H = A − v·wᵀ − w·vᵀ with p = τ·A·v and
//! w = p − ½·τ·(pᵀv)·v. The product A·v is half of all the work and bound by memory, so the lower triangle is read once for each
//! column: the same pass applies the update that the column before left over, and multiplies. Matrices that are larger than the
//! cache are only read, and updated once for many columns, by a product of matrices.
//!
//! Storage: columns of `stride` numbers, a multiple of eight; what lies beyond n is zero, and the 8×8 blocks on the diagonal are kept
//! whole, so that every loop runs over whole vectors.
//!
//! Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, §8.3.1; delayed updates: J. Dongarra, D. Sorensen and
//! S. Hammarling, J. Comput. Appl. Math. 27 (1989), doi:10.1016/0377-0427(89)90367-1; products of reflections: R. Schreiber and
//! C. Van Loan (1989), doi:10.1137/0910005.

use super::storage::{Block, LANES, multiply};
use crate::simd::{dot, mul_add, wide_kernel};

/// As many reflections are applied to the vectors at once, as one product of matrices.
const PANEL: usize = 32;

/// The reflections below the diagonal of `a` (with zeros above them, from the panel's first row on) and their factors τ.
pub(super) struct Reflections<'a> {
    a: &'a [f64],
    stride: usize,
    tau: &'a [f64],
}

/// Reduces; `a` holds the matrix, and afterwards the reflections; `d` and `e` receive the diagonals of T.
pub(super) fn reduce<'a>(
    a: &'a mut [f64],
    stride: usize,
    d: &mut [f64],
    e: &mut [f64],
    tau: &'a mut [f64],
    scratch: &mut [f64],
) -> Reflections<'a> {
    let n = d.len();
    tau.fill(0.0);
    scratch.fill(0.0);
    let (mut v, rest) = scratch.split_at_mut(stride);
    let (mut w, rest) = rest.split_at_mut(stride);
    let (mut old_v, rest) = rest.split_at_mut(stride);
    let mut old_w = &mut rest[..stride];
    let mut pending = false;
    for k in 0..n {
        let column = &mut a[k * stride..(k + 1) * stride];
        if pending {
            let (first, second) = (old_w[k], old_v[k]);
            subtract_two(&mut column[k..n], &old_v[k..n], first, &old_w[k..n], second);
        }
        d[k] = column[k];
        if k + 1 == n {
            break;
        }
        let first = k + 1;
        let (beta, factor) = reflect(&mut column[first..n]);
        e[k] = beta;
        tau[k] = factor;
        v[first - 1] = 0.0;
        w[first - 1] = 0.0;
        if k > 0 {
            v[first - 2] = 0.0;
            w[first - 2] = 0.0;
        }
        v[first..n].copy_from_slice(&column[first..n]);
        column[k / PANEL * PANEL..first].fill(0.0);
        if factor == 0.0 {
            v[first..n].fill(0.0);
            column[first..n].fill(0.0);
            if pending {
                sweep(a, stride, n, first, v, w, old_v, old_w);
            }
            pending = false;
            continue;
        }
        if pending {
            sweep(a, stride, n, first, v, w, old_v, old_w);
        } else {
            sweep_only(a, stride, n, first, v, w, &[], &[]);
        }
        w[..first].fill(0.0);
        finish(&v[first..n], &mut w[first..n], factor);
        std::mem::swap(&mut v, &mut old_v);
        std::mem::swap(&mut w, &mut old_w);
        pending = true;
    }
    Reflections { a, stride, tau }
}

/// H·x = (β, 0, …, 0)ᵀ: overwrites x with v (v₀ = 1), gives β and τ; τ = 0 when there is nothing to do.
fn reflect(x: &mut [f64]) -> (f64, f64) {
    let alpha = x[0];
    let tail = &x[1..];
    let mut squares = dot(tail, tail);
    let mut scale = 1.0;
    if squares < 1e-250 {
        let largest = tail.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 {
            return (alpha, 0.0);
        }
        // The squares of tiny numbers lose their digits: 2^±500 change none.
        if alpha.abs() < 1e-120 {
            scale = libm::ldexp(1.0, if largest < 1e-200 { 700 } else { 400 });
            squares = tail.iter().map(|v| v * scale * (v * scale)).sum();
        }
    }
    let scaled = alpha * scale;
    let norm = mul_add::<false>(scaled, scaled, squares).sqrt();
    let beta = if scaled > 0.0 { -norm } else { norm };
    let divisor = scaled - beta;
    let reciprocal = 1.0 / divisor;
    x[0] = 1.0;
    for v in &mut x[1..] {
        *v = *v * scale * reciprocal;
    }
    // From v as it is rounded: H is then orthogonal to the last digit.
    let tail = &x[1..];
    (beta / scale, 2.0 / (1.0 + dot(tail, tail)))
}

/// w = τ·p − ½·τ·(τ·pᵀv)·v in the place of p.
fn finish(v: &[f64], p: &mut [f64], tau: f64) {
    let half = 0.5 * tau * tau * dot(p, v);
    for (w, v) in p.iter_mut().zip(v) {
        *w = tau * *w - half * v;
    }
}

wide_kernel! {
    /// x −= y·f + z·g.
    fn subtract_two(x: &mut [f64], y: &[f64], f: f64, z: &[f64], g: f64) = subtract_two_body
}

#[inline(always)]
fn subtract_two_body<const FMA: bool>(x: &mut [f64], y: &[f64], f: f64, z: &[f64], g: f64) {
    for ((x, &y), &z) in x.iter_mut().zip(y).zip(z) {
        *x = mul_add::<FMA>(-f, y, mul_add::<FMA>(-g, z, *x));
    }
}

wide_kernel! {
    /// From column and row `first` on: A −= old_v·old_wᵀ + old_w·old_vᵀ, and p = A·v with the new A.
    fn sweep(
        a: &mut [f64], stride: usize, n: usize, first: usize, v: &[f64], p: &mut [f64], old_v: &[f64], old_w: &[f64]
    ) = update_body
}

wide_kernel! {
    /// The same without the update.
    fn sweep_only(
        a: &mut [f64], stride: usize, n: usize, first: usize, v: &[f64], p: &mut [f64], old_v: &[f64], old_w: &[f64]
    ) = multiply_body
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn update_body<const FMA: bool>(
    a: &mut [f64],
    stride: usize,
    n: usize,
    first: usize,
    v: &[f64],
    p: &mut [f64],
    old_v: &[f64],
    old_w: &[f64],
) {
    sweep_body::<FMA, true>(a, stride, n, first, v, p, old_v, old_w);
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn multiply_body<const FMA: bool>(
    a: &mut [f64],
    stride: usize,
    n: usize,
    first: usize,
    v: &[f64],
    p: &mut [f64],
    _old_v: &[f64],
    _old_w: &[f64],
) {
    // Without an update nothing is read from the old vectors.
    sweep_body::<FMA, false>(a, stride, n, first, v, p, v, v);
}

/// Single columns up to a multiple of four, then four columns at a time: each vector of eight rows is loaded once, updated, and enters
/// both p of its rows (times v of its column) and, below the block on the diagonal, p of its column (times v of its rows).
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn sweep_body<const FMA: bool, const UPDATE: bool>(
    a: &mut [f64],
    stride: usize,
    n: usize,
    first: usize,
    v: &[f64],
    p: &mut [f64],
    old_v: &[f64],
    old_w: &[f64],
) {
    p[first / LANES * LANES..].fill(0.0);
    let mut j = first;
    while j < n {
        if j.is_multiple_of(4) {
            columns::<FMA, UPDATE, 4>(a, stride, j, v, p, old_v, old_w);
            j += 4;
        } else {
            columns::<FMA, UPDATE, 1>(a, stride, j, v, p, old_v, old_w);
            j += 1;
        }
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn columns<const FMA: bool, const UPDATE: bool, const C: usize>(
    a: &mut [f64],
    stride: usize,
    j: usize,
    v: &[f64],
    p: &mut [f64],
    old_v: &[f64],
    old_w: &[f64],
) {
    let top = j / LANES * LANES;
    let (mut f, mut old_f, mut old_g) = ([0.0; C], [0.0; C], [0.0; C]);
    for c in 0..C {
        f[c] = v[j + c];
        (old_f[c], old_g[c]) = (-old_w[j + c], -old_v[j + c]);
    }
    let count = (stride - top) / LANES;
    let mut rest = &mut a[j * stride..(j + C) * stride];
    let blocks: [&mut [[f64; LANES]]; C] = std::array::from_fn(|_| {
        let (column, later) = std::mem::take(&mut rest).split_at_mut(stride);
        rest = later;
        &mut column[top..].as_chunks_mut::<LANES>().0[..count]
    });
    let p_blocks = &mut p[top..].as_chunks_mut::<LANES>().0[..count];
    let v_blocks = &v[top..].as_chunks::<LANES>().0[..count];
    let (old_v, old_w) = (&old_v[top..].as_chunks::<LANES>().0[..count], &old_w[top..].as_chunks::<LANES>().0[..count]);
    let mut sums = [[0.0; LANES]; C];
    for b in 0..count {
        let (mut p, v) = (p_blocks[b], v_blocks[b]);
        for c in 0..C {
            let mut x = blocks[c][b];
            for lane in 0..LANES {
                if UPDATE {
                    x[lane] = mul_add::<FMA>(old_f[c], old_v[b][lane], x[lane]);
                    x[lane] = mul_add::<FMA>(old_g[c], old_w[b][lane], x[lane]);
                }
                p[lane] = mul_add::<FMA>(f[c], x[lane], p[lane]);
            }
            if UPDATE {
                blocks[c][b] = x;
            }
            if b > 0 {
                for lane in 0..LANES {
                    sums[c][lane] = mul_add::<FMA>(x[lane], v[lane], sums[c][lane]);
                }
            }
        }
        p_blocks[b] = p;
    }
    for c in 0..C {
        let s = sums[c];
        p[j + c] += ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
}

impl Reflections<'_> {
    /// Overwrites the columns of `z` with Q·z.
    pub(super) fn apply(&self, z: &mut [f64], columns: usize) {
        if columns == 0 {
            return;
        }
        if self.stride <= 2 * PANEL {
            for columns in z[..columns * self.stride].chunks_mut(4 * self.stride) {
                apply_singly(self.a, self.stride, self.tau, columns);
            }
        } else {
            self.apply_in_panels(z, columns);
        }
    }

    /// Products H₀·H₁⋯ = I − V·T·Vᵀ of `PANEL` reflections, from the last ones to the first.
    fn apply_in_panels(&self, z: &mut [f64], columns: usize) {
        let (stride, n) = (self.stride, self.tau.len());
        let mut vt = vec![0.0; stride * PANEL];
        let mut products = vec![0.0; PANEL * columns];
        for start in (0..n).step_by(PANEL).rev() {
            let width = PANEL.min(n - start);
            let rows = n - start;
            let v = Block { offset: start * stride + start, stride, rows, columns: width };
            let triangle = self.triangle(start, width, v);
            let below = Block { offset: start, stride, rows, columns };
            let packed = Block { offset: 0, stride: rows, rows, columns: width };
            let product = Block { offset: 0, stride: PANEL, rows: width, columns };
            let square = Block { offset: 0, stride: PANEL, rows: width, columns: width };
            multiply(&mut vt, packed, false, 1.0, (self.a, v, false), (&triangle, square, false));
            multiply(&mut products, product, false, 1.0, (self.a, v, true), (z, below, false));
            multiply(z, below, true, -1.0, (&vt, packed, false), (&products, product, false));
        }
    }

    /// T: upper triangular, with τ on its diagonal.
    fn triangle(&self, start: usize, width: usize, v: Block) -> [f64; PANEL * PANEL] {
        let mut gram = [0.0; PANEL * PANEL];
        let square = Block { offset: 0, stride: PANEL, rows: width, columns: width };
        multiply(&mut gram, square, false, 1.0, (self.a, v, true), (self.a, v, false));
        let mut t = [0.0; PANEL * PANEL];
        for j in 0..width {
            let tau = self.tau[start + j];
            for i in 0..j {
                let sum: f64 = (i..j).map(|l| t[l * PANEL + i] * gram[j * PANEL + l]).sum();
                t[j * PANEL + i] = -tau * sum;
            }
            t[j * PANEL + j] = tau;
        }
        t
    }
}

wide_kernel! {
    /// Applies every reflection, the last first, to up to four columns.
    fn apply_singly(a: &[f64], stride: usize, tau: &[f64], z: &mut [f64]) = apply_singly_body
}

#[inline(always)]
fn apply_singly_body<const FMA: bool>(a: &[f64], stride: usize, tau: &[f64], z: &mut [f64]) {
    if z.len() == 4 * stride {
        apply_to::<FMA, 4>(a, stride, tau, z);
    } else {
        for column in z.chunks_exact_mut(stride) {
            apply_to::<FMA, 1>(a, stride, tau, column);
        }
    }
}

#[inline(always)]
fn apply_to<const FMA: bool, const C: usize>(a: &[f64], stride: usize, tau: &[f64], z: &mut [f64]) {
    for k in (0..tau.len()).rev() {
        if tau[k] == 0.0 {
            continue;
        }
        let top = (k + 1) / LANES * LANES;
        let count = (stride - top) / LANES;
        let v = &a[k * stride + top..(k + 1) * stride].as_chunks::<LANES>().0[..count];
        let mut sums = [[0.0; LANES]; C];
        for c in 0..C {
            let x = &z[c * stride + top..(c + 1) * stride].as_chunks::<LANES>().0[..count];
            for b in 0..count {
                for lane in 0..LANES {
                    sums[c][lane] = mul_add::<FMA>(v[b][lane], x[b][lane], sums[c][lane]);
                }
            }
        }
        for c in 0..C {
            let s = sums[c];
            let sum = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
            let factor = -tau[k] * sum;
            let x = &mut z[c * stride + top..(c + 1) * stride].as_chunks_mut::<LANES>().0[..count];
            for b in 0..count {
                for lane in 0..LANES {
                    x[b][lane] = mul_add::<FMA>(factor, v[b][lane], x[b][lane]);
                }
            }
        }
    }
}
