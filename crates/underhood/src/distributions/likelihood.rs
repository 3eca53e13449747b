//! Maximum likelihood by Newton's method, for families without a closed form.
//!
//! Parameters are moved to a scale on which they have no bounds (a positive one to its logarithm), where
//! steps of Newton's cannot leave the family; where the curvature is not that of a maximum, its eigenvalues are taken by
//! size, so that the step still goes up (Murray's modification; Nocedal and Wright, 2006, Numerical Optimization, §3.4).

use ndarray::{Array1, Array2};

use super::{Family, Fitted};
use crate::error::{Error, Result};
use crate::linalg;

/// ln L, its gradient and its second derivatives in the parameters.
#[derive(Debug, Clone)]
pub(super) struct Likelihood<const N: usize> {
    pub(super) value: f64,
    pub(super) gradient: [f64; N],
    pub(super) hessian: [[f64; N]; N],
}

impl<const N: usize> Likelihood<N> {
    /// Whether value and derivatives in the parameters that move are numbers.
    fn is_finite(&self, moving: &[usize]) -> bool {
        self.value.is_finite()
            && moving
                .iter()
                .all(|&i| self.gradient[i].is_finite() && moving.iter().all(|&j| self.hessian[i][j].is_finite()))
    }
}

/// The values that a parameter can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    /// Any number.
    Real,
    /// Positive numbers.
    Positive,
}

impl Domain {
    fn free(self, value: f64) -> f64 {
        match self {
            Domain::Real => value,
            Domain::Positive => value.ln(),
        }
    }

    fn bound(self, free: f64) -> f64 {
        match self {
            Domain::Real => free,
            Domain::Positive => free.exp(),
        }
    }

    /// Whether a parameter has left its start by more than a maximum could be away.
    fn drifted(self, start: f64, value: f64) -> bool {
        match self {
            Domain::Real => !value.is_finite(),
            Domain::Positive => !((value / start).ln().abs() < 60.0),
        }
    }

    /// The first and second derivatives of the parameter in its free form.
    fn derivatives(self, value: f64) -> (f64, f64) {
        match self {
            Domain::Real => (1.0, 0.0),
            Domain::Positive => (value, value),
        }
    }
}

/// Where the likelihood is largest.
#[derive(Debug, Clone)]
pub(super) struct Maximum<const N: usize> {
    pub(super) parameters: [f64; N],
    /// The inverse of the observed information, with zeros for parameters that were held.
    pub(super) covariance: Array2<f64>,
    pub(super) log_likelihood: f64,
    pub(super) iterations: usize,
}

/// So many steps are made at most.
const STEPS: usize = 200;

/// Finds the maximum of a likelihood over the parameters that are not held.
///
/// # Errors
/// If the steps lead to the edge of the family (there is no maximum), or do not end.
pub(super) fn maximize<const N: usize>(
    function: &'static str,
    start: [f64; N],
    held: &[Option<f64>; N],
    domains: [Domain; N],
    at: impl Fn(&[f64; N]) -> Likelihood<N>,
) -> Result<Maximum<N>> {
    maximize_until(function, start, held, domains, at, |_| None)
}

/// The same for a likelihood that may go on rising: after every step `beyond` says whether to give up, and how to say so.
///
/// # Errors
/// As above, and what `beyond` says.
pub(super) fn maximize_until<const N: usize>(
    function: &'static str,
    start: [f64; N],
    held: &[Option<f64>; N],
    domains: [Domain; N],
    at: impl Fn(&[f64; N]) -> Likelihood<N>,
    beyond: impl Fn(&[f64; N]) -> Option<Error>,
) -> Result<Maximum<N>> {
    let moving: Vec<usize> = (0..N).filter(|&i| held[i].is_none()).collect();
    let mut parameters: [f64; N] = std::array::from_fn(|i| held[i].unwrap_or(start[i]));
    let mut now = at(&parameters);
    if !now.is_finite(&moving) {
        let problem = format!(
            "are out of reach: their likelihood leaves the range of doubles where the search for its maximum begins ({parameters:?}); \
             they are very large, very small, or far from the parameters held fixed"
        );
        return Err(Error::Invalid { function, argument: "data", problem });
    }
    for iterations in 0..STEPS {
        let step = newton_step(function, &now, &parameters, &moving, domains)?;
        let rise: f64 =
            moving.iter().zip(&step).map(|(&i, s)| now.gradient[i] * domains[i].derivatives(parameters[i]).0 * s).sum();
        let size = step.iter().fold(0.0_f64, |size, s| size.max(s.abs()));
        // What another step would add is below the rounding of ln L, and the parameters have settled to all but their last digits.
        if size < 1e-9 || !(rise > 1e-18 * now.value.abs()) {
            let last = moved(&parameters, &moving, &step, 1.0, domains);
            let better = at(&last);
            if better.is_finite(&moving) && better.value >= now.value - 1e-12 * now.value.abs() && size < 1e-6 {
                (parameters, now) = (last, better);
            }
            let covariance = covariance(function, &now, &moving)?;
            return Ok(Maximum { parameters, covariance, log_likelihood: now.value, iterations: iterations + 1 });
        }
        let mut length = (2.0 / size).min(1.0);
        let next = loop {
            let candidate = moved(&parameters, &moving, &step, length, domains);
            let likelihood = at(&candidate);
            let enough = now.value + 1e-4 * length * rise - 1e-14 * now.value.abs();
            if likelihood.value >= enough && likelihood.is_finite(&moving) {
                break Some((candidate, likelihood));
            }
            length *= 0.5;
            if length < 1e-12 {
                break None;
            }
        };
        let Some(next) = next else {
            let detail = format!("no step from {parameters:?} raises the likelihood of the data");
            return Err(Error::NotConverged { function, iterations, detail });
        };
        (parameters, now) = next;
        if let Some(error) = beyond(&parameters) {
            return Err(error);
        }
        let drifted = |&&i: &&usize| domains[i].drifted(start[i], parameters[i]);
        if let Some(&edge) = moving.iter().find(drifted) {
            return Err(no_maximum(
                function,
                if parameters[edge].abs() < start[edge].abs() { 0.0 } else { f64::INFINITY },
            ));
        }
    }
    let detail = format!("the likelihood of the data still rises at {parameters:?}");
    Err(Error::NotConverged { function, iterations: STEPS, detail })
}

