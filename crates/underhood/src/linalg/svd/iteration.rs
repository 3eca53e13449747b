//! The singular values and vectors of a bidiagonal matrix by the implicit QR iteration with a shift that may be zero.
//!
//! Without a shift a sweep loses no digit of the smallest values, so that every singular value comes out accurate relative to itself.
//! Source: J. Demmel and W. Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat. Comput. 11 (1990),
//! doi:10.1137/0911052.

use crate::simd::{mul_add, wide_kernel};

/// Neighbours up to this, relative to what they stand beside, do not change a singular value by more than a few roundings.
const TOLERANCE: f64 = 10.0 * f64::EPSILON;

/// Sweeps per singular value, of which two or three are usual.
const PATIENCE: usize = 60;

/// Cosine and sine of a rotation.
type Rotation = [f64; 2];

/// Singular vectors in rows, or none.
pub(super) struct Rows<'a> {
    /// One vector after the other.
    pub(super) numbers: &'a mut [f64],
    /// Their length; zero when they are not wanted.
    pub(super) length: usize,
}

/// Turns the upper bidiagonal matrix with this diagonal and these neighbours to the right into its singular values, in falling order, and
/// multiplies the rows of `left` and `right` by the transposed singular vectors. False if the values do not settle, which
/// no matrix is known to cause.
pub(super) fn iterate(d: &mut [f64], e: &mut [f64], left: Rows<'_>, right: Rows<'_>) -> bool {
    let n = d.len();
    let (mut rotations, mut others) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let mut end = n;
    // The direction is chosen once for a block, so that sweeps do not undo each other's work.
    let (mut block, mut upwards) = ((0, 0), false);
    for _ in 0..PATIENCE * n.max(1) {
        while end > 1 && e[end - 2] == 0.0 {
            end -= 1;
        }
        if end <= 1 {
            finish(d, left, right);
            return true;
        }
        let start = (0..end - 1).rev().find(|&i| e[i] == 0.0).map_or(0, |i| i + 1);
        if (start, end) != block && (start >= block.1 || end <= block.0 || block == (0, 0)) {
            upwards = d[start].abs() < d[end - 1].abs();
        }
        block = (start, end);
        let (d, e) = (&mut d[start..end], &mut e[start..end - 1]);
        // What is true of B downwards is true of its transpose about the other diagonal upwards, with U and V exchanged.
        if upwards {
            d.reverse();
            e.reverse();
        }
        let deflated = deflate(d, e);
        if let Some(shift) = deflated {
            rotations.clear();
            others.clear();
            sweep(d, e, shift, &mut rotations, &mut others);
        }
        if upwards {
            d.reverse();
            e.reverse();
        }
        if deflated.is_some() {
            let (of_left, of_right) = if upwards { (&rotations, &others) } else { (&others, &rotations) };
            apply(&mut *left.numbers, left.length, start, of_left, upwards);
            apply(&mut *right.numbers, right.length, start, of_right, upwards);
        }
    }
    false
}

/// Sets neighbours to zero that are negligible; the shift for the next sweep if there were none.
fn deflate(d: &[f64], e: &mut [f64]) -> Option<f64> {
    let n = d.len();
    let largest = d.iter().chain(e.iter()).fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut found = false;
    if e[n - 2].abs() <= TOLERANCE * d[n - 1].abs() {
        e[n - 2] = 0.0;
        found = true;
    }
    // μ is the distance, to a factor of √n, of the leading block from the nearest singular one: a neighbour below it in
    // proportion moves no singular value.
    let mut mu = d[0].abs();
    let mut smallest = mu;
    for i in 0..n - 1 {
        if e[i].abs() <= TOLERANCE * mu || e[i].abs() <= f64::MIN_POSITIVE * largest {
            e[i] = 0.0;
            found = true;
        }
        mu = d[i + 1].abs() * (if mu == 0.0 { 0.0 } else { mu / (mu + e[i].abs()) });
        smallest = smallest.min(mu);
    }
    if found {
        return None;
    }
    // A shift would cost the smallest values their digits where they are tiny beside the largest.
    if n as f64 * TOLERANCE * (smallest / largest) <= f64::EPSILON * 1e-2 {
        return Some(0.0);
    }
    let shift = smaller(d[n - 2], e[n - 2], d[n - 1]);
    let ratio = shift / d[0].abs();
    Some(if ratio * ratio < f64::EPSILON { 0.0 } else { shift })
}

/// The smaller singular value of the triangle (f g; 0 h).
fn smaller(f: f64, g: f64, h: f64) -> f64 {
    let (f, g, h) = (f.abs(), g.abs(), h.abs());
    let (low, high) = (f.min(h), f.max(h));
    if low == 0.0 {
        return 0.0;
    }
    // σ₁ + σ₂ = √((f + h)² + g²) and σ₁ − σ₂ = √((f − h)² + g²), and σ₁·σ₂ = f·h.
    let sum = (high + low).hypot(g) + (high - low).hypot(g);
    low * (2.0 * high / sum)
}

