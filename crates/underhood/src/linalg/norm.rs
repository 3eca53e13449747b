//! Lengths of vectors and sizes of matrices: every norm that NumPy has, over any axes, safe from overflow and underflow.
//!
//! ‖x‖ₚ = (Σ|xᵢ|^p)^(1/p). Squares of numbers beyond 1e±154 leave the range of doubles though the length does not: a sum that comes out
//! near an end of the range is computed anew from numbers that a power of two brought near one (J. L. Blue, "A portable Fortran
//! program to find the Euclidean norm of a vector", ACM TOMS 4 (1978) 15–23, doi:10.1145/355769.355771). Sums run in lanes and
//! blocks, whose totals are added with compensation, so that the error does not grow with the length.

use std::str::FromStr;

use ndarray::{Array1, ArrayD, ArrayView, ArrayView1, ArrayView2, Axis, Dimension, Ix2, IxDyn};

use super::{magnitude, singular_values};
use crate::double_double::{self, two_sum};
use crate::error::{Error, Result};
use crate::simd::{mul_add, wide_kernel};

/// Which norm is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NormOrder {
    /// Of vectors: (Σ|xᵢ|^p)^(1/p), with its limits at ±∞ (largest and smallest magnitude) and the number of nonzeros for 0. Of matrices: ±1
    /// (column sums), ±2 (singular values), ±∞ (row sums).
    Power(f64),
    /// Of matrices: the root of the sum of squares.
    Frobenius,
    /// Of matrices: the sum of the singular values.
    Nuclear,
}

impl FromStr for NormOrder {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "fro" => Ok(NormOrder::Frobenius),
            "nuc" => Ok(NormOrder::Nuclear),
            _ => {
                let (value, allowed) = (name.into(), &["fro", "nuc"]);
                Err(Error::UnknownName { function: "norm", argument: "ord", value, allowed })
            }
        }
    }
}

/// Vectors up to this length are summed with 32 digits, which costs nothing beside the call.
const SHORT: usize = 48;

/// Sums of squares within these bounds lost nothing to the ends of the range.
const SAFE: std::ops::RangeInclusive<f64> = 1e-260..=1e300;

/// So many numbers are summed in lanes before their total joins the compensated sum.
const BLOCK: usize = 2048;

/// ‖x‖₂, the root of the sum of squares of all entries of an array of any shape.
///
/// Right for numbers of any magnitude; beyond 1.8e308 it is infinite. NaN goes through, and so does infinity.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::length;
///
/// assert_eq!(length(array![3.0, 4.0].view()), 5.0);
/// assert_eq!(length(array![3e300, 4e300].view()), 5e300);
/// ```
pub fn length<D: Dimension>(x: ArrayView<'_, f64, D>) -> f64 {
    match x.as_slice_memory_order() {
        Some(slice) => euclidean(slice),
        None => euclidean(&x.iter().copied().collect::<Vec<_>>()),
    }
}

/// The norm of a vector: (Σ|xᵢ|^p)^(1/p).
///
/// # Errors
/// [`Error::OutOfRange`] when `p` is NaN, [`Error::Invalid`] for the smallest magnitude (p = −∞) of no numbers.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::vector_norm;
///
/// let x = array![3.0, -4.0];
/// assert_eq!(vector_norm(x.view(), 1.0)?, 7.0);
/// assert_eq!(vector_norm(x.view(), f64::INFINITY)?, 4.0);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn vector_norm(x: ArrayView1<'_, f64>, p: f64) -> Result<f64> {
    check_power(p, x.len())?;
    Ok(match x.as_slice() {
        Some(slice) => power_norm(slice, p),
        None => power_norm(&x.to_vec(), p),
    })
}

