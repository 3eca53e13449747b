//! Eigenvalues and eigenvectors of a square matrix, A·v = λ·v.
//!
//! A is balanced, brought to Schur form B = Z·T·Zᵀ, and the eigenvectors of T (by back-substitution) are turned back: v = D·Z·x. A symmetric matrix takes
//! the symmetric road, on which everything is real and the eigenvectors are orthogonal.
//!
//! Source: G. Golub and C. Van Loan, Matrix Computations, §§7.5–7.6.

use ndarray::{Array1, Array2, ArrayView2, Axis, Ix1, Ix2, ShapeBuilder};
use num_complex::Complex;

use super::balance::{Balanced, Isolated};
use super::numbers::{self, Numbers};
use super::orientation;
use super::product::gemm;
use super::schur::{Columns, factor, standardize};
use super::symmetric_eigen::{self, SymmetricEigen, eigvalsh};
use super::triangle::Triangle;
use super::{eigenvector_repair, eigenvectors, magnitude};
use crate::check;
use crate::error::{Error, Result};

/// From this range of D's exponents on, eigenvectors are checked against the matrix itself.
const RISKY: i32 = 4;

/// Eigenvalues and eigenvectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Eig {
    /// By rising real part; of a conjugate pair, the one with the positive imaginary part first.
    pub eigenvalues: Numbers<Ix1>,
    /// Column j belongs to eigenvalue j: of length one, the first component that is at least 7/10 of the largest real and positive.
    pub eigenvectors: Numbers<Ix2>,
}

/// The eigenvalues and eigenvectors of a square matrix, A·v = λ·v.
///
/// The results are real when every eigenvalue is, and complex otherwise. The residuals ‖A·v − λ·v‖ stay within a few n·ε·‖B‖, where B is A balanced
/// by powers of two. A defective matrix has fewer independent eigenvectors than rows; rounding splits its multiple eigenvalue by about ε^(1/k), and the
/// eigenvectors that are returned nearly agree: see [`is_diagonalizable`](super::is_diagonalizable).
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities, [`Error::Invalid`] when an eigenvalue lies beyond the range of
/// doubles.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::eig;
///
/// let spectrum = eig(array![[2.0, 1.0], [0.0, 3.0]].view())?;
/// assert_eq!(spectrum.eigenvalues.real().unwrap(), &array![2.0, 3.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eig(a: ArrayView2<'_, f64>) -> Result<Eig> {
    Ok(Eig::from(packed("eig", a, true)?))
}

impl From<Packed> for Eig {
    fn from(packed: Packed) -> Self {
        if packed.im.iter().all(|&v| v == 0.0) {
            Eig { eigenvalues: Numbers::Real(packed.re), eigenvectors: Numbers::Real(packed.vectors) }
        } else {
            Eig { eigenvalues: Numbers::Complex(packed.values()), eigenvectors: Numbers::Complex(packed.unpack()) }
        }
    }
}

/// The eigenvalues alone, in the same order: cheaper than [`eig`], and with the same errors.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::eigvals;
///
/// assert_eq!(eigvals(array![[3.0, 1.0], [0.0, 2.0]].view())?.real().unwrap(), &array![2.0, 3.0]);
/// assert!(eigvals(array![[0.0, 1.0], [-1.0, 0.0]].view())?.real().is_none());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn eigvals(a: ArrayView2<'_, f64>) -> Result<Numbers<Ix1>> {
    let packed = packed("eigvals", a, false)?;
    Ok(if packed.im.iter().all(|&v| v == 0.0) { Numbers::Real(packed.re) } else { Numbers::Complex(packed.values()) })
}

/// A spectrum in real arrays: a complex pair's eigenvectors are the real and imaginary parts that stand in its two columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packed {
    pub(crate) re: Array1<f64>,
    pub(crate) im: Array1<f64>,
    pub(crate) vectors: Array2<f64>,
}

impl Packed {
    pub(crate) fn values(&self) -> Array1<Complex<f64>> {
        self.re.iter().zip(&self.im).map(|(&re, &im)| Complex::new(re, im)).collect()
    }

    pub(crate) fn unpack(&self) -> Array2<Complex<f64>> {
        Array2::from_shape_fn(self.vectors.dim(), |(i, j)| match self.im[j] {
            0.0 => Complex::new(self.vectors[[i, j]], 0.0),
            im if im > 0.0 => Complex::new(self.vectors[[i, j]], self.vectors[[i, j + 1]]),
            _ => Complex::new(self.vectors[[i, j - 1]], -self.vectors[[i, j]]),
        })
    }
}