/// One sweep from the first row to the last; the rotations of columns, then those of rows.
fn sweep(d: &mut [f64], e: &mut [f64], shift: f64, columns: &mut Vec<Rotation>, rows: &mut Vec<Rotation>) {
    let last = d.len() - 1;
    if shift == 0.0 {
        let (mut cosine, mut old_cosine, mut old_sine) = (1.0, 1.0, 0.0);
        for i in 0..last {
            let (c, s, r) = rotation(d[i] * cosine, e[i]);
            if i > 0 {
                e[i - 1] = old_sine * r;
            }
            let (c2, s2, r2) = rotation(old_cosine * r, d[i + 1] * s);
            d[i] = r2;
            (cosine, old_cosine, old_sine) = (c, c2, s2);
            columns.push([c, s]);
            rows.push([c2, s2]);
        }
        let h = d[last] * cosine;
        d[last] = h * old_cosine;
        e[last - 1] = h * old_sine;
        return;
    }
    let mut f = (d[0].abs() - shift) * (1.0_f64.copysign(d[0]) + shift / d[0]);
    let mut g = e[0];
    for i in 0..last {
        let (c, s, r) = rotation(f, g);
        if i > 0 {
            e[i - 1] = r;
        }
        f = c * d[i] + s * e[i];
        e[i] = c * e[i] - s * d[i];
        g = s * d[i + 1];
        d[i + 1] *= c;
        columns.push([c, s]);
        let (c, s, r) = rotation(f, g);
        d[i] = r;
        f = c * e[i] + s * d[i + 1];
        d[i + 1] = c * d[i + 1] - s * e[i];
        if i + 1 < last {
            g = s * e[i + 1];
            e[i + 1] *= c;
        }
        rows.push([c, s]);
    }
    e[last - 1] = f;
}

/// (c, s, r) with c·f + s·g = r and c·g − s·f = 0.
#[inline(always)]
fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    let squares = f * f + g * g;
    if squares < 1e-280 {
        return tiny_rotation(f, g);
    }
    let r = squares.sqrt().copysign(f);
    let reciprocal = 1.0 / r;
    (f * reciprocal, g * reciprocal, r)
}

/// Where squares would underflow: 2⁵⁰⁰ changes no digit.
#[cold]
fn tiny_rotation(f: f64, g: f64) -> (f64, f64, f64) {
    const UP: f64 = 3.273_390_607_896_142e150;
    let (f, g) = (f * UP, g * UP);
    let r = f.hypot(g).copysign(f);
    (f / r, g / r, r / UP)
}

/// Rotates neighbouring rows from `start` on, downwards or upwards.
fn apply(numbers: &mut [f64], length: usize, start: usize, rotations: &[Rotation], upwards: bool) {
    if length > 0 {
        let rows = &mut numbers[start * length..(start + rotations.len() + 1) * length];
        if upwards { rotate_upwards(rows, length, rotations) } else { rotate_downwards(rows, length, rotations) }
    }
}

wide_kernel! {
    /// (row i, row i+1) ← (c·row i + s·row i+1, c·row i+1 − s·row i), in turn.
    fn rotate_downwards(rows: &mut [f64], length: usize, rotations: &[Rotation]) = rotate_downwards_body
}

#[inline(always)]
fn rotate_downwards_body<const FMA: bool>(rows: &mut [f64], length: usize, rotations: &[Rotation]) {
    rotate::<FMA, false>(rows, length, rotations);
}

wide_kernel! {
    /// The same from the last row to the first.
    fn rotate_upwards(rows: &mut [f64], length: usize, rotations: &[Rotation]) = rotate_upwards_body
}

#[inline(always)]
fn rotate_upwards_body<const FMA: bool>(rows: &mut [f64], length: usize, rotations: &[Rotation]) {
    rotate::<FMA, true>(rows, length, rotations);
}

#[inline(always)]
fn rotate<const FMA: bool, const UPWARDS: bool>(rows: &mut [f64], length: usize, rotations: &[Rotation]) {
    let mut column = 0;
    while column + 32 <= length {
        strip::<FMA, UPWARDS, 32>(rows, length, column, rotations);
        column += 32;
    }
    while column + 8 <= length {
        strip::<FMA, UPWARDS, 8>(rows, length, column, rotations);
        column += 8;
    }
    while column < length {
        strip::<FMA, UPWARDS, 1>(rows, length, column, rotations);
        column += 1;
    }
}

/// Some columns of all rows: what one rotation leaves of its second row stays in registers for the next.
#[inline(always)]
fn strip<const FMA: bool, const UPWARDS: bool, const W: usize>(
    rows: &mut [f64],
    length: usize,
    column: usize,
    rotations: &[Rotation],
) {
    let count = rotations.len();
    let at = |k: usize| (if UPWARDS { count - k } else { k }) * length + column;
    let mut carried = [0.0; W];
    carried.copy_from_slice(&rows[at(0)..at(0) + W]);
    for (k, &[c, s]) in rotations.iter().enumerate() {
        let (mut next, mut done) = ([0.0; W], [0.0; W]);
        next.copy_from_slice(&rows[at(k + 1)..at(k + 1) + W]);
        for lane in 0..W {
            done[lane] = mul_add::<FMA>(c, carried[lane], s * next[lane]);
            carried[lane] = mul_add::<FMA>(c, next[lane], -(s * carried[lane]));
        }
        rows[at(k)..at(k) + W].copy_from_slice(&done);
    }
    rows[at(count)..at(count) + W].copy_from_slice(&carried);
}

/// Makes the values positive and puts them in falling order, with their vectors.
fn finish(d: &mut [f64], left: Rows<'_>, right: Rows<'_>) {
    for (i, value) in d.iter_mut().enumerate() {
        if value.is_sign_negative() {
            *value = -*value;
            right.numbers[i * right.length..(i + 1) * right.length].iter_mut().for_each(|v| *v = -*v);
        }
    }
    for i in 0..d.len() {
        let largest = (i..d.len()).fold(i, |best, j| if d[j] > d[best] { j } else { best });
        if largest != i {
            d.swap(i, largest);
            for rows in [(&mut *left.numbers, left.length), (&mut *right.numbers, right.length)] {
                let (numbers, length) = rows;
                let (first, second) = numbers.split_at_mut(largest * length);
                first[i * length..(i + 1) * length].swap_with_slice(&mut second[..length]);
            }
        }
    }
}
