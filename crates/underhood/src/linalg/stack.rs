//! Stacks of matrices: what is done to one matrix, done to every matrix of an array of shape (…, m, n).
//!
//! The last two axes are the matrices', as in NumPy; those in front count them. An operation is written for one matrix and never
//! learns of the others; [`map`] calls it on each and stacks what it returns.
//!
//! ```
//! use ndarray::{Array3, array};
//! use underhood::linalg::{det, stack};
//!
//! let twice = Array3::from_shape_fn((2, 2, 2), |(k, i, j)| if i == j { (k + 1) as f64 } else { 0.0 });
//! let determinants = stack::map(twice.view().into_dyn(), det, || Ok::<(), underhood::Error>(()))?;
//! assert_eq!(determinants, array![1.0, 4.0].into_dyn());
//! # Ok::<(), underhood::Error>(())
//! ```

use ndarray::{Array, Array2, ArrayD, ArrayView2, ArrayViewD, Axis, Dimension, Ix2, IxDyn};

use crate::error::{Error, Result};

pub use super::many::{Determinants, Stacked, WorstConditioned, cholesky, determinants, inv, solve, solve_triangular};

/// So many multiplications pass, about ten milliseconds, before the caller is asked again whether to go on.
const PATIENCE: usize = 20_000_000;

/// What an operation on one matrix may return, and what many of them become.
pub trait Part: Sized {
    /// An array with the stack's axes in front; a tuple of such arrays for a tuple.
    type Stack;

    /// The one part of a stack that is a matrix.
    fn alone(self) -> Self::Stack;

    /// Stacks parts of one shape. There is at least one; where the stack's axes hold none, it only shows the shape.
    fn stack(leading: &[usize], parts: Vec<Self>) -> Self::Stack;
}

impl<T: Clone, D: Dimension> Part for Array<T, D> {
    type Stack = ArrayD<T>;

    fn alone(self) -> ArrayD<T> {
        self.into_dyn()
    }

    fn stack(leading: &[usize], parts: Vec<Self>) -> ArrayD<T> {
        let mut shape = leading.to_vec();
        if let Some(first) = parts.first() {
            shape.extend(first.shape());
        }
        let mut values = Vec::with_capacity(shape.iter().product());
        for part in parts.iter().take(leading.iter().product()) {
            match part.as_slice() {
                Some(slice) => values.extend_from_slice(slice),
                None => values.extend(part.iter().cloned()),
            }
        }
        Array::from_shape_vec(IxDyn(&shape), values).unwrap_or_else(|_| unreachable!("parts are of one shape"))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Part for $number {
            type Stack = ArrayD<$number>;

            fn alone(self) -> ArrayD<$number> {
                ndarray::arr0(self).into_dyn()
            }

            fn stack(leading: &[usize], mut parts: Vec<Self>) -> ArrayD<$number> {
                parts.truncate(leading.iter().product());
                Array::from_shape_vec(IxDyn(leading), parts).unwrap_or_else(|_| unreachable!("one part a matrix"))
            }
        }
    )*};
}
numbers!(f64, bool, usize);

impl<A: Part, B: Part> Part for (A, B) {
    type Stack = (A::Stack, B::Stack);

    fn alone(self) -> Self::Stack {
        (self.0.alone(), self.1.alone())
    }

    fn stack(leading: &[usize], parts: Vec<Self>) -> Self::Stack {
        let (a, b) = parts.into_iter().unzip();
        (A::stack(leading, a), B::stack(leading, b))
    }
}

impl<A: Part, B: Part, C: Part> Part for (A, B, C) {
    type Stack = (A::Stack, B::Stack, C::Stack);

    fn alone(self) -> Self::Stack {
        (self.0.alone(), self.1.alone(), self.2.alone())
    }

    fn stack(leading: &[usize], parts: Vec<Self>) -> Self::Stack {
        let (mut a, mut b, mut c) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            a.push(part.0);
            b.push(part.1);
            c.push(part.2);
        }
        (A::stack(leading, a), B::stack(leading, b), C::stack(leading, c))
    }
}

