//! Directions: unit vectors, the angle between two vectors, and its cosine.
//!
//! The textbook's arccos(u·v / ‖u‖‖v‖) loses half of the digits of a small angle, since the cosine is flat at 0. W. Kahan's formula does
//! not: 2·atan2(‖u/‖u‖ − v/‖v‖‖, ‖u/‖u‖ + v/‖v‖‖) ("How futile are mindless assessments of roundoff in floating-point
//! computation?", 2006, section 12). Vectors are first brought near one by powers of two, which changes no digit and no direction.

use std::borrow::Cow;

use ndarray::{Array2, ArrayD, ArrayView, ArrayView1, ArrayView2, Axis, Dimension};

use super::magnitude;
use super::norm::{euclidean, lane_norms, place, vector_norm};
use super::product::gemm;
use crate::check;
use crate::double_double::{self, Dd};
use crate::error::{Error, Result, Shape};
use crate::simd::{mul_add, wide_kernel};

/// The vectors along `axis`, each divided by its norm of order `p`.
///
/// # Errors
/// [`Error::Invalid`] for a vector of zeros, which has no direction, with its place; [`Error::NotFinite`] for NaN and infinities;
/// [`Error::OutOfRange`] when `p` is not positive, or for an axis that does not exist; [`Error::Shape`] for a single number.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::normalize;
///
/// let rows = array![[3.0, 4.0], [0.0, -2.0]];
/// assert_eq!(normalize(rows.view(), 2.0, -1)?, array![[0.6, 0.8], [0.0, -1.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn normalize<D: Dimension>(x: ArrayView<'_, f64, D>, p: f64, axis: isize) -> Result<ndarray::Array<f64, D>> {
    check::in_range("normalize", "ord", p, p > 0.0, "positive (2, 1, inf, …)")?;
    if x.ndim() == 0 {
        let expected = "a vector, or an array of them, is needed".into();
        return Err(Error::Shape { function: "normalize", argument: "x", shape: vec![], expected });
    }
    let axis = place("normalize", "axis", axis, x.ndim())?;
    let mut unit = x.to_owned();
    if axis + 1 == x.ndim() && unit.is_standard_layout() {
        let (length, count) = (x.len_of(Axis(axis)), x.len() / x.len_of(Axis(axis)).max(1));
        let sizes = match unit.view().into_shape_with_order((count, length)) {
            Ok(rows) => lane_norms(rows, p),
            Err(_) => unreachable!("the rows of an array in standard layout"),
        };
        // Neither NaN nor infinite nor zero, and no component of note so small that its digits were lost.
        if sizes.iter().all(|&size| size != 0.0 && magnitude::is_comfortable(size)) {
            let values = unit.as_slice_mut().unwrap_or(&mut []);
            for (row, size) in values.chunks_exact_mut(length.max(1)).zip(sizes) {
                row.iter_mut().for_each(|v| *v /= size);
            }
            return Ok(unit);
        }
    }
    let mut lanes = unit.lanes_mut(Axis(axis)).into_iter();
    for (index, lane) in lanes.by_ref().enumerate() {
        let mut lane = lane;
        let e = exponent_of("normalize", "x", lane.view()).map_err(|error| in_lane(error, &x, axis, index))?;
        if e != 0 {
            lane.mapv_inplace(|v| libm::ldexp(v, -e));
        }
        let size = vector_norm(lane.view(), p)?;
        lane.mapv_inplace(|v| v / size);
    }
    Ok(unit)
}

/// The power of two that brings a vector near one, 0 where it need not be brought; refuses a vector without a direction.
fn exponent_of(function: &'static str, argument: &'static str, v: ArrayView1<'_, f64>) -> Result<i32> {
    let largest = match v.as_slice() {
        Some(slice) => magnitude::largest_of(slice),
        None => v.iter().fold(0.0, |m, c| if c.is_finite() { c.abs().max(m) } else { f64::INFINITY }),
    };
    if !largest.is_finite() {
        check::finite_vector(function, argument, v)?;
    }
    if largest == 0.0 {
        let problem = match v.len() {
            0 => "has no components, so it has no direction".into(),
            n => format!("is a vector of {n} zeros, which has no direction"),
        };
        return Err(Error::Invalid { function, argument, problem });
    }
    Ok(if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) })
}

/// Says where in the array the refused vector lies.
fn in_lane<D: Dimension>(error: Error, x: &ArrayView<'_, f64, D>, axis: usize, lane: usize) -> Error {
    if x.ndim() == 1 {
        return error;
    }
    let mut leading = x.shape().to_vec();
    leading.remove(axis);
    let mut index = super::stack::place(&leading, lane);
    match error {
        Error::NotFinite { function, argument, value, index: within } => {
            index.insert(axis, within.first().copied().unwrap_or(0));
            Error::NotFinite { function, argument, value, index }
        }
        Error::Invalid { function, argument, .. } => {
            let mut place: Vec<String> = index.iter().map(ToString::to_string).collect();
            place.insert(axis, ":".into());
            let problem = format!("holds a vector of zeros at [{}], which has no direction", place.join(", "));
            Error::Invalid { function, argument, problem }
        }
        other => other,
    }
}

