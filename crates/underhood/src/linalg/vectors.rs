//! Products of vectors and of arrays of them: inner, outer and vector product, and the trace. NaN and infinities go through, as in NumPy.

use ndarray::{Array, Array2, ArrayD, ArrayView, ArrayView1, ArrayView2, ArrayViewD, Axis, Dimension, Ix1, IxDyn};

use super::norm::place;
use super::product::{gemm, matmul};
use crate::check;
use crate::double_double::{two_product, two_sum};
use crate::error::{Error, Result, Shape};
use crate::simd::{self, BASELINE_FMA, wide_kernel};

/// The inner product Σ xᵢ·yᵢ of two vectors.
///
/// # Errors
/// [`Error::Shape`] when the lengths differ.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::inner;
///
/// assert_eq!(inner(array![1.0, 2.0].view(), array![3.0, 4.0].view())?, 11.0);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn inner(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> Result<f64> {
    if x.len() != y.len() {
        return Err(mismatch(x.shape(), y.shape()));
    }
    Ok(match (x.as_slice(), y.as_slice()) {
        (Some(x), Some(y)) => simd::dot(x, y),
        _ => x.dot(&y),
    })
}

fn mismatch(left: &[usize], right: &[usize]) -> Error {
    let which = if right.len() > 1 { "the last but one" } else { "the only one" };
    let expected = format!("a is {}: the last axis of a must be as long as {which} of b", Shape(left));
    Error::Shape { function: "dot", argument: "b", shape: right.to_vec(), expected }
}

/// The product that sums over the last axis of `a` and the last but one of `b` (or its only one), as `numpy.dot`.
///
/// Of two vectors it is the inner product (an array without axes), of matrices their product; a number multiplies every entry of the
/// other. Of more axes, the result has those that are left of `a`, then those that are left of `b`.
///
/// # Errors
/// [`Error::Shape`] when the two axes differ in length.
///
/// ```
/// use ndarray::{arr0, array};
/// use underhood::linalg::dot;
///
/// let x = array![1.0, 2.0];
/// assert_eq!(dot(x.view(), array![[0.0, 1.0], [1.0, 1.0]].view())?, array![2.0, 3.0].into_dyn());
/// assert_eq!(dot(arr0(3.0).view(), x.view())?, array![3.0, 6.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn dot<DA: Dimension, DB: Dimension>(a: ArrayView<'_, f64, DA>, b: ArrayView<'_, f64, DB>) -> Result<ArrayD<f64>> {
    let (a, b) = (a.into_dyn(), b.into_dyn());
    match (a.ndim(), b.ndim()) {
        (0, _) => return Ok(scaled(b, a)),
        (_, 0) => return Ok(scaled(a, b)),
        (1, 1) => return inner(fixed::<Ix1>(a), fixed::<Ix1>(b)).map(|sum| ndarray::arr0(sum).into_dyn()),
        _ => {}
    }
    let (left, right) = (a.shape().to_vec(), b.shape().to_vec());
    let (across, down) = (left.len() - 1, right.len().saturating_sub(2));
    let k = left[across];
    if k != right[down] {
        return Err(mismatch(&left, &right));
    }
    if left.len() <= 2 && right.len() <= 2 {
        return matmul(a, b);
    }
    let mut shape = left[..across].to_vec();
    shape.extend(&right[..down]);
    shape.extend(&right[down + 1..]);
    check::room("dot", "product", &shape)?;
    // Both as matrices: the rows of a, and the columns that b's axis in question has.
    let mut order: Vec<usize> = (0..right.len()).filter(|&axis| axis != down).collect();
    order.insert(0, down);
    let rows: usize = left[..across].iter().product();
    let columns: usize = order[1..].iter().map(|&axis| right[axis]).product();
    let b = b.permuted_axes(order);
    let (a, b) = (a.to_shape((rows, k)), b.to_shape((k, columns)));
    let (Ok(a), Ok(b)) = (a, b) else { unreachable!("the numbers of entries are the shapes' products") };
    let mut product = Array2::zeros((rows, columns));
    gemm(product.view_mut(), a.view(), b.view());
    Ok(product.into_shape_with_order(IxDyn(&shape)).unwrap_or_else(|_| unreachable!("rows and columns, unfolded")))
}

fn scaled(a: ArrayViewD<'_, f64>, factor: ArrayViewD<'_, f64>) -> ArrayD<f64> {
    let factor = factor.iter().next().copied().unwrap_or(f64::NAN);
    a.map(|v| v * factor)
}