/// `work` on every matrix of `a`, whose last two axes are the matrices'; the results, stacked along the axes in front.
///
/// An empty stack has results of the shape that the identity of its matrices' shape would give. `checkpoint` is called every few
/// milliseconds; an error of its own ends the work, which is how Ctrl-C gets through.
///
/// # Errors
/// What `work` refuses, with the matrix's place in the stack; what `checkpoint` returns.
///
/// # Panics
/// When `a` has fewer than two axes: a matrix is the least that a stack can be.
pub fn map<R: Part, E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    mut work: impl FnMut(ArrayView2<'_, f64>) -> Result<R>,
    mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<R::Stack, E> {
    assert!(a.ndim() >= 2, "a stack has the matrices' two axes at least");
    if a.ndim() == 2 {
        return Ok(work(only(a))?.alone());
    }
    let (leading, shape) = a.shape().split_at(a.ndim() - 2);
    let (leading, m, n) = (leading.to_vec(), shape[0], shape[1]);
    let count: usize = leading.iter().product();
    if count == 0 {
        let identity = Array2::from_shape_fn((m, n), |(i, j)| if i == j { 1.0 } else { 0.0 });
        return Ok(R::stack(&leading, vec![work(identity.view())?]));
    }
    let patience = (PATIENCE / m.saturating_mul(n).saturating_mul(m.max(n)).clamp(100, PATIENCE)).max(1);
    let mut parts = Vec::with_capacity(count);
    for (k, matrix) in matrices(a).enumerate() {
        parts.push(work(matrix).map_err(|error| error.in_stack(place(&leading, k)))?);
        if (k + 1) % patience == 0 {
            checkpoint()?;
        }
    }
    Ok(R::stack(&leading, parts))
}

/// The matrices of a stack, in the order of its leading axes.
fn matrices<'a>(a: ArrayViewD<'a, f64>) -> Box<dyn Iterator<Item = ArrayView2<'a, f64>> + 'a> {
    let (m, n) = (a.shape()[a.ndim() - 2], a.shape()[a.ndim() - 1]);
    let count = a.len().checked_div(m * n).unwrap_or(0);
    match a.ndim() {
        2 => Box::new(std::iter::once(only(a))),
        // Three axes of a fixed number are cut up much faster than any number of them.
        _ => match a.clone().into_shape_with_order((count, m, n)) {
            Ok(three) if count > 0 => Box::new((0..count).map(move |k| three.index_axis_move(Axis(0), k))),
            _ => Box::new((0..a.shape()[0]).flat_map(move |k| matrices(a.clone().index_axis_move(Axis(0), k)))),
        },
    }
}

/// The matrix that an array of two axes is.
fn only(a: ArrayViewD<'_, f64>) -> ArrayView2<'_, f64> {
    a.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("the number of axes was looked at"))
}

/// The index of the k-th matrix.
pub(crate) fn place(leading: &[usize], mut k: usize) -> Vec<usize> {
    let mut index = vec![0; leading.len()];
    for (i, &length) in index.iter_mut().zip(leading).rev() {
        *i = k % length;
        k /= length;
    }
    index
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array3, Array4, s};

    use super::*;
    use crate::linalg;

    fn go_on() -> Result<()> {
        Ok(())
    }

    #[test]
    fn every_matrix_is_visited_in_any_layout() {
        let a = Array4::from_shape_fn((2, 3, 4, 5), |(k, l, i, j)| (1000 * k + 100 * l + 10 * i + j) as f64);
        for view in [a.view(), a.slice(s![..;-1, .., ..;2, ..]), a.view().permuted_axes([1, 0, 3, 2])] {
            let firsts = map(view.into_dyn(), |m| Ok(m[[0, 0]]), go_on).unwrap();
            assert_eq!(firsts, view.slice(s![.., .., 0, 0]).to_owned().into_dyn());
            let (sums, copies) = map(view.into_dyn(), |m| Ok((m.sum_axis(Axis(0)), m.to_owned())), go_on).unwrap();
            assert_eq!(sums, view.sum_axis(Axis(2)).into_dyn());
            assert_eq!(copies, view.to_owned().into_dyn());
        }
    }

    #[test]
    fn an_empty_stack_has_the_shape_of_its_results() {
        let none = Array4::<f64>::zeros((2, 0, 3, 3));
        let (a, b) = map(none.view().into_dyn(), |m| Ok((m.to_owned(), linalg::det(m)?)), go_on).unwrap();
        assert_eq!((a.shape(), b.shape()), (&[2, 0, 3, 3][..], &[2, 0][..]));
    }

    #[test]
    fn an_error_names_the_matrix() {
        let mut a = Array3::from_shape_fn((4, 2, 2), |(_, i, j)| f64::from(i == j));
        a[[2, 1, 1]] = 0.0;
        let inverse = |m: ArrayView2<'_, f64>| Ok(linalg::inv(m)?.inverse);
        let error = map::<_, Error>(a.view().into_dyn(), inverse, go_on).unwrap_err();
        assert_eq!(
            error.to_string(),
            "inv: a is singular: pivot 1 is zero, so its columns are not independent (in the matrix at index 2 of the stack)"
        );
        a[[3, 0, 1]] = f64::NAN;
        a[[2, 1, 1]] = 1.0;
        let error = map::<_, Error>(a.view().into_dyn(), inverse, go_on).unwrap_err();
        assert_eq!(
            error.to_string(),
            "inv: a holds NaN (a missing value) at index [3, 0, 1]; remove or fill such values first"
        );
    }

    #[test]
    fn a_checkpoint_can_end_the_work() {
        let a = Array3::<f64>::zeros((10, 200, 200));
        let mut visited = 0;
        let count = |_: ArrayView2<'_, f64>| {
            visited += 1;
            Ok(Array1::<f64>::zeros(1))
        };
        let error = map(a.view().into_dyn(), count, || Err(Error::Interrupted { function: "f" })).unwrap_err();
        assert_eq!((error, visited), (Error::Interrupted { function: "f" }, 2));
    }
}
