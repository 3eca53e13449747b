//! Products of a few columns with a vector, in the shape that the reduction to bidiagonal form asks for.
//!
//! Columns lie `stride` apart, in blocks of eight rows; vectors are as long as the rows that take part. Padding is zero, so that
//! there are no tails.

use crate::simd::{mul_add, wide_kernel};

/// Rows of a column that go together.
pub(super) const LANES: usize = 8;

/// Columns that go together: their sums hide each other's latency, and the vector beside them is read once for all.
const TOGETHER: usize = 4;

type Lanes = [f64; LANES];

#[inline(always)]
fn lanes(x: &[f64], at: usize) -> Lanes {
    let mut out = [0.0; LANES];
    out.copy_from_slice(&x[at..at + LANES]);
    out
}

#[inline(always)]
fn total(mut sums: Lanes) -> f64 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0]
}

/// Σᵢ aᵢⱼ·xᵢ for the C columns from `first` on.
#[inline(always)]
fn dots<const FMA: bool, const C: usize>(a: &[f64], stride: usize, first: usize, x: &[f64]) -> [f64; C] {
    let columns: [&[f64]; C] = std::array::from_fn(|c| &a[(first + c) * stride..(first + c) * stride + x.len()]);
    let mut sums = [[0.0; LANES]; C];
    for at in (0..x.len() / LANES).map(|block| block * LANES) {
        let xs = lanes(x, at);
        for c in 0..C {
            let column = lanes(columns[c], at);
            for lane in 0..LANES {
                sums[c][lane] = mul_add::<FMA>(column[lane], xs[lane], sums[c][lane]);
            }
        }
    }
    std::array::from_fn(|c| total(sums[c]))
}

/// out += Σⱼ aⱼ·fⱼ over the C columns from `first` on.
#[inline(always)]
fn add<const FMA: bool, const C: usize>(a: &[f64], stride: usize, first: usize, factors: [f64; C], out: &mut [f64]) {
    let length = out.len();
    let columns: [&[f64]; C] = std::array::from_fn(|c| &a[(first + c) * stride..(first + c) * stride + length]);
    for at in (0..length / LANES).map(|block| block * LANES) {
        let mut sums = lanes(out, at);
        for c in 0..C {
            let column = lanes(columns[c], at);
            for lane in 0..LANES {
                sums[lane] = mul_add::<FMA>(factors[c], column[lane], sums[lane]);
            }
        }
        out[at..at + LANES].copy_from_slice(&sums);
    }
}

wide_kernel! {
    /// out\[j\] = Σᵢ aᵢⱼ·xᵢ for every column j that `out` has a place for.
    pub(super) fn transposed_times(a: &[f64], stride: usize, x: &[f64], out: &mut [f64]) = transposed_times_body
}

#[inline(always)]
fn transposed_times_body<const FMA: bool>(a: &[f64], stride: usize, x: &[f64], out: &mut [f64]) {
    let mut j = 0;
    while j + TOGETHER <= out.len() {
        out[j..j + TOGETHER].copy_from_slice(&dots::<FMA, TOGETHER>(a, stride, j, x));
        j += TOGETHER;
    }
    while j < out.len() {
        out[j] = dots::<FMA, 1>(a, stride, j, x)[0];
        j += 1;
    }
}

wide_kernel! {
    /// out += factor·Σⱼ aⱼ·fⱼ, a column for every number in `factors`.
    pub(super) fn add_times(a: &[f64], stride: usize, factors: &[f64], factor: f64, out: &mut [f64]) = add_times_body
}

#[inline(always)]
fn add_times_body<const FMA: bool>(a: &[f64], stride: usize, factors: &[f64], factor: f64, out: &mut [f64]) {
    let mut j = 0;
    while j + TOGETHER <= factors.len() {
        add::<FMA, TOGETHER>(a, stride, j, std::array::from_fn(|c| factor * factors[j + c]), out);
        j += TOGETHER;
    }
    while j < factors.len() {
        add::<FMA, 1>(a, stride, j, [factor * factors[j]], out);
        j += 1;
    }
}

/// What one pass over the columns to the right of a reflector needs and gives.
pub(super) struct Pass<'a> {
    /// The columns, from a multiple of eight rows above the reflector on.
    pub(super) a: &'a [f64],
    /// How far they lie apart.
    pub(super) stride: usize,
    /// The reflector I − τ·u·uᵀ; zeros above its first entry, which is 1.
    pub(super) u: &'a [f64],
    /// That entry's place.
    pub(super) top: usize,
    /// τ.
    pub(super) tau: f64,
    /// In: what earlier steps still owe uᵀ·A. Out: y = τ·(Aᵀ·u − that).
    pub(super) y: &'a mut [f64],
    /// In: what earlier steps still owe the row at `top`. Out: that row after the reflection, r.
    pub(super) r: &'a mut [f64],
    /// Out: Σⱼ rⱼ·aⱼ.
    pub(super) w: &'a mut [f64],
}

wide_kernel! {
    /// y, r and w in one reading of the matrix: a column's dot product with u says what its entry of r is, and with that it goes
    /// into w while it is still in the cache.
    pub(super) fn pass(pass: &mut Pass<'_>) = pass_body
}

#[inline(always)]
fn pass_body<const FMA: bool>(pass: &mut Pass<'_>) {
    pass.w.fill(0.0);
    let mut j = 0;
    while j + TOGETHER <= pass.r.len() {
        some::<FMA, TOGETHER>(pass, j);
        j += TOGETHER;
    }
    while j < pass.r.len() {
        some::<FMA, 1>(pass, j);
        j += 1;
    }
}

#[inline(always)]
fn some<const FMA: bool, const C: usize>(pass: &mut Pass<'_>, j: usize) {
    let products = dots::<FMA, C>(pass.a, pass.stride, j, pass.u);
    let mut factors = [0.0; C];
    for c in 0..C {
        let y = pass.tau * (products[c] - pass.y[j + c]);
        pass.y[j + c] = y;
        factors[c] = pass.a[(j + c) * pass.stride + pass.top] - pass.r[j + c] - y;
        pass.r[j + c] = factors[c];
    }
    add::<FMA, C>(pass.a, pass.stride, j, factors, pass.w);
}