/// The norm of a matrix: ±1, ±2, ±∞, Frobenius' or the nuclear norm.
///
/// # Errors
/// [`Error::Invalid`] for a power that is no norm of matrices, and for the smallest of no sums or singular values;
/// [`Error::NotFinite`] where singular values are needed of a matrix with NaN or infinities, [`Error::Invalid`] where they are beyond the
/// range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::{NormOrder, matrix_norm};
///
/// let a = array![[1.0, -2.0], [3.0, 4.0]];
/// assert_eq!(matrix_norm(a.view(), NormOrder::Power(1.0))?, 6.0);
/// assert_eq!(matrix_norm(a.view(), NormOrder::Power(f64::INFINITY))?, 7.0);
/// assert_eq!(matrix_norm(a.view(), NormOrder::Frobenius)?, 30_f64.sqrt());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn matrix_norm(a: ArrayView2<'_, f64>, order: NormOrder) -> Result<f64> {
    match order {
        NormOrder::Frobenius => Ok(length(a)),
        NormOrder::Nuclear => Ok(compensated(singular_values("norm", "x", a, false)?.iter().copied())),
        NormOrder::Power(2.0) => Ok(singular_values("norm", "x", a, false)?.first().copied().unwrap_or(0.0)),
        NormOrder::Power(-2.0) => {
            let values = singular_values("norm", "x", a, false)?;
            values.last().copied().ok_or_else(|| nothing("has no singular values", "-2"))
        }
        NormOrder::Power(p) if p.abs() == 1.0 || p.abs() == f64::INFINITY => {
            let sums = lane_norms(if p.abs() == 1.0 { a.t() } else { a }, 1.0);
            match (p > 0.0, sums.is_empty()) {
                (true, _) => Ok(sums.into_iter().fold(0.0, larger)),
                (false, false) => Ok(sums.into_iter().fold(f64::INFINITY, smaller)),
                (false, true) => Err(nothing("has no sums", if p == -1.0 { "-1" } else { "-inf" })),
            }
        }
        NormOrder::Power(p) => Err(no_matrix_norm(p)),
    }
}

fn no_matrix_norm(p: f64) -> Error {
    let problem = format!(
        "is {p}, which is no norm of matrices: these are 'fro', 'nuc', 1, -1, 2, -2, inf and -inf (for vectors along an axis, name the \
         axis)"
    );
    Error::Invalid { function: "norm", argument: "ord", problem }
}

fn nothing(what: &str, order: &str) -> Error {
    let problem = format!("{what}, of which ord = {order} would be the smallest");
    Error::Invalid { function: "norm", argument: "x", problem }
}

/// The norm along one axis (of the vectors there), over two (of the matrices there), or of all entries, as `numpy.linalg.norm`.
///
/// Without `order`, the root of the sum of squares. Without `axes`, an array of one axis is a vector and one of two a matrix; one of more,
/// or a single number, has its root of the sum of squares only. Axes may be counted from the end, −1 being the last. With `keep`, the
/// axes that were summed over stay, with length one.
///
/// # Errors
/// Those of [`vector_norm`] and [`matrix_norm`]; [`Error::OutOfRange`] for an axis that does not exist, [`Error::Invalid`] for axes that
/// are more than two or the same twice, or an order that their number does not have.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::norm;
///
/// let rows = array![[3.0, 4.0], [5.0, 12.0]];
/// assert_eq!(norm(rows.view(), None, Some(&[-1]), false)?, array![5.0, 13.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn norm<D: Dimension>(
    x: ArrayView<'_, f64, D>,
    order: Option<NormOrder>,
    axes: Option<&[isize]>,
    keep: bool,
) -> Result<ArrayD<f64>> {
    let x = x.into_dyn();
    let x_len = x.len();
    let found: Vec<usize> = match axes {
        Some(axes) => axes.iter().map(|&axis| place("norm", "axis", axis, x.ndim())).collect::<Result<_>>()?,
        None => (0..x.ndim()).collect(),
    };
    let mut kept = x.shape().to_vec();
    found.iter().for_each(|&axis| kept[axis] = 1);
    let shaped = |values: Vec<f64>| {
        let mut result = Array1::from_vec(values)
            .into_shape_with_order(IxDyn(&kept))
            .unwrap_or_else(|_| unreachable!("one norm for every vector or matrix"));
        if !keep {
            let mut axes = found.clone();
            axes.sort_unstable();
            for axis in axes.into_iter().rev() {
                result = result.index_axis_move(Axis(axis), 0);
            }
        }
        result
    };
    match (&found[..], order) {
        (_, None) if axes.is_none() => Ok(shaped(vec![length(x)])),
        (&[axis], order) => {
            let p = match order.unwrap_or(NormOrder::Power(2.0)) {
                NormOrder::Power(p) => p,
                name => {
                    let name = if name == NormOrder::Nuclear { "nuc" } else { "fro" };
                    let problem = format!("is {name:?}, a norm of matrices, but x has vectors along one axis");
                    return Err(Error::Invalid { function: "norm", argument: "ord", problem });
                }
            };
            check_power(p, x.shape()[axis])?;
            let mut order: Vec<usize> = (0..x.ndim()).filter(|&other| other != axis).collect();
            order.push(axis);
            let lanes = x.permuted_axes(order);
            let (count, length) = (kept.iter().product::<usize>(), lanes.shape()[lanes.ndim() - 1]);
            Ok(shaped(match lanes.view().into_shape_with_order((count, length)) {
                Ok(rows) => lane_norms(rows, p),
                Err(_) if lanes.ndim() == 2 => {
                    lane_norms(lanes.into_dimensionality().unwrap_or_else(|_| unreachable!("two axes")), p)
                }
                Err(_) => lanes.rows().into_iter().map(|row| vector_norm(row, p)).collect::<Result<_>>()?,
            }))
        }
        (&[rows, columns], order) => {
            if rows == columns {
                let problem = format!("names axis {rows} twice, but a matrix has two different ones");
                return Err(Error::Invalid { function: "norm", argument: "axis", problem });
            }
            let mut axes: Vec<usize> = (0..x.ndim()).filter(|&other| other != rows && other != columns).collect();
            axes.extend([rows, columns]);
            let stack = x.permuted_axes(axes);
            let leading = stack.shape()[..stack.ndim() - 2].to_vec();
            let order = order.unwrap_or(NormOrder::Frobenius);
            if let NormOrder::Power(p) = order
                && ![1.0, 2.0, f64::INFINITY].contains(&p.abs())
            {
                return Err(no_matrix_norm(p));
            }
            let count: usize = leading.iter().product();
            if order == NormOrder::Frobenius
                && let Ok(each) = stack.view().into_shape_with_order((count, x_len / count.max(1)))
            {
                return Ok(shaped(lane_norms(each, 2.0)));
            }
            let mut values = Vec::with_capacity(count);
            if !leading.contains(&0) {
                for index in ndarray::indices(IxDyn(&leading)) {
                    let mut matrix = stack.view();
                    for &i in index.as_array_view() {
                        matrix = matrix.index_axis_move(Axis(0), i);
                    }
                    let matrix =
                        matrix.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("two axes are left"));
                    let value = matrix_norm(matrix, order);
                    values.push(value.map_err(|error| error.in_stack(index.as_array_view().to_vec()))?);
                }
            }
            Ok(shaped(values))
        }
        (axes, _) => {
            let problem =
                format!("names {} axes, but a norm is over one (of vectors) or two (of matrices)", axes.len());
            Err(Error::Invalid { function: "norm", argument: "axis", problem })
        }
    }
}

