//! Stacks of matrices up to 4×4: the tournament of `small`, eight matrices at a time, one in each lane.
//!
//! Columns meet in the same order and with the same arithmetic as there, so that a matrix has the same result alone and in a stack.

use ndarray::{Array, ArrayD, ArrayView2, ArrayViewD, IxDyn};

use super::small::{self, ROUNDS};
use super::{scaled_entry, within_range};
use crate::error::Error;
use crate::linalg::{magnitude, orientation, stack};
use crate::simd::{mul_add, wide_kernel};

/// The largest number of rows and columns.
const SIDE: usize = 4;

/// Matrices that are rotated together.
const LANES: usize = 8;

/// So many matrices pass, a few milliseconds, before the caller is asked whether to go on.
const PATIENCE: usize = 16_384;

/// Column j, row i, matrix.
type Columns = [[[f64; LANES]; SIDE]; SIDE];

wide_kernel! {
    /// Makes the n columns of length m of every lane's matrix perpendicular, doing the same to `v`'s where n rows are given.
    fn rotate(w: &mut Columns, m: usize, v: &mut Columns, rows_of_v: usize, n: usize) = rotate_body
}

#[inline(always)]
fn rotate_body<const FMA: bool>(w: &mut Columns, m: usize, v: &mut Columns, rows_of_v: usize, n: usize) {
    let (m, rows_of_v, half) = (m.min(SIDE), rows_of_v.min(SIDE), if n <= 2 { 1 } else { 2 });
    let steps = 2 * half - 1;
    // Who sits where; four columns or two.
    let (mut top, mut bottom) = if half == 1 { ([0, 0], [1, 1]) } else { ([0, 1], [3, 2]) };
    let mut at_rest = 0;
    for _ in 0..ROUNDS * steps {
        let mut moved = 0_u64;
        for (&p, &q) in top.iter().zip(&bottom).take(half) {
            let (mut alpha, mut beta, mut gamma) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
            for i in 0..m {
                for lane in 0..LANES {
                    let (x, y) = (w[p][i][lane], w[q][i][lane]);
                    alpha[lane] = mul_add::<FMA>(x, x, alpha[lane]);
                    beta[lane] = mul_add::<FMA>(y, y, beta[lane]);
                    gamma[lane] = mul_add::<FMA>(x, y, gamma[lane]);
                }
            }
            let (mut cosine, mut sine) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                let (rotation, oblique) = small::rotation::<FMA>(alpha[lane], beta[lane], gamma[lane]);
                (cosine[lane], sine[lane]) = rotation;
                moved |= u64::from(oblique);
            }
            for (columns, rows) in [(&mut *w, m), (&mut *v, rows_of_v)] {
                for i in 0..rows {
                    for lane in 0..LANES {
                        let (x, y) = (columns[p][i][lane], columns[q][i][lane]);
                        columns[p][i][lane] = mul_add::<FMA>(cosine[lane], x, -(sine[lane] * y));
                        columns[q][i][lane] = mul_add::<FMA>(sine[lane], x, cosine[lane] * y);
                    }
                }
            }
        }
        at_rest = if moved == 0 { at_rest + 1 } else { 0 };
        if at_rest == steps {
            break;
        }
        if half == 2 {
            (top[1], bottom[0], bottom[1]) = (bottom[0], bottom[1], top[1]);
        }
    }
}

/// Whether stacks of such matrices are done here.
pub(super) fn takes(a: &ArrayViewD<'_, f64>) -> bool {
    let shape = a.shape();
    shape.len() > 2 && shape[shape.len() - 2..].iter().all(|side| (1..=SIDE).contains(side)) && !a.is_empty()
}

