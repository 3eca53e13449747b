//! Gauss–Seidel and Jacobi iteration for a·x = b: solve each equation for its own unknown, and again.
//!
//! With a = L + D + U (below, on and above the diagonal), x ← (D + L)⁻¹(b − U·x) uses each new component at once (Gauss and Seidel), and
//! x ← D⁻¹(b − (L + U)·x) those of the last sweep (Jacobi). The error is multiplied by the same matrix in each sweep, so that it vanishes
//! exactly when that matrix's spectral radius is below 1: it is for a strictly dominant diagonal (both), and for a positive definite a
//! (Gauss–Seidel). Source: R. S. Varga, Matrix Iterative Analysis (1962), chapter 3.

use std::str::FromStr;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::super::solve::solve;
use super::course::{Course, Limits, Patience, Report, Stop, length, short};
use super::kept::Kept;
use super::rate::{self, Part};
use super::spectrum::{MOST_ROWS, eigenvalues};
use super::start::System;
use crate::error::{Error, Result};

const NAME: &str = "gauss_seidel";

/// Which components a sweep uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sweep {
    /// Each new one at once.
    #[default]
    GaussSeidel,
    /// Those of the last sweep.
    Jacobi,
}

impl FromStr for Sweep {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "gauss_seidel" => Ok(Sweep::GaussSeidel),
            "jacobi" => Ok(Sweep::Jacobi),
            _ => Err(Error::UnknownName {
                function: NAME,
                argument: "method",
                value: name.into(),
                allowed: &["gauss_seidel", "jacobi"],
            }),
        }
    }
}

/// What [`gauss_seidel`] found, and its road there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GaussSeidel {
    /// The last iterate; of a sweep that diverged, the last that is finite.
    pub x: Array1<f64>,
    /// The iterates, one a row, the start first.
    pub iterates: Array2<f64>,
    /// ‖x − a⁻¹b‖ relative to the start's; `None` if a is singular.
    pub errors: Option<Array1<f64>>,
    /// The residuals are ‖b − a·x‖/‖b‖; the predicted rate is the spectral radius, which may be above 1.
    pub course: Course,
}

/// The x with a·x = b, by sweeps that solve each equation for its own unknown.
///
/// Each sweep multiplies the error by about ρ, the spectral radius of the iteration matrix. It has converged when ‖b − a·x‖ ≤ tol·‖b‖, and is
/// given up as diverged when that has grown by a factor of 1e10. It starts at zero by default.
///
/// # Errors
/// [`Error::Shape`], [`Error::TooFew`], [`Error::NotFinite`], [`Error::OutOfRange`] for tol, [`Error::Invalid`] for a zero on the diagonal and when
/// a number leaves the range of doubles; what `checkpoint` returns.
pub fn gauss_seidel<E: From<Error>>(
    a: ArrayView2<'_, f64>,
    b: ArrayView1<'_, f64>,
    x0: Option<ArrayView1<'_, f64>>,
    sweep: Sweep,
    limits: Limits,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<GaussSeidel, E> {
    const GROWN: f64 = 1e10;
    let limits = limits.checked(NAME)?;
    let system = System::of(NAME, a, b, x0)?;
    let n = system.a.rows();
    if let Some(row) = (0..n).find(|&i| a[[i, i]] == 0.0) {
        let problem = format!(
            "has a zero on its diagonal (row {row}), by which a sweep divides; bring the rows into another order"
        );
        return Err(Error::Invalid { function: NAME, argument: "a", problem }.into());
    }
    let mut x = system.x0.clone();
    let mut patience = Patience::new(checkpoint);
    let mut kept = Kept::new(n);
    let mut residuals = Vec::new();
    let truth = solve(system.a.matrix.view(), ArrayView1::from(&system.b)).ok().map(|found| found.x.to_vec());
    let mut errors = Vec::new();
    let mut step = 0;
    let stop = loop {
        kept.add(step, &x);
        residuals.push(length(&system.residual(&x)) / system.size);
        errors.push(truth.as_ref().map(|truth| distance(&x, truth)));
        if residuals[step] <= limits.tol {
            break Stop::Converged;
        }
        if residuals[step] > GROWN * residuals[0].max(1.0) {
            break Stop::Diverged;
        }
        if step == limits.max_iter {
            break Stop::MaxIter;
        }
        let next = swept(&system, &x, sweep);
        if !length(&system.residual(&next)).is_finite() {
            break Stop::Diverged;
        }
        x = next;
        step += 1;
        patience.after(2 * n * n)?;
    };

    let errors: Option<Vec<f64>> = errors.into_iter().collect::<Option<Vec<f64>>>().map(|errors| {
        let first = errors[0];
        errors.iter().map(|e| if first == 0.0 { 0.0 } else { e / first }).collect()
    });
    let predicted = spectral_radius(&system.a.matrix, sweep);
    let note = predicted.filter(|&radius| radius >= 1.0 && stop != Stop::Converged).map(|radius| {
        let radius = short(radius);
        format!("the iteration matrix has the spectral radius {radius}, by which a sweep multiplies the error; it must be below 1")
    });
    let (residual, iterations) = (residuals[step], step);
    let message =
        Report { stop, iterations, relative_to: "of ‖b‖", residual, tol: limits.tol, predicted, note }.message();
    let (steps, mut values) = kept.finish(step, &x);
    system.back(NAME, &mut x)?;
    system.back(NAME, &mut values)?;
    Ok(GaussSeidel {
        x: x.into(),
        iterates: Array2::from_shape_fn((steps.len(), n), |(k, i)| values[k * n + i]),
        course: Course {
            iterations,
            stop,
            message,
            steps,
            observed_rate: rate::observed(errors.as_ref().unwrap_or(&residuals), Part::End),
            predicted_rate: predicted,
            observed_order: None,
            predicted_order: None,
            residuals: residuals.into(),
        },
        errors: errors.map(Array1::from),
    })
}

/// One sweep.
fn swept(system: &System, x: &[f64], sweep: Sweep) -> Vec<f64> {
    let mut next = x.to_vec();
    for (i, row) in system.a.matrix.rows().into_iter().enumerate() {
        let known = if sweep == Sweep::Jacobi { x } else { &next };
        let others: f64 = row.iter().zip(known).enumerate().map(|(j, (a, x))| if j == i { 0.0 } else { a * x }).sum();
        next[i] = (system.b[i] - others) / row[i];
    }
    next
}

fn distance(x: &[f64], y: &[f64]) -> f64 {
    length(&x.iter().zip(y).map(|(x, y)| x - y).collect::<Vec<_>>())
}

/// The largest modulus of an eigenvalue of the matrix that a sweep multiplies the error by; None for large matrices.
fn spectral_radius(a: &Array2<f64>, sweep: Sweep) -> Option<f64> {
    let n = a.nrows();
    if n > MOST_ROWS {
        return None;
    }
    // The sweep with b = 0, of each unit vector.
    let mut matrix = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..n {
            let from_new: f64 =
                if sweep == Sweep::GaussSeidel { (0..i).map(|k| a[[i, k]] * matrix[[k, j]]).sum() } else { 0.0 };
            let from_old = if j > i || (j < i && sweep == Sweep::Jacobi) { a[[i, j]] } else { 0.0 };
            matrix[[i, j]] = -(from_new + from_old) / a[[i, i]];
        }
    }
    let largest = matrix.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if !(largest < 1e100) {
        return None;
    }
    Some(eigenvalues(matrix.view())?.iter().fold(0.0, |m, v| m.max(v.norm())))
}