/// A vector's components, scaled where needed.
type Components<'a> = Cow<'a, [f64]>;

/// Two vectors of one length that have a direction, brought near one.
fn pair<'a>(
    function: &'static str,
    u: ArrayView1<'a, f64>,
    v: ArrayView1<'a, f64>,
) -> Result<(Components<'a>, Components<'a>)> {
    check::same_length(function, ("v", v.len()), ("u", u.shape()))?;
    let near_one = |argument, x: ArrayView1<'a, f64>| -> Result<Components<'a>> {
        let uncomfortable = exponent_of(function, argument, x)?;
        // Of short vectors, products of four components are taken.
        let largest = || x.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
        let e = if x.len() > SHORT { uncomfortable } else { magnitude::exponent(largest()) };
        Ok(match (e, x.to_slice()) {
            (0, Some(slice)) => Cow::Borrowed(slice),
            (0, None) => Cow::Owned(x.to_vec()),
            (e, _) => Cow::Owned(x.iter().map(|&c| libm::ldexp(c, -e)).collect()),
        })
    };
    Ok((near_one("u", u)?, near_one("v", v)?))
}

/// Vectors up to this length are worked on with 32 digits.
const SHORT: usize = 64;

/// The angle between two vectors in radians, from 0 to π, accurate to the last digits however small it is; of more than 64 components n,
/// where it is summed in doubles, to a small part of n·ε.
///
/// # Errors
/// [`Error::Shape`] when the lengths differ, [`Error::Invalid`] for a vector of zeros, [`Error::NotFinite`] for NaN and infinities.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::angle;
///
/// let right = angle(array![1.0, 0.0].view(), array![0.0, 5.0].view())?;
/// assert_eq!(right, std::f64::consts::FRAC_PI_2);
/// let small = angle(array![1.0, 0.0].view(), array![1.0, 1e-12].view())?;
/// assert_eq!(small, 1e-12);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn angle(u: ArrayView1<'_, f64>, v: ArrayView1<'_, f64>) -> Result<f64> {
    let (u, v) = pair("angle", u, v)?;
    if u.len() > SHORT {
        let (apart, together) = squares_of_both(&u, &v, euclidean(&u).recip(), euclidean(&v).recip());
        return Ok(2.0 * apart.sqrt().atan2(together.sqrt()));
    }
    // atan2(√(‖u‖²‖v‖² − (u·v)²), u·v): with 32 digits it has sixteen, unless the angle is small (or nearly π).
    let (uv, uu, vv) = (double_double::dot(&u, &v), double_double::dot(&u, &u), double_double::dot(&v, &v));
    let (whole, square) = (uu * vv, uu * vv - uv * uv);
    if square.high > 1e-6 * whole.high {
        return Ok(arctangent(square.sqrt(), uv));
    }
    let (apart, together) = with_32_digits(&u, &v);
    Ok(2.0 * arctangent(apart, together))
}

/// atan2(y, x), corrected for the digits beyond the sixteenth.
fn arctangent(y: Dd, x: Dd) -> f64 {
    let beyond = (x.high * y.low - y.high * x.low) / (x.high * x.high + y.high * y.high);
    y.high.atan2(x.high) + beyond
}

wide_kernel! {
    /// Σ(a·uᵢ − b·vᵢ)² and Σ(a·uᵢ + b·vᵢ)².
    fn squares_of_both(u: &[f64], v: &[f64], a: f64, b: f64) -> (f64, f64) = squares_of_both_body
}
#[inline(always)]
fn squares_of_both_body<const FMA: bool>(u: &[f64], v: &[f64], a: f64, b: f64) -> (f64, f64) {
    const LANES: usize = 16;
    let (mut apart, mut together) = ([0.0; LANES], [0.0; LANES]);
    let (pieces_u, pieces_v) = (u.chunks_exact(LANES), v.chunks_exact(LANES));
    let (tail_u, tail_v) = (pieces_u.remainder(), pieces_v.remainder());
    for (piece_u, piece_v) in pieces_u.zip(pieces_v) {
        for lane in 0..LANES {
            let (u, v) = (a * piece_u[lane], b * piece_v[lane]);
            apart[lane] = mul_add::<FMA>(u - v, u - v, apart[lane]);
            together[lane] = mul_add::<FMA>(u + v, u + v, together[lane]);
        }
    }
    for (lane, (&u, &v)) in tail_u.iter().zip(tail_v).enumerate() {
        let (u, v) = (a * u, b * v);
        apart[lane] = mul_add::<FMA>(u - v, u - v, apart[lane]);
        together[lane] = mul_add::<FMA>(u + v, u + v, together[lane]);
    }
    (apart.iter().sum(), together.iter().sum())
}

