//! Elimination and Cholesky's factorisation of matrices up to 16×16, in fixed memory and without a call in the loops.
//!
//! A matrix is laid into rows of 4, 8 or 16 lanes, so that one step of elimination, "row i minus a multiple of row k", is one or two
//! vector instructions; right-hand sides are carried along in the same step, as on paper.

use ndarray::{Array2, ArrayView2};

use crate::simd::{mul_add, wide_kernel};

/// The largest side that has a short path.
pub(crate) const LIMIT: usize = 16;

/// Rows of S lanes; of an n×n matrix, what lies beyond n is zero.
pub(crate) type Rows<const S: usize> = [[f64; S]; S];

/// Lays a matrix of at most S rows and columns into lanes.
#[inline]
pub(crate) fn lay<const S: usize>(a: ArrayView2<'_, f64>) -> Rows<S> {
    let mut rows = [[0.0; S]; S];
    for (lanes, row) in rows.iter_mut().zip(a.rows()) {
        for (lane, &v) in lanes.iter_mut().zip(row) {
            *lane = v;
        }
    }
    rows
}

/// What elimination found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Elimination {
    /// All pivots are nonzero; an odd number of row swaps changes the determinant's sign.
    Done {
        /// Whether the number of swaps is odd.
        odd: bool,
    },
    /// This pivot is zero, and so is everything below it.
    ZeroPivot(usize),
}

/// Brings the n×n matrix in `a` to upper triangular form by rows, with partial pivoting, doing the same to `b`'s rows.
#[inline(always)]
fn eliminate<const FMA: bool, const S: usize, const R: usize>(
    a: &mut Rows<S>,
    b: &mut [[f64; R]; S],
    n: usize,
) -> Elimination {
    let n = n.min(S);
    let mut odd = false;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if a[i][k].abs() > a[pivot][k].abs() {
                pivot = i;
            }
        }
        if a[pivot][k] == 0.0 {
            return Elimination::ZeroPivot(k);
        }
        if pivot != k {
            a.swap(pivot, k);
            b.swap(pivot, k);
            odd = !odd;
        }
        let reciprocal = 1.0 / a[k][k];
        let (row, carried) = (a[k], b[k]);
        for i in k + 1..n {
            let factor = -(a[i][k] * reciprocal);
            for lane in 0..S {
                a[i][lane] = mul_add::<FMA>(factor, row[lane], a[i][lane]);
            }
            for lane in 0..R {
                b[i][lane] = mul_add::<FMA>(factor, carried[lane], b[i][lane]);
            }
        }
    }
    Elimination::Done { odd }
}

/// Elimination, then substitution from the last row up: `b` becomes A⁻¹·b.
#[inline(always)]
fn solve<const FMA: bool, const S: usize, const R: usize>(
    a: &mut Rows<S>,
    b: &mut [[f64; R]; S],
    n: usize,
) -> Elimination {
    let n = n.min(S);
    let outcome = eliminate::<FMA, S, R>(a, b, n);
    if let Elimination::Done { .. } = outcome {
        for k in (0..n).rev() {
            for lane in 0..R {
                b[k][lane] /= a[k][k];
            }
            let known = b[k];
            for i in 0..k {
                let factor = -a[i][k];
                for lane in 0..R {
                    b[i][lane] = mul_add::<FMA>(factor, known[lane], b[i][lane]);
                }
            }
        }
    }
    outcome
}

/// A = L·Lᵀ: turns the upper triangle of a symmetric matrix into Lᵀ; the pivot that is not positive, if any.
#[inline(always)]
fn factor<const FMA: bool, const S: usize>(a: &mut Rows<S>, n: usize) -> Option<(usize, f64)> {
    let n = n.min(S);
    for k in 0..n {
        let pivot = a[k][k];
        if !(pivot > 0.0) {
            return Some((k, pivot));
        }
        let reciprocal = 1.0 / pivot.sqrt();
        for lane in 0..S {
            a[k][lane] *= reciprocal;
        }
        a[k][k] = pivot.sqrt();
        let row = a[k];
        for i in k + 1..n {
            let factor = -row[i];
            for lane in 0..S {
                a[i][lane] = mul_add::<FMA>(factor, row[lane], a[i][lane]);
            }
        }
    }
    None
}

