//! Whether a matrix has a basis of eigenvectors, and that basis: A = P·D·P⁻¹.
//!
//! A defective matrix, such as a Jordan block, has too few eigenvectors, but rounding hides it: the block's k-fold eigenvalue falls apart
//! into k simple ones at a distance of about ε^(1/k). What rounding cannot hide is how near they are to each other, measured by their sensitivity: for
//! an eigenvalue with left and right unit eigenvectors y and x, s = |yᴴx| is small when a small change of A moves it far, and (distance to the nearest
//! eigenvalue)·s is about the size of the change that makes the two meet. Eigenvalues for which this is a rounding error are taken
//! together, with their mean λ; they are one eigenvalue of multiplicity k, and A is defective there when A − λI has fewer than k negligible singular values.
//! Sources: J. Wilkinson, "Sensitivity of eigenvalues II", Util. Math. 30 (1986); J. Demmel, "On condition numbers and the distance to the nearest
//! ill-posed problem", Numer. Math. 51 (1987), doi:10.1007/BF01400115.

use ndarray::{Array2, ArrayView2, Ix2, s};
use num_complex::Complex;

use super::balance::Balanced;
use super::eigen;
use super::numbers::Numbers;
use super::schur::{Columns, factor};
use super::{Eig, eigenvectors, magnitude, singular_values};
use crate::check;
use crate::error::{Error, Result};

/// Two eigenvalues that a change of A by this many n·ε·‖A‖ can make meet are taken together.
const MEETING: f64 = 30.0;

/// A singular value of A − λI up to this many times the spread of the eigenvalues around λ, or of n·ε·‖A‖, is negligible.
const NEGLIGIBLE: f64 = 10.0;

/// A = P·D·P⁻¹.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagonalized {
    /// Unit eigenvectors in its columns.
    pub p: Numbers<Ix2>,
    /// The eigenvalues on its diagonal, zeros elsewhere.
    pub d: Numbers<Ix2>,
}

/// Whether a square matrix has a basis of (real or complex) eigenvectors.
///
/// Matrices with distinct eigenvalues have, symmetric ones have, and Jordan blocks have not. In doubles the question has an answer only up to
/// rounding: a matrix counts as defective when a change of a few dozen n·ε·‖A‖ makes it so, and off-diagonal entries of a Jordan block that are
/// smaller than that count as zero. ‖A‖ is taken after balancing, so that units do not matter.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square, [`Error::NotFinite`] for NaN and infinities.
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::is_diagonalizable;
///
/// assert!(!is_diagonalizable(array![[1.0, 1.0], [0.0, 1.0]].view())?);
/// assert!(is_diagonalizable(array![[2.0, 0.0], [0.0, 2.0]].view())?);
/// assert!(is_diagonalizable(array![[0.0, -1.0], [1.0, 0.0]].view())?);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn is_diagonalizable(a: ArrayView2<'_, f64>) -> Result<bool> {
    Ok(defect("is_diagonalizable", a)?.is_none())
}

/// A basis of eigenvectors P and the diagonal matrix D of eigenvalues, A = P·D·P⁻¹; in the order and with the signs of [`eig`](super::eig()).
///
/// # Errors
/// [`Error::Defective`] when there is no such basis ([`is_diagonalizable`] says how that is judged); those of [`eig`](super::eig()).
///
/// ```
/// use ndarray::array;
/// use underhood::linalg::diagonalize;
///
/// let f = diagonalize(array![[2.0, 0.0], [0.0, 3.0]].view())?;
/// assert_eq!(f.d.real().unwrap(), &array![[2.0, 0.0], [0.0, 3.0]]);
/// assert!(diagonalize(array![[1.0, 1.0], [0.0, 1.0]].view()).is_err());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn diagonalize(a: ArrayView2<'_, f64>) -> Result<Diagonalized> {
    if let Some(error) = defect("diagonalize", a)? {
        return Err(error);
    }
    let Eig { eigenvalues, eigenvectors } = Eig::from(eigen::packed("diagonalize", a, true)?);
    let d = match eigenvalues {
        Numbers::Real(values) => Numbers::Real(Array2::from_diag(&values)),
        Numbers::Complex(values) => Numbers::Complex(Array2::from_diag(&values)),
    };
    Ok(Diagonalized { p: eigenvectors, d })
}

