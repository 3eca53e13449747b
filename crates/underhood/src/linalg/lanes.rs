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

/// The largest side of a root: its triangle still fits the second cache eight times.
pub(crate) const ROOT_LIMIT: usize = 32;

/// One number of each of eight matrices.
pub(crate) type Lane = [f64; LANES];

/// Of eight matrices, which results are to be trusted.
pub(crate) type Trusted = [bool; LANES];

pub(crate) const ZERO: Lane = [0.0; LANES];

/// Above this condition number one matrix at a time is looked at with care.
const SUSPICIOUS: f64 = 1e6;

#[inline(always)]
pub(crate) fn each(f: impl Fn(usize) -> f64) -> Lane {
    let mut out = ZERO;
    for (lane, v) in out.iter_mut().enumerate() {
        *v = f(lane);
    }
    out
}

/// Square matrices out of their numbers by rows. Small sides are numbers that the compiler knows, so that it keeps all in registers.
#[inline(always)]
pub(crate) fn squares<const S: usize>(a: &[Lane], n: usize) -> [[Lane; S]; S] {
    let mut squares = [[ZERO; S]; S];
    for (row, from) in squares.iter_mut().zip(a.chunks_exact(n)) {
        row[..n].copy_from_slice(from);
    }
    squares
}

/// The largest magnitude of each matrix; NaN is passed over.
#[inline(always)]
fn largest(a: &[Lane]) -> Lane {
    let mut most = ZERO;
    for v in a {
        most = each(|l| if v[l].abs() > most[l] { v[l].abs() } else { most[l] });
    }
    most
}

/// The largest sum of a column's magnitudes; not a number where one of them is not.
#[inline(always)]
pub(crate) fn norm_1(a: &[Lane], n: usize) -> Lane {
    let (mut most, mut total) = (ZERO, ZERO);
    for j in 0..n {
        let mut sum = ZERO;
        for row in a.chunks_exact(n) {
            sum = each(|l| sum[l] + row[j][l].abs());
        }
        total = each(|l| total[l] + sum[l]);
        most = each(|l| if sum[l] > most[l] { sum[l] } else { most[l] });
    }
    each(|l| if total[l].is_finite() { most[l] } else { f64::NAN })
}