/// The kernels of one number of lanes.
macro_rules! lanes {
    ($module:ident, $s:literal) => {
        mod $module {
            use super::{Elimination, Rows, wide_kernel};

            wide_kernel! {
                /// One right-hand side, and one probe beside it.
                pub(crate) fn solve_vector(a: &mut Rows<$s>, b: &mut [[f64; 2]; $s], n: usize) -> Elimination = vector_body
            }
            #[inline(always)]
            fn vector_body<const FMA: bool>(a: &mut Rows<$s>, b: &mut [[f64; 2]; $s], n: usize) -> Elimination {
                super::solve::<FMA, $s, 2>(a, b, n)
            }

            wide_kernel! {
                /// As many right-hand sides as there are lanes.
                pub(crate) fn solve_matrix(a: &mut Rows<$s>, b: &mut Rows<$s>, n: usize) -> Elimination = matrix_body
            }
            #[inline(always)]
            fn matrix_body<const FMA: bool>(a: &mut Rows<$s>, b: &mut Rows<$s>, n: usize) -> Elimination {
                super::solve::<FMA, $s, $s>(a, b, n)
            }

            wide_kernel! {
                /// No right-hand side: only the pivots are wanted.
                pub(crate) fn eliminate(a: &mut Rows<$s>, n: usize) -> Elimination = eliminate_body
            }
            #[inline(always)]
            fn eliminate_body<const FMA: bool>(a: &mut Rows<$s>, n: usize) -> Elimination {
                super::eliminate::<FMA, $s, 0>(a, &mut [[]; $s], n)
            }

            wide_kernel! {
                /// Lᵀ in the upper triangle.
                pub(crate) fn cholesky(a: &mut Rows<$s>, n: usize) -> Option<(usize, f64)> = cholesky_body
            }
            #[inline(always)]
            fn cholesky_body<const FMA: bool>(a: &mut Rows<$s>, n: usize) -> Option<(usize, f64)> {
                super::factor::<FMA, $s>(a, n)
            }
        }
    };
}
lanes!(four, 4);
lanes!(eight, 8);
lanes!(sixteen, 16);

/// Solves for one right-hand side and one probe beside it, in place; `b` has LIMIT rows, of which the first n count.
#[inline]
pub(crate) fn solve_vector(a: ArrayView2<'_, f64>, b: &mut [[f64; 2]; LIMIT]) -> Elimination {
    fn run<const S: usize>(
        kernel: impl Fn(&mut Rows<S>, &mut [[f64; 2]; S], usize) -> Elimination,
        a: ArrayView2<'_, f64>,
        b: &mut [[f64; 2]; LIMIT],
    ) -> Elimination {
        let mut carried = [[0.0; 2]; S];
        carried.copy_from_slice(&b[..S]);
        let outcome = kernel(&mut lay(a), &mut carried, a.nrows());
        b[..S].copy_from_slice(&carried);
        outcome
    }
    match a.nrows() {
        0..=4 => run(four::solve_vector, a, b),
        5..=8 => run(eight::solve_vector, a, b),
        _ => run(sixteen::solve_vector, a, b),
    }
}

/// A⁻¹, or the pivot that is zero.
pub(crate) fn inverse(a: ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
    fn run<const S: usize>(
        kernel: impl Fn(&mut Rows<S>, &mut Rows<S>, usize) -> Elimination,
        a: ArrayView2<'_, f64>,
    ) -> Result<Array2<f64>, usize> {
        let n = a.nrows();
        let mut unit = [[0.0; S]; S];
        for i in 0..n.min(S) {
            unit[i][i] = 1.0;
        }
        match kernel(&mut lay(a), &mut unit, n) {
            Elimination::ZeroPivot(pivot) => Err(pivot),
            Elimination::Done { .. } => Ok(unlay(&unit, n)),
        }
    }
    match a.nrows() {
        0..=4 => run(four::solve_matrix, a),
        5..=8 => run(eight::solve_matrix, a),
        _ => run(sixteen::solve_matrix, a),
    }
}