/// The spectrum, in order; vectors are empty unless wanted.
pub(crate) fn packed(function: &'static str, a: ArrayView2<'_, f64>, wanted: bool) -> Result<Packed> {
    let n = check::square(function, "a", a)?;
    let largest = magnitude::largest(function, "a", a)?;
    if n > 1 && is_symmetric(a) {
        let SymmetricEigen { values, vectors } = symmetric(function, a, wanted)?;
        return Ok(Packed { re: values, im: Array1::zeros(n), vectors });
    }
    let Balanced { mut matrix, isolated, exponents, shift } = Balanced::of(a, largest);
    let mut z = if wanted { Columns::identity(n) } else { Columns::zeros(0, n) };
    factor(function, &mut matrix, &mut z, isolated.active.clone(), wanted)?;
    let (re, im) = eigenvalues(&matrix);

    let mut order: Vec<usize> = Vec::with_capacity(n);
    order.extend((0..n).filter(|&j| im[j] >= 0.0));
    let mut real: Vec<f64> = re.iter().map(|&v| libm::ldexp(v, shift)).collect();
    for k in (0..n).filter(|k| !isolated.active.contains(k)) {
        // Read off the diagonal, whatever scaling has done to it since.
        real[k] = a[[isolated.order[k], isolated.order[k]]];
    }
    order.sort_by(|&i, &j| real[i].total_cmp(&real[j]).then(im[i].total_cmp(&im[j])));
    let mut result = Packed { re: Array1::zeros(n), im: Array1::zeros(n), vectors: Array2::zeros((0, 0)) };
    let mut place = 0;
    for &j in &order {
        let imaginary = libm::ldexp(im[j], shift);
        let count = if im[j] > 0.0 { 2 } else { 1 };
        for (k, sign) in [1.0, -1.0].into_iter().take(count).enumerate() {
            result.re[place + k] = real[j];
            result.im[place + k] = sign * imaginary;
        }
        place += count;
    }
    if !result.re.iter().chain(&result.im).all(|v| v.is_finite()) {
        let problem = "has an eigenvalue beyond the range of doubles (1.8e308)".into();
        return Err(Error::Invalid { function, argument: "a", problem });
    }
    if !wanted {
        return Ok(result);
    }

    let mut x = eigenvectors::of_quasi_triangular(&matrix, &re, &im);
    for j in 0..n {
        // Before they are turned, so that no product overflows.
        let largest = x.column(j).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest > 1e100 {
            let pair = if im[j] == 0.0 {
                j..j + 1
            } else if im[j] > 0.0 {
                j..j + 2
            } else {
                j - 1..j + 1
            };
            pair.for_each(|j| x.column_mut(j).iter_mut().for_each(|v| *v /= largest));
        }
    }
    let mut turned = Columns::zeros(n, n);
    if n > 0 {
        gemm(turned.view_mut(), z.view(), x.view());
    }
    let scaled = exponents.iter().any(|&e| e != 0);
    let permuted = isolated.order.iter().enumerate().any(|(i, &row)| i != row);
    let mut vectors = Columns::zeros(n, n);
    let mut place = 0;
    for &j in &order {
        let width = if im[j] == 0.0 { 1 } else { 2 };
        if scaled {
            scale_back(&mut turned.data_mut()[j * n..(j + width) * n], &exponents);
        }
        for k in 0..width {
            let (from, to) = (turned.column(j + k), vectors.column_mut(place + k));
            if permuted {
                isolated.order.iter().zip(from).for_each(|(&row, &v)| to[row] = v);
            } else {
                to.copy_from_slice(from);
            }
        }
        place += width;
    }
    let mut packed = Packed { vectors: vectors.into_array(), ..result };
    orient(&mut packed);
    if scaled && spread(&exponents) >= RISKY {
        eigenvector_repair::repair(a, largest, &mut packed);
        orient(&mut packed);
    }
    Ok(packed)
}

