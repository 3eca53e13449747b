//! Products of matrices and vectors, (A·B)ᵢⱼ = Σₖ aᵢₖ·bₖⱼ, and of stacks of them.
//!
//! Where the machine has AVX-512 the tiling is our own (`tile`), elsewhere the `gemm` crate's (both after K. Goto and R. van de Geijn,
//! "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (2008), doi:10.1145/1356052.1356053). Any strides are read, so that
//! transposed and reversed views need no copy.

use std::sync::OnceLock;

use ndarray::{ArrayD, ArrayView, ArrayView2, ArrayViewD, ArrayViewMut2, ArrayViewMutD, Dimension, IxDyn};

use super::matrix_vector;
use super::tile::{Finish, LANES, Tile, kernels};
use crate::check;
use crate::error::{Error, Result, Shape};
use crate::simd::{self, Level};

/// Products of more multiplications than this are worth a second thread.
const WORTH_THREADS: usize = 256 * 256 * 256;

/// From so many multiplications on the `gemm` crate, which copies both factors to where they are read best, is ahead of bare tiles.
const WORTH_COPIES: usize = 120 * 120 * 120;

/// The product of two matrices, of a matrix and a vector, of two vectors (a single number), or of stacks of them, by NumPy's rules.
///
/// A vector on the left counts as one row, a vector on the right as one column; that axis is dropped from the result. Of more than two
/// axes the last two are the matrices', and those in front are broadcast against each other. NaN and infinities go through, as in NumPy.
///
/// # Errors
/// [`Error::Shape`] when an operand is a single number, the inner lengths differ, or the axes in front do not fit each other.
///
/// ```
/// use ndarray::{Array3, array};
/// use underhood::linalg::matmul;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(matmul(a.view(), array![1.0, 1.0].view())?, array![3.0, 7.0].into_dyn());
/// assert_eq!(matmul(a.view(), a.view())?, array![[7.0, 10.0], [15.0, 22.0]].into_dyn());
/// assert_eq!(matmul(Array3::ones((5, 1, 2)).view(), a.view())?.shape(), [5, 1, 2]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn matmul<DA: Dimension, DB: Dimension>(
    a: ArrayView<'_, f64, DA>,
    b: ArrayView<'_, f64, DB>,
) -> Result<ArrayD<f64>> {
    let (a, b) = (a.into_dyn(), b.into_dyn());
    let shape = product_shape("matmul", a.shape(), b.shape())?;
    check::room("matmul", "product", &shape)?;
    let mut product = ArrayD::uninit(IxDyn(&shape));
    // SAFETY: `fill` writes every element of the shape that `product_shape` gave.
    unsafe {
        fill(product.as_mut_ptr().cast(), a, b);
        Ok(product.assume_init())
    }
}

/// The shape of the product of arrays of these shapes.
///
/// # Errors
/// As for [`matmul`].
pub fn product_shape(function: &'static str, a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    for (argument, shape) in [("a", a), ("b", b)] {
        if shape.is_empty() {
            let expected = "a vector or a matrix is needed".into();
            return Err(Error::Shape { function, argument, shape: Vec::new(), expected });
        }
    }
    let inner = if b.len() > 1 { b.len() - 2 } else { 0 };
    if a[a.len() - 1] != b[inner] {
        let which = if b.len() > 2 { "second last" } else { "first" };
        return Err(Error::Shape {
            function,
            argument: "b",
            shape: b.to_vec(),
            expected: format!("a is {}: the last axis of a must be as long as the {which} of b", Shape(a)),
        });
    }
    let leading = |shape: &[usize]| shape.len().saturating_sub(2);
    let mut shape = broadcast(function, "b", (a, leading(a)), (b, leading(b)))?;
    if a.len() > 1 {
        shape.push(a[a.len() - 2]);
    }
    if b.len() > 1 {
        shape.push(b[b.len() - 1]);
    }
    Ok(shape)
}