/// The pivots, and the largest entry of the upper triangle.
pub(crate) struct Pivots {
    /// The first n count.
    pub(crate) values: [f64; LIMIT],
    pub(crate) largest: f64,
    pub(crate) outcome: Elimination,
}

/// Eliminates and keeps the pivots only.
pub(crate) fn pivots(a: ArrayView2<'_, f64>) -> Pivots {
    fn run<const S: usize>(kernel: impl Fn(&mut Rows<S>, usize) -> Elimination, a: ArrayView2<'_, f64>) -> Pivots {
        let n = a.nrows().min(S);
        let mut rows = lay::<S>(a);
        let outcome = kernel(&mut rows, n);
        let (mut values, mut largest) = ([0.0; LIMIT], 0.0_f64);
        for i in 0..n {
            values[i] = rows[i][i];
            largest = rows[i][i..].iter().fold(largest, |m, v| m.max(v.abs()));
        }
        Pivots { values, largest, outcome }
    }
    match a.nrows() {
        0..=4 => run(four::eliminate, a),
        5..=8 => run(eight::eliminate, a),
        _ => run(sixteen::eliminate, a),
    }
}

/// L of A = L·Lᵀ from A's lower triangle, or the pivot that is not positive, with its value.
pub(crate) fn cholesky(a: ArrayView2<'_, f64>) -> Result<Array2<f64>, (usize, f64)> {
    fn run<const S: usize>(
        kernel: impl Fn(&mut Rows<S>, usize) -> Option<(usize, f64)>,
        a: ArrayView2<'_, f64>,
    ) -> Result<Array2<f64>, (usize, f64)> {
        let n = a.nrows();
        // The lower triangle of A is the upper one of Aᵀ.
        let mut rows = lay::<S>(a.t());
        match kernel(&mut rows, n) {
            Some(pivot) => Err(pivot),
            None => Ok(Array2::from_shape_fn((n, n), |(i, j)| if j <= i { rows[j][i] } else { 0.0 })),
        }
    }
    match a.nrows() {
        0..=4 => run(four::cholesky, a),
        5..=8 => run(eight::cholesky, a),
        _ => run(sixteen::cholesky, a),
    }
}

fn unlay<const S: usize>(rows: &Rows<S>, n: usize) -> Array2<f64> {
    let mut out = Array2::zeros((n, n));
    for (mut row, lanes) in out.rows_mut().into_iter().zip(rows) {
        row.iter_mut().zip(lanes).for_each(|(v, &lane)| *v = lane);
    }
    out
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::random::Stream;

    #[test]
    fn every_instantiation_and_number_of_lanes_agrees() {
        let mut stream = Stream::seeded(7);
        for n in 1..=4 {
            let a = Array2::from_shape_simple_fn((n, n), || stream.normal());
            let (mut b4, mut b8, mut b16) = ([[1.0, 2.0]; 4], [[1.0, 2.0]; 8], [[1.0, 2.0]; 16]);
            let mut plain = b4;
            four::solve_vector(&mut lay(a.view()), &mut b4, n);
            eight::solve_vector(&mut lay(a.view()), &mut b8, n);
            sixteen::solve_vector(&mut lay(a.view()), &mut b16, n);
            solve::<false, 4, 2>(&mut lay(a.view()), &mut plain, n);
            for i in 0..n {
                assert_eq!(b4[i], b8[i]);
                assert_eq!(b4[i], b16[i]);
                assert!((plain[i][0] - b4[i][0]).abs() <= 1e-10 * b4[i][0].abs());
            }
        }
    }

    #[test]
    fn a_zero_pivot_is_named() {
        let a = ndarray::array![[1.0, 2.0], [2.0, 4.0]];
        assert_eq!(pivots(a.view()).outcome, Elimination::ZeroPivot(1));
        assert_eq!(inverse(a.view()), Err(1));
        assert_eq!(cholesky(a.view()), Err((1, 0.0)));
    }
}
