//! Products of matrices and vectors, (A·B)ᵢⱼ = Σₖ aᵢₖ·bₖⱼ.
//!
//! The tiling is the `gemm` crate's (after K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS
//! 34 (2008), doi:10.1145/1356052.1356053). It reads any strides, so that transposed and reversed views need no copy.

use std::sync::OnceLock;

use ndarray::{Array2, ArrayD, ArrayView, ArrayView2, ArrayViewMut2, Axis, Dimension, Ix1, Ix2, IxDyn};

use crate::check;
use crate::error::{Error, Result, Shape};
use crate::simd;

/// Products of more multiplications than this are worth a second thread.
const WORTH_THREADS: usize = 256 * 256 * 256;

/// The product of two matrices, of a matrix and a vector, or of two vectors (a single number), by NumPy's rules.
///
/// A vector on the left counts as one row, a vector on the right as one column; that axis is dropped from the result.
/// NaN and infinities go through, as in NumPy. Stacks of matrices are not taken yet.
///
/// # Errors
/// [`Error::Shape`] when an operand is a single number or a stack, or the inner lengths differ.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::matmul;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(matmul(a.view(), array![1.0, 1.0].view())?, array![3.0, 7.0].into_dyn());
/// assert_eq!(matmul(a.view(), a.view())?, array![[7.0, 10.0], [15.0, 22.0]].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn matmul<DA: Dimension, DB: Dimension>(
    a: ArrayView<'_, f64, DA>,
    b: ArrayView<'_, f64, DB>,
) -> Result<ArrayD<f64>> {
    let (left, right) = (operand("a", a.shape())?, operand("b", b.shape())?);
    if left.last() != right.first() {
        return Err(Error::Shape {
            function: "matmul",
            argument: "b",
            shape: right.to_vec(),
            expected: format!("a is {}: the last axis of a must be as long as the first of b", Shape(left)),
        });
    }
    let (a, b) = (a.view().into_dyn(), b.view().into_dyn());
    let (rows, columns) = (left.len() == 2, right.len() == 2);
    if let (Some(x), Some(y), false, false) = (a.as_slice(), b.as_slice(), rows, columns) {
        return Ok(ndarray::arr0(simd::dot(x, y)).into_dyn());
    }
    let a = if rows { fixed::<Ix2>(a) } else { fixed::<Ix1>(a).insert_axis(Axis(0)) };
    let b = if columns { fixed::<Ix2>(b) } else { fixed::<Ix1>(b).insert_axis(Axis(1)) };
    check::room("matmul", "product", &[a.nrows(), b.ncols()])?;
    let mut product = Array2::zeros((a.nrows(), b.ncols()));
    gemm(product.view_mut(), a, b);
    let mut product = product.into_dyn();
    if !columns {
        product = product.index_axis_move(Axis(1), 0);
    }
    if !rows {
        product = product.index_axis_move(Axis(0), 0);
    }
    Ok(product)
}

/// One or two axes pass.
fn operand<'a>(argument: &'static str, shape: &'a [usize]) -> Result<&'a [usize]> {
    if matches!(shape.len(), 1 | 2) {
        return Ok(shape);
    }
    let expected = "a vector or a matrix is needed".into();
    Err(Error::Shape { function: "matmul", argument, shape: shape.to_vec(), expected })
}

