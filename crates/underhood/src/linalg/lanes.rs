//! Elimination and Cholesky's factorisation of eight small matrices at once, one in each lane of the vectors.
//!
//! Every number of a matrix becomes a vector of eight, one of each matrix; what would be a branch (which row holds the pivot?) becomes a
//! choice lane by lane. A sign beside each result tells whether it can be trusted as it is; where not, the careful way for one matrix
//! has the word (`solve`, `inverse`, `determinant`, `cholesky`).

use super::condition::probe;
use super::magnitude;
use super::tile::LANES;
use crate::simd::{mul_add, wide_kernel};

/// The largest side.
pub(crate) const LIMIT: usize = 8;

/// One number of each of eight matrices.
pub(crate) type Lane = [f64; LANES];

/// Eight square matrices.
pub(crate) type Squares = [[Lane; LIMIT]; LIMIT];

/// Eight times as many right-hand sides as there are columns, and one more for a probe.
pub(crate) type Sides = [[Lane; LIMIT + 1]; LIMIT];

/// Of eight matrices, which results are to be trusted.
pub(crate) type Trusted = [bool; LANES];

const ZERO: Lane = [0.0; LANES];

/// Above this condition number one matrix at a time is looked at with care.
const SUSPICIOUS: f64 = 1e6;

#[inline(always)]
fn each(f: impl Fn(usize) -> f64) -> Lane {
    let mut out = ZERO;
    for (lane, v) in out.iter_mut().enumerate() {
        *v = f(lane);
    }
    out
}

/// The largest magnitude of each matrix; NaN is passed over.
#[inline(always)]
fn largest(a: &Squares, n: usize) -> Lane {
    let mut most = ZERO;
    for row in &a[..n] {
        for v in &row[..n] {
            most = each(|l| if v[l].abs() > most[l] { v[l].abs() } else { most[l] });
        }
    }
    most
}

/// The largest sum of a column's magnitudes; not a number where one of them is not.
#[inline(always)]
fn norm_1(a: &Squares, n: usize) -> Lane {
    let (mut most, mut total) = (ZERO, ZERO);
    for j in 0..n {
        let mut sum = ZERO;
        for row in &a[..n] {
            sum = each(|l| sum[l] + row[j][l].abs());
        }
        total = each(|l| total[l] + sum[l]);
        most = each(|l| if sum[l] > most[l] { sum[l] } else { most[l] });
    }
    each(|l| if total[l].is_finite() { most[l] } else { f64::NAN })
}

/// Brings `a` to upper triangular form with partial pivoting, doing the same to the first `r` columns of `b`; the permutations' signs.
#[inline(always)]
fn eliminate<const FMA: bool>(a: &mut Squares, b: &mut Sides, n: usize, r: usize) -> Lane {
    let mut signs = [1.0; LANES];
    for k in 0..n {
        for i in k + 1..n {
            let (above, below) = a.split_at_mut(i);
            let (top, row) = (&mut above[k], &mut below[0]);
            let (x, y) = (top[k], row[k]);
            signs = each(|l| if y[l].abs() > x[l].abs() { -signs[l] } else { signs[l] });
            for (u, v) in top[k..n].iter_mut().zip(&mut row[k..n]) {
                exchange(u, v, &x, &y);
            }
            let (above, below) = b.split_at_mut(i);
            for (u, v) in above[k][..r].iter_mut().zip(&mut below[0][..r]) {
                exchange(u, v, &x, &y);
            }
        }
        let reciprocal = each(|l| 1.0 / a[k][k][l]);
        for i in k + 1..n {
            let factor = each(|l| -(a[i][k][l] * reciprocal[l]));
            let (above, below) = a.split_at_mut(i);
            for (x, v) in above[k][k + 1..n].iter().zip(&mut below[0][k + 1..n]) {
                *v = each(|l| mul_add::<FMA>(factor[l], x[l], v[l]));
            }
            let (above, below) = b.split_at_mut(i);
            for (x, v) in above[k][..r].iter().zip(&mut below[0][..r]) {
                *v = each(|l| mul_add::<FMA>(factor[l], x[l], v[l]));
            }
        }
    }
    signs
}

/// Exchanges u and v where |y| > |x|. The comparison is made anew each time: as a mask it never leaves the registers.
#[inline(always)]
fn exchange(u: &mut Lane, v: &mut Lane, x: &Lane, y: &Lane) {
    let (first, second) = (*u, *v);
    *u = each(|l| if y[l].abs() > x[l].abs() { second[l] } else { first[l] });
    *v = each(|l| if y[l].abs() > x[l].abs() { first[l] } else { second[l] });
}

#[inline(always)]
fn substitute<const FMA: bool>(a: &Squares, b: &mut Sides, n: usize, r: usize) {
    for k in (0..n).rev() {
        let (above, below) = b.split_at_mut(k);
        for x in &mut below[0][..r] {
            *x = each(|l| x[l] / a[k][k][l]);
        }
        for (i, row) in above.iter_mut().enumerate() {
            for (v, x) in row[..r].iter_mut().zip(&below[0][..r]) {
                *v = each(|l| mul_add::<FMA>(-a[i][k][l], x[l], v[l]));
            }
        }
    }
}

wide_kernel! {
    /// A·X = B for r ≤ 8 columns of b, which become X.
    pub(crate) fn solve(a: &Squares, b: &mut Sides, n: usize, r: usize) -> Trusted = solve_body
}

