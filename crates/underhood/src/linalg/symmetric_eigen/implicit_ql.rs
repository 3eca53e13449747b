//! Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the QL method with implicit shifts.
//!
//! One sweep is a chain of plane rotations that chases a bulge from the bottom to the top of the matrix; with Wilkinson's shift the
//! entry e₀ then shrinks, as a rule cubically. The rotations of a sweep are saved and applied to the columns of the eigenvectors
//! together, so that each column is loaded and stored once for the two rotations that it takes part in.
//!
//! Source: A. Dubrulle, R. S. Martin and J. H. Wilkinson, Numer. Math. 12 (1968), doi:10.1007/BF02165404. Without vectors: the form
//! without square roots of F. L. Pal, E. W. Walker and W. Kahan, as B. N. Parlett, The Symmetric Eigenvalue Problem, §8.15, has it.

use super::storage::LANES;
use crate::simd::{mul_add, wide_kernel};

/// One plane rotation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rotation {
    cosine: f64,
    sine: f64,
}

/// Sweeps for one eigenvalue (two suffice as a rule) after which the threshold for "negligible" starts to double: Wilkinson's shift
/// converges for every matrix, so that this only makes sure that rounding can never keep a loop alive.
const PATIENCE: i32 = 40;

/// Half a unit in the last place of one.
const UNIT: f64 = 0.5 * f64::EPSILON;

/// What an off-diagonal entry may be next to its neighbours on the diagonal and still be taken for zero.
fn threshold(sweeps: i32) -> f64 {
    UNIT * libm::ldexp(1.0, (sweeps - PATIENCE).max(0))
}

/// Whether eᵢ is negligible: next to its neighbours, or, once patience is over, next to the largest entry of the matrix.
#[inline]
fn negligible(d: &[f64], e: &[f64], i: usize, sweeps: i32, largest: f64) -> bool {
    let small = e[i].abs();
    if sweeps > PATIENCE {
        return small <= threshold(sweeps) * largest;
    }
    let (a, b) = (d[i].abs(), d[i + 1].abs());
    // Below the arithmetic mean first, which is cheap and seldom true; then below the geometric one, which is what counts.
    small <= UNIT * (a + b) && small <= UNIT * (a.sqrt() * b.sqrt())
}

/// Diagonalises T: `d` becomes the eigenvalues, in any order, and the columns of `z` are rotated along (from the
/// unit matrix to the eigenvectors). Column j of `z` starts at j·`stride`; the rows from `rows.start` to `rows.end` take part, which
/// are multiples of eight away from the column's start. `e` is as long as `d`; its last entry is not T's.
pub(super) fn with_vectors(
    d: &mut [f64],
    e: &mut [f64],
    z: &mut [f64],
    stride: usize,
    rows: std::ops::Range<usize>,
    rotations: &mut [Rotation],
) {
    let n = d.len();
    let largest = d.iter().chain(e[..n.saturating_sub(1)].iter()).fold(0.0_f64, |m, v| m.max(v.abs()));
    for l in 0..n {
        let mut sweeps = 0;
        loop {
            let m = (l..n - 1).find(|&i| negligible(d, e, i, sweeps, largest)).unwrap_or(n - 1);
            if m < n - 1 {
                e[m] = 0.0;
            }
            if m == l {
                break;
            }
            sweeps += 1;
            sweep(d, e, l, m, rotations);
            rotate_chain(&mut z[l * stride..], stride, rows.start, rows.end, &rotations[l..m]);
        }
    }
}

/// √(f² + g²) and its reciprocal; (0, 0) for zeros.
#[inline(always)]
fn length(f: f64, g: f64) -> (f64, f64) {
    let squares = f * f + g * g;
    if squares > 1e-280 {
        let r = squares.sqrt();
        return (r, 1.0 / r);
    }
    tiny_length(f, g)
}

#[cold]
fn tiny_length(f: f64, g: f64) -> (f64, f64) {
    let r = libm::hypot(f, g);
    (r, 1.0 / r)
}