/// Brings `a` to upper triangular form with partial pivoting, doing the same to the first `r` columns of `b`; the permutations' signs.
#[inline(always)]
pub(crate) fn eliminate<const FMA: bool, const S: usize, const C: usize>(
    a: &mut [[Lane; S]; S],
    b: &mut [[Lane; C]; S],
    n: usize,
    r: usize,
) -> Lane {
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
pub(crate) fn substitute<const FMA: bool, const S: usize, const C: usize>(
    a: &[[Lane; S]; S],
    b: &mut [[Lane; C]; S],
    n: usize,
    r: usize,
) {
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
    /// Lays eight matrices, of which the first elements and the strides are given, into lanes by rows.
    pub(crate) fn lay(starts: &[*const f64; LANES], shape: (usize, usize), strides: (isize, isize), into: &mut [Lane]) = lay_body
}

#[inline(always)]
fn lay_body<const FMA: bool>(
    starts: &[*const f64; LANES],
    (m, n): (usize, usize),
    (row, column): (isize, isize),
    into: &mut [Lane],
) {
    if column == 1 && row == n as isize {
        for (e, to) in into[..m * n].iter_mut().enumerate() {
            // SAFETY: element (e / n, e % n) of matrices that are views.
            *to = each(|l| unsafe { *starts[l].wrapping_add(e) });
        }
        return;
    }
    for (i, to) in into[..m * n].chunks_exact_mut(n).enumerate() {
        for (j, to) in to.iter_mut().enumerate() {
            let offset = i as isize * row + j as isize * column;
            // SAFETY: element (i, j) of matrices that are views.
            *to = each(|l| unsafe { *starts[l].wrapping_offset(offset) });
        }
    }
}

wide_kernel! {
    /// Writes as many of eight matrices as `out` has room for, one behind the other.
    pub(crate) fn unlay(from: &[Lane], out: &mut [f64]) = unlay_body
}

#[inline(always)]
fn unlay_body<const FMA: bool>(from: &[Lane], out: &mut [f64]) {
    let size = from.len();
    if out.len() == LANES * size {
        for (e, v) in from.iter().enumerate() {
            for l in 0..LANES {
                out[l * size + e] = v[l];
            }
        }
        return;
    }
    for (l, out) in out.chunks_exact_mut(size).enumerate() {
        for (to, v) in out.iter_mut().zip(from) {
            *to = v[l];
        }
    }
}

wide_kernel! {
    /// A·X = B for r ≤ 8 columns of b, which become X.
    pub(crate) fn solve(a: &[Lane], b: &mut [Lane], n: usize, r: usize) -> Trusted = solve_body
}

#[inline(always)]
fn solve_body<const FMA: bool>(a: &[Lane], b: &mut [Lane], n: usize, r: usize) -> Trusted {
    match (n, r) {
        (2, 1) => solve_sized::<FMA, 2, 2>(a, b, 2, 1),
        (3, 1) => solve_sized::<FMA, 3, 2>(a, b, 3, 1),
        (4, 1) => solve_sized::<FMA, 4, 2>(a, b, 4, 1),
        (2, 2) => solve_sized::<FMA, 2, 3>(a, b, 2, 2),
        (3, 2) => solve_sized::<FMA, 3, 3>(a, b, 3, 2),
        (3, 3) => solve_sized::<FMA, 3, 4>(a, b, 3, 3),
        (4, 4) => solve_sized::<FMA, 4, 5>(a, b, 4, 4),
        _ => solve_sized::<FMA, LIMIT, { LIMIT + 1 }>(a, b, n.min(LIMIT), r.min(LIMIT)),
    }
}

/// Solves in arrays of S rows and C columns, one of which is a probe.
#[inline(always)]
fn solve_sized<const FMA: bool, const S: usize, const C: usize>(
    a: &[Lane],
    b: &mut [Lane],
    n: usize,
    r: usize,
) -> Trusted {
    let (a, b) = (&a[..n * n], &mut b[..n * r]);
    let mut u = squares::<S>(a, n);
    let mut x = [[ZERO; C]; S];
    for (i, from) in b.chunks_exact(r).enumerate() {
        x[i][..r].copy_from_slice(from);
        x[i][r] = [probe(i); LANES];
    }
    eliminate::<FMA, S, C>(&mut u, &mut x, n, r + 1);
    substitute::<FMA, S, C>(&u, &mut x, n, r + 1);
    let size = largest(a);
    let mut stretched = ZERO;
    for row in &x[..n] {
        stretched = each(|l| stretched[l] + row[r][l].abs());
    }
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]) & (size[l] * n as f64 * stretched[l] <= SUSPICIOUS);
    }
    for c in 0..r {
        let (mut sum, mut most, mut residual) = (ZERO, ZERO, ZERO);
        for i in 0..n {
            let right = b[i * r + c];
            sum = each(|l| sum[l] + x[i][c][l].abs());
            most = each(|l| if right[l].abs() > most[l] { right[l].abs() } else { most[l] });
            let mut left = right;
            for j in 0..n {
                left = each(|l| mul_add::<FMA>(-a[i * n + j][l], x[j][c][l], left[l]));
            }
            // A sum, so that no number that is none is passed over.
            residual = each(|l| residual[l] + left[l].abs());
        }
        for l in 0..LANES {
            let bound = 8.0 * n as f64 * f64::EPSILON * (size[l] * sum[l] + most[l]);
            trusted[l] &= magnitude::is_comfortable(most[l]) & (residual[l] <= bound);
        }
    }
    for (to, x) in b.chunks_exact_mut(r).zip(&x) {
        to.copy_from_slice(&x[..r]);
    }
    trusted
}

wide_kernel! {
    /// The inverses, in place; symmetric where the matrix is.
    pub(crate) fn invert(a: &mut [Lane], n: usize) -> Trusted = invert_body
}

#[inline(always)]
fn invert_body<const FMA: bool>(a: &mut [Lane], n: usize) -> Trusted {
    match n {
        2 => invert_sized::<FMA, 2>(a, 2),
        3 => invert_sized::<FMA, 3>(a, 3),
        4 => invert_sized::<FMA, 4>(a, 4),
        _ => invert_sized::<FMA, LIMIT>(a, n.min(LIMIT)),
    }
}

#[inline(always)]
fn invert_sized<const FMA: bool, const S: usize>(a: &mut [Lane], n: usize) -> Trusted {
    let a = &mut a[..n * n];
    let mut u = squares::<S>(a, n);
    let mut x = [[ZERO; S]; S];
    for (i, row) in x[..n].iter_mut().enumerate() {
        row[i] = [1.0; LANES];
    }
    eliminate::<FMA, S, S>(&mut u, &mut x, n, n);
    substitute::<FMA, S, S>(&u, &mut x, n, n);
    let (size, before) = (largest(a), norm_1(a, n));
    replace(a, &x, n);
    let after = norm_1(a, n);
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]) & (before[l] * after[l] < SUSPICIOUS);
    }
    trusted
}