/// An axis counted from the front, from one that may be counted from the end.
pub(crate) fn place(function: &'static str, argument: &'static str, axis: isize, axes: usize) -> Result<usize> {
    let from_front = if axis < 0 { axis + axes as isize } else { axis };
    if (0..axes as isize).contains(&from_front) {
        return Ok(from_front as usize);
    }
    let expected = match axes {
        0 => "left out: a single number has no axes".into(),
        _ => format!("between {} and {}, one of the {axes} axes", -(axes as isize), axes - 1),
    };
    Err(Error::OutOfRange { function, argument, value: axis as f64, expected })
}

fn check_power(p: f64, length: usize) -> Result<()> {
    if p.is_nan() {
        let expected = "a number, such as 2, or inf".into();
        return Err(Error::OutOfRange { function: "norm", argument: "ord", value: p, expected });
    }
    if p == f64::NEG_INFINITY && length == 0 {
        return Err(nothing("has no numbers", "-inf"));
    }
    Ok(())
}

/// The norm of every row. Short rows are taken side by side, and so are rows that lie across the memory where the norm is a plain sum.
pub(crate) fn lane_norms(rows: ArrayView2<'_, f64>, p: f64) -> Vec<f64> {
    let (count, length) = rows.dim();
    let lies_across = rows.strides()[0] == 1 && rows.strides()[1] >= count as isize;
    if length > 0 && count > 1 && lies_across && (p == 1.0 || p == 2.0 || p == f64::INFINITY) {
        return if p == f64::INFINITY { largest_across(rows) } else { across(rows, p) };
    }
    if let (Some(slice), 1..=SHORT, true) = (rows.as_slice(), length, p == 1.0 || p == 2.0) {
        let (mut high, mut low) = (vec![0.0; count], vec![0.0; count]);
        if p == 1.0 {
            double_double::rows_magnitudes(slice, length, &mut high, &mut low);
        } else {
            double_double::rows_squares(slice, length, &mut high, &mut low);
        }
        for (sum, row) in high.iter_mut().zip(slice.chunks_exact(length)) {
            *sum = match p {
                2.0 if SAFE.contains(sum) => sum.sqrt(),
                2.0 => euclidean_scaled(row),
                _ if sum.is_finite() => *sum,
                _ => power_norm(row, p),
            };
        }
        return high;
    }
    let mut copy = Vec::new();
    rows.rows()
        .into_iter()
        .map(|row| match row.as_slice() {
            Some(slice) => power_norm(slice, p),
            None => {
                copy.clear();
                copy.extend(row.iter().copied());
                power_norm(&copy, p)
            }
        })
        .collect()
}