/// The common shape of the first so many axes of two arrays: lengths agree or are one, counted from the back.
pub(super) fn broadcast(
    function: &'static str,
    argument: &'static str,
    (a, axes): (&[usize], usize),
    (b, others): (&[usize], usize),
) -> Result<Vec<usize>> {
    let count = axes.max(others);
    let mut shape = Vec::with_capacity(count + 2);
    for k in 0..count {
        let at = |of: &[usize], axes: usize| if k + axes >= count { of[k + axes - count] } else { 1 };
        shape.push(match (at(a, axes), at(b, others)) {
            (x, y) if x == y || y == 1 => x,
            (1, y) => y,
            _ => {
                let expected = format!("a is {}: axes in front must be equally long, or one", Shape(a));
                return Err(Error::Shape { function, argument, shape: b.to_vec(), expected });
            }
        });
    }
    Ok(shape)
}

/// The same product, written into an array that is there already.
///
/// # Errors
/// As for [`matmul`]; [`Error::Shape`] when `out` is not a contiguous array of the product's shape ([`product_shape`]).
pub fn matmul_into(mut out: ArrayViewMutD<'_, f64>, a: ArrayViewD<'_, f64>, b: ArrayViewD<'_, f64>) -> Result<()> {
    let shape = product_shape("matmul", a.shape(), b.shape())?;
    if out.shape() != shape || !out.is_standard_layout() {
        let expected = format!("the product is {} and needs contiguous rows", Shape(&shape));
        return Err(Error::Shape { function: "matmul", argument: "out", shape: out.shape().to_vec(), expected });
    }
    // SAFETY: `out` has the product's shape, by rows.
    unsafe { fill(out.as_mut_ptr(), a, b) };
    Ok(())
}

/// A matrix by its place in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) at: *const f64,
    pub(super) row: isize,
    pub(super) column: isize,
}

impl Place {
    /// The same matrix from another element on.
    pub(super) fn from(self, row: usize, column: usize) -> Self {
        Place { at: self.at.wrapping_offset(row as isize * self.row + column as isize * self.column), ..self }
    }

    /// The transposed matrix.
    fn turned(self) -> Self {
        Place { row: self.column, column: self.row, ..self }
    }

    fn of(a: &ArrayView2<'_, f64>) -> Self {
        Place { at: a.as_ptr(), row: a.strides()[0], column: a.strides()[1] }
    }
}

