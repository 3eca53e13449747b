//! The singular value decomposition A = U·Σ·Vᵀ: orthonormal directions that A maps to orthonormal directions, and how far it stretches each.
//!
//! Up to 16 columns: one-sided Jacobi rotations (`small`; stacks of the smallest: `many`). Beyond: reflections to bidiagonal form (`bidiagonal`), whose values
//! come by differential quotients (`values`), with vectors by dividing (`divide`, `secular`) and an implicit QR iteration for the parts
//! (`iteration`); should that ever stall, by Jacobi rotations again (`jacobi`). Tall matrices are first reduced to
//! their triangle R (T. Chan, "An improved algorithm for computing the singular value decomposition", ACM TOMS 8 (1982),
//! doi:10.1145/355984.355990).

mod bidiagonal;
mod divide;
mod iteration;
mod jacobi;
mod kernels;
mod many;
mod secular;
mod small;
mod values;

use ndarray::{Array1, Array2, ArrayD, ArrayView2, ArrayViewD, s};

use super::bridge::zeros_by_columns;
use super::qr::{QrMode, qr, qr_triangle};
use super::triangle::symmetric;
use super::{magnitude, orientation, product, stack};
use crate::check;
use crate::error::{Error, Result};

/// A = U·Σ·Vᵀ, where Σ has the singular values on its diagonal.
#[derive(Debug, Clone, PartialEq)]
pub struct Svd {
    /// Orthonormal columns, the left singular vectors: A·vᵢ = σᵢ·uᵢ.
    pub u: Array2<f64>,
    /// The singular values, in falling order, none negative.
    pub s: Array1<f64>,
    /// Vᵀ: orthonormal rows, the right singular vectors.
    pub vh: Array2<f64>,
}

/// The singular value decomposition of an m×n matrix, with k = min(m, n) singular values.
///
/// U is m×k and Vᵀ k×n; with `full_matrices` they are square, completed by an orthonormal basis of what is left. In each column of U the
/// first component that is at least 7/10 as large as the largest is positive, and Vᵀ follows, so that results are the same from run to run.
/// With `hermitian` the matrix must be symmetric, which is checked.
///
/// ‖A − U·Σ·Vᵀ‖, ‖UᵀU − I‖ and ‖VᵀV − I‖ stay within a few ε·max(m, n) (times ‖A‖) for every finite matrix, and so do the singular values,
/// relative to the largest.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when a singular value is beyond the range of doubles; with
/// `hermitian` also [`Error::Shape`] and [`Error::NotSymmetric`].
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::svd;
///
/// let f = svd(array![[3.0, 0.0], [4.0, 5.0]].view(), false, false)?;
/// assert!((f.s[0] - 45_f64.sqrt()).abs() < 1e-14 && (f.s[1] - 5_f64.sqrt()).abs() < 1e-14);
/// assert!((f.u[[0, 0]] - 0.1_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn svd(a: ArrayView2<'_, f64>, full_matrices: bool, hermitian: bool) -> Result<Svd> {
    let largest = looked_at("svd", "a", a, hermitian)?;
    let (m, n) = a.dim();
    let k = m.min(n);
    let side = |length| if full_matrices { length } else { k };
    check::room("svd", "matrix U", &[m, side(m)])?;
    check::room("svd", "matrix Vh", &[n, side(n)])?;
    let Thin { mut u, s, mut v } = decompose(a, largest);
    within_range("svd", "a", s.as_slice().unwrap_or(&[]))?;
    for (mut left, mut right) in u.columns_mut().into_iter().zip(v.columns_mut()) {
        if orientation::sign(left.iter().copied()) < 0.0 {
            left.mapv_inplace(|x| -x);
            right.mapv_inplace(|x| -x);
        }
    }
    if full_matrices {
        u = completed(u)?;
        v = completed(v)?;
    }
    Ok(Svd { u, s, vh: v.reversed_axes() })
}

/// The singular values alone, in falling order; several times quicker than with the vectors.
///
/// # Errors
/// [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when a singular value is beyond the range of doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::svdvals;
///
/// let s = svdvals(array![[0.0, 2.0], [-3.0, 0.0]].view())?;
/// assert_eq!(s, array![3.0, 2.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn svdvals(a: ArrayView2<'_, f64>) -> Result<Array1<f64>> {
    singular_values("svdvals", "a", a, false)
}

/// The same for a caller that has a name and an argument of its own; with `hermitian` the matrix must be symmetric.
///
/// # Errors
/// As [`svdvals`]; with `hermitian` also [`Error::Shape`] and [`Error::NotSymmetric`].
pub fn singular_values(
    function: &'static str,
    argument: &'static str,
    a: ArrayView2<'_, f64>,
    hermitian: bool,
) -> Result<Array1<f64>> {
    let largest = looked_at(function, argument, a, hermitian)?;
    let s = values_of(a, largest);
    within_range(function, argument, s.as_slice().unwrap_or(&[]))?;
    Ok(s)
}

