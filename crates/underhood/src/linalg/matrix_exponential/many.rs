//! The exponentials of stacks of small matrices, eight at a time, one in each lane of the vectors.
//!
//! All lanes go one way: the approximant of degree 13 after at most two halvings, each squared as often as it was halved. Matrices that
//! would need more, and triangular ones, whose zeros have to stay, go the way of one matrix.

use ndarray::{Array2, ArrayD, ArrayView2, ArrayViewD};

use super::expm;
use super::pade::DEGREE_13;
use crate::error::{Error, Result};
use crate::linalg::lanes::{
    LIMIT, Lane, Trusted, ZERO, each, eliminate, multiply, norm_1, replace, squares, substitute,
};
use crate::linalg::many::mapped;
use crate::linalg::stack;
use crate::linalg::tile::LANES;
use crate::simd::{mul_add, wide_kernel};

/// Up to this norm the approximant is exact to rounding without a halving, and its denominator well conditioned.
const THETA: f64 = 4.25;

/// The smallest side: 2×2 matrices have a closed form.
const LEAST: usize = 3;

/// [`expm`] for every matrix of an array of shape (…, n, n), with `checkpoint` as in [`stack::map`].
///
/// # Errors
/// Those of [`expm`] with the matrix's place, and what `checkpoint` returns.
pub fn matrix_exponentials<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<ArrayD<f64>, E> {
    match *a.shape() {
        [_, .., m, n] if m == n && (LEAST..=LIMIT).contains(&n) => {
            let single = |m: ArrayView2<'_, f64>| -> Result<_> { Ok((expm(m)?, None)) };
            Ok(mapped("expm", "exponential", a, Some((&exponentials, LEAST..=LIMIT)), single, checkpoint)?.values)
        }
        _ => stack::map(a, expm, checkpoint),
    }
}

/// The exponential of one matrix by the same road, bit for bit, if it can be trusted.
pub(super) fn alone(a: ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    let n = a.nrows();
    if !(LEAST..=LIMIT).contains(&n) {
        return None;
    }
    let mut lanes = [ZERO; LIMIT * LIMIT];
    let lanes = &mut lanes[..n * n];
    lanes.iter_mut().zip(&a).for_each(|(lane, &v)| *lane = [v; LANES]);
    let [trusted, ..] = exponentials(lanes, n);
    trusted.then(|| Array2::from_shape_fn((n, n), |(i, j)| lanes[i * n + j][0]))
}

wide_kernel! {
    fn exponentials(a: &mut [Lane], n: usize) -> Trusted = exponentials_body
}

#[inline(always)]
fn exponentials_body<const FMA: bool>(a: &mut [Lane], n: usize) -> Trusted {
    match n {
        3 => sized::<FMA, 3>(a, 3),
        4 => sized::<FMA, 4>(a, 4),
        _ => sized::<FMA, LIMIT>(a, n.min(LIMIT)),
    }
}

#[inline(always)]
fn sized<const FMA: bool, const S: usize>(a: &mut [Lane], n: usize) -> Trusted {
    let a = &mut a[..n * n];
    let norm = norm_1(a, n);
    let halvings = each(|l| f64::from(u8::from(norm[l] > THETA) + u8::from(norm[l] > 2.0 * THETA)));
    let (mut below, mut above) = (ZERO, ZERO);
    for i in 0..n {
        for j in 0..i {
            below = each(|l| below[l] + a[i * n + j][l].abs());
            above = each(|l| above[l] + a[j * n + i][l].abs());
        }
    }
    let mut trusted = [false; LANES];
    for l in 0..LANES {
        trusted[l] = (norm[l] <= 4.0 * THETA) & (below[l] > 0.0) & (above[l] > 0.0);
    }

    let mut x = squares::<S>(a, n);
    let factor = each(|l| {
        if norm[l] > 2.0 * THETA {
            0.25
        } else if norm[l] > THETA {
            0.5
        } else {
            1.0
        }
    });
    for v in x.iter_mut().flatten() {
        *v = each(|l| v[l] * factor[l]);
    }
    let mut x = approximant::<FMA, S>(&x, n);
    for done in [0.0, 1.0] {
        if halvings.iter().any(|&h| h > done) {
            let square = multiply::<FMA, S>(&x, &x, n);
            for (v, w) in x.iter_mut().flatten().zip(square.iter().flatten()) {
                *v = each(|l| if halvings[l] > done { w[l] } else { v[l] });
            }
        }
    }
    replace(a, &x, n);
    trusted
}