/// The largest magnitude of every row; as integers, magnitudes are ordered like the numbers, NaN above all.
fn largest_across(rows: ArrayView2<'_, f64>) -> Vec<f64> {
    let mut largest = vec![0; rows.nrows()];
    for column in rows.columns() {
        match column.as_slice() {
            Some(slice) => raise(slice, &mut largest),
            None => unreachable!("the stride of rows is one"),
        }
    }
    largest.into_iter().map(f64::from_bits).collect()
}

/// The same for p = 1 and p = 2, all rows at once, a column (which lies together) at a time.
fn across(rows: ArrayView2<'_, f64>, p: f64) -> Vec<f64> {
    let (count, _) = rows.dim();
    let (mut sums, mut lost, mut block) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
    for columns in rows.axis_chunks_iter(Axis(1), 64) {
        block.fill(0.0);
        for column in columns.columns() {
            match column.as_slice() {
                Some(slice) if p == 1.0 => add_magnitudes(slice, &mut block),
                Some(slice) => add_squares(slice, &mut block),
                None => unreachable!("the stride of rows is one"),
            }
        }
        for i in 0..count {
            let (sum, error) = two_sum(sums[i], block[i]);
            sums[i] = sum;
            lost[i] += error;
        }
    }
    let settled = |i: usize| {
        let sum = sums[i] + lost[i];
        if p == 2.0 && SAFE.contains(&sum) {
            return sum.sqrt();
        }
        // A compensated sum of infinities is NaN.
        if p == 1.0 && sum.is_finite() { sum } else { power_norm(&rows.row(i).to_vec(), p) }
    };
    (0..count).map(settled).collect()
}

fn power_norm(x: &[f64], p: f64) -> f64 {
    match p {
        0.0 => x.iter().filter(|&&v| v != 0.0).count() as f64,
        1.0 => {
            let sum = magnitudes(x);
            // Compensation turns an infinite sum into NaN; so does NaN itself.
            if sum.is_nan() { x.iter().map(|v| v.abs()).sum() } else { sum }
        }
        2.0 => euclidean(x),
        f64::INFINITY => magnitude::largest_of(x),
        f64::NEG_INFINITY => x.iter().map(|v| v.abs()).fold(f64::INFINITY, smaller),
        _ => scaled_power(x, p),
    }
}

/// m·(Σ(|xᵢ|/m)^p)^(1/p), where the magnitude m, the largest for p > 0 and the smallest for p < 0, decides the sum: no power overflows.
fn scaled_power(x: &[f64], p: f64) -> f64 {
    let unit = if p > 0.0 { magnitude::largest_of(x) } else { x.iter().map(|v| v.abs()).fold(f64::INFINITY, smaller) };
    if unit == 0.0 || !unit.is_finite() {
        return unit;
    }
    if let Some(whole) = (3..=16).find(|&whole| f64::from(whole) == p) {
        // Underflow takes nothing that counts: the largest ratio is one.
        return unit * compensated(x.iter().map(|v| (v.abs() / unit).powi(whole))).powf(p.recip());
    }
    let terms = x.iter().map(|v| {
        let ratio = v.abs() / unit;
        if (ratio == 0.0 && *v != 0.0) || (ratio == f64::INFINITY && v.is_finite()) {
            // Their quotient is out of range, but a small power of it may not be.
            v.abs().powf(p) / unit.powf(p)
        } else {
            ratio.powf(p)
        }
    });
    unit * compensated(terms).powf(p.recip())
}

/// ‖x‖₂ of numbers that lie together.
pub(crate) fn euclidean(x: &[f64]) -> f64 {
    let sum = if x.len() <= SHORT { double_double::dot(x, x).value() } else { squares(x) };
    if SAFE.contains(&sum) { sum.sqrt() } else { euclidean_scaled(x) }
}

