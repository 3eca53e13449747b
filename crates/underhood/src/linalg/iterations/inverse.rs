//! Inverse iteration: power iteration with (a − σI)⁻¹, whose largest eigenvalue belongs to a's eigenvalue nearest to σ; and Rayleigh's
//! variant, which moves σ to the latest estimate.
//!
//! Sources: H. Wielandt (1944); A. M. Ostrowski, "On the convergence of the Rayleigh quotient iteration", Arch. Rational Mech. Anal. 1
//! (1957), doi:10.1007/BF00298007, where the order is found: three for symmetric matrices, two for others.

use std::str::FromStr;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::super::lu::Lu;
use super::course::{Course, Limits, Patience, Report, Stop, length, short};
use super::kept::Kept;
use super::power::rayleigh;
use super::rate::{self, Part};
use super::spectrum::{Prediction, Spectrum};
use super::start::{self, Scaled, oriented};
use crate::check;
use crate::error::Error;

/// What is subtracted from the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shift {
    /// One number, so that one factorisation serves all steps.
    Fixed(f64),
    /// Rayleigh's quotient of the latest vector: a factorisation for each step, and very few steps.
    Rayleigh,
}

impl FromStr for Shift {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "rayleigh" => Ok(Shift::Rayleigh),
            _ => Err(Error::UnknownName {
                function: "inverse_iteration",
                argument: "shift",
                value: name.into(),
                allowed: &["rayleigh"],
            }),
        }
    }
}

/// What [`inverse_iteration`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InverseIteration {
    /// The last estimate of the eigenvalue.
    pub eigenvalue: f64,
    /// The last vector, of length one; its first large component is positive.
    pub eigenvector: Array1<f64>,
    /// The estimate at every step, Rayleigh's quotient xᵀ·a·x; the start's first.
    pub eigenvalues: Array1<f64>,
    /// The vectors, one a row, of length one.
    pub iterates: Array2<f64>,
    /// Residuals ‖a·x − λx‖/‖a‖ and what became of them.
    pub course: Course,
}