/// (V − U)⁻¹·(V + U), where U is the odd part and V the even part of the numerator.
#[inline(always)]
fn approximant<const FMA: bool, const S: usize>(x: &[[Lane; S]; S], n: usize) -> [[Lane; S]; S] {
    let x2 = multiply::<FMA, S>(x, x, n);
    let x4 = multiply::<FMA, S>(&x2, &x2, n);
    let x6 = multiply::<FMA, S>(&x4, &x2, n);
    let even = polynomial::<FMA, S>(&x2, &x4, &x6, 0, n);
    let odd = multiply::<FMA, S>(x, &polynomial::<FMA, S>(&x2, &x4, &x6, 1, n), n);
    let (mut left, mut right) = (even, even);
    for i in 0..n {
        for j in 0..n {
            let (v, u) = (even[i][j], odd[i][j]);
            left[i][j] = each(|l| v[l] - u[l]);
            right[i][j] = each(|l| v[l] + u[l]);
        }
    }
    eliminate::<FMA, S, S>(&mut left, &mut right, n, n);
    substitute::<FMA, S, S>(&left, &mut right, n, n);
    right
}

/// Every second term of the numerator from the first or second on, in powers of X², with X⁶ factored out of the high ones.
#[inline(always)]
fn polynomial<const FMA: bool, const S: usize>(
    x2: &[[Lane; S]; S],
    x4: &[[Lane; S]; S],
    x6: &[[Lane; S]; S],
    first: usize,
    n: usize,
) -> [[Lane; S]; S] {
    let c = &DEGREE_13;
    let mut high = [[ZERO; S]; S];
    for i in 0..n {
        for j in 0..n {
            let (p, q, r) = (x2[i][j], x4[i][j], x6[i][j]);
            high[i][j] = each(|l| {
                let sum = mul_add::<FMA>(c[10 + first], q[l], c[8 + first] * p[l]);
                mul_add::<FMA>(c[12 + first], r[l], sum)
            });
        }
    }
    let mut sum = multiply::<FMA, S>(x6, &high, n);
    for i in 0..n {
        for j in 0..n {
            let (p, q, r, v) = (x2[i][j], x4[i][j], x6[i][j], sum[i][j]);
            let one = if i == j { c[first] } else { 0.0 };
            sum[i][j] = each(|l| {
                let low = mul_add::<FMA>(c[4 + first], q[l], mul_add::<FMA>(c[2 + first], p[l], one));
                v[l] + mul_add::<FMA>(c[6 + first], r[l], low)
            });
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, Axis};

    use super::*;

    #[test]
    fn every_lane_agrees_with_the_way_of_one_matrix() {
        for n in 3..=8 {
            // From tiny to beyond what lanes take; every fifth is symmetric, every seventh triangular.
            let a = Array3::from_shape_fn((45, n, n), |(k, i, j)| {
                let (i, j) = if k % 5 == 0 { (i.min(j), i.max(j)) } else { (i, j) };
                let zero = k % 7 == 0 && i > j;
                if zero { 0.0 } else { ((3 * k + 7 * i * i + 5 * j) as f64).sin() * 0.2 * 1.13_f64.powi(k as i32) }
            });
            let all = matrix_exponentials(a.view().into_dyn(), || Ok::<(), Error>(())).unwrap();
            for (k, (one, many)) in a.outer_iter().zip(all.axis_iter(Axis(0))).enumerate() {
                assert_eq!(many, expm(one).unwrap().into_dyn());
                let largest = one.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                let expected = super::super::exponential(one, largest, k % 7 == 0 && k % 5 != 0);
                let size = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                // Two ways of rounding: within ε times the norm, which bounds the condition number, times a few n.
                let norm = one.iter().map(|v| v.abs()).sum::<f64>();
                for (x, y) in many.iter().zip(&expected) {
                    assert!((x - y).abs() <= 8.0 * n as f64 * f64::EPSILON * (1.0 + norm) * size, "{n} {k}: {x} {y}");
                }
                if k % 5 == 0 {
                    assert!((0..n).all(|i| (0..n).all(|j| many[[i, j]] == many[[j, i]])));
                }
            }
        }
    }
}
