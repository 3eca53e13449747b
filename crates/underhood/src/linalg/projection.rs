//! Projections onto lines and subspaces, and the distance from a hyperplane.
//!
//! The nearest point to u on the line through v is (u·v / v·v)·v; in the column space of a matrix it is Q·Qᵀ·u, with an orthonormal basis
//! in Q's columns (Strang, Introduction to Linear Algebra, chapter 4). The inner products behind a coefficient are taken with 32 digits.

use ndarray::{Array1, Array2, ArrayD, ArrayView1, ArrayView2, ArrayViewD, Axis, Ix1, Ix2};

use super::product::gemm;
use super::{magnitude, subspaces};
use crate::check;
use crate::double_double::{self, Dd};
use crate::error::{Error, Result, Shape};

/// P = Q·Qᵀ, which projects onto the column space of `a`; symmetric to the last bit, and of any rank.
///
/// Onto the whole space it is the identity, and onto nothing it is zero. The rank is decided as for
/// [`column_space`](crate::linalg::column_space).
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::OutOfRange`] for a negative `rcond`.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::projection_matrix;
///
/// let p = projection_matrix(array![[1.0], [1.0]].view(), None)?;
/// assert!((p - 0.5).iter().all(|e| e.abs() < 1e-15));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn projection_matrix(a: ArrayView2<'_, f64>, rcond: Option<f64>) -> Result<Array2<f64>> {
    let m = a.nrows();
    check::room("projection_matrix", "projection", &[m, m])?;
    let q = subspaces::range("projection_matrix", "a", a, rcond)?.columns;
    if q.ncols() == m {
        return Ok(Array2::eye(m));
    }
    let mut p = Array2::zeros((m, m));
    gemm(p.view_mut(), q.view(), q.t());
    for i in 0..m {
        for j in 0..i {
            p[[j, i]] = p[[i, j]];
        }
    }
    Ok(p)
}

/// The projection of `u`, a vector or one in each row, onto the line through the vector `onto` or the column space of the matrix `onto`.
///
/// # Errors
/// [`Error::Shape`] when `u`'s vectors and `onto` live in different spaces or have other than one or two axes; [`Error::Invalid`] for a
/// line through a vector of zeros, which has no direction, and a projection beyond the range of doubles; [`Error::NotFinite`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::project;
///
/// let u = array![3.0, 4.0];
/// assert_eq!(project(u.view().into_dyn(), array![1.0, 1.0].view().into_dyn())?, array![3.5, 3.5].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn project(u: ArrayViewD<'_, f64>, onto: ArrayViewD<'_, f64>) -> Result<ArrayD<f64>> {
    const FUNCTION: &str = "project";
    let (single, points) = points(FUNCTION, "u", u)?;
    let n = points.ncols();
    let dimension = |found: &[usize]| {
        let expected = format!("the vectors of u have {n} components");
        Err(Error::Shape { function: FUNCTION, argument: "onto", shape: found.to_vec(), expected })
    };
    if !matches!(onto.ndim(), 1 | 2) {
        let expected = "a vector, or a matrix whose columns span the space, is needed".into();
        return Err(Error::Shape { function: FUNCTION, argument: "onto", shape: onto.shape().to_vec(), expected });
    }
    if onto.shape()[0] != n {
        return dimension(onto.shape());
    }
    // Each point near one by a power of two, as far as it is not; that much of the result's is put back.
    let exponents: Vec<i32> = points.rows().into_iter().map(|row| magnitude_exponent(row)).collect();
    let mut near = points.to_owned();
    for (mut row, &e) in near.rows_mut().into_iter().zip(&exponents) {
        row.mapv_inplace(|v| libm::ldexp(v, -e));
    }
    let mut image = match onto.view().into_dimensionality::<Ix1>() {
        Ok(line) => onto_line(near.view(), line)?,
        Err(_) => {
            let onto = onto.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("two axes"));
            onto_space(near, subspaces::range(FUNCTION, "onto", onto, None)?.columns)
        }
    };
    for (mut row, &e) in image.rows_mut().into_iter().zip(&exponents) {
        row.mapv_inplace(|v| libm::ldexp(v, e) + 0.0);
    }
    if !image.iter().all(|v| v.is_finite()) {
        let problem = "has a projection beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: FUNCTION, argument: "u", problem });
    }
    let image = image.into_dyn();
    Ok(if single { image.index_axis_move(Axis(0), 0) } else { image })
}

fn magnitude_exponent(v: ArrayView1<'_, f64>) -> i32 {
    let largest = v.iter().fold(0.0_f64, |m, c| m.max(c.abs()));
    if magnitude::is_comfortable(largest) { 0 } else { magnitude::exponent(largest) }
}

/// A vector as one row (and that it was one), or a matrix as it is; all finite.
fn points<'a>(
    function: &'static str,
    argument: &'static str,
    x: ArrayViewD<'a, f64>,
) -> Result<(bool, ArrayView2<'a, f64>)> {
    let shape = x.shape().to_vec();
    let single = x.ndim() == 1;
    if let Ok(vector) = x.view().into_dimensionality::<Ix1>() {
        check::finite_vector(function, argument, vector)?;
    }
    let x = if single { x.insert_axis(Axis(0)) } else { x };
    let Ok(rows) = x.into_dimensionality::<Ix2>() else {
        let expected = "a vector, or a matrix with one in each row, is needed".into();
        return Err(Error::Shape { function, argument, shape, expected });
    };
    magnitude::largest(function, argument, rows)?;
    Ok((single, rows))
}

fn onto_line(points: ArrayView2<'_, f64>, line: ArrayView1<'_, f64>) -> Result<Array2<f64>> {
    check::finite_vector("project", "onto", line)?;
    let e = magnitude::exponent(line.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
    let direction: Vec<f64> = line.iter().map(|&v| libm::ldexp(v, -e)).collect();
    let square = double_double::dot(&direction, &direction);
    if square.high == 0.0 {
        let problem = format!("is a vector of {} zeros, which has no direction", direction.len());
        return Err(Error::Invalid { function: "project", argument: "onto", problem });
    }
    let mut image = Array2::zeros(points.dim());
    for (row, mut out) in points.rows().into_iter().zip(image.rows_mut()) {
        let coefficient = double_double::dot(&row.to_vec(), &direction) / square;
        out.iter_mut().zip(&direction).for_each(|(v, &d)| *v = (coefficient * d).value());
    }
    Ok(image)
}

/// Rows times Q·Qᵀ; the whole space leaves them as they are.
fn onto_space(points: Array2<f64>, q: Array2<f64>) -> Array2<f64> {
    if q.nrows() == q.ncols() {
        return points;
    }
    let mut coordinates = Array2::zeros((points.nrows(), q.ncols()));
    gemm(coordinates.view_mut(), points.view(), q.view());
    let mut image = Array2::zeros(points.dim());
    gemm(image.view_mut(), coordinates.view(), q.t());
    image
}

/// Points of so few components are taken side by side.
const SHORT: usize = 48;

/// The signed distance (w·x + b)/‖w‖ of points from the hyperplane w·x + b = 0: of a vector one, of a matrix one for each row.
///
/// Positive on the side that w points to. w·x + b is summed with 32 digits, since it cancels for points that are near.
///
/// # Errors
/// [`Error::Shape`] when a point does not have as many components as `w`; [`Error::Invalid`] when `w` is zero, so that there is no
/// hyperplane, or a distance is beyond the range of doubles; [`Error::NotFinite`] and [`Error::OutOfRange`] for NaN and infinities.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::hyperplane_distance;
///
/// // The line 3x + 4y = 5 and the origin.
/// let d = hyperplane_distance(array![0.0, 0.0].view().into_dyn(), array![3.0, 4.0].view(), -5.0)?;
/// assert_eq!(d, ndarray::arr0(-1.0).into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn hyperplane_distance(x: ArrayViewD<'_, f64>, w: ArrayView1<'_, f64>, b: f64) -> Result<ArrayD<f64>> {
    const FUNCTION: &str = "hyperplane_distance";
    let shape = x.shape().to_vec();
    let (single, points) = points(FUNCTION, "x", x)?;
    check::finite_vector(FUNCTION, "w", w)?;
    check::in_range(FUNCTION, "b", b, b.is_finite(), "finite")?;
    if points.ncols() != w.len() {
        let expected = format!("w is {}, one weight for each component of a point", Shape(w.shape()));
        return Err(Error::Shape { function: FUNCTION, argument: "x", shape, expected });
    }
    // Weights near one leave the hyperplane where it is when b follows.
    let of_w = magnitude::exponent(w.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
    let weights: Vec<f64> = w.iter().map(|&v| libm::ldexp(v, -of_w)).collect();
    let size = double_double::dot(&weights, &weights).sqrt();
    if size.high == 0.0 {
        let problem = format!("is a vector of {} zeros, so that w·x + b = 0 is no hyperplane", w.len());
        return Err(Error::Invalid { function: FUNCTION, argument: "w", problem });
    }
    let shift = libm::ldexp(b, -of_w);
    let carefully = |point: ArrayView1<'_, f64>| {
        // A point and b near one shrink the distance, by powers of two.
        let largest = point.iter().fold(shift.abs().min(f64::MAX), |m, v| m.max(v.abs()));
        let e = magnitude::exponent(largest);
        let near_one: Vec<f64> = point.iter().map(|&v| libm::ldexp(v, -e)).collect();
        let sum = double_double::dot(&near_one, &weights) + libm::ldexp(b, -of_w - e);
        libm::ldexp((sum / size).value(), e)
    };
    /// Distances within these bounds lost no digits to the ends of the range.
    const SAFE: std::ops::RangeInclusive<f64> = 1e-200..=1e300;
    let quick = |sum: Dd, point: ArrayView1<'_, f64>| {
        let distance = ((sum + shift) / size).value();
        if SAFE.contains(&distance.abs()) { distance } else { carefully(point) }
    };
    let distances: Array1<f64> = match points.as_slice() {
        Some(slice) if (1..=SHORT).contains(&w.len()) => {
            let (mut high, mut low) = (vec![0.0; points.nrows()], vec![0.0; points.nrows()]);
            double_double::rows_dot(slice, &weights, &mut high, &mut low);
            let sums = high.into_iter().zip(low).map(|(high, low)| Dd { high, low });
            sums.zip(points.rows()).map(|(sum, point)| quick(sum, point)).collect()
        }
        _ => {
            let mut copy = vec![0.0; w.len()];
            let distance = |point: ArrayView1<'_, f64>| match point.as_slice() {
                Some(slice) => quick(double_double::dot(slice, &weights), point),
                None => {
                    copy.iter_mut().zip(point).for_each(|(slot, &v)| *slot = v);
                    quick(double_double::dot(&copy, &weights), point)
                }
            };
            points.rows().into_iter().map(distance).collect()
        }
    };
    if !distances.iter().all(|d| d.is_finite()) {
        let problem = "has a point whose distance is beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function: FUNCTION, argument: "x", problem });
    }
    let distances = distances.into_dyn();
    Ok(if single { distances.index_axis_move(Axis(0), 0) } else { distances })
}
