//! Coordinates of a vector in a basis, and the matrix that changes one basis into another.
//!
//! v = B·c with the basis vectors in B's columns. B = Q·R gives c = R⁻¹·Qᵀ·v, and one step of refinement with the residual v − B·c in 32
//! digits repairs what rounding took (Å. Björck, Numerical Methods for Least Squares Problems (1996), section 2.9.3).

use faer::Par;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use ndarray::{Array2, ArrayD, ArrayView2, ArrayViewD, Axis, Ix2, s};

use super::bridge::{mat, mat_mut, zeros_by_columns};
use super::condition::{inverse_norm_1, norm_1};
use super::norm::euclidean;
use super::product::gemm;
use super::qr::{QrMode, qr, qr_triangle};
use super::{magnitude, subspaces};
use crate::check;
use crate::double_double;
use crate::error::{Error, Result, Shape};

/// A vector whose distance from the span is at most this part of its length lies in it: rounding upstream explains no more.
const ROUNDING: f64 = 1e-10;

/// The numbers c with v = B·c, for basis vectors in the columns of `basis`; `v` is one vector, or one in each column.
///
/// Errors are a few ε of the length of `v`: components of less than 1e-300 of it vanish.
///
/// There may be fewer basis vectors than components, so that they span a subspace. A vector lies in it when it is no farther from it than
/// 1e-10 of its own length.
///
/// # Errors
/// [`Error::Shape`] when `v` and `basis` have different numbers of rows; [`Error::RankDeficient`] when the basis vectors depend on each
/// other (as [`is_independent`](crate::linalg::is_independent) finds); [`Error::Invalid`] when `v` is not in their span, with its
/// distance, or a coordinate is beyond the range of doubles; [`Error::NotFinite`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::coordinates;
///
/// let basis = array![[1.0, 1.0], [1.0, -1.0]];
/// assert_eq!(coordinates(array![3.0, 1.0].view().into_dyn(), basis.view())?, array![2.0, 1.0].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn coordinates(v: ArrayViewD<'_, f64>, basis: ArrayView2<'_, f64>) -> Result<ArrayD<f64>> {
    let names = Names { function: "coordinates", vectors: "v", basis: "basis" };
    if !matches!(v.ndim(), 1 | 2) || v.shape()[0] != basis.nrows() {
        let expected = format!("basis is {}: its rows are the components of v", Shape(basis.shape()));
        return Err(Error::Shape { function: "coordinates", argument: "v", shape: v.shape().to_vec(), expected });
    }
    let single = v.ndim() == 1;
    let columns = if single { v.insert_axis(Axis(1)) } else { v };
    let columns = columns.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("one axis or two"));
    let found = solve(&names, single, columns, basis)?.into_dyn();
    Ok(if single { found.index_axis_move(Axis(1), 0) } else { found })
}

/// The matrix M that turns coordinates in one basis into coordinates in the other: T·M = F, for bases in the columns of F and T.
///
/// If c are a vector's coordinates in `from_basis`, M·c are those in `to_basis`; its columns are the coordinates of the old basis
/// vectors in the new basis.
///
/// # Errors
/// [`Error::Shape`] when the bases are not equally large; [`Error::RankDeficient`] when one of them has dependent vectors;
/// [`Error::Invalid`] when they span different subspaces; [`Error::NotFinite`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::change_of_basis;
///
/// let (standard, turned) = (array![[1.0, 0.0], [0.0, 1.0]], array![[0.0, -1.0], [1.0, 0.0]]);
/// assert_eq!(change_of_basis(standard.view(), turned.view())?, array![[0.0, 1.0], [-1.0, 0.0]]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn change_of_basis(from_basis: ArrayView2<'_, f64>, to_basis: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    let names = Names { function: "change_of_basis", vectors: "from_basis", basis: "to_basis" };
    if from_basis.dim() != to_basis.dim() {
        let expected = format!("from_basis is {}, and both bases must have as many vectors", Shape(from_basis.shape()));
        let (function, shape) = (names.function, to_basis.shape().to_vec());
        return Err(Error::Shape { function, argument: names.basis, shape, expected });
    }
    magnitude::largest(names.function, names.vectors, from_basis)?;
    let near_one = subspaces::columns_near_one(from_basis).0;
    independent(names.function, names.vectors, near_one.view(), qr_triangle(near_one.view())?.view())?;
    solve(&names, false, from_basis, to_basis)
}

struct Names {
    function: &'static str,
    vectors: &'static str,
    basis: &'static str,
}