/// The symmetric road. Rows that are zero but for the diagonal show their eigenvalue, which no other row's size may spoil; the rest is decomposed.
/// Vectors are empty unless wanted.
pub(super) fn symmetric(function: &'static str, a: ArrayView2<'_, f64>, wanted: bool) -> Result<SymmetricEigen> {
    let n = a.nrows();
    let Isolated { order, active } = Isolated::of(a);
    let decompose = |a: ArrayView2<'_, f64>| {
        let outcome = if wanted {
            symmetric_eigen::vectors_and_values(function, a, Triangle::Lower)
        } else {
            eigvalsh(a, Triangle::Lower).map(|values| SymmetricEigen { values, vectors: Array2::zeros((0, 0)) })
        };
        outcome.map_err(|error| match error {
            Error::Invalid { argument, problem, .. } => Error::Invalid { function, argument, problem },
            other => other,
        })
    };
    if active.len() == n {
        return decompose(a);
    }
    let mut members = order[active.clone()].to_vec();
    members.sort_unstable();
    let rest = decompose(a.select(Axis(0), &members).select(Axis(1), &members).view())?;
    // Each eigenvalue with its place in the rest, or with its row.
    let shown = (0..n).filter(|i| members.binary_search(i).is_err()).map(|i| (a[[i, i]] + 0.0, None, i));
    let mut all: Vec<(f64, Option<usize>, usize)> = shown.collect();
    all.extend(rest.values.iter().enumerate().map(|(j, &v)| (v, Some(j), 0)));
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let values = all.iter().map(|x| x.0).collect();
    if !wanted {
        return Ok(SymmetricEigen { values, vectors: rest.vectors });
    }
    let mut vectors = Array2::zeros((n, n).f());
    for (mut column, &(_, place, row)) in vectors.columns_mut().into_iter().zip(&all) {
        match place {
            None => column[row] = 1.0,
            Some(j) => members.iter().zip(rest.vectors.column(j)).for_each(|(&i, &v)| column[i] = v),
        }
    }
    Ok(SymmetricEigen { values, vectors })
}

/// Brings every vector to length one and turns it to its leading component.
fn orient(packed: &mut Packed) {
    let n = packed.re.len();
    let mut columns = packed.vectors.columns_mut().into_iter();
    for j in 0..n {
        if packed.im[j] == 0.0 {
            if let Some(mut x) = columns.next()
                && let Some(x) = x.as_slice_mut()
            {
                normalize(x);
            }
        } else if packed.im[j] > 0.0
            && let (Some(mut x), Some(mut y)) = (columns.next(), columns.next())
            && let (Some(x), Some(y)) = (x.as_slice_mut(), y.as_slice_mut())
        {
            normalize_pair(x, y);
        }
    }
}

fn spread(exponents: &[i32]) -> i32 {
    let (low, high) = exponents.iter().fold((i32::MAX, i32::MIN), |(l, h), &e| (l.min(e), h.max(e)));
    high.saturating_sub(low)
}

/// To the last bit.
pub(crate) fn is_symmetric(a: ArrayView2<'_, f64>) -> bool {
    (0..a.nrows()).all(|i| (0..i).all(|j| a[[i, j]] == a[[j, i]]))
}

/// The eigenvalues of a quasi-triangular matrix, as it orders them.
pub(super) fn eigenvalues(t: &Columns) -> (Vec<f64>, Vec<f64>) {
    let n = t.n();
    let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
    let mut k = 0;
    while k < n {
        if k + 1 < n && t[(k + 1, k)] != 0.0 {
            let s = standardize(t[(k, k)], t[(k, k + 1)], t[(k + 1, k)], t[(k + 1, k + 1)]);
            let imaginary = s.imaginary();
            (re[k], re[k + 1], im[k], im[k + 1]) = (s.a, s.d, imaginary, -imaginary);
            k += 2;
        } else {
            re[k] = t[(k, k)];
            k += 1;
        }
    }
    (re, im)
}

/// v ← D·v for one column or the two of a pair, up to a power of two that keeps it within range.
fn scale_back(columns: &mut [f64], exponents: &[i32]) {
    let n = exponents.len();
    let nonzero = columns.iter().zip(exponents.iter().cycle()).filter(|(v, _)| **v != 0.0);
    let largest = nonzero.map(|(v, e)| magnitude::exponent(*v).saturating_add(*e)).max().unwrap_or(0);
    for column in columns.chunks_exact_mut(n) {
        for (v, e) in column.iter_mut().zip(exponents) {
            *v = libm::ldexp(*v, e.saturating_sub(largest));
        }
    }
}

fn normalize(x: &mut [f64]) {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    x.iter_mut().for_each(|v| *v /= largest);
    let length = x.iter().map(|v| v * v).sum::<f64>().sqrt();
    let divisor = length * orientation::sign(x.iter().copied());
    // + 0 turns −0 into 0.
    x.iter_mut().for_each(|v| *v = *v / divisor + 0.0);
}

fn normalize_pair(x: &mut [f64], y: &mut [f64]) {
    let largest = x.iter().chain(&*y).fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut v: Array1<Complex<f64>> =
        x.iter().zip(&*y).map(|(&x, &y)| Complex::new(x / largest, y / largest)).collect();
    let length = v.iter().map(|v| v.norm_sqr()).sum::<f64>().sqrt();
    let factor = numbers::phase(v.view()).conj() / length;
    v.mapv_inplace(|v| v * factor);
    numbers::settle(v.view_mut());
    for ((x, y), v) in x.iter_mut().zip(y).zip(&v) {
        (*x, *y) = (v.re + 0.0, v.im + 0.0);
    }
}