fn fixed<D: Dimension>(view: ArrayViewD<'_, f64>) -> ArrayView<'_, f64, D> {
    view.into_dimensionality().unwrap_or_else(|_| unreachable!("the number of axes was looked at"))
}

/// The outer product, the matrix of all products xᵢ·yⱼ.
///
/// # Errors
/// [`Error::OutOfMemory`] for more entries than there is room for.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::outer;
///
/// assert_eq!(outer(array![1.0, 2.0].view(), array![3.0, 4.0].view())?, array![[3.0, 4.0], [6.0, 8.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn outer(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> Result<Array2<f64>> {
    let (m, n) = (x.len(), y.len());
    check::room("outer", "product", &[m, n])?;
    let y = y.to_vec();
    let mut products = Vec::with_capacity(m * n);
    x.iter().for_each(|factor| products.extend(y.iter().map(|v| factor * v)));
    Ok(Array2::from_shape_vec((m, n), products).unwrap_or_else(|_| unreachable!("n products for each of m factors")))
}

/// The sum of the diagonal, or of the one that is `offset` places to its right (to its left when negative).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::trace;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!((trace(a.view(), 0), trace(a.view(), 1), trace(a.view(), 5)), (5.0, 2.0, 0.0));
/// ```
pub fn trace(a: ArrayView2<'_, f64>, offset: isize) -> f64 {
    let (m, n) = a.dim();
    let (row, column) = (offset.min(0).unsigned_abs(), offset.max(0).unsigned_abs());
    let length = m.saturating_sub(row).min(n.saturating_sub(column));
    // Compensated, since a diagonal may cancel; a sum that is infinite or NaN comes from the plain one.
    let (mut sum, mut lost, mut plain) = (0.0, 0.0, 0.0);
    for i in 0..length {
        let entry = a[[row + i, column + i]];
        let (next, error) = two_sum(sum, entry);
        sum = next;
        lost += error;
        plain += entry;
    }
    if plain.is_finite() { sum + lost } else { plain }
}

/// The vector product a × b, perpendicular to both and as long as their parallelogram is large.
///
/// The vectors lie along `axis` (−1 is the last), and other axes are broadcast against each other. Vectors have three components, or two,
/// whose third is zero; of two that both have two, only the third component of the product is returned, without an axis: the signed
/// area of their parallelogram.
///
/// Each component a₁b₂ − a₂b₁ has a relative error of a few roundings even where it cancels, and b × a is exactly −(a × b).
///
/// # Errors
/// [`Error::Shape`] when vectors have neither two nor three components, or the other axes do not fit; [`Error::OutOfRange`] for an axis
/// that does not exist.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::cross;
///
/// let (x, y) = (array![1.0, 0.0, 0.0], array![0.0, 1.0, 0.0]);
/// assert_eq!(cross(x.view(), y.view(), -1)?, array![0.0, 0.0, 1.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cross<DA: Dimension, DB: Dimension>(
    a: ArrayView<'_, f64, DA>,
    b: ArrayView<'_, f64, DB>,
    axis: isize,
) -> Result<ArrayD<f64>> {
    if let (Some(x), Some(y), Some(3)) = (a.as_slice(), b.as_slice(), a.shape().last())
        && a.shape() == b.shape()
        && (axis == -1 || axis == a.ndim() as isize - 1)
    {
        let mut product = vec![0.0; x.len()];
        cross_rows(x, y, &mut product);
        return Ok(unfold(a.shape(), product));
    }
    let (a, b) = (components("a", a.into_dyn(), axis)?, components("b", b.into_dyn(), axis)?);
    let shape = broadcast(a.shape(), b.shape())?;
    let planar = a.shape()[a.ndim() - 1] == 2 && b.shape()[b.ndim() - 1] == 2;
    let count: usize = shape.iter().product();
    check::room("cross", "product", &[count, 3])?;
    let (a, b) = (in_space(a), in_space(b));
    let spread = |v: &ArrayD<f64>| {
        let mut whole = shape.clone();
        whole.push(3);
        let wide = v.broadcast(IxDyn(&whole)).map(|wide| wide.as_standard_layout().into_owned());
        wide.and_then(|wide| wide.into_shape_with_order(3 * count).ok())
            .unwrap_or_else(|| unreachable!("the shapes were compared"))
            .into_raw_vec_and_offset()
            .0
    };
    let (x, y) = (spread(&a), spread(&b));
    let mut product = vec![0.0; 3 * count];
    cross_rows(&x, &y, &mut product);
    if planar {
        let areas = product.chunks_exact(3).map(|v| v[2]).collect();
        return Ok(unfold(&shape, areas));
    }
    let mut whole = shape.clone();
    whole.push(3);
    let product = unfold(&whole, product);
    let target = place("cross", "axis", axis, product.ndim())?;
    let mut order: Vec<usize> = (0..shape.len()).collect();
    order.insert(target, shape.len());
    Ok(product.permuted_axes(order))
}

fn unfold(shape: &[usize], values: Vec<f64>) -> ArrayD<f64> {
    Array::from_shape_vec(IxDyn(shape), values).unwrap_or_else(|_| unreachable!("the shape's product is their number"))
}

