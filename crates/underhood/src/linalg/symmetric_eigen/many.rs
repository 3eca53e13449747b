//! Stacks of symmetric matrices: small ones in lanes, side by side; larger ones one after the other.

use ndarray::{Array2, ArrayD, ArrayView2, ArrayViewD, IxDyn};

use super::jacobi_lanes::{self, TOGETHER};
use super::{SymmetricEigen, Triangle, eigh, eigvalsh};
use crate::error::{Error, Result};
use crate::linalg::stack;
use std::result::Result as Outcome;

/// So many small matrices pass, a few milliseconds, before the caller is asked again whether to go on.
const PATIENCE: usize = 1 << 15;

/// [`eigh`] of every matrix of an array of shape (…, n, n): eigenvalues (…, n) and eigenvectors (…, n, n), each with the bits that it would
/// have alone. `checkpoint` is called every few milliseconds; an error of its own ends the work.
///
/// # Errors
/// Those of [`eigh`], with the matrix's place in the stack; what `checkpoint` returns.
///
/// # Panics
/// When `a` has fewer than two axes.
///
/// ```
/// use ndarray::Array3;
/// use underhood::linalg::{Triangle, eigh_stack};
///
/// let a = Array3::from_shape_fn((5, 2, 2), |(k, i, j)| if i == j { 2.0 } else { k as f64 });
/// let (values, vectors) = eigh_stack(a.view().into_dyn(), Triangle::Both, || Ok::<(), underhood::Error>(()))?;
/// assert_eq!((values.shape(), vectors.shape()), (&[5, 2][..], &[5, 2, 2][..]));
/// assert!((values[[4, 0]] + 2.0).abs() < 1e-14 && (values[[4, 1]] - 6.0).abs() < 1e-14);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eigh_stack<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    triangle: Triangle,
    mut checkpoint: impl FnMut() -> Outcome<(), E>,
) -> Outcome<(ArrayD<f64>, ArrayD<f64>), E> {
    if let Some(n) = small(&a) {
        let (values, vectors) = side_by_side(a.view(), n, triangle, |matrix| eigh(matrix, triangle), &mut checkpoint)?;
        return Ok((shaped(values, &a.shape()[..a.ndim() - 1]), shaped(vectors, a.shape())));
    }
    let one = |matrix: ArrayView2<'_, f64>| {
        let SymmetricEigen { values, vectors } = eigh(matrix, triangle)?;
        Ok((values, vectors))
    };
    stack::map(a, one, checkpoint)
}

/// [`eigvalsh`] of every matrix of an array of shape (…, n, n), as [`eigh_stack`] does it.
///
/// # Errors
/// Those of [`eigvalsh`], with the matrix's place in the stack; what `checkpoint` returns.
///
/// # Panics
/// When `a` has fewer than two axes.
pub fn eigvalsh_stack<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    triangle: Triangle,
    mut checkpoint: impl FnMut() -> Outcome<(), E>,
) -> Outcome<ArrayD<f64>, E> {
    if let Some(n) = small(&a) {
        let alone = |matrix: ArrayView2<'_, f64>| {
            let values = eigvalsh(matrix, triangle)?;
            Ok(SymmetricEigen { values, vectors: Array2::zeros((0, 0)) })
        };
        let (values, _) = side_by_side(a.view(), n, triangle, alone, &mut checkpoint)?;
        return Ok(shaped(values, &a.shape()[..a.ndim() - 1]));
    }
    stack::map(a, |matrix| eigvalsh(matrix, triangle), checkpoint)
}

/// The number of rows, if they are few enough for lanes and there is more than one matrix.
fn small(a: &ArrayViewD<'_, f64>) -> Option<usize> {
    match a.shape() {
        [_, .., m, n] if m == n && (2..=jacobi_lanes::LIMIT).contains(n) => Some(*n),
        _ => None,
    }
}

fn shaped(values: Vec<f64>, shape: &[usize]) -> ArrayD<f64> {
    ArrayD::from_shape_vec(IxDyn(shape), values).unwrap_or_else(|_| unreachable!("as many as the shape says"))
}

/// Groups of small matrices in lanes; those that ask for special care `alone`.
fn side_by_side<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    n: usize,
    triangle: Triangle,
    alone: impl Fn(ArrayView2<'_, f64>) -> Result<SymmetricEigen>,
    checkpoint: &mut impl FnMut() -> Outcome<(), E>,
) -> Outcome<(Vec<f64>, Vec<f64>), E> {
    let size = n * n;
    let standard = a.as_standard_layout();
    let numbers = standard.as_slice().unwrap_or_else(|| unreachable!("in standard layout"));
    let mut values = vec![0.0; numbers.len() / n];
    let mut vectors = vec![0.0; numbers.len()];
    let groups = numbers.chunks(TOGETHER * size);
    let results = values.chunks_mut(TOGETHER * n).zip(vectors.chunks_mut(TOGETHER * size));
    for (group, (matrices, (values, vectors))) in groups.zip(results).enumerate() {
        let fit = jacobi_lanes::solve(n, matrices, triangle, values, vectors);
        for (w, matrix) in matrices.chunks(size).enumerate().filter(|(w, _)| !fit[*w]) {
            let place = || stack::place(&a.shape()[..a.ndim() - 2], group * TOGETHER + w);
            let matrix = ArrayView2::from_shape((n, n), matrix).unwrap_or_else(|_| unreachable!("n rows of n"));
            let eigen = alone(matrix).map_err(|error| error.in_stack(place()))?;
            values[w * n..(w + 1) * n].iter_mut().zip(&eigen.values).for_each(|(to, v)| *to = *v);
            vectors[w * size..(w + 1) * size].iter_mut().zip(&eigen.vectors).for_each(|(to, v)| *to = *v);
        }
        if (group + 1) % (PATIENCE / TOGETHER) == 0 {
            checkpoint()?;
        }
    }
    Ok((values, vectors))
}