/// Writes the product of arrays whose shapes fit.
///
/// # Safety
/// `out` must have room for the product, by rows.
unsafe fn fill(out: *mut f64, a: ArrayViewD<'_, f64>, b: ArrayViewD<'_, f64>) {
    let (sa, sb) = (a.shape(), b.shape());
    if let ([length], [_]) = (sa, sb)
        && let (Some(x), Some(y)) = (a.as_slice(), b.as_slice())
    {
        debug_assert!(x.len() == *length);
        // SAFETY: a product of vectors is one number.
        unsafe { *out = simd::dot(x, y) };
        return;
    }
    let (ta, tb) = (a.strides(), b.strides());
    let depth = sa[sa.len() - 1];
    // A vector is a row on the left, a column on the right.
    let (m, a_row) = if sa.len() > 1 { (sa[sa.len() - 2], ta[sa.len() - 2]) } else { (1, 0) };
    let (n, b_column) = if sb.len() > 1 { (sb[sb.len() - 1], tb[sb.len() - 1]) } else { (1, 0) };
    let b_row = if sb.len() > 1 { tb[sb.len() - 2] } else { tb[0] };
    let (la, lb) = (sa.len().saturating_sub(2), sb.len().saturating_sub(2));
    let mut left = Place { at: a.as_ptr(), row: a_row, column: ta[sa.len() - 1] };
    let right = Place { at: b.as_ptr(), row: b_row, column: b_column };
    if la == 0 && lb == 0 {
        // SAFETY: the places are those of the views; the caller's promise for `out`.
        unsafe { multiply(out, n as isize, (m, n, depth), left, right, true) };
        return;
    }
    if lb == 0 && a.is_standard_layout() {
        // Every matrix on the left meets the same one on the right: one tall product.
        let rows = sa[..sa.len() - 1].iter().product();
        left.row = depth as isize;
        // SAFETY: as above.
        unsafe { multiply(out, n as isize, (rows, n, depth), left, right, true) };
        return;
    }
    // The axes in front, with a step of zero where an operand has but one matrix for all of them.
    let count = la.max(lb);
    let axis = |k: usize, shape: &[usize], strides: &[isize], leading: usize| match (k + leading).checked_sub(count) {
        Some(axis) if shape[axis] != 1 => (shape[axis], strides[axis]),
        _ => (1, 0),
    };
    let steps: Vec<(usize, isize, isize)> = (0..count)
        .map(|k| {
            let ((length_a, step_a), (length_b, step_b)) = (axis(k, sa, ta, la), axis(k, sb, tb, lb));
            // An axis of length zero wins over one.
            (if length_a == 1 { length_b } else { length_a }, step_a, step_b)
        })
        .collect();
    let (inner, outer) = match steps.split_last() {
        Some((inner, outer)) => (*inner, outer),
        None => return,
    };
    let total: usize = outer.iter().map(|step| step.0).product();
    let (mut index, mut out) = (vec![0_usize; outer.len()], out);
    for _ in 0..total {
        let offset = |which: fn(&(usize, isize, isize)) -> isize| -> isize {
            index.iter().zip(outer).map(|(&i, step)| i as isize * which(step)).sum()
        };
        let (x, y) = (left.at.wrapping_offset(offset(|s| s.1)), right.at.wrapping_offset(offset(|s| s.2)));
        let many = Many { count: inner.0, step_a: inner.1, step_b: inner.2 };
        // SAFETY: the places are those of the views; the caller's promise for `out`.
        unsafe {
            many.multiply(out, (m, n, depth), Place { at: x, ..left }, Place { at: y, ..right });
            out = out.add(inner.0 * m * n);
        }
        for (i, step) in index.iter_mut().zip(outer).rev() {
            *i += 1;
            if *i < step.0 {
                break;
            }
            *i = 0;
        }
    }
}

/// Products of equally spaced matrices.
struct Many {
    count: usize,
    step_a: isize,
    step_b: isize,
}

impl Many {
    /// # Safety
    /// Both places must hold `count` matrices, and `out` must have room for their products.
    unsafe fn multiply(&self, out: *mut f64, (m, n, depth): (usize, usize, usize), a: Place, b: Place) {
        let kernels = kernels();
        if b.column == 1 && m > 0 && n > 0 && m <= kernels.rows && n <= kernels.vectors * LANES {
            let mut tile = tile(out, n as isize, depth, a, b);
            for _ in 0..self.count {
                // SAFETY: the caller's promise.
                unsafe { kernels.run(m, n, &mut tile) };
                tile.a = tile.a.wrapping_offset(self.step_a);
                tile.b = tile.b.wrapping_offset(self.step_b);
                tile.c = tile.c.wrapping_add(m * n);
            }
            return;
        }
        for k in 0..self.count {
            let x = Place { at: a.at.wrapping_offset(k as isize * self.step_a), ..a };
            let y = Place { at: b.at.wrapping_offset(k as isize * self.step_b), ..b };
            // SAFETY: the caller's promise.
            unsafe { multiply(out.add(k * m * n), n as isize, (m, n, depth), x, y, true) };
        }
    }
}

fn tile(c: *mut f64, c_row: isize, depth: usize, a: Place, b: Place) -> Tile {
    let (a, a_row, a_column) = (a.at, a.row, a.column);
    Tile { depth, a, a_row, a_column, b: b.at, b_row: b.row, c, c_row, last: LANES, finish: Finish::Store }
}