/// X in A's place, made symmetric to the last bit where A is.
#[inline(always)]
pub(crate) fn replace<const S: usize>(a: &mut [Lane], x: &[[Lane; S]; S], n: usize) {
    let mut mirrored = [true; LANES];
    for i in 0..n {
        for j in 0..i {
            for l in 0..LANES {
                mirrored[l] &= a[i * n + j][l] == a[j * n + i][l];
            }
        }
    }
    for i in 0..n {
        for j in 0..n {
            let (v, w) = (x[i][j], x[j][i]);
            a[i * n + j] = each(|l| if mirrored[l] { 0.5 * v[l] + 0.5 * w[l] } else { v[l] });
        }
    }
}

/// X·Y.
#[inline(always)]
pub(crate) fn multiply<const FMA: bool, const S: usize>(
    x: &[[Lane; S]; S],
    y: &[[Lane; S]; S],
    n: usize,
) -> [[Lane; S]; S] {
    /// So many sums are kept in registers.
    const BLOCK: usize = 4;
    let mut product = [[ZERO; S]; S];
    if S > BLOCK && S.is_multiple_of(BLOCK) {
        for (out, x) in product[..n].iter_mut().zip(x) {
            for (b, out) in out.as_chunks_mut::<BLOCK>().0[..n.div_ceil(BLOCK)].iter_mut().enumerate() {
                let mut sums = [ZERO; BLOCK];
                for (factor, y) in x[..n].iter().zip(y) {
                    let y = &y.as_chunks::<BLOCK>().0[b];
                    for (sum, v) in sums.iter_mut().zip(y) {
                        *sum = each(|l| mul_add::<FMA>(factor[l], v[l], sum[l]));
                    }
                }
                *out = sums;
            }
        }
        return product;
    }
    for i in 0..n {
        for k in 0..n {
            let factor = x[i][k];
            for j in 0..n {
                let sum = product[i][j];
                product[i][j] = each(|l| mul_add::<FMA>(factor[l], y[k][j][l], sum[l]));
            }
        }
    }
    product
}

/// The largest side of a matrix whose powers are found here.
pub(crate) const POWER_LIMIT: usize = 12;

wide_kernel! {
    /// Powers with a positive exponent, in place; symmetric where the matrix is. Those that leave the range are not trusted.
    pub(crate) fn powers(a: &mut [Lane], n: usize, exponent: u64) -> Trusted = powers_body
}

#[inline(always)]
fn powers_body<const FMA: bool>(a: &mut [Lane], n: usize, exponent: u64) -> Trusted {
    match n {
        2 => powers_sized::<FMA, 2>(a, 2, exponent),
        3 => powers_sized::<FMA, 3>(a, 3, exponent),
        4 => powers_sized::<FMA, 4>(a, 4, exponent),
        0..=LIMIT => powers_sized::<FMA, LIMIT>(a, n, exponent),
        _ => powers_sized::<FMA, POWER_LIMIT>(a, n.min(POWER_LIMIT), exponent),
    }
}

#[inline(always)]
fn powers_sized<const FMA: bool, const S: usize>(a: &mut [Lane], n: usize, exponent: u64) -> Trusted {
    let a = &mut a[..n * n];
    let mut base = squares::<S>(a, n);
    let mut left = exponent;
    while left & 1 == 0 {
        base = multiply::<FMA, S>(&base, &base, n);
        left >>= 1;
    }
    let mut result = base;
    left >>= 1;
    while left > 0 {
        base = multiply::<FMA, S>(&base, &base, n);
        if left & 1 == 1 {
            result = multiply::<FMA, S>(&result, &base, n);
        }
        left >>= 1;
    }
    replace(a, &result, n);
    let sums = norm_1(a, n);
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = !sums[l].is_nan();
    }
    trusted
}

wide_kernel! {
    /// The determinants.
    pub(crate) fn determinants(a: &[Lane], out: &mut Lane, n: usize) -> Trusted = determinants_body
}

#[inline(always)]
fn determinants_body<const FMA: bool>(a: &[Lane], out: &mut Lane, n: usize) -> Trusted {
    match n {
        2 => determinants_sized::<FMA, 2>(a, out, 2),
        3 => determinants_sized::<FMA, 3>(a, out, 3),
        4 => determinants_sized::<FMA, 4>(a, out, 4),
        _ => determinants_sized::<FMA, LIMIT>(a, out, n.min(LIMIT)),
    }
}