/// ‖u/‖u‖ − v/‖v‖‖ and ‖u/‖u‖ + v/‖v‖‖ with 32 digits, so that parallel vectors whose lengths are no round numbers have an angle of zero.
fn with_32_digits(u: &[f64], v: &[f64]) -> (Dd, Dd) {
    /// Differences of unit vectors below this are what rounding at 32 digits leaves.
    const NOTHING: f64 = 1e-30;
    let of = |x: &[f64]| Dd::from(1.0) / double_double::dot(x, x).sqrt();
    let (of_u, of_v) = (of(u), of(v));
    let (mut apart, mut together) = (Dd::ZERO, Dd::ZERO);
    for (&a, &b) in u.iter().zip(v) {
        let (a, b) = (of_u * a, of_v * b);
        let (difference, sum) = (a - b, a + b);
        apart = apart + difference * difference;
        together = together + sum * sum;
    }
    let settled = |square: Dd| Some(square.sqrt()).filter(|v| v.high > NOTHING).unwrap_or(Dd::ZERO);
    (settled(apart), settled(together))
}

/// The cosine of the angle between vectors, u·v / (‖u‖‖v‖): of two vectors a number, of matrices the table of rows against rows.
///
/// A vector beside a matrix counts as one row, whose axis is dropped from the result. Values lie within [−1, 1]. Without `v`, `u`'s rows
/// are compared with each other; the table is then exactly symmetric, with ones on the diagonal.
///
/// # Errors
/// [`Error::Shape`] when the lengths differ or there are other than one or two axes; [`Error::Invalid`] for a vector of zeros,
/// [`Error::NotFinite`] for NaN and infinities, both with their row.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::cosine_similarity;
///
/// let (u, v) = (array![1.0, 0.0], array![3.0, 4.0]);
/// assert_eq!(cosine_similarity(u.view().into_dyn(), Some(v.view().into_dyn()))?, ndarray::arr0(0.6).into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn cosine_similarity(
    u: ArrayView<'_, f64, ndarray::IxDyn>,
    v: Option<ArrayView<'_, f64, ndarray::IxDyn>>,
) -> Result<ArrayD<f64>> {
    const FUNCTION: &str = "cosine_similarity";
    let (single_u, u) = rows("u", u)?;
    if let Some(v) = v {
        let (single_v, v) = rows("v", v)?;
        if u.ncols() != v.ncols() {
            let expected = format!("u is {}: the rows of both must be equally long", Shape(u.shape()));
            return Err(Error::Shape { function: FUNCTION, argument: "v", shape: v.shape().to_vec(), expected });
        }
        check::room(FUNCTION, "table", &[u.nrows(), v.nrows()])?;
        if single_u && single_v {
            let (u, v) = pair(FUNCTION, u.row(0), v.row(0))?;
            let (uv, uu, vv) = (double_double::dot(&u, &v), double_double::dot(&u, &u), double_double::dot(&v, &v));
            let cosine = (uv / (uu.sqrt() * vv.sqrt())).value();
            return Ok(ndarray::arr0(cosine.clamp(-1.0, 1.0)).into_dyn());
        }
        let (a, b) = (unit_rows("u", single_u, u)?, unit_rows("v", single_v, v)?);
        let mut table = Array2::zeros((a.nrows(), b.nrows()));
        gemm(table.view_mut(), a.view(), b.t());
        table.mapv_inplace(|c: f64| c.clamp(-1.0, 1.0));
        let mut table = table.into_dyn();
        if single_v {
            table = table.index_axis_move(Axis(1), 0);
        }
        if single_u {
            table = table.index_axis_move(Axis(0), 0);
        }
        return Ok(table);
    }
    check::room(FUNCTION, "table", &[u.nrows(), u.nrows()])?;
    let a = unit_rows("u", single_u, u)?;
    let mut table = Array2::zeros((a.nrows(), a.nrows()));
    gemm(table.view_mut(), a.view(), a.t());
    for i in 0..table.nrows() {
        table[[i, i]] = 1.0;
        for j in 0..i {
            let cosine = table[[i, j]].clamp(-1.0, 1.0);
            table[[i, j]] = cosine;
            table[[j, i]] = cosine;
        }
    }
    let table = table.into_dyn();
    Ok(if single_u { table.index_axis_move(Axis(0), 0).index_axis_move(Axis(0), 0) } else { table })
}

/// A vector as one row (and that it was one), or a matrix as it is.
fn rows<'a>(argument: &'static str, x: ArrayView<'a, f64, ndarray::IxDyn>) -> Result<(bool, ArrayView2<'a, f64>)> {
    let shape = x.shape().to_vec();
    let single = x.ndim() == 1;
    let x = if single { x.insert_axis(Axis(0)) } else { x };
    match x.into_dimensionality() {
        Ok(rows) => Ok((single, rows)),
        Err(_) => {
            let (function, expected) =
                ("cosine_similarity", "a vector, or a matrix with one in each row, is needed".into());
            Err(Error::Shape { function, argument, shape, expected })
        }
    }
}

fn unit_rows(argument: &'static str, single: bool, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    let unit =
        if single { normalize(x.row(0), 2.0, 0).map(|row| row.insert_axis(Axis(0))) } else { normalize(x, 2.0, 1) };
    unit.map_err(|error| match error {
        Error::NotFinite { value, index, .. } => {
            Error::NotFinite { function: "cosine_similarity", argument, value, index }
        }
        Error::Invalid { problem, .. } => Error::Invalid { function: "cosine_similarity", argument, problem },
        other => other,
    })
}