/// One QL sweep over rows l to m; the rotation of columns i and i + 1 is left in `rotations[i]`.
#[inline]
fn sweep(d: &mut [f64], e: &mut [f64], l: usize, m: usize, rotations: &mut [Rotation]) {
    let half = 0.5 * (d[l + 1] - d[l]);
    let (root, _) = length(half, e[l]);
    // Wilkinson's shift: the eigenvalue of the leading 2×2 block that is nearer to d[l].
    let shift = d[l] - e[l] * (e[l] / (half + root.copysign(half)));
    let mut g = d[m] - shift;
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let f = sine * e[i];
        let b = cosine * e[i];
        let squares = f * f + g * g;
        let (r, s, c) = if squares > 1e-280 {
            let r = squares.sqrt();
            let reciprocal = 1.0 / r;
            (r, f * reciprocal, g * reciprocal)
        } else {
            scaled(f, g)
        };
        e[i + 1] = r;
        (sine, cosine) = (s, c);
        g = d[i + 1] - p;
        let t = (d[i] - g) * s + 2.0 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        rotations[i] = Rotation { cosine: c, sine: s };
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

/// Length, sine and cosine of tiny numbers; the rotation of zeros is the identity with the sine as 1 (nothing to turn).
#[cold]
fn scaled(f: f64, g: f64) -> (f64, f64, f64) {
    let scale = libm::ldexp(1.0, 600);
    let (f, g) = (f * scale, g * scale);
    let r = (f * f + g * g).sqrt();
    if r == 0.0 { (0.0, 0.0, 1.0) } else { (r / scale, f / r, g / r) }
}

wide_kernel! {
    /// Applies a chain of rotations, the last first: rotation i to columns i and i + 1.
    fn rotate_chain(z: &mut [f64], stride: usize, start: usize, end: usize, rotations: &[Rotation]) = rotate_chain_body
}

#[inline(always)]
fn rotate_chain_body<const FMA: bool>(z: &mut [f64], stride: usize, start: usize, end: usize, rotations: &[Rotation]) {
    let mut row = start;
    while row + 4 * LANES <= end {
        rotate_rows::<FMA, { 4 * LANES }>(z, stride, row, rotations);
        row += 4 * LANES;
    }
    if row + 2 * LANES <= end {
        rotate_rows::<FMA, { 2 * LANES }>(z, stride, row, rotations);
        row += 2 * LANES;
    }
    if row + LANES <= end {
        rotate_rows::<FMA, LANES>(z, stride, row, rotations);
    }
}

/// The same on W rows from `row` on: what the rotation before left of the column that both share is carried along.
#[inline(always)]
fn rotate_rows<const FMA: bool, const W: usize>(z: &mut [f64], stride: usize, row: usize, rotations: &[Rotation]) {
    let last = rotations.len() * stride + row;
    let mut carried = [0.0; W];
    carried.copy_from_slice(&z[last..last + W]);
    for (i, rotation) in rotations.iter().enumerate().rev() {
        let (c, s) = (rotation.cosine, rotation.sine);
        let place = i * stride + row;
        let (low, high) = z.split_at_mut(place + stride);
        let (low, high) = (&low[place..place + W], &mut high[..W]);
        let mut next = [0.0; W];
        for lane in 0..W {
            high[lane] = mul_add::<FMA>(s, low[lane], c * carried[lane]);
            next[lane] = mul_add::<FMA>(c, low[lane], -(s * carried[lane]));
        }
        carried = next;
    }
    z[row..row + W].copy_from_slice(&carried);
}

wide_kernel! {
    /// (x, y) becomes (c·x + s·y, c·y − s·x).
    pub(super) fn rotate(x: &mut [f64], y: &mut [f64], c: f64, s: f64) = rotate_body
}

#[inline(always)]
fn rotate_body<const FMA: bool>(x: &mut [f64], y: &mut [f64], c: f64, s: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        let (a, b) = (*x, *y);
        *x = mul_add::<FMA>(c, a, s * b);
        *y = mul_add::<FMA>(c, b, -(s * a));
    }
}

/// Next to the largest entry, what has no square among the doubles.
const VANISHING: f64 = 1e-145;

/// Eigenvalues only: `d` becomes them, in any order; `e` is overwritten. Largest entries should be near one.
pub(super) fn values_only(d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    let largest = d.iter().chain(e[..n.saturating_sub(1)].iter()).fold(0.0_f64, |m, v| m.max(v.abs()));
    for l in 0..n {
        let mut sweeps = 0;
        loop {
            let squares_vanish = |i: usize| e[i].abs() < VANISHING * largest;
            let m = (l..n - 1).find(|&i| squares_vanish(i) || negligible(d, e, i, sweeps, largest)).unwrap_or(n - 1);
            if m < n - 1 {
                e[m] = 0.0;
            }
            if m == l {
                break;
            }
            sweeps += 1;
            if m == l + 1 {
                let (high, low) = pair(d[l], e[l], d[m]);
                (d[l], d[m], e[l]) = (high, low, 0.0);
                break;
            }
            rootless_sweep(d, e, l, m);
        }
    }
}

/// The eigenvalues of [[a, b], [b, c]], the one of larger magnitude first.
pub(super) fn pair(a: f64, b: f64, c: f64) -> (f64, f64) {
    let (half, mean) = (0.5 * (a - c), 0.5 * (a + c));
    let root = libm::hypot(half, b);
    if root == 0.0 {
        return (mean, mean);
    }
    let large = if mean < 0.0 { mean - root } else { mean + root };
    // The other one from the determinant, where the difference would cancel.
    let (first, second) = if a.abs() > c.abs() { (a, c) } else { (c, a) };
    (large, (first / large) * second - (b / large) * b)
}

fn rootless_sweep(d: &mut [f64], e: &mut [f64], l: usize, m: usize) {
    let half = 0.5 * (d[l + 1] - d[l]);
    let (root, _) = length(half, e[l]);
    let shift = d[l] - e[l] * (e[l] / (half + root.copysign(half)));
    let (mut c, mut s) = (1.0, 0.0);
    let mut gamma = d[m] - shift;
    let mut p = gamma * gamma;
    for i in (l..m).rev() {
        let square = e[i] * e[i];
        let r = p + square;
        if i + 1 < m {
            e[i + 1] = (s * r).sqrt();
        }
        let old = (c, gamma);
        c = p / r;
        s = square / r;
        gamma = c * (d[i] - shift) - s * old.1;
        d[i + 1] = old.1 + (d[i] - gamma);
        p = if c == 0.0 { old.0 * square } else { gamma * gamma / c };
    }
    e[l] = (s * p).sqrt();
    d[l] = shift + gamma;
}
