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

impl Rotation {
    /// One step of Newton's for c² + s² = 1. The chain of a sweep rounds the common divisor of sine and cosine, which would change the
    /// lengths of the eigenvectors a little at every step.
    #[inline(always)]
    fn sharpen<const FMA: bool>(&mut self) {
        let excess = mul_add::<FMA>(self.cosine, self.cosine, mul_add::<FMA>(self.sine, self.sine, -1.0));
        self.cosine = mul_add::<FMA>(-0.5 * excess, self.cosine, self.cosine);
        self.sine = mul_add::<FMA>(-0.5 * excess, self.sine, self.sine);
    }
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

wide_kernel! {
    /// Diagonalises T: `d` becomes the eigenvalues, in any order, and the columns of `z` the eigenvectors. Column j starts at
    /// j·`stride`, is zero before, and T's first row is its row `first`; rows up to the next multiples of eight are touched.
    /// `e` is as long as `d`; its last entry is not T's.
    pub(super) fn with_vectors(
        d: &mut [f64], e: &mut [f64], z: &mut [f64], stride: usize, first: usize, rotations: &mut [Rotation]
    ) = with_vectors_body
}

#[inline(always)]
fn with_vectors_body<const FMA: bool>(
    d: &mut [f64],
    e: &mut [f64],
    z: &mut [f64],
    stride: usize,
    first: usize,
    rotations: &mut [Rotation],
) {
    let n = d.len();
    if n == 0 {
        return;
    }
    // QL works upwards: a graded matrix is turned so that its large entries stand at the bottom.
    let turned = d[0].abs() > d[n - 1].abs();
    if turned {
        d.reverse();
        e[..n - 1].reverse();
    }
    for j in 0..n {
        z[j * stride + first + if turned { n - 1 - j } else { j }] = 1.0;
    }
    let rows = (first / LANES * LANES, (first + n).next_multiple_of(LANES));
    let largest = d.iter().chain(e[..n - 1].iter()).fold(0.0_f64, |m, v| m.max(v.abs()));
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
            sweep::<FMA>(&mut d[..=m], &mut e[..=m], l, &mut rotations[..m]);
            rotations[l..m].iter_mut().for_each(Rotation::sharpen::<FMA>);
            rotate_chain::<FMA>(&mut z[l * stride..], stride, rows, &rotations[l..m]);
        }
    }
}

/// Wilkinson's shift: of the eigenvalues of [[a, b], [b, c]] the one that is nearer to a.
#[inline(always)]
fn shift(a: f64, b: f64, c: f64) -> f64 {
    let half = 0.5 * (c - a);
    let squares = half * half + b * b;
    let root = if squares > 1e-280 { squares.sqrt() } else { libm::hypot(half, b) };
    a - b * (b / (half + root.copysign(half)))
}

/// One QL sweep from the last row up to row l; the rotation of columns i and i + 1 is left in `rotations[i]`.
#[inline(always)]
fn sweep<const FMA: bool>(d: &mut [f64], e: &mut [f64], l: usize, rotations: &mut [Rotation]) {
    let m = rotations.len();
    let (d, e) = (&mut d[..=m], &mut e[..=m]);
    let mut g = d[m] - shift(d[l], e[l], d[l + 1]);
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let f = sine * e[i];
        let b = cosine * e[i];
        let squares = mul_add::<FMA>(f, f, g * g);
        let (r, s, c) = if squares > 1e-280 {
            let r = squares.sqrt();
            let reciprocal = 1.0 / r;
            (r, f * reciprocal, g * reciprocal)
        } else {
            tiny(f, g)
        };
        e[i + 1] = r;
        (sine, cosine) = (s, c);
        g = d[i + 1] - p;
        let t = mul_add::<FMA>(d[i] - g, s, 2.0 * b * c);
        p = s * t;
        d[i + 1] = g + p;
        g = mul_add::<FMA>(c, t, -b);
        rotations[i] = Rotation { cosine: c, sine: s };
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

/// Length, sine and cosine of tiny numbers; zeros are not turned.
#[cold]
fn tiny(f: f64, g: f64) -> (f64, f64, f64) {
    let scale = libm::ldexp(1.0, 600);
    let (f, g) = (f * scale, g * scale);
    let r = (f * f + g * g).sqrt();
    if r == 0.0 { (0.0, 0.0, 1.0) } else { (r / scale, f / r, g / r) }
}

/// Applies a chain of rotations, the last first: rotation i to columns i and i + 1.
#[inline(always)]
fn rotate_chain<const FMA: bool>(z: &mut [f64], stride: usize, rows: (usize, usize), rotations: &[Rotation]) {
    let (mut row, end) = rows;
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

/// A sweep in which only the squares of sines and cosines occur: what would be a root and a division one after the other is two divisions
/// side by side.
fn rootless_sweep(d: &mut [f64], e: &mut [f64], l: usize, m: usize) {
    let (d, e) = (&mut d[..=m], &mut e[..=m]);
    let shift = shift(d[l], e[l], d[l + 1]);
    let (mut c, mut s) = (1.0, 0.0);
    let mut gamma = d[m] - shift;
    let mut p = gamma * gamma;
    for i in (l..m).rev() {
        let square = e[i] * e[i];
        let r = p + square;
        if i + 1 < m {
            e[i + 1] = (s * r).sqrt();
        }
        let (old_c, old_gamma) = (c, gamma);
        let reciprocal = 1.0 / r;
        // 1/c, not from c: the divisor is known before it.
        let inverse = r / p;
        (c, s) = (p * reciprocal, square * reciprocal);
        gamma = c * (d[i] - shift) - s * old_gamma;
        d[i + 1] = old_gamma + (d[i] - gamma);
        p = if inverse < 1e290 { gamma * gamma * inverse } else { old_c * square };
    }
    e[l] = (s * p).sqrt();
    d[l] = shift + gamma;
}
