//! The true spectrum, from which the rates of convergence are predicted.

use ndarray::{Array2, ArrayView2};
use num_complex::Complex;

use super::super::eigen::eigvals;
use super::super::symmetric_eigen::eigvalsh;
use super::super::triangle::Triangle;
use super::course::short;
use super::start::Scaled;

/// Beyond so many rows the spectrum would cost more than the iteration that it is to say something about.
pub(super) const MOST_ROWS: usize = 500;

/// All eigenvalues of a matrix.
pub(super) struct Spectrum {
    pub(super) values: Vec<Complex<f64>>,
    pub(super) symmetric: bool,
    /// Eigenvalues as close as this cannot be told apart.
    resolution: f64,
    /// The eigenvalues of the caller's matrix are values·2^shift.
    shift: i32,
}

/// What is known of an iteration that draws a vector towards the eigenvector of the largest weight.
pub(super) struct Prediction {
    /// The second largest weight beside the largest.
    pub(super) rate: Option<f64>,
    /// The eigenvalue of the largest weight.
    pub(super) wanted: Option<Complex<f64>>,
    /// Why it will not settle.
    pub(super) note: Option<String>,
}

impl Prediction {
    pub(super) fn unknown() -> Self {
        Prediction { rate: None, wanted: None, note: None }
    }
}

impl Spectrum {
    /// None when the matrix is large, or its eigenvalues cannot be found.
    pub(super) fn of(scaled: &Scaled) -> Option<Self> {
        let (a, n, norm, shift) = (&scaled.matrix, scaled.rows(), scaled.norm, scaled.shift);
        if n > MOST_ROWS {
            return None;
        }
        let symmetric = a.indexed_iter().all(|((i, j), &v)| j <= i || v == a[[j, i]]);
        if symmetric {
            let values = symmetric_eigenvalues(a.view())?.into_iter().map(|v| Complex::new(v, 0.0)).collect();
            return Some(Spectrum { values, symmetric, resolution: 16.0 * n as f64 * f64::EPSILON * norm, shift });
        }
        // A double eigenvalue without two eigenvectors comes out as two, about √ε apart.
        Some(Spectrum { values: eigenvalues(a.view())?, symmetric, resolution: 1e-6 * norm, shift })
    }

    /// Whether the two are one eigenvalue, as far as rounding lets us see.
    fn same(&self, first: Complex<f64>, second: Complex<f64>) -> bool {
        (first - second).norm() <= self.resolution
    }

    /// Predicts an iteration that multiplies the part of the vector along each eigenvector by its weight. `a` is the matrix that the
    /// spectrum is of; `what` the weight is: `|λ|`.
    pub(super) fn draws(&self, a: &Array2<f64>, what: &str, weight: impl Fn(Complex<f64>) -> f64) -> Prediction {
        let Some(&first) = self.values.iter().max_by(|x, y| weight(**x).total_cmp(&weight(**y))) else {
            return Prediction::unknown();
        };
        let largest = weight(first);
        let (group, others): (Vec<_>, Vec<_>) = self.values.iter().copied().partition(|&other| self.same(first, other));
        let real = group.iter().any(|v| v.im <= 0.0) && group.iter().any(|v| v.im >= 0.0);
        let settled = |rate, note| Prediction { rate: Some(rate), wanted: Some(first), note };
        if !real {
            let note = format!(
                "{what} is the same for the complex pair {} ± {}i, between which the vector turns for ever",
                self.text(first.re),
                self.text(first.im.abs())
            );
            return settled(1.0, Some(note));
        }
        if group.len() > 1 && !self.symmetric && eigenvectors_of(a, mean(&group)) < group.len() {
            let note = format!(
                "the eigenvalue {} is multiple without as many eigenvectors (a is defective), and errors fall only like 1/step",
                self.text(mean(&group))
            );
            return settled(1.0, Some(note));
        }
        let Some(&second) = others.iter().max_by(|x, y| weight(**x).total_cmp(&weight(**y))) else {
            return settled(0.0, None);
        };
        // Both infinite, or both zero, are no quotient.
        let rate = if weight(second) == largest { 1.0 } else { weight(second) / largest };
        let equal = rate > 1.0 - 1e-9;
        let note = equal.then(|| {
            let (one, other) = (self.complex(first), self.complex(second));
            format!("{what} is the same for {one} and {other}, so that neither takes over")
        });
        settled(if equal { 1.0 } else { rate }, note)
    }

    /// A number of the size of the eigenvalues, as the caller's matrix has it.
    pub(super) fn text(&self, value: f64) -> String {
        short(libm::ldexp(value, self.shift))
    }

    /// `2`, `1 + 3i`
    pub(super) fn complex(&self, value: Complex<f64>) -> String {
        match value.im {
            0.0 => self.text(value.re),
            im if im > 0.0 => format!("{} + {}i", self.text(value.re), self.text(im)),
            im => format!("{} - {}i", self.text(value.re), self.text(-im)),
        }
    }
}

fn mean(values: &[Complex<f64>]) -> f64 {
    values.iter().map(|v| v.re).sum::<f64>() / values.len() as f64
}

/// How many independent eigenvectors belong to a real eigenvalue: the singular values of a − λI that are as good as zero, by their squares.
fn eigenvectors_of(a: &Array2<f64>, value: f64) -> usize {
    let mut moved = a.clone();
    moved.diag_mut().mapv_inplace(|v| v - value);
    let squares = moved.t().dot(&moved);
    let norm = a.iter().map(|v| v * v).sum::<f64>();
    // Only an upper bound is needed where the singular values cannot be found: as many as there are rows.
    symmetric_eigenvalues(squares.view())
        .map_or(a.nrows(), |values| values.iter().filter(|&&square| square <= 1e-12 * norm).count())
}

/// The eigenvalues of a symmetric matrix of finite, moderate numbers, rising.
pub(super) fn symmetric_eigenvalues(a: ArrayView2<'_, f64>) -> Option<Vec<f64>> {
    eigvalsh(a, Triangle::Lower).ok().map(|values| values.to_vec())
}

/// The eigenvalues of a square matrix of finite, moderate numbers.
pub(super) fn eigenvalues(a: ArrayView2<'_, f64>) -> Option<Vec<Complex<f64>>> {
    eigvals(a).ok().map(|values| values.to_complex().to_vec())
}