/// The first eigenvalue that lacks eigenvectors, as the error that says so.
fn defect(function: &'static str, a: ArrayView2<'_, f64>) -> Result<Option<Error>> {
    let n = check::square(function, "a", a)?;
    let largest = magnitude::largest(function, "a", a)?;
    if eigen::is_symmetric(a) {
        return Ok(None);
    }
    // A similar matrix, with the same answer.
    let balanced = Balanced::of(a, largest);
    let matrix = balanced.matrix.view();
    let mut t = balanced.matrix.clone();
    factor(function, &mut t, &mut Columns::zeros(0, n), balanced.isolated.active.clone(), true)?;
    let (re, im) = eigen::eigenvalues(&t);
    let values: Vec<Complex<f64>> = re.iter().zip(&im).map(|(&re, &im)| Complex::new(re, im)).collect();
    let size = matrix.iter().map(|v| v * v).sum::<f64>().sqrt();
    let rounding = n as f64 * f64::EPSILON * size;

    let sensitivity = sensitivities(&t, &re, &im);
    let gap =
        |i: usize| (0..n).filter(|&j| j != i).map(|j| (values[i] - values[j]).norm()).fold(f64::INFINITY, f64::min);
    let gaps: Vec<f64> = (0..n).map(gap).collect();
    let mut cluster: Vec<usize> = (0..n).collect();
    for i in 0..n {
        if gaps[i] * sensitivity[i] > MEETING * rounding {
            continue;
        }
        for j in 0..n {
            if (values[i] - values[j]).norm() <= 3.0 * gaps[i] + rounding {
                let (from, to) = (cluster[j].max(cluster[i]), cluster[j].min(cluster[i]));
                cluster.iter_mut().filter(|c| **c == from).for_each(|c| *c = to);
            }
        }
    }
    for first in 0..n {
        let members: Vec<Complex<f64>> = (0..n).filter(|&j| cluster[j] == first).map(|j| values[j]).collect();
        if members.len() < 2 {
            continue;
        }
        let mut mean = members.iter().sum::<Complex<f64>>() / members.len() as f64;
        if mean.im.abs() <= rounding {
            mean.im = 0.0;
        }
        let spread = members.iter().map(|v| (v - mean).norm()).fold(rounding, f64::max);
        let found = nullity(function, matrix, mean, NEGLIGIBLE * spread)?;
        if found < members.len() {
            let scale = |v: f64| libm::ldexp(v, balanced.shift);
            return Ok(Some(Error::Defective {
                function,
                argument: "a",
                eigenvalue: (scale(mean.re), scale(mean.im)),
                multiplicity: members.len(),
                eigenvectors: found.max(1),
            }));
        }
    }
    Ok(None)
}

/// s = |yᴴx| of each of T's eigenvalues, in the order of its diagonal, with unit eigenvectors from the right and the left. Those from the left are
/// the right ones of Tᵀ, which is triangular when its rows and columns are turned round.
fn sensitivities(t: &Columns, re: &[f64], im: &[f64]) -> Vec<f64> {
    let n = t.n();
    let mut turned = Columns::zeros(n, n);
    for j in 0..n {
        for i in 0..n {
            turned[(i, j)] = t[(n - 1 - j, n - 1 - i)];
        }
    }
    let backwards = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
    // The first of a pair has the positive imaginary part on both sides.
    let opposite: Vec<f64> = im.iter().rev().map(|v| -v).collect();
    let right = unit_vectors(&eigenvectors::of_quasi_triangular(t, re, im), im);
    let left = unit_vectors(&eigenvectors::of_quasi_triangular(&turned, &backwards(re), &opposite), &opposite);
    let product = |k: usize, j: usize| (0..n).map(|i| right[k][i] * left[j][n - 1 - i]).sum::<Complex<f64>>().norm();
    (0..n)
        .map(|k| match im[k] {
            0.0 => product(k, n - 1 - k),
            im if im > 0.0 => product(k, n - 2 - k),
            _ => product(k, n - k),
        })
        .collect()
}

/// The eigenvectors of [`eigenvectors::of_quasi_triangular`] as complex ones of length one.
fn unit_vectors(x: &Columns, im: &[f64]) -> Vec<Vec<Complex<f64>>> {
    (0..x.n())
        .map(|j| {
            let entries = x.column(j).iter();
            let vector: Vec<Complex<f64>> = match im[j] {
                0.0 => entries.map(|&v| Complex::new(v, 0.0)).collect(),
                im if im > 0.0 => entries.enumerate().map(|(i, &v)| Complex::new(v, x[(i, j + 1)])).collect(),
                _ => entries.enumerate().map(|(i, &v)| Complex::new(x[(i, j - 1)], -v)).collect(),
            };
            // Squares of what is left are within range.
            let largest = vector.iter().fold(0.0_f64, |m, v| m.max(v.re.abs()).max(v.im.abs()));
            let near_one: Vec<Complex<f64>> = vector.iter().map(|v| v / largest).collect();
            let length = near_one.iter().map(|v| v.norm_sqr()).sum::<f64>().sqrt();
            near_one.iter().map(|v| v / length).collect()
        })
        .collect()
}

/// The number of singular values of A − λI up to `tolerance`. A complex λ = α + iβ is turned into the real matrix [[A − αI, βI], [−βI, A − αI]], which
/// has each of them twice.
fn nullity(function: &'static str, a: ArrayView2<'_, f64>, lambda: Complex<f64>, tolerance: f64) -> Result<usize> {
    let n = a.nrows();
    let copies = if lambda.im == 0.0 { 1 } else { 2 };
    let mut shifted = Array2::zeros((copies * n, copies * n));
    for k in 0..copies {
        let mut block = shifted.slice_mut(s![k * n..(k + 1) * n, k * n..(k + 1) * n]);
        block.assign(&a);
        block.diag_mut().mapv_inplace(|v| v - lambda.re);
    }
    if copies == 2 {
        shifted.slice_mut(s![..n, n..]).diag_mut().fill(lambda.im);
        shifted.slice_mut(s![n.., ..n]).diag_mut().fill(-lambda.im);
    }
    let values = singular_values(function, "a", shifted.view(), false)?;
    Ok(values.iter().filter(|&&v| v <= tolerance).count() / copies)
}