#[cold]
fn euclidean_scaled(x: &[f64]) -> f64 {
    let largest = magnitude::largest_of(x);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let exponent = magnitude::exponent(largest);
    let near_one: Vec<f64> = x.iter().map(|&v| libm::ldexp(v, -exponent)).collect();
    libm::ldexp(double_double::dot(&near_one, &near_one).value().sqrt(), exponent)
}

fn compensated(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut plain, mut lost) = (0.0, 0.0, 0.0);
    for term in terms {
        let (next, error) = two_sum(sum, term);
        sum = next;
        plain += term;
        lost += error;
    }
    if plain.is_finite() { sum + lost } else { plain }
}

/// The larger of two, NaN above all.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// The smaller of two, NaN before all.
fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

wide_kernel! {
    /// Σxᵢ²; NaN where it overflows.
    fn squares(x: &[f64]) -> f64 = squares_body
}
#[inline(always)]
fn squares_body<const FMA: bool>(x: &[f64]) -> f64 {
    blocked(x, |v, sum| mul_add::<FMA>(v, v, sum))
}

wide_kernel! {
    /// Σ|xᵢ|; NaN where it overflows.
    fn magnitudes(x: &[f64]) -> f64 = magnitudes_body
}
#[inline(always)]
fn magnitudes_body<const FMA: bool>(x: &[f64]) -> f64 {
    blocked(x, |v, sum| sum + v.abs())
}

wide_kernel! {
    /// sumᵢ += xᵢ².
    fn add_squares(x: &[f64], sums: &mut [f64]) = add_squares_body
}
#[inline(always)]
fn add_squares_body<const FMA: bool>(x: &[f64], sums: &mut [f64]) {
    x.iter().zip(sums).for_each(|(&v, sum)| *sum = mul_add::<FMA>(v, v, *sum));
}

wide_kernel! {
    /// sumᵢ += |xᵢ|.
    fn add_magnitudes(x: &[f64], sums: &mut [f64]) = add_magnitudes_body
}
#[inline(always)]
fn add_magnitudes_body<const FMA: bool>(x: &[f64], sums: &mut [f64]) {
    x.iter().zip(sums).for_each(|(&v, sum)| *sum += v.abs());
}

wide_kernel! {
    /// largestᵢ = max(largestᵢ, |xᵢ|), as bits.
    fn raise(x: &[f64], largest: &mut [u64]) = raise_body
}
#[inline(always)]
fn raise_body<const FMA: bool>(x: &[f64], largest: &mut [u64]) {
    x.iter().zip(largest).for_each(|(v, most)| *most = (*most).max(v.to_bits() & !(1 << 63)));
}

/// Thirty-two running sums in a block, whose totals are added with compensation.
#[inline(always)]
fn blocked(x: &[f64], add: impl Fn(f64, f64) -> f64) -> f64 {
    const LANES: usize = 32;
    let (mut total, mut lost) = (0.0, 0.0);
    for block in x.chunks(BLOCK) {
        let mut sums = [0.0; LANES];
        let pieces = block.chunks_exact(LANES);
        let tail = pieces.remainder();
        for piece in pieces {
            for lane in 0..LANES {
                sums[lane] = add(piece[lane], sums[lane]);
            }
        }
        for (lane, &v) in tail.iter().enumerate() {
            sums[lane] = add(v, sums[lane]);
        }
        let mut width = LANES / 2;
        while width > 0 {
            for lane in 0..width {
                sums[lane] += sums[lane + width];
            }
            width /= 2;
        }
        let (sum, error) = two_sum(total, sums[0]);
        total = sum;
        lost += error;
    }
    total + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instantiation_and_every_path_agrees() {
        for n in [0, 1, 31, 32, 33, 47, 48, 49, 100, 2048, 2049, 5000] {
            let x: Vec<f64> = (0..n).map(|i| f64::from(i % 7) - 3.0).collect();
            let (sum, size) = (x.iter().map(|v| v * v).sum::<f64>(), x.iter().map(|v| v.abs()).sum::<f64>());
            for found in [squares(&x), squares_body::<false>(&x), squares_body::<true>(&x)] {
                assert_eq!(found, sum);
            }
            for found in [magnitudes(&x), magnitudes_body::<false>(&x), magnitudes_body::<true>(&x)] {
                assert_eq!(found, size);
            }
            assert_eq!(euclidean(&x), sum.sqrt());
            assert_eq!(euclidean_scaled(&x), sum.sqrt());
        }
    }
}
