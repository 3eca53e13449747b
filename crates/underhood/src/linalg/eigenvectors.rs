//! Eigenvectors of a quasi-triangular matrix by back-substitution.
//!
//! (T − λI)·x = 0 is solved from the diagonal entry of λ upwards; T is real, so that only x and λ can be complex, and a complex x is kept as two real
//! columns. A diagonal difference that rounding has made zero is replaced by a rounding error of λ's size, and x is scaled down before it can overflow,
//! as it does near a defective matrix. Source: G. Golub and C. Van Loan, Matrix Computations, §7.6.4.

use super::schur::Columns;
use crate::simd::{mul_add, wide_kernel};

/// Components stay below this, so that no product or sum overflows.
const BIG: f64 = 1e280;

/// The eigenvectors of T, one in each column; those of a pair α ± iω at (j, j + 1) are the real and the imaginary part for α + iω.
pub(crate) fn of_quasi_triangular(t: &Columns, re: &[f64], im: &[f64]) -> Columns {
    let n = t.n();
    let mut x = Columns::zeros(n, n);
    let mut sums = vec![0.0; n];
    kernel(t.data(), n, re, im, x.data_mut(), &mut sums);
    x
}

wide_kernel! {
    fn kernel(t: &[f64], n: usize, re: &[f64], im: &[f64], x: &mut [f64], sums: &mut [f64]) = body
}

#[inline(always)]
fn body<const FMA: bool>(t: &[f64], n: usize, re: &[f64], im: &[f64], x: &mut [f64], sums: &mut [f64]) {
    let mut largest = 0.0_f64;
    for j in 0..n {
        let column = &t[j * n..(j + 1) * n];
        sums[j] = column[..j].iter().map(|v| v.abs()).sum();
        largest = largest.max(sums[j] + column[j].abs());
    }
    let mut k = 0;
    while k < n {
        let floor = (f64::EPSILON * (re[k].abs() + im[k].abs())).max(f64::MIN_POSITIVE / f64::EPSILON * largest);
        if im[k] == 0.0 {
            let x = &mut x[k * n..(k + 1) * n];
            for i in 0..k {
                x[i] = -t[i + k * n];
            }
            x[k] = 1.0;
            real::<FMA>(t, n, re[k], k, x, sums, (floor.max(f64::MIN_POSITIVE), f64::EPSILON * largest));
            k += 1;
        } else {
            let (x, y) = x[k * n..(k + 2) * n].split_at_mut(n);
            let (upper, lower) = (t[k + (k + 1) * n], t[k + 1 + k * n]);
            // (α + iω − α)·x₀ = upper·x₁ and its mirror image; the better of the two.
            if upper.abs() >= lower.abs() {
                (x[k], y[k + 1]) = (1.0, im[k] / upper);
            } else {
                (y[k], x[k + 1]) = (im[k] / lower, 1.0);
            }
            for i in 0..k {
                let (left, right) = (t[i + k * n], t[i + (k + 1) * n]);
                x[i] = -(left * x[k] + right * x[k + 1]);
                y[i] = -(left * y[k] + right * y[k + 1]);
            }
            complex::<FMA>(t, n, (re[k], im[k]), k, (x, y), sums, floor.max(f64::MIN_POSITIVE));
            k += 2;
        }
    }
}

/// Solves (T − λI)·x = x for the first `size` components, in place.
#[inline(always)]
fn real<const FMA: bool>(
    t: &[f64],
    n: usize,
    lambda: f64,
    size: usize,
    x: &mut [f64],
    sums: &[f64],
    (floor, zero): (f64, f64),
) {
    let at = |i: usize, j: usize| i + j * n;
    let mut j = size;
    while j > 0 {
        j -= 1;
        if j > 0 && t[at(j, j - 1)] != 0.0 {
            let i = j - 1;
            let rows = [[t[at(i, i)] - lambda, t[at(i, j)]], [t[at(j, i)], t[at(j, j)] - lambda]];
            let (mut p, mut q) = solve_two(rows, 0.0, (x[i], 0.0), (x[j], 0.0), floor);
            let larger = p.0.abs().max(q.0.abs());
            if larger > 1.0 && sums[i].max(sums[j]) > BIG / larger || larger > BIG {
                x.iter_mut().for_each(|v| *v /= larger);
                (p.0, q.0) = (p.0 / larger, q.0 / larger);
            }
            (x[i], x[j]) = (p.0, q.0);
            let (left, right) = (&t[i * n..i * n + i], &t[j * n..j * n + i]);
            for ((x, l), r) in x[..i].iter_mut().zip(left).zip(right) {
                *x = mul_add::<FMA>(-p.0, *l, mul_add::<FMA>(-q.0, *r, *x));
            }
            j = i;
            continue;
        }
        let mut difference = t[at(j, j)] - lambda;
        if difference == 0.0 && lambda == 0.0 {
            // A multiple eigenvalue of exactly zero has no size of its own: what stands above it may be a rounding error beside the whole matrix.
            difference = floor.max(zero);
        } else if difference.abs() < floor {
            difference = floor;
        }
        if difference.abs() < 1.0 && x[j].abs() > BIG * difference.abs() {
            let larger = x[j].abs();
            x.iter_mut().for_each(|v| *v /= larger);
        }
        let mut value = x[j] / difference;
        let larger = value.abs();
        if larger > 1.0 && sums[j] > BIG / larger || larger > BIG {
            x.iter_mut().for_each(|v| *v /= larger);
            value /= larger;
        }
        x[j] = value;
        for (x, t) in x[..j].iter_mut().zip(&t[j * n..j * n + j]) {
            *x = mul_add::<FMA>(-value, *t, *x);
        }
    }
}

