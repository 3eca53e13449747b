//! The QR algorithm with double shifts, which turns a Hessenberg matrix into a quasi-triangular one.
//!
//! One sweep is a step of QR with a pair of shifts, in real arithmetic: a reflection of three coordinates makes a bulge below the
//! subdiagonal, and further reflections chase it down and out. Sources: J. Francis, "The QR transformation", Comput. J. 4 (1961),
//! doi:10.1093/comjnl/4.3.265; the test for what may be set to zero is that of M. Ahues and F. Tisseur, LAPACK Working Note 122 (1997).

use super::blocks::{reflection, standardize};
use super::columns::Columns;
use crate::simd::{mul_add, wide_kernel};

/// Sweeps for one eigenvalue; two or three are usual.
pub(super) const SWEEPS: usize = 300;

/// Below this an entry vanishes beside any other that is left after scaling.
pub(super) const TINY: f64 = f64::MIN_POSITIVE / f64::EPSILON;

/// Half the distance from 1 to the next double, the error of one rounding.
pub(super) const ROUNDING: f64 = f64::EPSILON;

/// Turns rows and columns first ..= last of a Hessenberg matrix, which stand apart from the rest, into quasi-triangular form; the rest
/// of the matrix follows when `whole`, and `z` does when it has rows. The row where it gave up, if it did.
pub(super) fn double_shift(
    h: &mut Columns,
    z: &mut Columns,
    first: usize,
    last: usize,
    whole: bool,
) -> Result<(), usize> {
    let (n, rows) = (h.n(), z.rows());
    kernel(h.data_mut(), n, z.data_mut(), rows, first, last, whole)
}