/// The same vectors, along the last axis.
fn components<'a>(argument: &'static str, a: ArrayViewD<'a, f64>, axis: isize) -> Result<ArrayViewD<'a, f64>> {
    let shape = a.shape().to_vec();
    let refused = |expected: &str| {
        let (function, shape) = ("cross", shape.clone());
        Err(Error::Shape { function, argument, shape, expected: expected.into() })
    };
    if a.ndim() == 0 {
        return refused("vectors of two or three components are needed");
    }
    let axis = place("cross", "axis", axis, a.ndim())?;
    if !matches!(shape[axis], 2 | 3) {
        return refused(&format!("axis {axis} must have two or three components"));
    }
    let mut order: Vec<usize> = (0..a.ndim()).filter(|&other| other != axis).collect();
    order.push(axis);
    Ok(a.permuted_axes(order))
}

/// What the axes in front of the last become.
fn broadcast(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    let (left, right) = (&a[..a.len() - 1], &b[..b.len() - 1]);
    let mut shape = vec![1; left.len().max(right.len())];
    for (argument, own) in [("a", left), ("b", right)] {
        for (length, &own) in shape.iter_mut().rev().zip(own.iter().rev()) {
            if *length == 1 {
                *length = own;
            } else if own != 1 && own != *length {
                let expected = format!("a is {} (with the vectors' axis last)", Shape(a));
                return Err(Error::Shape { function: "cross", argument, shape: b.to_vec(), expected });
            }
        }
    }
    Ok(shape)
}

/// Three components, the third zero where there were two.
fn in_space(v: ArrayViewD<'_, f64>) -> ArrayD<f64> {
    let last = Axis(v.ndim() - 1);
    let mut shape = v.shape().to_vec();
    shape[last.index()] = 3;
    let mut space = ArrayD::zeros(IxDyn(&shape));
    let components = v.len_of(last);
    space.slice_axis_mut(last, (0..components).into()).assign(&v);
    space
}

wide_kernel! {
    /// The vector products of the rows of three.
    fn cross_rows(a: &[f64], b: &[f64], out: &mut [f64]) = cross_rows_body
}

#[inline(always)]
fn cross_rows_body<const FMA: bool>(a: &[f64], b: &[f64], out: &mut [f64]) {
    for ((x, y), product) in a.chunks_exact(3).zip(b.chunks_exact(3)).zip(out.chunks_exact_mut(3)) {
        product[0] = difference_of_products::<FMA>(x[1], y[2], x[2], y[1]);
        product[1] = difference_of_products::<FMA>(x[2], y[0], x[0], y[2]);
        product[2] = difference_of_products::<FMA>(x[0], y[1], x[1], y[0]);
        if !(product[0] + product[1] + product[2]).is_finite() {
            overflowed(x, y, product);
        }
    }
}

/// a·b − c·d with what the roundings of both products left: exact products, whose differences are rounded (after W. Kahan).
#[inline(always)]
fn difference_of_products<const FMA: bool>(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let ((first, rest), (second, other)) = (two_product::<FMA>(a, b), two_product::<FMA>(c, d));
    (first - second) + (rest - other)
}

/// Where a product of finite numbers left the range, their difference may not: with numbers near one, and scaled back. NaN and infinities
/// have the value of the plain formula.
#[cold]
fn overflowed(x: &[f64], y: &[f64], product: &mut [f64]) {
    let exponent = |v: &[f64]| super::magnitude::exponent(v.iter().fold(0.0_f64, |m, c| m.max(c.abs())));
    let finite = x.iter().chain(y).all(|v| v.is_finite());
    let (left, right) = if finite { (exponent(x), exponent(y)) } else { (0, 0) };
    // What is finite stays: scaling could take its digits.
    for (k, out) in product.iter_mut().enumerate().filter(|(_, out)| !out.is_finite()) {
        let (i, j) = ((k + 1) % 3, (k + 2) % 3);
        let (x, y) = (|i: usize| libm::ldexp(x[i], -left), |i: usize| libm::ldexp(y[i], -right));
        *out = if finite {
            libm::ldexp(difference_of_products::<BASELINE_FMA>(x(i), y(j), x(j), y(i)), left + right)
        } else {
            x(i) * y(j) - x(j) * y(i)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instantiation_of_cross_agrees() {
        let a: Vec<f64> = (0..30).map(|i| f64::from(i).sin()).collect();
        let b: Vec<f64> = (0..30).map(|i| f64::from(i).cos() * 1e3).collect();
        let (mut one, mut two, mut three) = ([0.0; 30], [0.0; 30], [0.0; 30]);
        cross_rows(&a, &b, &mut one);
        cross_rows_body::<true>(&a, &b, &mut two);
        cross_rows_body::<false>(&a, &b, &mut three);
        assert_eq!((one, one), (two, three));
    }
}
