//! The Kronecker product A ⊗ B: every entry of A, times the whole of B, in A's places.

use ndarray::{Array, ArrayD, ArrayView, ArrayViewD, Axis, Dimension, IxDyn};

use crate::check;
use crate::error::Result;

/// A ⊗ B of arrays of any number of axes, as `numpy.kron`; the one with fewer axes has axes of length one put in front.
///
/// # Errors
/// [`Error::OutOfMemory`](crate::Error::OutOfMemory) for more entries than there is room for.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::kron;
///
/// let product = kron(array![[1.0, 2.0]].view(), array![[1.0], [3.0]].view())?;
/// assert_eq!(product, array![[1.0, 2.0], [3.0, 6.0]].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn kron<DA: Dimension, DB: Dimension>(a: ArrayView<'_, f64, DA>, b: ArrayView<'_, f64, DB>) -> Result<ArrayD<f64>> {
    let (mut a, mut b) = (a.into_dyn(), b.into_dyn());
    while a.ndim() < b.ndim() {
        a = a.insert_axis(Axis(0));
    }
    while b.ndim() < a.ndim() {
        b = b.insert_axis(Axis(0));
    }
    let shape: Vec<usize> = a.shape().iter().zip(b.shape()).map(|(&m, &n)| m.saturating_mul(n)).collect();
    check::room("kron", "product", &shape)?;
    let mut out = vec![0.0; shape.iter().product()];
    // Rows of b are read again and again: once in order, they are read fast.
    if !out.is_empty() {
        fill(a, b.as_standard_layout().view(), &mut out);
    }
    Ok(Array::from_shape_vec(IxDyn(&shape), out).unwrap_or_else(|_| unreachable!("as many as the shape says")))
}

/// Along the first axis, the product of every part of `a` with every part of `b`, down to single rows.
fn fill(a: ArrayViewD<'_, f64>, b: ArrayViewD<'_, f64>, out: &mut [f64]) {
    match (a.ndim(), b.as_slice()) {
        (0 | 1, Some(row)) => {
            for (piece, &factor) in out.chunks_exact_mut(row.len()).zip(&a) {
                piece.iter_mut().zip(row).for_each(|(v, y)| *v = factor * y);
            }
        }
        _ => {
            let size = out.len() / (a.len_of(Axis(0)) * b.len_of(Axis(0)));
            let mut pieces = out.chunks_exact_mut(size);
            for part in a.outer_iter() {
                for (other, piece) in b.outer_iter().zip(pieces.by_ref()) {
                    fill(part.view(), other, piece);
                }
            }
        }
    }
}