/// U, Σ and Vᵀ of every matrix, with min(m, n) columns of U and rows of Vᵀ; only Σ is filled in without `with_vectors`.
pub(super) fn decompose<E: From<Error>>(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    with_vectors: bool,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<[ArrayD<f64>; 3], E> {
    let (leading, shape) = a.shape().split_at(a.ndim() - 2);
    let (rows, columns) = (shape[0], shape[1]);
    let k = rows.min(columns);
    // Tall matrices are decomposed; a wide one is the transpose of a tall one.
    let (m, n) = (rows.max(columns), k);
    let stored = |rest: &[usize]| {
        let mut shape = leading.to_vec();
        shape.extend(rest);
        Array::<f64, _>::zeros(IxDyn(&shape))
    };
    let vectors = |first, second| if with_vectors { stored(&[first, second]) } else { ArrayD::zeros(IxDyn(&[0])) };
    let (mut u, mut s, mut vh) = (vectors(rows, k), stored(&[k]), vectors(k, columns));
    let numbers = a.as_standard_layout();
    let numbers = numbers.as_slice().unwrap_or(&[]);
    let (mut to_u, mut to_s, mut to_vh) = (
        u.as_slice_mut().unwrap_or(&mut []),
        s.as_slice_mut().unwrap_or(&mut []),
        vh.as_slice_mut().unwrap_or(&mut []),
    );
    for (group, numbers) in numbers.chunks(LANES * rows * columns).enumerate() {
        let (mut w, mut v) = ([[[0.0; LANES]; SIDE]; SIDE], [[[0.0; LANES]; SIDE]; SIDE]);
        let mut exponents = [0; LANES];
        let located = |lane: usize| move |error: Error| error.in_stack(stack::place(leading, group * LANES + lane));
        for (lane, numbers) in numbers.chunks_exact(rows * columns).enumerate() {
            let matrix = ArrayView2::from_shape((rows, columns), numbers)
                .unwrap_or_else(|_| unreachable!("chunks have a matrix's length"));
            let matrix = if rows < columns { matrix.reversed_axes() } else { matrix };
            let largest = magnitude::largest(function, "a", matrix).map_err(|error| transposed(error, rows < columns));
            exponents[lane] = magnitude::exponent(largest.map_err(located(lane))?);
            let entry = scaled_entry(matrix, exponents[lane]);
            for j in 0..n {
                v[j][j][lane] = 1.0;
                for i in 0..m {
                    w[j][i][lane] = entry(i, j);
                }
            }
        }
        rotate(&mut w, m, &mut v, if with_vectors { n } else { 0 }, n);
        for (lane, &exponent) in exponents.iter().enumerate().take(numbers.len() / (rows * columns)) {
            let mut rotated = small::sorted(m, n, |j, i| w[j][i][lane], |j, i| v[j][i][lane]);
            let values;
            (values, to_s) = to_s.split_at_mut(k);
            values.iter_mut().zip(&rotated.s).for_each(|(to, s)| *to = libm::ldexp(*s, exponent));
            within_range(function, "a", values).map_err(located(lane))?;
            if !with_vectors {
                continue;
            }
            small::complete(&mut rotated.u, rotated.rank, m, n);
            let (left, right) = if rows < columns { (&rotated.v, &rotated.u) } else { (&rotated.u, &rotated.v) };
            let (of_u, of_vh);
            (of_u, to_u) = to_u.split_at_mut(rows * k);
            (of_vh, to_vh) = to_vh.split_at_mut(k * columns);
            for j in 0..k {
                let sign = orientation::sign(left[j][..rows].iter().copied());
                for i in 0..rows {
                    of_u[i * k + j] = sign * left[j][i];
                }
                for i in 0..columns {
                    of_vh[j * columns + i] = sign * right[j][i];
                }
            }
        }
        if (group + 1) % (PATIENCE / LANES) == 0 {
            checkpoint()?;
        }
    }
    Ok([u, s, vh])
}

/// An error that was found in the transpose.
fn transposed(error: Error, wide: bool) -> Error {
    match error {
        Error::NotFinite { function, argument, value, mut index } if wide => {
            index.reverse();
            Error::NotFinite { function, argument, value, index }
        }
        other => other,
    }
}