/// [`svd`](svd()) of every matrix of a stack of shape (…, m, n): U, Σ and Vᵀ, stacked. Small matrices are decomposed many at a time, with the
/// same results.
///
/// # Errors
/// Those of [`svd`](svd()), with the matrix's place in the stack; what `checkpoint` returns, which is called every few milliseconds.
///
/// # Panics
/// As [`stack::map`], when `a` has fewer than two axes.
#[expect(clippy::type_complexity, reason = "a triple of arrays, spelled out")]
pub fn svd_of_stack<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    full_matrices: bool,
    hermitian: bool,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<(ArrayD<f64>, ArrayD<f64>, ArrayD<f64>), E> {
    let square = a.ndim() > 2 && a.shape()[a.ndim() - 1] == a.shape()[a.ndim() - 2];
    if many::takes(&a) && !hermitian && (square || !full_matrices) {
        return many::decompose("svd", a, true, checkpoint).map(|[u, s, vh]| (u, s, vh));
    }
    stack::map(a, |m| svd(m, full_matrices, hermitian).map(|Svd { u, s, vh }| (u, s, vh)), checkpoint)
}

/// [`singular_values`] of every matrix of a stack, in the same way; of `a`.
///
/// # Errors
/// Those of [`singular_values`], with the matrix's place in the stack; what `checkpoint` returns.
///
/// # Panics
/// As [`stack::map`], when `a` has fewer than two axes.
pub fn singular_values_of_stack<E: From<Error>>(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    hermitian: bool,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<ArrayD<f64>, E> {
    if many::takes(&a) && !hermitian {
        return many::decompose(function, a, false, checkpoint).map(|[_, s, _]| s);
    }
    stack::map(a, |m| singular_values(function, "a", m, hermitian), checkpoint)
}

/// Refuses what has no decomposition, and what is not symmetric where it must be; gives the largest entry's magnitude.
pub(super) fn looked_at(
    function: &'static str,
    argument: &'static str,
    a: ArrayView2<'_, f64>,
    hermitian: bool,
) -> Result<f64> {
    if hermitian {
        check::square(function, argument, a)?;
    }
    let largest = magnitude::largest(function, argument, a)?;
    if hermitian {
        symmetric(function, argument, a, largest)?;
    }
    Ok(largest)
}

fn within_range(function: &'static str, argument: &'static str, s: &[f64]) -> Result<()> {
    if s.first().is_none_or(|s| s.is_finite()) {
        return Ok(());
    }
    let problem = "has a singular value beyond the range of doubles (1.8e308)".into();
    Err(Error::Invalid { function, argument, problem })
}

/// A = U·Σ·Vᵀ with k = min(m, n) columns in U and in V.
#[derive(Debug, Clone)]
pub(crate) struct Thin {
    /// Orthonormal columns, m×k.
    pub(crate) u: Array2<f64>,
    /// The singular values, largest first; infinite where they are beyond the range of doubles.
    pub(crate) s: Array1<f64>,
    /// Orthonormal columns, n×k.
    pub(crate) v: Array2<f64>,
}

/// The thin decomposition of any matrix of finite numbers, whose largest magnitude is given. Signs are as they come.
pub(crate) fn decompose(a: ArrayView2<'_, f64>, largest: f64) -> Thin {
    let (m, n) = a.dim();
    if m < n {
        let Thin { u, s, v } = decompose(a.reversed_axes(), largest);
        return Thin { u: v, s, v: u };
    }
    let exponent = magnitude::exponent(largest);
    if m <= small::LIMIT {
        return of_small(a, exponent);
    }
    let scaled = scaled(a, exponent);
    let a = scaled.as_ref().map_or(a, |scaled| scaled.view());
    let mut thin = if is_tall(m, n) {
        match qr(a, QrMode::Reduced) {
            Ok(factors) => {
                let Thin { u, s, v } = of_squarish(factors.r.view());
                let mut product = zeros_by_columns(m, n);
                product::serial(product.view_mut(), factors.q.view(), u.view());
                Thin { u: product, s, v }
            }
            Err(_) => of_squarish(a),
        }
    } else {
        of_squarish(a)
    };
    if scaled.is_some() {
        thin.s.mapv_inplace(|s| libm::ldexp(s, exponent));
    }
    thin
}

/// Whether R is worth computing first.
fn is_tall(m: usize, n: usize) -> bool {
    n <= small::LIMIT || 2 * m >= 3 * n
}

/// The singular values of any matrix of finite numbers.
pub(super) fn values_of(a: ArrayView2<'_, f64>, largest: f64) -> Array1<f64> {
    let (m, n) = a.dim();
    if m < n {
        return values_of(a.reversed_axes(), largest);
    }
    let exponent = magnitude::exponent(largest);
    if m <= small::LIMIT_OF_VALUES {
        let rotated = small::decompose(m, n, scaled_entry(a, exponent), false);
        return rotated.s[..n].iter().map(|&s| libm::ldexp(s, exponent)).collect();
    }
    let scaled = scaled(a, exponent);
    let a = scaled.as_ref().map_or(a, |scaled| scaled.view());
    let mut s = match if is_tall(m, n) { qr_triangle(a).ok() } else { None } {
        Some(r) => values_of_squarish(r.view()),
        None => values_of_squarish(a),
    };
    if scaled.is_some() {
        s.mapv_inplace(|s| libm::ldexp(s, exponent));
    }
    s
}

fn values_of_squarish(a: ArrayView2<'_, f64>) -> Array1<f64> {
    let n = a.ncols();
    if a.nrows() <= small::LIMIT_OF_VALUES {
        return small::decompose(n, n, |i, j| a[[i, j]], false).s[..n].iter().copied().collect();
    }
    let mut b = bidiagonal::reduce(a, false);
    values::values(&mut b.diagonal, &mut b.upper);
    Array1::from(b.diagonal)
}

/// A matrix of up to 16 rows and as many columns at most.
fn of_small(a: ArrayView2<'_, f64>, exponent: i32) -> Thin {
    let (m, n) = a.dim();
    let mut rotated = small::decompose(m, n, scaled_entry(a, exponent), true);
    small::complete(&mut rotated.u, rotated.rank, m, n);
    Thin {
        u: Array2::from_shape_fn((m, n), |(i, j)| rotated.u[j][i]),
        s: rotated.s[..n].iter().map(|&s| libm::ldexp(s, exponent)).collect(),
        v: Array2::from_shape_fn((n, n), |(i, j)| rotated.v[j][i]),
    }
}

/// Entries divided by a power of two.
fn scaled_entry(a: ArrayView2<'_, f64>, exponent: i32) -> impl Fn(usize, usize) -> f64 {
    // Two factors reach every exponent.
    let (half, rest) = (libm::ldexp(1.0, -exponent / 2), libm::ldexp(1.0, -exponent - -exponent / 2));
    move |i, j| a[[i, j]] * half * rest
}

/// A copy divided by a power of two, if that is needed to keep squares in range.
pub(super) fn scaled(a: ArrayView2<'_, f64>, exponent: i32) -> Option<Array2<f64>> {
    if exponent.abs() <= 100 {
        return None;
    }
    let (half, rest) = (libm::ldexp(1.0, -exponent / 2), libm::ldexp(1.0, -exponent - -exponent / 2));
    Some(a.mapv(|v| v * half * rest))
}

/// A matrix with not many more rows than columns, of moderate numbers.
fn of_squarish(a: ArrayView2<'_, f64>) -> Thin {
    let (m, n) = a.dim();
    if m <= small::LIMIT {
        return of_small(a, 0);
    }
    let b = bidiagonal::reduce(a, true);
    let (mut u, mut v, mut values) = (zeros_by_columns(m, n), zeros_by_columns(n, n), Array1::zeros(n));
    let parts = divide::decompose(&b.diagonal, &b.upper).unwrap_or_else(|| jacobi::decompose(&b.diagonal, &b.upper));
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| parts.values[j].total_cmp(&parts.values[i]));
    for (to, &from) in order.iter().enumerate() {
        values[to] = parts.values[from];
        u.slice_mut(s![..n, to]).assign(&parts.u.column(from));
        v.column_mut(to).assign(&parts.v.column(from));
    }
    b.left.apply(u.view_mut());
    b.right.apply(v.view_mut());
    Thin { u, s: values, v }
}

/// Orthonormal columns, followed by an orthonormal basis of what is perpendicular to them.
fn completed(columns: Array2<f64>) -> Result<Array2<f64>> {
    let (m, k) = columns.dim();
    if k == m {
        return Ok(columns);
    }
    let mut all = qr(columns.view(), QrMode::Complete)?.q;
    all.slice_mut(s![.., ..k]).assign(&columns);
    for mut column in all.columns_mut().into_iter().skip(k) {
        if orientation::sign(column.iter().copied()) < 0.0 {
            column.mapv_inplace(|x| -x);
        }
    }
    Ok(all)
}
