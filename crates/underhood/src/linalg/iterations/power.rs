//! Power iteration: multiply by the matrix, again and again; the eigenvector of the largest eigenvalue takes over.
//!
//! Source: R. von Mises and H. Pollaczek-Geiringer, "Praktische Verfahren der Gleichungsauflösung", ZAMM 9 (1929),
//! doi:10.1002/zamm.19290090105.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::course::{Course, Limits, Patience, Report, Stop, length, short};
use super::kept::Kept;
use super::rate::{self, Part};
use super::spectrum::{Prediction, Spectrum};
use super::start::{self, Scaled, oriented};
use crate::error::Error;
use crate::simd;

/// What [`power_iteration`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PowerIteration {
    /// The last estimate of the eigenvalue.
    pub eigenvalue: f64,
    /// The last vector, of length one; its first large component is positive.
    pub eigenvector: Array1<f64>,
    /// The estimate at every step, Rayleigh's quotient xᵀ·a·x; the start's first.
    pub eigenvalues: Array1<f64>,
    /// The vectors, one a row, of length one; that of a negative eigenvalue turns round at every step.
    pub iterates: Array2<f64>,
    /// Residuals ‖a·x − λx‖/‖a‖ and what became of them.
    pub course: Course,
}

/// The eigenvalue of largest modulus and its eigenvector: x ← a·x/‖a·x‖.
///
/// Each step shrinks what x has of the others by |λ₂/λ₁| or more. It has converged when ‖a·x − λx‖ ≤ tol·‖a‖ (Frobenius), which makes λ and x exact
/// for a matrix that differs from a by no more than that. By default it starts with fixed numbers drawn from the normal distribution, so
/// that no direction is special.
///
/// # Errors
/// [`Error::Shape`] when `a` is not square or `x0` has another length, [`Error::TooFew`] for an empty matrix, [`Error::NotFinite`],
/// [`Error::OutOfRange`] for tol, [`Error::Invalid`] when `x0` is zero or a number leaves the range of doubles; what `checkpoint` returns.
pub fn power_iteration<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    x0: Option<ArrayView1<'_, f64>>,
    limits: Limits,
    checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<PowerIteration, E> {
    const NAME: &str = "power_iteration";
    let limits = limits.checked(NAME)?;
    let a = Scaled::of(NAME, a)?;
    let n = a.rows();
    let mut x = start::direction(NAME, x0, n)?;
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n);
    let (mut eigenvalues, mut residuals) = (Vec::new(), Vec::new());
    let mut step = 0;
    let stop = loop {
        kept.add(step, &x);
        let mut y = a.times(&x);
        let (eigenvalue, residual) = rayleigh(&a, &x, &y);
        eigenvalues.push(eigenvalue);
        residuals.push(residual);
        if residual <= limits.tol {
            break Stop::Converged;
        }
        if step == limits.max_iter {
            break Stop::MaxIter;
        }
        let size = length(&y);
        if size == 0.0 {
            break Stop::Breakdown;
        }
        y.iter_mut().for_each(|v| *v /= size);
        x = y;
        step += 1;
        patience.after(n * n)?;
    };

    let prediction = Spectrum::of(&a).map_or(Prediction::unknown(), |true_one| {
        true_one.draws(&a.matrix, "|λ|", |value| if value.norm() <= f64::EPSILON * a.norm { 0.0 } else { value.norm() })
    });
    let missed = prediction.wanted.map(|value| value.norm()).filter(|&largest| {
        stop == Stop::Converged && eigenvalues[step].abs() < largest - 1e-6 * a.norm.max(largest) && largest > 0.0
    });
    let note = match missed {
        Some(largest) => Some(format!(
            "but a has an eigenvalue of modulus {}: the start has no part in its direction, so start elsewhere",
            short(libm::ldexp(largest, a.shift))
        )),
        None => prediction.note.filter(|_| stop != Stop::Converged),
    };
    let residual = residuals[step];
    let (iterations, predicted) = (step, prediction.rate);
    let report = Report { stop, iterations, relative_to: "of ‖a‖", residual, tol: limits.tol, predicted, note };
    let message = report.message();
    a.back(NAME, &mut eigenvalues)?;
    let (steps, values) = kept.finish(step, &x);
    Ok(PowerIteration {
        eigenvalue: eigenvalues[step],
        eigenvector: oriented(&x),
        eigenvalues: eigenvalues.into(),
        iterates: Array2::from_shape_fn((steps.len(), n), |(k, i)| values[k * n + i]),
        course: Course {
            iterations,
            stop,
            message,
            steps,
            observed_rate: rate::observed(&residuals, Part::End),
            residuals: residuals.into(),
            predicted_rate: predicted,
            observed_order: None,
            predicted_order: None,
        },
    })
}

/// Rayleigh's quotient and ‖y − λx‖/‖a‖, for a unit vector x and y = a·x.
pub(super) fn rayleigh(a: &Scaled, x: &[f64], y: &[f64]) -> (f64, f64) {
    let eigenvalue = simd::dot(x, y);
    let rest: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - eigenvalue * x).collect();
    (eigenvalue, if a.norm == 0.0 { 0.0 } else { length(&rest) / a.norm })
}