/// The threads of the pool; one in a process that was forked off the one whose pool it is, where no thread would answer.
pub(super) fn threads() -> usize {
    static OWNER: OnceLock<u32> = OnceLock::new();
    let process = std::process::id();
    if *OWNER.get_or_init(|| process) == process { rayon::current_num_threads() } else { 1 }
}

/// out = a·b for shapes that fit; rows are split among threads, so that no sum depends on their number.
pub(crate) fn gemm(out: ArrayViewMut2<'_, f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    product_of_views(out, a, b, true);
}

/// The same on the calling thread.
pub(crate) fn serial(out: ArrayViewMut2<'_, f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    product_of_views(out, a, b, false);
}

/// out += factor·a·b, on the calling thread.
pub(crate) fn accumulate(mut out: ArrayViewMut2<'_, f64>, factor: f64, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    let ((m, depth), n) = (a.dim(), b.ncols());
    debug_assert!(depth == b.nrows() && out.dim() == (m, n));
    if depth == 0 {
        return;
    }
    let steps = (out.strides()[0], out.strides()[1]);
    // SAFETY: places and shapes are those of live views that fit each other; `out` is exclusive.
    unsafe { through_crate(out.as_mut_ptr(), steps, (m, n, depth), Place::of(&a), Place::of(&b), Some(factor), 1) };
}

fn product_of_views(mut out: ArrayViewMut2<'_, f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, threaded: bool) {
    let ((m, depth), n) = (a.dim(), b.ncols());
    debug_assert!(depth == b.nrows() && out.dim() == (m, n));
    let (row, column) = (out.strides()[0], out.strides()[1]);
    let size = (m, n, depth);
    // SAFETY: places and shapes are those of live views that fit each other; `out` is exclusive.
    unsafe {
        if column == 1 || n <= 1 {
            multiply(out.as_mut_ptr(), row, size, Place::of(&a), Place::of(&b), threaded);
        } else if row == 1 || m <= 1 {
            // Cᵀ = Bᵀ·Aᵀ.
            multiply(out.as_mut_ptr(), column, (n, m, depth), Place::of(&b.t()), Place::of(&a.t()), threaded);
        } else {
            through_crate(out.as_mut_ptr(), (row, column), size, Place::of(&a), Place::of(&b), None, 1);
        }
    }
}

/// C = A·B with C by rows.
///
/// # Safety
/// The places must hold m×depth and depth×n numbers, and C have room for m×n.
unsafe fn multiply(c: *mut f64, c_row: isize, size: (usize, usize, usize), a: Place, b: Place, threaded: bool) {
    // SAFETY: the caller's promise.
    unsafe { combine(c, c_row, size, a, b, Finish::Store, threaded) }
}

/// C = C − A·B with C by rows, on the calling thread.
///
/// # Safety
/// As for [`multiply`], and C holds numbers.
pub(super) unsafe fn subtract(c: *mut f64, c_row: isize, size: (usize, usize, usize), a: Place, b: Place) {
    // SAFETY: the caller's promise.
    unsafe { combine(c, c_row, size, a, b, Finish::Subtract, false) }
}