fn no_maximum(function: &'static str, edge: f64) -> Error {
    let limit = if edge == 0.0 { "0" } else { "infinity" };
    let problem = format!(
        "have a likelihood without a maximum: it rises as a parameter goes to {limit}; hold one fixed, or choose another family"
    );
    Error::Invalid { function, argument: "data", problem }
}

fn no_standard_error(function: &'static str) -> Error {
    let problem =
        "have a likelihood that is too flat (or too steep) where it is largest to say how sure the estimates are; \
                   hold a parameter fixed, or choose another family"
            .into();
    Error::Invalid { function, argument: "data", problem }
}

fn moved<const N: usize>(
    from: &[f64; N],
    moving: &[usize],
    step: &Array1<f64>,
    length: f64,
    domains: [Domain; N],
) -> [f64; N] {
    let mut to = *from;
    for (&i, step) in moving.iter().zip(step) {
        to[i] = domains[i].bound(domains[i].free(from[i]) + length * step);
    }
    to
}

/// Newton's step in the free parameters, with the curvature's eigenvalues taken by size.
fn newton_step<const N: usize>(
    function: &'static str,
    now: &Likelihood<N>,
    parameters: &[f64; N],
    moving: &[usize],
    domains: [Domain; N],
) -> Result<Array1<f64>> {
    let slope = |i: usize| domains[i].derivatives(parameters[i]).0;
    let curvature = Array2::from_shape_fn((moving.len(), moving.len()), |(r, c)| {
        let (i, j) = (moving[r], moving[c]);
        let bend = if i == j { now.gradient[i] * domains[i].derivatives(parameters[i]).1 } else { 0.0 };
        -(now.hessian[i][j] * slope(i) * slope(j) + bend)
    });
    let gradient: Array1<f64> = moving.iter().map(|&i| now.gradient[i] * slope(i)).collect();
    if moving.is_empty() {
        return Ok(gradient);
    }
    if !curvature.iter().chain(&gradient).all(|value| value.is_finite()) {
        let problem = format!(
            "have a likelihood whose slope or curvature leaves the range of doubles at {parameters:?}, on the way to its maximum; \
             hold a parameter fixed, or choose another family"
        );
        return Err(Error::Invalid { function, argument: "data", problem });
    }
    let spectrum = linalg::eigh(curvature.view(), linalg::Triangle::Lower)?;
    let largest = spectrum.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let along = spectrum.vectors.t().dot(&gradient);
    let step = Array1::from_shape_fn(moving.len(), |i| {
        along[i] / spectrum.values[i].abs().max(1e-12 * largest).max(f64::MIN_POSITIVE)
    });
    Ok(spectrum.vectors.dot(&step))
}

/// The inverse of the observed information, with zeros for parameters that were held.
fn covariance<const N: usize>(function: &'static str, at: &Likelihood<N>, moving: &[usize]) -> Result<Array2<f64>> {
    let mut covariance = Array2::zeros((N, N));
    if moving.is_empty() {
        return Ok(covariance);
    }
    let information = Array2::from_shape_fn((moving.len(), moving.len()), |(r, c)| -at.hessian[moving[r]][moving[c]]);
    // Scaled to a unit diagonal, so that parameters of very different sizes do not look singular.
    let scale: Vec<f64> = information.diag().iter().map(|d| d.sqrt()).collect();
    let scaled = Array2::from_shape_fn(information.raw_dim(), |(r, c)| information[[r, c]] / (scale[r] * scale[c]));
    if !scaled.iter().all(|value| value.is_finite()) {
        return Err(no_standard_error(function));
    }
    // A singular information has a direction in which the likelihood is flat.
    let Ok(inverse) = linalg::inv(scaled.view()).map(|inverse| inverse.inverse) else {
        return Err(no_standard_error(function));
    };
    for (r, &i) in moving.iter().enumerate() {
        for (c, &j) in moving.iter().enumerate() {
            covariance[[i, j]] = inverse[[r, c]] / (scale[r] * scale[c]);
        }
    }
    Ok(covariance)
}

/// A member of a family at the maximum of its likelihood.
pub(super) fn fitted<D: Family, const N: usize>(
    maximum: &Maximum<N>,
    observations: usize,
    held: &[Option<f64>; N],
) -> Result<Fitted<D>> {
    Ok(Fitted {
        distribution: D::from_parameters(&maximum.parameters)?,
        covariance: maximum.covariance.clone(),
        log_likelihood: maximum.log_likelihood,
        observations,
        estimated: held.iter().filter(|value| value.is_none()).count(),
        iterations: maximum.iterations,
    })
}
