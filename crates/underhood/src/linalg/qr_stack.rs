//! Orthogonal factorisations of many small matrices, eight at once.
//!
//! A small matrix leaves most of a vector register empty, and its square roots and divisions wait for each other. Eight matrices of one
//! shape side by side, the same entry of all in one register, leave nothing empty and wait once for all.

use ndarray::{ArrayD, ArrayView2, ArrayViewD, IxDyn};

use super::householder::TINY;
use super::qr::{MODERATE, QrMode, qr};
use super::stack;
use crate::check;
use crate::error::Error;
use crate::simd::{mul_add, wide_kernel};

/// Matrices that are factored together.
const LANES: usize = 8;

/// The largest side of a matrix that is factored with others.
const LIMIT: usize = 8;

/// So many matrices pass before the caller is asked whether to go on.
const PATIENCE: usize = 1 << 16;

/// An entry of each of the matrices.
type Entry = [f64; LANES];

/// [`qr`](super::qr()) of every matrix of an array of shape (…, m, n): Q and R, stacked.
///
/// Small matrices are factored eight at once, which adds in another order: the last bits may differ from those of one matrix alone.
/// `checkpoint` is called every few milliseconds; an error of its own ends the work.
///
/// # Errors
/// As [`qr`](super::qr()), with the matrix's place in the stack; what `checkpoint` returns.
///
/// # Panics
/// When `a` has fewer than two axes.
///
/// ```
/// use ndarray::Array3;
/// use underhood::linalg::{QrMode, qr_stack};
///
/// let a = Array3::from_shape_fn((100, 2, 2), |(k, i, j)| if i == j { -(k as f64) } else { 0.0 });
/// let (q, r) = qr_stack(a.view().into_dyn(), QrMode::Reduced, || Ok::<(), underhood::Error>(()))?;
/// assert_eq!((q[[5, 0, 0]], r[[5, 0, 0]]), (-1.0, 5.0));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn qr_stack<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    mode: QrMode,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<(ArrayD<f64>, ArrayD<f64>), E> {
    assert!(a.ndim() >= 2, "a stack has the matrices' two axes at least");
    let (leading, shape) = a.shape().split_at(a.ndim() - 2);
    let (leading, m, n) = (leading.to_vec(), shape[0], shape[1]);
    let count: usize = leading.iter().product();
    if leading.is_empty() || count < LANES || m.max(n) > LIMIT || m.min(n) == 0 {
        return stack::map(a, |matrix| qr(matrix, mode).map(|f| (f.q, f.r)), checkpoint);
    }
    let columns = mode.columns(m, n);
    check::room("qr", "matrices Q", &[count, m, columns])?;
    check::room("qr", "matrices R", &[count, columns, n])?;
    let a = a.as_standard_layout();
    let values = a.as_slice().unwrap_or(&[]);
    let (mut q, mut r) = (vec![0.0; count * m * columns], vec![0.0; count * columns * n]);
    let blocks =
        values.chunks(LANES * m * n).zip(q.chunks_mut(LANES * m * columns)).zip(r.chunks_mut(LANES * columns * n));
    for (block, ((values, q), r)) in blocks.enumerate() {
        if values.len() < LANES * m * n || !together(values, (m, n, columns), q, r) {
            one_by_one(values, (m, n), mode, q, r)
                .map_err(|(k, error)| error.in_stack(stack::place(&leading, block * LANES + k)))?;
        }
        if (block + 1) % (PATIENCE / LANES) == 0 {
            checkpoint()?;
        }
    }
    let shaped = |rows, columns, values| {
        let shape: Vec<usize> = leading.iter().copied().chain([rows, columns]).collect();
        ArrayD::from_shape_vec(IxDyn(&shape), values).unwrap_or_else(|_| unreachable!("as many values as places"))
    };
    Ok((shaped(m, columns, q), shaped(columns, n, r)))
}

/// What is too few, or has entries that ask for care.
fn one_by_one(
    values: &[f64],
    (m, n): (usize, usize),
    mode: QrMode,
    q: &mut [f64],
    r: &mut [f64],
) -> Result<(), (usize, Error)> {
    let columns = mode.columns(m, n);
    let parts = values.chunks_exact(m * n).zip(q.chunks_exact_mut(m * columns)).zip(r.chunks_exact_mut(columns * n));
    for (k, ((values, q), r)) in parts.enumerate() {
        let matrix =
            ArrayView2::from_shape((m, n), values).unwrap_or_else(|_| unreachable!("as many values as places"));
        let f = qr(matrix, mode).map_err(|error| (k, error))?;
        q.iter_mut().zip(f.q.iter()).for_each(|(out, &v)| *out = v);
        r.iter_mut().zip(f.r.iter()).for_each(|(out, &v)| *out = v);
    }
    Ok(())
}