fn fixed<D: Dimension>(view: ArrayView<'_, f64, IxDyn>) -> ArrayView<'_, f64, D> {
    view.into_dimensionality().unwrap_or_else(|_| unreachable!("the number of axes was looked at"))
}

/// The threads of the pool; one in a process that was forked off the one whose pool it is, where no thread would answer.
fn threads() -> usize {
    static OWNER: OnceLock<u32> = OnceLock::new();
    let process = std::process::id();
    if *OWNER.get_or_init(|| process) == process { rayon::current_num_threads() } else { 1 }
}

/// out = a·b for shapes that fit; rows are split among threads, so that no sum depends on their number.
pub(crate) fn gemm(out: ArrayViewMut2<'_, f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    let work = a.nrows().saturating_mul(a.ncols()).saturating_mul(b.ncols());
    let threads = if work < WORTH_THREADS { 1 } else { threads() };
    let parallelism = if threads > 1 { gemm::Parallelism::Rayon(threads) } else { gemm::Parallelism::None };
    call(out, None, 1.0, a, b, parallelism);
}

/// The same on the calling thread.
pub(crate) fn serial(out: ArrayViewMut2<'_, f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    call(out, None, 1.0, a, b, gemm::Parallelism::None);
}

/// out += factor·a·b, on the calling thread.
pub(crate) fn accumulate(out: ArrayViewMut2<'_, f64>, factor: f64, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    call(out, Some(1.0), factor, a, b, gemm::Parallelism::None);
}

/// out = keep·out + factor·a·b.
fn call(
    mut out: ArrayViewMut2<'_, f64>,
    keep: Option<f64>,
    factor: f64,
    a: ArrayView2<'_, f64>,
    b: ArrayView2<'_, f64>,
    parallelism: gemm::Parallelism,
) {
    let ((m, k), n) = (a.dim(), b.ncols());
    debug_assert!(k == b.nrows() && out.dim() == (m, n));
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if keep.is_none() {
            out.fill(0.0);
        }
        return;
    }
    let strides = |s: &[isize]| (s[1], s[0]);
    let (out_strides, a_strides, b_strides) = (strides(out.strides()), strides(a.strides()), strides(b.strides()));
    // SAFETY: pointers, shapes and strides are those of live views that fit each other; `out` is exclusive.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            out_strides.0,
            out_strides.1,
            keep.is_some(),
            a.as_ptr(),
            a_strides.0,
            a_strides.1,
            b.as_ptr(),
            b_strides.0,
            b_strides.1,
            keep.unwrap_or(0.0),
            factor,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};
    use proptest::prelude::*;

    use super::*;
    use crate::random::Stream;

    fn matrix(stream: &mut Stream, rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, columns), || stream.normal())
    }

    proptest! {
        #[test]
        fn agrees_with_the_textbook_sum_in_any_layout(m in 0_usize..40, k in 0_usize..40, n in 0_usize..40, seed: u64) {
            let mut stream = Stream::seeded(seed);
            let (a, b) = (matrix(&mut stream, k, 2 * m), matrix(&mut stream, n, k));
            let (a, b) = (a.slice(s![.., ..;-2]).reversed_axes(), b.t());
            let product = matmul(a, b).unwrap();
            for i in 0..m {
                for j in 0..n {
                    let expected: f64 = (0..k).map(|l| a[[i, l]] * b[[l, j]]).sum();
                    let size: f64 = (0..k).map(|l| (a[[i, l]] * b[[l, j]]).abs()).sum();
                    prop_assert!((product[[i, j]] - expected).abs() <= 1e-15 * (k + 1) as f64 * size);
                }
            }
        }
    }

    #[test]
    fn vectors_follow_numpy() {
        let (a, x) = (array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], array![1.0, 0.0, -1.0]);
        assert_eq!(matmul(a.view(), x.view()).unwrap(), array![-2.0, -2.0].into_dyn());
        assert_eq!(matmul(array![1.0, 1.0].view(), a.view()).unwrap(), array![5.0, 7.0, 9.0].into_dyn());
        assert_eq!(matmul(x.view(), x.slice(s![..;-1])).unwrap(), ndarray::arr0(-2.0).into_dyn());
        assert_eq!(
            matmul(Array2::zeros((2, 0)).view(), Array2::zeros((0, 1)).view()).unwrap(),
            array![[0.0], [0.0]].into_dyn()
        );
        let error = matmul(a.view(), a.view()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "matmul: b is 2×3, but a is 2×3: the last axis of a must be as long as the first of b"
        );
        assert!(matmul(ndarray::arr0(1.0).view(), x.view()).is_err());
    }
}
