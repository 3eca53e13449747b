//! Orthogonal factorisation with column pivoting, A·P = Q·R: the longest remaining column comes first, so that R's diagonal falls
//! and shows the rank.
//!
//! Source: P. Businger and G. H. Golub, "Linear least squares solutions by Householder transformations", Numer. Math. 7 (1965),
//! doi:10.1007/BF01436084. Lengths of what is left of the columns are updated and computed anew when an update has cancelled too much
//! (Z. Drmač and Z. Bujanović, ACM TOMS 35 (2008), doi:10.1145/1377612.1377616). The length after a step is known before the step
//! is applied, and so is the next column: one pass over the rows applies a reflection and prepares the next.

use ndarray::{Array1, Array2, ArrayView2, s};

use super::householder::TINY;
use super::magnitude;
use super::qr::{MODERATE, QrMode, check_range};
use super::reflections::Reflections;
use super::strips::Strips;
use crate::check;
use crate::error::Result;
use crate::simd::{mul_add, wide_kernel};

/// A·P = Q·R.
#[derive(Debug, Clone, PartialEq)]
pub struct PivotedQr {
    /// Orthonormal columns.
    pub q: Array2<f64>,
    /// Upper triangular; its diagonal is not negative and falls.
    pub r: Array2<f64>,
    /// Column i of Q·R is column p\[i\] of A.
    pub p: Array1<usize>,
}

/// The factorisation A·P = Q·R, in which each diagonal element of R is the length of the longest column that is left.
///
/// The number of diagonal elements that are not negligible beside the first is, but for contrived matrices (Kahan's), the rank.
/// Among columns of the same length, the first is taken.
///
/// # Errors
/// As [`qr`](super::qr()).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{QrMode, qr_pivoted};
///
/// let f = qr_pivoted(array![[1.0, 2.0, 3.0], [1.0, 2.0, 4.0]].view(), QrMode::Reduced)?;
/// assert_eq!(f.p[0], 2);
/// assert!((f.r[[0, 0]] - 5.0).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr_pivoted(a: ArrayView2<'_, f64>, mode: QrMode) -> Result<PivotedQr> {
    let columns = mode.columns(a.nrows(), a.ncols());
    check::room("qr", "matrix Q", &[a.nrows(), columns])?;
    check::room("qr", "matrix R", &[columns, a.ncols()])?;
    let work = factor(a)?;
    let q = work.reflections().q(columns);
    let (r, p) = work.triangle(columns)?;
    Ok(PivotedQr { q, r, p })
}

/// R and P of [`qr_pivoted`] alone; R has min(m, n) rows.
///
/// # Errors
/// As [`qr`](super::qr()).
///
/// ```
/// let (r, p) = underhood::linalg::qr_pivoted_triangle(ndarray::array![[1.0, 2.0]].view())?;
/// assert_eq!((r, p.to_vec()), (ndarray::array![[2.0, 1.0]], vec![1, 0]));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr_pivoted_triangle(a: ArrayView2<'_, f64>) -> Result<(Array2<f64>, Array1<usize>)> {
    factor(a)?.triangle(a.nrows().min(a.ncols()))
}

fn factor(a: ArrayView2<'_, f64>) -> Result<Work> {
    let largest = magnitude::largest("qr", "a", a)?;
    let exponent = if largest == 0.0 || MODERATE.contains(&largest) { 0 } else { magnitude::exponent(largest) };
    let mut work = Work::of(a, exponent);
    work.factor();
    Ok(work)
}

/// Rows are filled up to a multiple of this.
const LANES: usize = 8;

/// The matrix while it is factored: R above, the reflections' vectors on and below the diagonal.
struct Work {
    /// By rows.
    memory: Vec<f64>,
    rows: usize,
    columns: usize,
    stride: usize,
    order: Vec<usize>,
    /// τ = 2/(vᵀv) of each reflection; zero where nothing is reflected.
    tau: Vec<f64>,
    diagonal: Vec<f64>,
    /// Row k and those below are to be multiplied by 2^exponents\[k\].
    exponents: Vec<i32>,
    /// Squared lengths of what is left of each column, and what they were when last computed rather than updated.
    squares: Vec<f64>,
    computed: Vec<f64>,
}

impl Work {
    fn of(a: ArrayView2<'_, f64>, exponent: i32) -> Self {
        let (rows, columns) = a.dim();
        let stride = columns.next_multiple_of(LANES);
        let mut memory = vec![0.0; rows * stride];
        for (row, out) in a.rows().into_iter().zip(memory.chunks_exact_mut(stride.max(1))) {
            row.iter().zip(out).for_each(|(&v, out)| *out = v);
        }
        if exponent != 0 {
            memory.iter_mut().for_each(|v| *v = libm::ldexp(*v, -exponent));
        }
        Work {
            memory,
            rows,
            columns,
            stride,
            order: (0..columns).collect(),
            tau: Vec::new(),
            diagonal: Vec::new(),
            exponents: vec![exponent; rows.min(columns)],
            squares: vec![0.0; stride],
            computed: vec![0.0; stride],
        }
    }