wide_kernel! {
    /// Factors eight m×n matrices; false when a column is so short, or an entry so large or no number, that one of them needs care.
    fn together(a: &[f64], shape: (usize, usize, usize), q: &mut [f64], r: &mut [f64]) -> bool = together_body
}
#[inline(always)]
fn together_body<const FMA: bool>(
    a: &[f64],
    (m, n, columns): (usize, usize, usize),
    q: &mut [f64],
    r: &mut [f64],
) -> bool {
    let (m, n, columns) = (m.min(LIMIT), n.min(LIMIT), columns.min(LIMIT));
    let size = m.min(n);
    let mut x = [[[0.0; LANES]; LIMIT]; LIMIT];
    let mut safe = true;
    for (lane, matrix) in a.chunks_exact(m * n).enumerate().take(LANES) {
        for i in 0..m {
            for j in 0..n {
                x[i][j][lane] = matrix[i * n + j];
                safe &= matrix[i * n + j].abs() <= *MODERATE.end();
            }
        }
    }
    let mut taus = [[0.0; LANES]; LIMIT];
    let mut diagonal = [[0.0; LANES]; LIMIT];
    for j in 0..size {
        let mut tail = [0.0; LANES];
        for i in j + 1..m {
            tail = plus::<FMA>(&x[i][j], &x[i][j], tail);
        }
        for lane in 0..LANES {
            let first = x[j][j][lane];
            let square = mul_add::<FMA>(first, first, tail[lane]);
            safe &= square >= TINY;
            let length = square.sqrt();
            let value = if first > 0.0 { -length } else { length };
            let idle = tail[lane] == 0.0;
            let tau = 1.0 / (length * (length + first.abs()));
            taus[j][lane] = if idle { 0.0 } else { tau };
            diagonal[j][lane] = if idle { first } else { value };
            x[j][j][lane] = if idle { first } else { first - value };
        }
        for l in j + 1..n {
            reflect::<FMA>(&mut x, None, (j, l, m), &taus[j]);
        }
    }
    if !safe {
        return false;
    }
    let mut u = [[[0.0; LANES]; LIMIT]; LIMIT];
    for i in 0..columns {
        for lane in 0..LANES {
            u[i][i][lane] = if i < size && diagonal[i][lane] < 0.0 { -1.0 } else { 1.0 };
        }
    }
    for j in (0..size).rev() {
        for l in j..columns {
            reflect::<FMA>(&mut x, Some(&mut u), (j, l, m), &taus[j]);
        }
    }
    for (lane, (q, r)) in q.chunks_exact_mut(m * columns).zip(r.chunks_exact_mut(columns * n)).enumerate().take(LANES) {
        for i in 0..m {
            for j in 0..columns {
                q[i * columns + j] = u[i][j][lane];
            }
        }
        for i in 0..size {
            let flips = diagonal[i][lane] < 0.0;
            r[i * n + i] = diagonal[i][lane].abs();
            for j in i + 1..n {
                // 0 − v, so that no zero becomes −0.
                r[i * n + j] = if flips { 0.0 - x[i][j][lane] } else { x[i][j][lane] };
            }
        }
    }
    true
}

/// Column l of `u`, or of x itself, is reflected by the vector in column j of x.
#[inline(always)]
fn reflect<const FMA: bool>(
    x: &mut [[Entry; LIMIT]; LIMIT],
    u: Option<&mut [[Entry; LIMIT]; LIMIT]>,
    (j, l, m): (usize, usize, usize),
    tau: &Entry,
) {
    let mut v = [[0.0; LANES]; LIMIT];
    for i in j..m {
        v[i] = x[i][j];
    }
    let u = u.unwrap_or(x);
    let mut along = [0.0; LANES];
    for i in j..m {
        along = plus::<FMA>(&v[i], &u[i][l], along);
    }
    for lane in 0..LANES {
        along[lane] *= -tau[lane];
    }
    for i in j..m {
        u[i][l] = plus::<FMA>(&v[i], &along, u[i][l]);
    }
}

/// sum + a·b.
#[inline(always)]
fn plus<const FMA: bool>(a: &Entry, b: &Entry, mut sum: Entry) -> Entry {
    for lane in 0..LANES {
        sum[lane] = mul_add::<FMA>(a[lane], b[lane], sum[lane]);
    }
    sum
}