/// Refuses columns that depend on each other. `near_one` are the same, each near one in length. Where their triangle R is far from
/// singular by an estimate of its condition number, nobody needs to ask the singular values.
fn independent(
    function: &'static str,
    argument: &'static str,
    near_one: ArrayView2<'_, f64>,
    r: ArrayView2<'_, f64>,
) -> Result<()> {
    /// By so much the estimate may be too small, or another norm than the singular values' larger.
    const CAUTION: f64 = 1000.0;
    let (rows, columns) = near_one.dim();
    if columns <= rows {
        let solve = |x: &mut Array2<f64>| solve_upper_triangular_in_place(mat(r), mat_mut(x.view_mut()), Par::Seq);
        let transposed =
            |x: &mut Array2<f64>| solve_lower_triangular_in_place(mat(r.t()), mat_mut(x.view_mut()), Par::Seq);
        let zero = r.diag().iter().any(|&v| v == 0.0);
        let condition = || norm_1(r) * inverse_norm_1(columns, solve, transposed);
        if !zero && CAUTION * (columns * rows) as f64 * f64::EPSILON * condition() < 1.0 {
            return Ok(());
        }
    }
    let rank = subspaces::rank_of_columns(function, argument, near_one, None)?;
    if rank == columns {
        return Ok(());
    }
    let consequence = "its columns depend on each other, so they are no basis".into();
    Err(Error::RankDeficient { function, argument, rank, columns, consequence })
}

fn solve(names: &Names, single: bool, v: ArrayView2<'_, f64>, basis: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    let &Names { function, vectors, basis: argument } = names;
    magnitude::largest(function, vectors, v).map_err(|error| match error {
        Error::NotFinite { function, argument, value, index } if single => {
            Error::NotFinite { function, argument, value, index: index[..1].to_vec() }
        }
        other => other,
    })?;
    magnitude::largest(function, argument, basis)?;
    check::room(function, "coordinates", &[basis.ncols(), v.ncols()])?;
    // Lengths near one on both sides; powers of two, which are put back into the coordinates.
    let ((b, of_basis), (v, of_v)) = (subspaces::columns_near_one(basis), subspaces::columns_near_one(v));
    let factors = qr(b.view(), QrMode::Reduced)?;
    independent(function, argument, b.view(), factors.r.view())?;
    let apply = |rhs: ArrayView2<'_, f64>| {
        let mut c = zeros_by_columns(factors.q.ncols(), rhs.ncols());
        gemm(c.view_mut(), factors.q.t(), rhs);
        solve_upper_triangular_in_place(mat(factors.r.view()), mat_mut(c.view_mut()), Par::Seq);
        c
    };
    let mut c = apply(v.view());
    let mut rest = residual(b.view(), c.view(), v.view());
    c += &apply(rest.view());
    rest = residual(b.view(), c.view(), v.view());
    let lengths: Vec<f64> = b.columns().into_iter().map(|column| euclidean(&column.to_vec())).collect();
    for (j, column) in c.columns().into_iter().enumerate() {
        let (distance, whole) = (euclidean(&rest.column(j).to_vec()), euclidean(&v.column(j).to_vec()));
        // What rounding of B·c leaves, if that is how v came about.
        let sum: f64 = column.iter().zip(&lengths).map(|(x, length)| x.abs() * length).sum();
        if distance > ROUNDING * whole && distance > 8.0 * f64::EPSILON * b.nrows() as f64 * sum {
            let which = if single { "is".into() } else { format!("has column {j}, which is") };
            let away = libm::ldexp(distance, of_v[j]);
            let problem = format!(
                "{which} not in the span of the columns of {argument}: its distance from it is {:?}, {:?} of its length",
                rounded(away),
                rounded(distance / whole)
            );
            return Err(Error::Invalid { function, argument: vectors, problem });
        }
    }
    for ((i, j), value) in c.indexed_iter_mut() {
        *value = libm::ldexp(*value, of_v[j] - of_basis[i]) + 0.0;
    }
    if !c.iter().all(|value| value.is_finite()) {
        let problem = "has coordinates beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function, argument: vectors, problem });
    }
    Ok(c.as_standard_layout().into_owned())
}

/// Four digits, which a message has room for.
fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// V − B·C with 32 digits.
fn residual(b: ArrayView2<'_, f64>, c: ArrayView2<'_, f64>, v: ArrayView2<'_, f64>) -> Array2<f64> {
    let k = b.ncols();
    let mut row = vec![0.0; k + 1];
    let columns = c.t().as_standard_layout().into_owned();
    let mut entry = vec![0.0; k + 1];
    Array2::from_shape_fn(v.dim(), |(i, j)| {
        row[..k].iter_mut().zip(b.row(i)).for_each(|(slot, value)| *slot = -value);
        row[k] = v[[i, j]];
        entry[..k].copy_from_slice(columns.slice(s![j, ..]).as_slice().unwrap_or(&[]));
        entry[k] = 1.0;
        double_double::dot(&row, &entry).value()
    })
}