#[inline(always)]
fn determinants_sized<const FMA: bool, const S: usize>(a: &[Lane], out: &mut Lane, n: usize) -> Trusted {
    let a = &a[..n * n];
    let mut u = squares::<S>(a, n);
    let signs = eliminate::<FMA, S, 0>(&mut u, &mut [[]; S], n, 0);
    let mut whole = [true; LANES];
    for v in a {
        for l in 0..LANES {
            // Numbers beyond 2⁵² are whole, but those are not trusted below.
            whole[l] &= (v[l] + 6_755_399_441_055_744.0) - 6_755_399_441_055_744.0 == v[l];
        }
    }
    *out = signs;
    let mut trusted = [true; LANES];
    for (k, row) in u[..n].iter().enumerate() {
        for l in 0..LANES {
            out[l] *= row[k][l];
            // Eight such pivots stay within the range, in whatever order.
            trusted[l] &= (row[k][l].abs() >= 1e-30) & (row[k][l].abs() < 1e30);
        }
    }
    for l in 0..LANES {
        // Whole numbers have a whole determinant, which the careful way finds exactly.
        trusted[l] &= !whole[l] & out[l].is_finite();
    }
    trusted
}

wide_kernel! {
    /// The triangles L of A = L·Lᵀ, with zeros above them, in A's place.
    pub(crate) fn roots(a: &mut [Lane], n: usize) -> Trusted = roots_body
}

#[inline(always)]
fn roots_body<const FMA: bool>(a: &mut [Lane], n: usize) -> Trusted {
    match n {
        2 => roots_sized::<FMA>(a, 2),
        3 => roots_sized::<FMA>(a, 3),
        4 => roots_sized::<FMA>(a, 4),
        _ => roots_sized::<FMA>(a, n),
    }
}

/// So many rows below a pivot are brought up to date together: one sum alone would wait for its own last term.
const ROWS: usize = 4;

#[inline(always)]
fn roots_sized<const FMA: bool>(a: &mut [Lane], n: usize) -> Trusted {
    let a = &mut a[..n * n];
    let size = largest(a);
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = magnitude::is_comfortable(size[l]);
    }
    for i in 0..n {
        for j in 0..i {
            let (v, w) = (a[i * n + j], a[j * n + i]);
            for l in 0..LANES {
                trusted[l] &= v[l] == w[l];
            }
            a[j * n + i] = ZERO;
        }
    }
    for j in 0..n {
        let mut pivot = a[j * n + j];
        for x in &a[j * n..j * n + j] {
            pivot = each(|l| mul_add::<FMA>(-x[l], x[l], pivot[l]));
        }
        for l in 0..LANES {
            trusted[l] &= pivot[l] > 0.0;
        }
        let root = each(|l| pivot[l].sqrt());
        a[j * n + j] = root;
        if j + 1 == n {
            break;
        }
        let reciprocal = each(|l| 1.0 / root[l]);
        let (done, rest) = a.split_at_mut((j + 1) * n);
        let known = &done[j * n..j * n + j];
        let mut rows = rest.chunks_exact_mut(n);
        while rows.len() >= ROWS {
            let [Some(p), Some(q), Some(r), Some(s)] = [rows.next(), rows.next(), rows.next(), rows.next()] else {
                break;
            };
            let (mut x, mut y, mut z, mut w) = (p[j], q[j], r[j], s[j]);
            for (k, v) in known.iter().enumerate() {
                x = each(|l| mul_add::<FMA>(-p[k][l], v[l], x[l]));
                y = each(|l| mul_add::<FMA>(-q[k][l], v[l], y[l]));
                z = each(|l| mul_add::<FMA>(-r[k][l], v[l], z[l]));
                w = each(|l| mul_add::<FMA>(-s[k][l], v[l], w[l]));
            }
            p[j] = each(|l| x[l] * reciprocal[l]);
            q[j] = each(|l| y[l] * reciprocal[l]);
            r[j] = each(|l| z[l] * reciprocal[l]);
            s[j] = each(|l| w[l] * reciprocal[l]);
        }
        for row in rows {
            let mut x = row[j];
            for (u, v) in row.iter().zip(known) {
                x = each(|l| mul_add::<FMA>(-u[l], v[l], x[l]));
            }
            row[j] = each(|l| x[l] * reciprocal[l]);
        }
    }
    trusted
}
