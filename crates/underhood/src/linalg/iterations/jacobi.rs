//! Jacobi's method for symmetric matrices: rotate one pair of axes after the other so that the element between them vanishes.
//!
//! Each rotation takes 2·aₚ𝑞² off the sum of squares beside the diagonal; a sweep over all pairs, once the matrix is nearly diagonal, squares
//! it. Sources: C. G. J. Jacobi (1846), doi:10.1515/crll.1846.30.51; the quadratic convergence: J. H. Wilkinson, Numer. Math. 4 (1962),
//! doi:10.1007/BF01386321; the choice of the angle: H. Rutishauser, Numer. Math. 9 (1966), doi:10.1007/BF02165223.

use ndarray::{Array1, Array2, Array3, ArrayView2};

use super::course::{Course, Limits, Patience, Report, Stop};
use super::kept::Kept;
use super::rate;
use super::start::{Scaled, back, oriented, symmetric};
use crate::error::Error;

/// What [`jacobi_eigen`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JacobiEigen {
    /// The eigenvalues, rising.
    pub eigenvalues: Array1<f64>,
    /// Their eigenvectors, in the columns; the first large component of each is positive.
    pub eigenvectors: Array2<f64>,
    /// The matrix at the start and after each sweep.
    pub iterates: Array3<f64>,
    /// ‖a − diagonal‖, Frobenius, at the start and after each sweep.
    pub off_diagonal: Array1<f64>,
    /// Rotations made.
    pub rotations: usize,
    /// The residuals are `off_diagonal` relative to ‖a‖; a step is a sweep.
    pub course: Course,
}

/// All eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations.
///
/// It has converged when what stands beside the diagonal is no more than tol·‖a‖ (Frobenius). A matrix whose mirrored elements differ by
/// rounding (1e-10 relative) is taken as symmetric.
///
/// # Errors
/// [`Error::Shape`], [`Error::TooFew`], [`Error::NotFinite`], [`Error::NotSymmetric`], [`Error::OutOfRange`] for tol, [`Error::Invalid`] when a
/// number leaves the range of doubles; what `checkpoint` returns.
pub fn jacobi_eigen<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    limits: Limits,
    checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<JacobiEigen, E> {
    const NAME: &str = "jacobi_eigen";
    let limits = limits.checked(NAME)?;
    let mut scaled = Scaled::of(NAME, a)?;
    symmetric(NAME, a, &mut scaled.matrix)?;
    let (n, norm, shift, mut a) = (scaled.rows(), scaled.norm, scaled.shift, scaled.matrix);
    // The rows of Vᵀ, which lie in one piece each.
    let mut vt = Array2::eye(n);
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n * n);
    let (mut off, mut residuals) = (Vec::new(), Vec::new());
    let (mut step, mut rotations) = (0, 0);
    let stop = loop {
        kept.add(step, &a);
        off.push(off_diagonal(&a));
        residuals.push(if norm == 0.0 { 0.0 } else { off[step] / norm });
        if residuals[step] <= limits.tol {
            break Stop::Converged;
        }
        if step == limits.max_iter {
            break Stop::MaxIter;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotations += usize::from(rotate(&mut a, &mut vt, p, q));
            }
            patience.after(6 * n * n)?;
        }
        step += 1;
    };

    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[[i, i]].total_cmp(&a[[j, j]]));
    let mut eigenvalues: Vec<f64> = order.iter().map(|&i| a[[i, i]] + 0.0).collect();
    let mut eigenvectors = Array2::zeros((n, n));
    for (column, &i) in order.iter().enumerate() {
        eigenvectors.column_mut(column).assign(&oriented(&vt.row(i).to_vec()));
    }
    let (residual, iterations) = (residuals[step], step);
    let (relative_to, predicted, note) = ("of ‖a‖", None, None);
    let message = Report { stop, iterations, relative_to, residual, tol: limits.tol, predicted, note }.message();
    let (steps, mut values) = kept.finish(step, &a);
    for numbers in [&mut eigenvalues, &mut off, &mut values] {
        back(NAME, numbers, shift)?;
    }
    Ok(JacobiEigen {
        eigenvalues: eigenvalues.into(),
        eigenvectors,
        iterates: Array3::from_shape_fn((steps.len(), n, n), |(k, i, j)| values[(k * n + i) * n + j]),
        off_diagonal: off.into(),
        rotations,
        course: Course {
            iterations,
            stop,
            message,
            steps,
            observed_rate: None,
            predicted_rate: None,
            observed_order: rate::order(&residuals),
            predicted_order: Some(2.0),
            residuals: residuals.into(),
        },
    })
}

fn off_diagonal(a: &Array2<f64>) -> f64 {
    a.indexed_iter().filter(|((i, j), _)| i != j).fold(0.0, |sum, (_, v)| sum + v * v).sqrt()
}

/// Turns the axes p and q so that aₚ𝑞 vanishes; false when it is zero already, or so small that no sum with the diagonal would show it.
fn rotate(a: &mut Array2<f64>, vt: &mut Array2<f64>, p: usize, q: usize) -> bool {
    let between = a[[p, q]];
    let (first, last) = (a[[p, p]], a[[q, q]]);
    if between == 0.0 {
        return false;
    }
    if first.abs() + 128.0 * between.abs() == first.abs() && last.abs() + 128.0 * between.abs() == last.abs() {
        (a[[p, q]], a[[q, p]]) = (0.0, 0.0);
        return false;
    }
    // t = tan φ is the smaller root of t² + 2θt − 1 = 0: the rotation by at most 45°.
    let theta = 0.5 * (last / between - first / between);
    let t = if theta.abs() > 1e150 { 0.5 / theta } else { theta.signum() / (theta.abs() + theta.hypot(1.0)) };
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    turn(a, p, q, c, s);
    for i in 0..a.nrows() {
        (a[[i, p]], a[[i, q]]) = (a[[p, i]], a[[q, i]]);
    }
    a[[p, p]] = first - t * between;
    a[[q, q]] = last + t * between;
    (a[[p, q]], a[[q, p]]) = (0.0, 0.0);
    turn(vt, p, q, c, s);
    true
}

/// Rows p and q, turned by the angle with cosine c and sine s.
fn turn(matrix: &mut Array2<f64>, p: usize, q: usize, c: f64, s: f64) {
    let (row_p, row_q) = matrix.multi_slice_mut((ndarray::s![p, ..], ndarray::s![q, ..]));
    for (x, y) in row_p.into_iter().zip(row_q) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}