#[inline(always)]
fn solve_body<const FMA: bool>(a: &Squares, b: &mut Sides, n: usize, r: usize) -> Trusted {
    let (n, r) = (n.min(LIMIT), r.min(LIMIT));
    let mut u = [[ZERO; LIMIT]; LIMIT];
    let mut right = [[ZERO; LIMIT + 1]; LIMIT];
    for i in 0..n {
        u[i][..n].copy_from_slice(&a[i][..n]);
        right[i][..r].copy_from_slice(&b[i][..r]);
        b[i][r] = [probe(i); LANES];
    }
    eliminate::<FMA>(&mut u, b, n, r + 1);
    substitute::<FMA>(&u, b, n, r + 1);
    let size = largest(a, n);
    let mut stretched = ZERO;
    for row in &b[..n] {
        stretched = each(|l| stretched[l] + row[r][l].abs());
    }
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]) && size[l] * n as f64 * stretched[l] <= SUSPICIOUS;
    }
    for c in 0..r {
        let (mut sum, mut most, mut residual) = (ZERO, ZERO, ZERO);
        for i in 0..n {
            sum = each(|l| sum[l] + b[i][c][l].abs());
            most = each(|l| if right[i][c][l].abs() > most[l] { right[i][c][l].abs() } else { most[l] });
            let mut left = right[i][c];
            for j in 0..n {
                left = each(|l| mul_add::<FMA>(-a[i][j][l], b[j][c][l], left[l]));
            }
            // A sum, so that no number that is none is passed over.
            residual = each(|l| residual[l] + left[l].abs());
        }
        for l in 0..LANES {
            let bound = 8.0 * n as f64 * f64::EPSILON * (size[l] * sum[l] + most[l]);
            trusted[l] &= magnitude::is_comfortable(most[l]) && residual[l] <= bound;
        }
    }
    trusted
}

wide_kernel! {
    /// The inverses; symmetric where the matrix is.
    pub(crate) fn invert(a: &Squares, out: &mut Squares, n: usize) -> Trusted = invert_body
}

#[inline(always)]
fn invert_body<const FMA: bool>(a: &Squares, out: &mut Squares, n: usize) -> Trusted {
    let n = n.min(LIMIT);
    let mut u = [[ZERO; LIMIT]; LIMIT];
    let mut b = [[ZERO; LIMIT + 1]; LIMIT];
    for i in 0..n {
        u[i][..n].copy_from_slice(&a[i][..n]);
        b[i][i] = [1.0; LANES];
    }
    eliminate::<FMA>(&mut u, &mut b, n, n);
    substitute::<FMA>(&u, &mut b, n, n);
    let mut mirrored = [true; LANES];
    for i in 0..n {
        for j in 0..i {
            for l in 0..LANES {
                mirrored[l] &= a[i][j][l] == a[j][i][l];
            }
        }
    }
    for i in 0..n {
        for j in 0..n {
            let (x, y) = (b[i][j], b[j][i]);
            out[i][j] = each(|l| if mirrored[l] { 0.5 * x[l] + 0.5 * y[l] } else { x[l] });
        }
    }
    let (size, before, after) = (largest(a, n), norm_1(a, n), norm_1(out, n));
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]) && before[l] * after[l] < SUSPICIOUS;
    }
    trusted
}

wide_kernel! {
    /// The determinants.
    pub(crate) fn determinants(a: &Squares, out: &mut Lane, n: usize) -> Trusted = determinants_body
}

#[inline(always)]
fn determinants_body<const FMA: bool>(a: &Squares, out: &mut Lane, n: usize) -> Trusted {
    let n = n.min(LIMIT);
    let mut u = *a;
    let signs = eliminate::<FMA>(&mut u, &mut [[ZERO; LIMIT + 1]; LIMIT], n, 0);
    let mut whole = [true; LANES];
    for row in &a[..n] {
        for v in &row[..n] {
            for l in 0..LANES {
                // Numbers beyond 2⁵² are whole, but those are not trusted below.
                whole[l] &= (v[l] + 6_755_399_441_055_744.0) - 6_755_399_441_055_744.0 == v[l];
            }
        }
    }
    *out = signs;
    let mut trusted = [true; LANES];
    for (k, row) in u[..n].iter().enumerate() {
        for l in 0..LANES {
            out[l] *= row[k][l];
            // Eight such pivots stay within the range, in whatever order.
            trusted[l] &= (1e-30..1e30).contains(&row[k][l].abs());
        }
    }
    for l in 0..LANES {
        // Whole numbers have a whole determinant, which the careful way finds exactly.
        trusted[l] &= !whole[l] && out[l].is_finite();
    }
    trusted
}

wide_kernel! {
    /// The triangles L of A = L·Lᵀ, with zeros above them.
    pub(crate) fn roots(a: &Squares, out: &mut Squares, n: usize) -> Trusted = roots_body
}

#[inline(always)]
fn roots_body<const FMA: bool>(a: &Squares, out: &mut Squares, n: usize) -> Trusted {
    let n = n.min(LIMIT);
    let size = largest(a, n);
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]);
    }
    for i in 0..n {
        for j in 0..i {
            for l in 0..LANES {
                trusted[l] &= a[i][j][l] == a[j][i][l];
            }
        }
    }
    for j in 0..n {
        let mut pivot = a[j][j];
        for k in 0..j {
            let x = out[j][k];
            pivot = each(|l| mul_add::<FMA>(-x[l], x[l], pivot[l]));
        }
        for l in 0..LANES {
            trusted[l] &= pivot[l] > 0.0;
        }
        out[j][j] = each(|l| pivot[l].sqrt());
        let reciprocal = each(|l| 1.0 / out[j][j][l]);
        for i in j + 1..n {
            let mut v = a[i][j];
            for k in 0..j {
                v = each(|l| mul_add::<FMA>(-out[i][k][l], out[j][k][l], v[l]));
            }
            out[i][j] = each(|l| v[l] * reciprocal[l]);
            out[j][i] = ZERO;
        }
    }
    trusted
}