/// The same for complex λ and x.
#[inline(always)]
fn complex<const FMA: bool>(
    t: &[f64],
    n: usize,
    (re, im): (f64, f64),
    size: usize,
    (x, y): (&mut [f64], &mut [f64]),
    sums: &[f64],
    floor: f64,
) {
    let at = |i: usize, j: usize| i + j * n;
    let mut j = size;
    while j > 0 {
        j -= 1;
        let pair = j > 0 && t[at(j, j - 1)] != 0.0;
        let i = if pair { j - 1 } else { j };
        let (mut p, mut q) = if pair {
            let rows = [[t[at(i, i)] - re, t[at(i, j)]], [t[at(j, i)], t[at(j, j)] - re]];
            solve_two(rows, -im, (x[i], y[i]), (x[j], y[j]), floor)
        } else {
            let mut difference = (t[at(j, j)] - re, -im);
            if difference.0.abs() + difference.1.abs() < floor {
                difference = (floor, 0.0);
            }
            let small = difference.0.abs() + difference.1.abs();
            let larger = x[j].abs().max(y[j].abs());
            if small < 1.0 && larger > BIG * small {
                shrink(x, y, larger);
            }
            ((0.0, 0.0), divide((x[j], y[j]), difference))
        };
        let larger = p.0.abs().max(p.1.abs()).max(q.0.abs()).max(q.1.abs());
        if larger > 1.0 && sums[i].max(sums[j]) > BIG / larger || larger > BIG {
            shrink(x, y, larger);
            p = (p.0 / larger, p.1 / larger);
            q = (q.0 / larger, q.1 / larger);
        }
        (x[j], y[j]) = q;
        let right = &t[j * n..j * n + i];
        if pair {
            (x[i], y[i]) = p;
            let left = &t[i * n..i * n + i];
            for (((x, y), l), r) in x[..i].iter_mut().zip(&mut y[..i]).zip(left).zip(right) {
                *x = mul_add::<FMA>(-p.0, *l, mul_add::<FMA>(-q.0, *r, *x));
                *y = mul_add::<FMA>(-p.1, *l, mul_add::<FMA>(-q.1, *r, *y));
            }
        } else {
            for ((x, y), r) in x[..i].iter_mut().zip(&mut y[..i]).zip(right) {
                *x = mul_add::<FMA>(-q.0, *r, *x);
                *y = mul_add::<FMA>(-q.1, *r, *y);
            }
        }
        j = i;
    }
}

fn shrink(x: &mut [f64], y: &mut [f64], by: f64) {
    x.iter_mut().for_each(|v| *v /= by);
    y.iter_mut().for_each(|v| *v /= by);
}

/// a / b of complex numbers, by R. Smith's method, which does not overflow in between.
#[inline(always)]
fn divide(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    if b.1.abs() <= b.0.abs() {
        let ratio = b.1 / b.0;
        let length = b.0 + b.1 * ratio;
        ((a.0 + a.1 * ratio) / length, (a.1 - a.0 * ratio) / length)
    } else {
        let ratio = b.0 / b.1;
        let length = b.0 * ratio + b.1;
        ((a.0 * ratio + a.1) / length, (a.1 * ratio - a.0) / length)
    }
}

/// Solves a 2×2 system whose diagonal is shifted by i·`shift`, by elimination with the larger entry of the first column as the pivot.
#[inline(always)]
fn solve_two(
    rows: [[f64; 2]; 2],
    shift: f64,
    mut first: (f64, f64),
    mut second: (f64, f64),
    floor: f64,
) -> ((f64, f64), (f64, f64)) {
    let times = |a: (f64, f64), b: (f64, f64)| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    let minus = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0, a.1 - b.1);
    let mut top = [(rows[0][0], shift), (rows[0][1], 0.0)];
    let mut bottom = [(rows[1][0], 0.0), (rows[1][1], shift)];
    if bottom[0].0.abs() > top[0].0.abs() + top[0].1.abs() {
        std::mem::swap(&mut top, &mut bottom);
        std::mem::swap(&mut first, &mut second);
    }
    let factor = divide(bottom[0], top[0]);
    let mut pivot = minus(bottom[1], times(factor, top[1]));
    if pivot.0.abs() + pivot.1.abs() < floor {
        pivot = (floor, 0.0);
    }
    let q = divide(minus(second, times(factor, first)), pivot);
    let p = divide(minus(first, times(top[1], q)), top[0]);
    (p, q)
}