    fn factor(&mut self) {
        let size = self.rows.min(self.columns);
        let mut products = vec![0.0; self.stride];
        let mut factors = vec![0.0; self.stride];
        // Whether `products` holds those of the column that is next.
        let mut prepared = false;
        for k in 0..size {
            if !prepared {
                self.measure(k);
                let pivot = self.longest(k);
                if self.squares[pivot] < TINY && !self.enlarge(k) {
                    self.tau.resize(size, 0.0);
                    self.diagonal.resize(size, 0.0);
                    return;
                }
                let pivot = self.longest(k);
                self.exchange(k, pivot, 0);
                products.fill(0.0);
                accumulate(&self.memory[(k + 1) * self.stride..], self.stride, k, &mut products);
            }
            prepared = self.reflect(k, size, &mut products, &mut factors);
        }
    }

    /// Squared lengths of all columns from row k down.
    fn measure(&mut self, k: usize) {
        self.squares.fill(0.0);
        squares(&self.memory[k * self.stride..], self.stride, &mut self.squares);
        self.computed.copy_from_slice(&self.squares);
    }

    fn longest(&self, k: usize) -> usize {
        (k..self.columns).fold(k, |best, l| if self.squares[l] > self.squares[best] { l } else { best })
    }

    /// Exchanges two columns from row `from` down to the last, and what is known about them.
    fn exchange(&mut self, k: usize, pivot: usize, from: usize) {
        if k == pivot {
            return;
        }
        for row in self.memory.chunks_exact_mut(self.stride).skip(from) {
            row.swap(k, pivot);
        }
        self.order.swap(k, pivot);
        self.squares.swap(k, pivot);
        self.computed.swap(k, pivot);
    }

    /// Multiplies what is left by a power of two that brings its largest entry near one; false if all of it is zero.
    #[cold]
    fn enlarge(&mut self, k: usize) -> bool {
        let (stride, columns) = (self.stride, self.columns);
        let left = || self.memory[k * stride..].chunks_exact(stride).flat_map(|row| &row[k..columns]);
        let largest = left().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 {
            return false;
        }
        let exponent = magnitude::exponent(largest);
        for row in self.memory[k * stride..].chunks_exact_mut(stride) {
            row[k..columns].iter_mut().for_each(|v| *v = libm::ldexp(*v, -exponent));
        }
        self.exponents[k..].iter_mut().for_each(|e| *e += exponent);
        self.measure(k);
        true
    }

    /// Reflects column k, whose inner products with all columns below row k are given, and all columns with it. True if the next
    /// column could be chosen already, stands in its place, and `products` are its own.
    fn reflect(&mut self, k: usize, size: usize, products: &mut [f64], factors: &mut [f64]) -> bool {
        let (stride, columns) = (self.stride, self.columns);
        let row = &mut self.memory[k * stride..(k + 1) * stride];
        let (first, tail) = (row[k], products[k]);
        let length = (first * first + tail).sqrt();
        // Nothing to take away: the column stays as it is.
        let (value, lead, tau) = if tail == 0.0 {
            (first, first, 0.0)
        } else if first > 0.0 {
            (-length, first + length, 1.0 / (length * (length + first)))
        } else {
            (length, first - length, 1.0 / (length * (length - first)))
        };
        self.diagonal.push(value);
        self.tau.push(tau);
        row[k] = lead;
        let start = (k + 1) / LANES * LANES;
        let mut cancelled = false;
        for l in start..columns {
            factors[l] = 0.0;
            if l > k {
                factors[l] = -tau * (lead * row[l] + products[l]);
                row[l] += lead * factors[l];
                let left = self.squares[l] - row[l] * row[l];
                // √ε of the length that was computed last is as much as updates may cancel.
                cancelled |= !(left > CANCELLED * self.computed[l]) && self.computed[l] > 0.0;
                self.squares[l] = left;
            }
        }
        products.fill(0.0);
        let next = (k + 1).min(columns - 1);
        let pivot = if cancelled { next } else { self.longest(next) };
        if k + 1 < columns {
            sweep(&mut self.memory[(k + 1) * stride..], stride, (k, start), pivot, factors, products);
        }
        if cancelled || k + 1 >= size || self.squares[pivot] < TINY {
            return false;
        }
        products.swap(next, pivot);
        self.exchange(next, pivot, 0);
        true
    }

    /// The reflections, for Q.
    fn reflections(&self) -> Reflections {
        let size = self.tau.len();
        let mut v = Strips::<16>::zeros(self.rows, size);
        for (i, row) in self.memory.chunks_exact(self.stride.max(1)).enumerate().take(self.rows) {
            v.write_row(i, &row[..size.min(i + 1)]);
        }
        Reflections::given(v, size, &self.tau, &self.diagonal)
    }