wide_kernel! {
    fn kernel(h: &mut [f64], n: usize, z: &mut [f64], rows: usize, first: usize, last: usize, whole: bool) -> Result<(), usize> = body
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn body<const FMA: bool>(
    h: &mut [f64],
    n: usize,
    z: &mut [f64],
    rows: usize,
    first: usize,
    last: usize,
    whole: bool,
) -> Result<(), usize> {
    let at = |i: usize, j: usize| i + j * n;
    // One past the last row of the block that is not yet triangular.
    let mut end = last + 1;
    let mut sweeps = 0;
    while end > first {
        let bottom = end - 1;
        let start = split(h, n, first, bottom);
        if start > first {
            h[at(start, start - 1)] = 0.0;
        }
        if start + 1 >= bottom {
            if start + 1 == bottom {
                standard_block::<FMA>(h, n, z, rows, start, whole, first, last);
            }
            end = start;
            sweeps = 0;
            continue;
        }
        if sweeps == SWEEPS {
            return Err(bottom);
        }
        sweeps += 1;

        let (left, right) = if whole { (0, n) } else { (start, end) };
        let shifts = shifts(h, n, start, bottom, sweeps);
        let (top, mut x) = beginning(h, n, start, bottom, shifts);
        for k in top..bottom {
            if k > top {
                x = [h[at(k, k - 1)], h[at(k + 1, k - 1)], if k + 2 < end { h[at(k + 2, k - 1)] } else { 0.0 }];
            }
            let r = reflection(x);
            if k > top {
                h[at(k, k - 1)] = r.beta;
                h[at(k + 1, k - 1)] = 0.0;
                if k + 2 < end {
                    h[at(k + 2, k - 1)] = 0.0;
                }
            } else if top > start {
                h[at(k, k - 1)] *= 1.0 - r.tau;
            }
            if r.tau == 0.0 {
                continue;
            }
            if k + 2 < end {
                rows_of_three::<FMA>(&mut h[k * n..right * n], n, k, r.v, r.tau);
                columns_of_three::<FMA>(&mut h[k * n..(k + 3) * n], n, left, (k + 4).min(end), r.v, r.tau);
                if rows > 0 {
                    columns_of_three::<FMA>(&mut z[k * rows..(k + 3) * rows], rows, 0, rows, r.v, r.tau);
                }
            } else {
                let (v, tau) = (r.v[1], r.tau);
                for column in h[k * n..right * n].chunks_exact_mut(n) {
                    let sum = tau * (column[k] + v * column[k + 1]);
                    column[k] -= sum;
                    column[k + 1] -= v * sum;
                }
                columns_of_two::<FMA>(&mut h[k * n..(k + 2) * n], n, left, end, v, tau);
                if rows > 0 {
                    columns_of_two::<FMA>(&mut z[k * rows..(k + 2) * rows], rows, 0, rows, v, tau);
                }
            }
        }
    }
    Ok(())
}

/// The first row of the lowest block that does not fall apart: looks upwards from `bottom` for a subdiagonal entry that is zero to rounding.
#[inline(always)]
pub(super) fn split(h: &[f64], n: usize, first: usize, bottom: usize) -> usize {
    let at = |i: usize, j: usize| i + j * n;
    let mut k = bottom;
    while k > first {
        let below = h[at(k, k - 1)].abs();
        if below <= TINY {
            break;
        }
        let mut around = h[at(k - 1, k - 1)].abs() + h[at(k, k)].abs();
        if around == 0.0 {
            if k >= first + 2 {
                around += h[at(k - 1, k - 2)].abs();
            }
            if k < bottom {
                around += h[at(k + 1, k)].abs();
            }
        }
        if below <= ROUNDING * around {
            let above = h[at(k - 1, k)].abs();
            let (more, less) = (below.max(above), below.min(above));
            let difference = (h[at(k - 1, k - 1)] - h[at(k, k)]).abs();
            let corner = h[at(k, k)].abs();
            let (high, low) = (corner.max(difference), corner.min(difference));
            let size = high + more;
            if less * (more / size) <= TINY.max(ROUNDING * (low * (high / size))) {
                break;
            }
        }
        k -= 1;
    }
    k
}

/// A pair of shifts by its real parts and squared imaginary part: both real (0), or conjugate.
#[derive(Clone, Copy)]
struct Shifts {
    real: [f64; 2],
    imaginary: f64,
}

/// The eigenvalues of the trailing 2×2 block; of two real ones, the nearer to the last entry twice. Every tenth sweep without success
/// takes a block made up from subdiagonal entries, each time with another weight, which breaks any cycle.
#[inline(always)]
fn shifts(h: &[f64], n: usize, start: usize, bottom: usize, sweep: usize) -> Shifts {
    let at = |i: usize, j: usize| i + j * n;
    let (a, b, c, d);
    if sweep.is_multiple_of(10) {
        let from_top = (sweep / 10).is_multiple_of(2);
        let weight = 0.75 + 0.31 * (sweep / 20) as f64;
        let (size, corner) = if from_top {
            (h[at(start + 1, start)].abs() + h[at(start + 2, start + 1)].abs(), h[at(start, start)])
        } else {
            (h[at(bottom, bottom - 1)].abs() + h[at(bottom - 1, bottom - 2)].abs(), h[at(bottom, bottom)])
        };
        (a, b, c) = (weight * size + corner, -0.4375 * size, size);
        d = a;
    } else {
        (a, b) = (h[at(bottom - 1, bottom - 1)], h[at(bottom - 1, bottom)]);
        (c, d) = (h[at(bottom, bottom - 1)], h[at(bottom, bottom)]);
    }
    let size = a.abs() + b.abs() + c.abs() + d.abs();
    if size == 0.0 {
        return Shifts { real: [0.0; 2], imaginary: 0.0 };
    }
    let (a, b, c, d) = (a / size, b / size, c / size, d / size);
    let mean = 0.5 * (a + d);
    let determinant = (a - mean) * (d - mean) - b * c;
    let root = determinant.abs().sqrt();
    if determinant >= 0.0 {
        return Shifts { real: [mean * size; 2], imaginary: root * size };
    }
    let nearer = if (mean + root - d).abs() <= (mean - root - d).abs() { mean + root } else { mean - root };
    Shifts { real: [nearer * size; 2], imaginary: 0.0 }
}

/// The row where a sweep may begin, below two consecutive small subdiagonal entries, and the first column of (H − s₁)(H − s₂) there.
#[inline(always)]
fn beginning(h: &[f64], n: usize, start: usize, bottom: usize, shifts: Shifts) -> (usize, [f64; 3]) {
    let at = |i: usize, j: usize| i + j * n;
    let mut m = bottom - 2;
    loop {
        let (corner, below) = (h[at(m, m)], h[at(m + 1, m)]);
        let size = (corner - shifts.real[1]).abs() + shifts.imaginary.abs() + below.abs();
        let size = if size == 0.0 { 1.0 } else { size };
        let scaled = below / size;
        let x = [
            scaled * h[at(m, m + 1)]
                + (corner - shifts.real[0]) * ((corner - shifts.real[1]) / size)
                + shifts.imaginary * (shifts.imaginary / size),
            scaled * (corner + h[at(m + 1, m + 1)] - shifts.real[0] - shifts.real[1]),
            scaled * h[at(m + 2, m + 1)],
        ];
        let size = x[0].abs() + x[1].abs() + x[2].abs();
        let x = if size == 0.0 { x } else { x.map(|v| v / size) };
        if m == start {
            return (m, x);
        }
        let around = h[at(m - 1, m - 1)].abs() + corner.abs() + h[at(m + 1, m + 1)].abs();
        if h[at(m, m - 1)].abs() * (x[1].abs() + x[2].abs()) <= ROUNDING * x[0].abs() * around {
            return (m, x);
        }
        m -= 1;
    }
}

/// Rows k, k + 1, k + 2 of every column: x ← x − τ·v·(vᵀ·x).
#[inline(always)]
pub(super) fn rows_of_three<const FMA: bool>(columns: &mut [f64], n: usize, k: usize, v: [f64; 3], tau: f64) {
    let (t0, t1, t2) = (tau, tau * v[1], tau * v[2]);
    for column in columns.chunks_exact_mut(n) {
        let Some(x) = column[k..].first_chunk_mut::<3>() else { continue };
        let sum = mul_add::<FMA>(v[2], x[2], mul_add::<FMA>(v[1], x[1], x[0]));
        x[0] = mul_add::<FMA>(-t0, sum, x[0]);
        x[1] = mul_add::<FMA>(-t1, sum, x[1]);
        x[2] = mul_add::<FMA>(-t2, sum, x[2]);
    }
}

/// Three neighbouring columns, rows `from` .. `to`: the same from the right.
#[inline(always)]
pub(super) fn columns_of_three<const FMA: bool>(
    columns: &mut [f64],
    n: usize,
    from: usize,
    to: usize,
    v: [f64; 3],
    tau: f64,
) {
    let (t0, t1, t2) = (tau, tau * v[1], tau * v[2]);
    let (x, rest) = columns.split_at_mut(n);
    let (y, z) = rest.split_at_mut(n);
    let (x, y, z) = (&mut x[from..to], &mut y[from..to], &mut z[from..to]);
    for ((x, y), z) in x.iter_mut().zip(y).zip(z) {
        let sum = mul_add::<FMA>(v[2], *z, mul_add::<FMA>(v[1], *y, *x));
        *x = mul_add::<FMA>(-t0, sum, *x);
        *y = mul_add::<FMA>(-t1, sum, *y);
        *z = mul_add::<FMA>(-t2, sum, *z);
    }
}

/// Two neighbouring columns.
#[inline(always)]
pub(super) fn columns_of_two<const FMA: bool>(columns: &mut [f64], n: usize, from: usize, to: usize, v: f64, tau: f64) {
    let (x, y) = columns.split_at_mut(n);
    for (x, y) in x[from..to].iter_mut().zip(&mut y[from..to]) {
        let sum = tau * mul_add::<FMA>(v, *y, *x);
        *x -= sum;
        *y = mul_add::<FMA>(-v, sum, *y);
    }
}

/// Brings the 2×2 block at (j, j) to standard form.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes slices and their sizes")]
fn standard_block<const FMA: bool>(
    h: &mut [f64],
    n: usize,
    z: &mut [f64],
    rows: usize,
    j: usize,
    whole: bool,
    first: usize,
    last: usize,
) {
    let at = |i: usize, j: usize| i + j * n;
    let s = standardize(h[at(j, j)], h[at(j, j + 1)], h[at(j + 1, j)], h[at(j + 1, j + 1)]);
    (h[at(j, j)], h[at(j, j + 1)], h[at(j + 1, j)], h[at(j + 1, j + 1)]) = (s.a, s.b, s.c, s.d);
    if s.sin == 0.0 {
        return;
    }
    let (left, right) = if whole { (0, n) } else { (first, last + 1) };
    for column in h[(j + 2).min(right) * n..right * n].chunks_exact_mut(n) {
        let (x, y) = (column[j], column[j + 1]);
        column[j] = mul_add::<FMA>(s.cos, x, s.sin * y);
        column[j + 1] = mul_add::<FMA>(s.cos, y, -(s.sin * x));
    }
    let rotate = |(x, y): (&mut [f64], &mut [f64])| {
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = (mul_add::<FMA>(s.cos, *x, s.sin * *y), mul_add::<FMA>(s.cos, *y, -(s.sin * *x)));
        }
    };
    let (x, y) = h[j * n..(j + 2) * n].split_at_mut(n);
    rotate((&mut x[left..j], &mut y[left..j]));
    if rows > 0 {
        rotate(z[j * rows..(j + 2) * rows].split_at_mut(rows));
    }
}
