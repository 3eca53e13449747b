//! Conjugate gradients: downhill on ½xᵀax − bᵀx, in directions that do not undo each other.
//!
//! Source: M. R. Hestenes and E. Stiefel, "Methods of conjugate gradients for solving linear systems", J. Res. Nat. Bur. Standards 49
//! (1952), doi:10.6028/jres.049.044; the bound: Y. Saad, Iterative Methods for Sparse Linear Systems (2003), section 6.11.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::super::solve::solve;
use super::course::{Course, Limits, Patience, Report, Stop, length, short};
use super::kept::Kept;
use super::rate::{self, Part};
use super::spectrum::Spectrum;
use super::start::{Scaled, System, symmetric};
use crate::error::Error;
use crate::simd;

/// What [`conjugate_gradient`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConjugateGradient {
    /// The last iterate.
    pub x: Array1<f64>,
    /// The iterates, one a row, the start first.
    pub iterates: Array2<f64>,
    /// √(eᵀ·a·e) for e = x − a⁻¹b, relative to the start's: what the method makes as small as it can. `None` if a is not positive definite.
    pub errors: Option<Array1<f64>>,
    /// The residuals are ‖b − a·x‖/‖b‖; the rate is that of `errors`.
    pub course: Course,
}

/// The x with a·x = b, for a symmetric positive definite matrix.
///
/// The error (in the norm √(eᵀ·a·e)) is at most 2·((√κ − 1)/(√κ + 1))ᵏ times the first after k steps; in exact arithmetic it is zero after as many
/// steps as a has different eigenvalues. It has converged when ‖b − a·x‖ ≤ tol·‖b‖. It breaks down at the first direction p with pᵀ·a·p ≤ 0, which
/// shows that a is not positive definite. It starts at zero by default.
///
/// # Errors
/// [`Error::Shape`], [`Error::TooFew`], [`Error::NotFinite`], [`Error::NotSymmetric`], [`Error::OutOfRange`] for tol, [`Error::Invalid`] when a
/// number leaves the range of doubles; what `checkpoint` returns.
pub fn conjugate_gradient<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    b: ArrayView1<'_, f64>,
    x0: Option<ArrayView1<'_, f64>>,
    limits: Limits,
    checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<ConjugateGradient, E> {
    const NAME: &str = "conjugate_gradient";
    let limits = limits.checked(NAME)?;
    let mut system = System::of(NAME, a, b, x0)?;
    symmetric(NAME, a, &mut system.a.matrix)?;
    let (n, mut x) = (system.a.rows(), system.x0.clone());
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n);
    let mut residuals = Vec::new();
    let mut points = Vec::new();
    let truth = truth(&system);
    let mut r = system.residual(&x);
    let mut p = r.clone();
    let mut step = 0;
    let (stop, curvature) = loop {
        kept.add(step, &x);
        let left = system.residual(&x);
        residuals.push(length(&left) / system.size);
        if let Some(truth) = &truth {
            points.push(energy(&system.a, &x, truth));
        }
        if residuals[step] <= limits.tol {
            break (Stop::Converged, None);
        }
        if step == limits.max_iter {
            break (Stop::MaxIter, None);
        }
        if length(&r) < 0.1 * length(&left) {
            // Rounding has led the residual that is carried along away from the true one: begin again from here.
            (r, p) = (left.clone(), left);
        }
        let ap = system.a.times(&p);
        let curvature = simd::dot(&p, &ap);
        let size = simd::dot(&p, &p);
        if !curvature.is_finite() || !size.is_normal() {
            break (Stop::Breakdown, None);
        }
        if !(curvature > 0.0) {
            break (Stop::Breakdown, Some(curvature / size));
        }
        let before = simd::dot(&r, &r);
        let alpha = before / curvature;
        let next: Vec<f64> = x.iter().zip(&p).map(|(x, p)| x + alpha * p).collect();
        if !length(&system.residual(&next)).is_finite() {
            break (Stop::Breakdown, None);
        }
        x = next;
        r.iter_mut().zip(&ap).for_each(|(r, ap)| *r -= alpha * ap);
        let beta = simd::dot(&r, &r) / before;
        p.iter_mut().zip(&r).for_each(|(p, r)| *p = r + beta * *p);
        step += 1;
        patience.after(3 * n * n)?;
    };

    let errors: Option<Vec<f64>> = truth.is_some().then(|| {
        let first = points[0];
        points.iter().map(|e| if first == 0.0 { 0.0 } else { e / first }).collect()
    });
    let (predicted, why) = predicted(&system.a);
    let note = match curvature {
        Some(curvature) => Some(format!(
            "a is not positive definite: it curves by {} along the direction of step {}",
            short(libm::ldexp(curvature, system.a.shift)),
            step + 1
        )),
        None if stop == Stop::Breakdown => Some(
            "the next step leaves the range of doubles: a is singular to working precision and b out of its reach, or magnitudes differ too much"
                .into(),
        ),
        None => why.filter(|_| stop != Stop::Converged),
    };
    let (residual, iterations) = (residuals[step], step);
    let message =
        Report { stop, iterations, relative_to: "of ‖b‖", residual, tol: limits.tol, predicted, note }.message();
    let (steps, mut values) = kept.finish(step, &x);
    system.back(NAME, &mut x)?;
    system.back(NAME, &mut values)?;
    Ok(ConjugateGradient {
        x: x.into(),
        iterates: Array2::from_shape_fn((steps.len(), n), |(k, i)| values[k * n + i]),
        course: Course {
            iterations,
            stop,
            message,
            steps,
            // It becomes faster on the way, and the prediction is a bound for all steps together.
            observed_rate: rate::observed(errors.as_ref().unwrap_or(&residuals), Part::All),
            predicted_rate: predicted,
            observed_order: None,
            predicted_order: None,
            residuals: residuals.into(),
        },
        errors: errors.map(Array1::from),
    })
}

/// a⁻¹·b, where a is positive definite.
fn truth(system: &System) -> Option<Vec<f64>> {
    super::super::cholesky::cholesky(system.a.matrix.view()).ok()?;
    let found = solve(system.a.matrix.view(), ArrayView1::from(&system.b)).ok()?;
    Some(found.x.to_vec())
}

/// √(eᵀ·a·e) for e = x − truth.
fn energy(a: &Scaled, x: &[f64], truth: &[f64]) -> f64 {
    let e: Vec<f64> = x.iter().zip(truth).map(|(x, t)| x - t).collect();
    simd::dot(&e, &a.times(&e)).max(0.0).sqrt()
}

/// (√κ − 1)/(√κ + 1), or why there is no such bound.
fn predicted(a: &Scaled) -> (Option<f64>, Option<String>) {
    let Some(spectrum) = Spectrum::of(a) else { return (None, None) };
    let (low, high) = spectrum
        .values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v.re), high.max(v.re)));
    let rounding = 4.0 * spectrum.values.len() as f64 * f64::EPSILON * high.abs().max(low.abs());
    if low < -rounding {
        let note = format!("a is not positive definite: it has the eigenvalue {}", spectrum.text(low));
        return (None, Some(note));
    }
    if low <= rounding {
        let note = "a is singular to working precision, so that no rate below 1 is certain";
        return (Some(1.0), Some(note.into()));
    }
    let root = (high / low).sqrt();
    (Some((root - 1.0) / (root + 1.0)), None)
}