/// One of the two.
///
/// # Safety
/// As for [`multiply`].
unsafe fn combine(
    c: *mut f64,
    c_row: isize,
    (m, n, depth): (usize, usize, usize),
    a: Place,
    b: Place,
    finish: Finish,
    threaded: bool,
) {
    if m == 0 || n == 0 {
        return;
    }
    let kernels = kernels();
    let work = m.saturating_mul(n).saturating_mul(depth);
    // SAFETY: the caller's promise throughout.
    unsafe {
        if m <= kernels.rows && n <= kernels.vectors * LANES && b.column == 1 {
            kernels.run(m, n, &mut Tile { finish, ..tile(c, c_row, depth, a, b) });
            return;
        }
        if threaded && matches!(finish, Finish::Store) && (n == 1 || m == 1) && work >= matrix_vector::WORTH_PARTS {
            if n == 1 {
                matrix_vector::multiply(c, c_row, (m, depth), a, b);
            } else {
                // cᵀ = Bᵀ·aᵀ.
                matrix_vector::multiply(c, 1, (n, depth), b.turned(), a.turned());
            }
            return;
        }
        // Matrix times vector waits for memory, not for a kernel.
        let most = if simd::level() == Level::Avx512 { WORTH_COPIES } else { 512 };
        if depth > 0 && (n == 1 || m == 1 || work >= most) {
            let threads = if threaded && work >= WORTH_THREADS { threads() } else { 1 };
            let add = matches!(finish, Finish::Subtract).then_some(-1.0);
            through_crate(c, (c_row, 1), (m, n, depth), a, b, add, threads);
            return;
        }
        let mut copy: Vec<f64> = Vec::new();
        let b = if b.column == 1 { b } else { by_rows(&mut copy, b, depth, n) };
        for (start, count) in even(n.div_ceil(LANES), kernels.vectors) {
            let width = (count * LANES).min(n - start * LANES);
            for (i, height) in even(m, kernels.rows) {
                let to = c.wrapping_offset(i as isize * c_row).wrapping_add(start * LANES);
                let left = Place { at: a.at.wrapping_offset(i as isize * a.row), ..a };
                let right = Place { at: b.at.wrapping_add(start * LANES), ..b };
                kernels.run(height, width, &mut Tile { finish, ..tile(to, c_row, depth, left, right) });
            }
        }
    }
}

/// A copy of a matrix, by rows.
///
/// # Safety
/// The place must hold so many rows and columns.
unsafe fn by_rows(copy: &mut Vec<f64>, from: Place, rows: usize, columns: usize) -> Place {
    copy.resize(rows * columns, 0.0);
    // Eight rows at a time: columns that are contiguous are read a cache line at a time.
    for block in (0..rows).step_by(LANES) {
        for j in 0..columns {
            for i in block..(block + LANES).min(rows) {
                // SAFETY: the caller's promise.
                copy[i * columns + j] =
                    unsafe { *from.at.wrapping_offset(i as isize * from.row + j as isize * from.column) };
            }
        }
    }
    Place { at: copy.as_ptr(), row: columns as isize, column: 1 }
}

/// Sizes of parts that differ by one at most and do not exceed `most`.
pub(crate) fn even(total: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let parts = total.div_ceil(most).max(1);
    (0..parts).map(move |p| (p * total / parts, (p + 1) * total / parts - p * total / parts))
}

/// The same product by the `gemm` crate; with a factor, C += factor·A·B.
///
/// # Safety
/// As for [`multiply`].
pub(super) unsafe fn through_crate(
    c: *mut f64,
    (c_row, c_column): (isize, isize),
    (m, n, depth): (usize, usize, usize),
    a: Place,
    b: Place,
    add: Option<f64>,
    threads: usize,
) {
    if m == 0 || n == 0 {
        return;
    }
    let parallelism = if threads > 1 { gemm::Parallelism::Rayon(threads) } else { gemm::Parallelism::None };
    // SAFETY: the caller's promise.
    unsafe {
        gemm::gemm(
            m,
            n,
            depth,
            c,
            c_column,
            c_row,
            add.is_some(),
            a.at,
            a.column,
            a.row,
            b.at,
            b.column,
            b.row,
            f64::from(u8::from(add.is_some())),
            add.unwrap_or(1.0),
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
        let stack = ndarray::Array3::<f64>::zeros((2, 3, 3));
        let error = matmul(stack.view(), ndarray::Array3::<f64>::zeros((5, 3, 1)).view()).unwrap_err();
        assert_eq!(error.to_string(), "matmul: b is 5×3×1, but a is 2×3×3: axes in front must be equally long, or one");
        assert!(matmul(ndarray::arr0(1.0).view(), x.view()).is_err());
    }
}