/// The eigenvalue nearest to a shift σ, and its eigenvector: solve (a − σI)·y = x, x ← y/‖y‖.
///
/// Each step shrinks what x has of another eigenvector by |λₖ − σ|/|λⱼ − σ|, where λₖ is the eigenvalue nearest to σ and λⱼ the next. A shift that
/// is an eigenvalue makes a − σI singular; it is then moved by a rounding error, which is what makes the method so quick there.
/// Convergence and start are as in [`power_iteration`](super::power_iteration()).
///
/// # Errors
/// As [`power_iteration`](super::power_iteration()), and [`Error::NotFinite`] for a shift that is NaN or infinite.
pub fn inverse_iteration<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    shift: Shift,
    x0: Option<ArrayView1<'_, f64>>,
    limits: Limits,
    checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<InverseIteration, E> {
    const NAME: &str = "inverse_iteration";
    let limits = limits.checked(NAME)?;
    let given = if let Shift::Fixed(sigma) = shift { sigma } else { 0.0 };
    check::in_range(NAME, "shift", given, given.is_finite(), "finite")?;
    let a = Scaled::of(NAME, a)?;
    // Beside a shift beyond 1e150 nothing is left of a, so that a larger one makes no difference.
    let sigma = libm::ldexp(given, -a.shift).clamp(-1e150, 1e150);
    let n = a.rows();
    let mut x = start::direction(NAME, x0, n)?;
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n);
    let (mut eigenvalues, mut residuals) = (Vec::new(), Vec::new());
    let (mut step, mut factors, mut moved) = (0, None, false);
    let stop = loop {
        kept.add(step, &x);
        let (eigenvalue, residual) = rayleigh(&a, &x, &a.times(&x));
        eigenvalues.push(eigenvalue);
        residuals.push(residual);
        if residual <= limits.tol {
            break Stop::Converged;
        }
        if step == limits.max_iter {
            break Stop::MaxIter;
        }
        if shift == Shift::Rayleigh || factors.is_none() {
            patience.after(n * n * n)?;
            factors = nearby(&a, if shift == Shift::Rayleigh { eigenvalue } else { sigma }, &x);
            moved |= factors.as_ref().is_some_and(|(_, moved)| *moved);
        }
        let solved = factors.as_ref().and_then(|(lu, _)| solved(lu, &x));
        let Some(y) = solved else { break Stop::Breakdown };
        x = y;
        step += 1;
        patience.after(n * n)?;
    };

    let true_one = Spectrum::of(&a);
    let (prediction, missed) = match (&true_one, shift) {
        (Some(true_one), Shift::Fixed(_)) => {
            let prediction = true_one.draws(&a.matrix, "1/|λ - shift|", |value| 1.0 / (value - sigma).norm());
            let distance = |value: f64| (value - sigma).abs();
            let missed = prediction.wanted.filter(|wanted| {
                let nearest = (wanted - sigma).norm();
                stop == Stop::Converged && distance(eigenvalues[step]) > nearest + 1e-6 * a.norm.max(nearest)
            });
            (prediction, missed.map(|wanted| true_one.complex(wanted)))
        }
        (Some(true_one), Shift::Rayleigh) if true_one.values.iter().any(|value| value.im != 0.0) => {
            let note = "a has complex eigenvalues, which real vectors and shifts do not reach".to_string();
            (Prediction { note: Some(note), ..Prediction::unknown() }, None)
        }
        _ => (Prediction::unknown(), None),
    };
    let note = match (missed, prediction.note) {
        (Some(nearer), _) => Some(format!(
            "but a has the eigenvalue {nearer} nearer to the shift: the start has no part in its direction, so start elsewhere"
        )),
        (None, Some(note)) if stop != Stop::Converged => Some(note),
        _ if moved && shift != Shift::Rayleigh => Some(format!(
            "the shift {} is an eigenvalue to working precision, so it was moved by a rounding error",
            short(given)
        )),
        _ => None,
    };
    let residual = residuals[step];
    let (iterations, predicted) = (step, prediction.rate);
    let report = Report { stop, iterations, relative_to: "of ‖a‖", residual, tol: limits.tol, predicted, note };
    let message = report.message();
    a.back(NAME, &mut eigenvalues)?;
    let (steps, values) = kept.finish(step, &x);
    let ever_faster = shift == Shift::Rayleigh;
    let order = true_one.map(|true_one| if true_one.symmetric { 3.0 } else { 2.0 });
    Ok(InverseIteration {
        eigenvalue: eigenvalues[step],
        eigenvector: oriented(&x),
        eigenvalues: eigenvalues.into(),
        iterates: Array2::from_shape_fn((steps.len(), n), |(k, i)| values[k * n + i]),
        course: Course {
            iterations,
            stop,
            message,
            steps,
            observed_rate: if ever_faster { None } else { rate::observed(&residuals, Part::End) },
            predicted_rate: predicted,
            observed_order: if ever_faster { rate::order(&residuals) } else { None },
            predicted_order: order.filter(|_| ever_faster),
            residuals: residuals.into(),
        },
    })
}

/// The factors of a − σI; of one whose σ was moved by a rounding error, and true, where that matrix is singular.
fn nearby(a: &Scaled, sigma: f64, x: &[f64]) -> Option<(Lu, bool)> {
    let nudge = f64::EPSILON * a.norm.max(sigma.abs());
    (0..8).find_map(|attempt| {
        let moved = if attempt == 0 { 0.0 } else { nudge * f64::from(1 << (attempt - 1)) };
        let mut matrix = a.matrix.clone();
        matrix.diag_mut().mapv_inplace(|v| v - sigma - moved);
        let lu = Lu::of(matrix.view());
        let usable = lu.zero_pivot().is_none() && !lu.overflowed() && solved(&lu, x).is_some();
        usable.then_some((lu, attempt > 0))
    })
}

/// The direction of (a − σI)⁻¹·x; None where it leaves the range of doubles.
fn solved(lu: &Lu, x: &[f64]) -> Option<Vec<f64>> {
    let mut y = super::super::bridge::zeros_by_columns(x.len(), 1);
    y.column_mut(0).assign(&ArrayView1::from(x));
    lu.solve(&mut y);
    let mut y: Vec<f64> = y.column(0).to_vec();
    let size = length(&y);
    if !(size > 0.0 && size.is_finite()) {
        return None;
    }
    y.iter_mut().for_each(|v| *v /= size);
    Some(y)
}