    /// R with so many rows and a diagonal that is not negative, and the order of the columns.
    fn triangle(self, rows: usize) -> Result<(Array2<f64>, Array1<usize>)> {
        let mut r = Array2::zeros((rows, self.columns));
        for k in 0..self.tau.len() {
            let sign = if self.diagonal[k] < 0.0 { -1.0 } else { 1.0 };
            let scale = |v: f64| if self.exponents[k] == 0 { v } else { libm::ldexp(v, self.exponents[k]) };
            r[[k, k]] = scale(self.diagonal[k].abs());
            let row = &self.memory[k * self.stride + k + 1..k * self.stride + self.columns];
            // Plus zero, so that no zero is −0.
            r.slice_mut(s![k, k + 1..]).iter_mut().zip(row).for_each(|(out, &v)| *out = scale(sign * v) + 0.0);
        }
        check_range(r.view())?;
        Ok((r, self.order.into()))
    }
}

/// √ε.
const CANCELLED: f64 = 1.490_116_119_384_765_6e-8;

wide_kernel! {
    /// Adds each row's squares.
    fn squares(rows: &[f64], stride: usize, sums: &mut [f64]) = squares_body
}
#[inline(always)]
fn squares_body<const FMA: bool>(rows: &[f64], stride: usize, sums: &mut [f64]) {
    for row in rows.chunks_exact(stride.max(1)) {
        for (sum, &v) in sums.iter_mut().zip(row) {
            *sum = mul_add::<FMA>(v, v, *sum);
        }
    }
}

wide_kernel! {
    /// Σ xᵢ·aᵢ over the rows, x being column `k`.
    fn accumulate(rows: &[f64], stride: usize, k: usize, sums: &mut [f64]) = accumulate_body
}
#[inline(always)]
fn accumulate_body<const FMA: bool>(rows: &[f64], stride: usize, k: usize, sums: &mut [f64]) {
    for row in rows.chunks_exact(stride.max(1)) {
        let x = row[k];
        for (sum, &v) in sums.iter_mut().zip(row) {
            *sum = mul_add::<FMA>(x, v, *sum);
        }
    }
}

wide_kernel! {
    /// Adds multiples of column k to the columns from `start`, and takes the inner products of column `next`, as it becomes, over all
    /// rows but the first.
    fn sweep(rows: &mut [f64], stride: usize, columns: (usize, usize), next: usize, factors: &[f64], sums: &mut [f64]) = sweep_body
}
#[inline(always)]
fn sweep_body<const FMA: bool>(
    rows: &mut [f64],
    stride: usize,
    (k, start): (usize, usize),
    next: usize,
    factors: &[f64],
    sums: &mut [f64],
) {
    let factor = factors[next];
    let (factors, sums) = (&factors[start..stride], &mut sums[start..stride]);
    let Some((first, rest)) = rows.split_at_mut_checked(stride) else { return };
    let x = first[k];
    for (v, &f) in first[start..].iter_mut().zip(factors) {
        *v = mul_add::<FMA>(x, f, *v);
    }
    // Four rows at a time: factors and sums are fetched once for all of them.
    let mut blocks = rest.chunks_exact_mut(4 * stride);
    for block in &mut blocks {
        let (mut x, mut y) = ([0.0; 4], [0.0; 4]);
        for r in 0..4 {
            x[r] = block[r * stride + k];
            y[r] = mul_add::<FMA>(x[r], factor, block[r * stride + next]);
        }
        let (a, b) = block.split_at_mut(2 * stride);
        let ((a0, a1), (b0, b1)) = (a.split_at_mut(stride), b.split_at_mut(stride));
        let quads =
            a0[start..].iter_mut().zip(&mut a1[start..]).zip(b0[start..].iter_mut().zip(&mut b1[start..stride]));
        for ((((v0, v1), (v2, v3)), &f), sum) in quads.zip(factors).zip(sums.iter_mut()) {
            *v0 = mul_add::<FMA>(x[0], f, *v0);
            *v1 = mul_add::<FMA>(x[1], f, *v1);
            *v2 = mul_add::<FMA>(x[2], f, *v2);
            *v3 = mul_add::<FMA>(x[3], f, *v3);
            let (left, right) = (mul_add::<FMA>(y[0], *v0, *sum), y[1] * *v1);
            *sum = mul_add::<FMA>(y[2], *v2, left) + mul_add::<FMA>(y[3], *v3, right);
        }
    }
    for row in blocks.into_remainder().chunks_exact_mut(stride) {
        let x = row[k];
        let y = mul_add::<FMA>(x, factor, row[next]);
        for ((v, &f), sum) in row[start..].iter_mut().zip(factors).zip(sums.iter_mut()) {
            *v = mul_add::<FMA>(x, f, *v);
            *sum = mul_add::<FMA>(y, *v, *sum);
        }
    }
}
