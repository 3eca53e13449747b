//! The course that an iteration took: when it stops, why it stopped, how fast it went.

use ndarray::{Array1, ArrayView1};

use super::super::norm;
use crate::check;
use crate::error::Result;

/// When an iteration ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// It has converged when the residual is no more than this; each function says what its residual is relative to.
    pub tol: f64,
    /// Most steps that are made.
    pub max_iter: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { tol: 1e-10, max_iter: 1000 }
    }
}

impl Limits {
    pub(super) fn checked(self, function: &'static str) -> Result<Self> {
        let fine = self.tol >= 0.0 && self.tol.is_finite();
        check::in_range(function, "tol", self.tol, fine, "at least 0 and finite")?;
        Ok(self)
    }
}

/// Why an iteration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The residual is within the tolerance.
    Converged,
    /// The steps are used up.
    MaxIter,
    /// The next step does not exist: the method's assumption does not hold.
    Breakdown,
    /// The error grows without bound.
    Diverged,
}

impl Stop {
    /// Its name: `converged`, `max_iter`, `breakdown` or `diverged`.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Converged => "converged",
            Stop::MaxIter => "max_iter",
            Stop::Breakdown => "breakdown",
            Stop::Diverged => "diverged",
        }
    }
}

/// What every iteration tells of itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Course {
    /// Steps made.
    pub iterations: usize,
    /// Why it ended.
    pub stop: Stop,
    /// The same in words, with what theory says.
    pub message: String,
    /// The steps whose iterates were kept: all of them, until they hold more than four million numbers; then every second, every fourth,
    /// …; the start and the last always.
    pub steps: Vec<usize>,
    /// The residual at the start and after each step.
    pub residuals: Array1<f64>,
    /// The factor by which a step shrank the error, fitted to the last steps; `None` when there were too few to tell.
    pub observed_rate: Option<f64>,
    /// The factor that theory gives; 1 when it will not converge. `None` when it is not known.
    pub predicted_rate: Option<f64>,
    /// Of a method that becomes ever faster: the power of the error that the next error is proportional to, as observed.
    pub observed_order: Option<f64>,
    /// The same as theory gives it: 2 for quadratic convergence, 3 for cubic.
    pub predicted_order: Option<f64>,
}

/// The end of an iteration in words.
pub(super) struct Report<'a> {
    pub(super) stop: Stop,
    pub(super) iterations: usize,
    /// What the residual is relative to: `of ‖a‖`.
    pub(super) relative_to: &'a str,
    pub(super) residual: f64,
    pub(super) tol: f64,
    pub(super) predicted: Option<f64>,
    /// What theory says beyond the rate, or what went wrong.
    pub(super) note: Option<String>,
}

impl Report<'_> {
    pub(super) fn message(&self) -> String {
        let Report { stop, iterations, relative_to, residual, tol, predicted, ref note } = *self;
        let steps = match iterations {
            1 => "1 step".to_string(),
            n => format!("{n} steps"),
        };
        let residual = format!("the residual is {} {relative_to}", short(residual));
        let mut text = match stop {
            Stop::Converged => format!("converged after {steps}: {residual}"),
            Stop::MaxIter => format!("steps used up after {steps}: {residual}, above tol = {}", short(tol)),
            Stop::Breakdown => format!("broke down after {steps}: {residual}"),
            Stop::Diverged => format!("diverged: after {steps}, {residual}"),
        };
        match (note, stop, predicted) {
            (Some(note), ..) => text = format!("{text}; {note}"),
            (None, Stop::MaxIter, Some(rate)) if tol > 0.0 && rate > 0.0 && rate < 1.0 => {
                let more = ((tol / self.residual).ln() / rate.ln()).ceil();
                if more >= 1.0 {
                    text = format!("{text}; at the predicted rate of {} it takes about {more} more", short(rate));
                }
            }
            _ => {}
        }
        text
    }
}

/// A number to four digits.
pub(super) fn short(value: f64) -> String {
    let exponential = format!("{value:.3e}");
    match exponential.parse::<f64>() {
        Ok(rounded) if rounded == 0.0 || (1e-4..1e6).contains(&rounded.abs()) => (rounded + 0.0).to_string(),
        Ok(rounded) => format!("{rounded:e}"),
        Err(_) => exponential,
    }
}

/// Euclidean length, without overflow or underflow on the way; NaN where there is one.
pub(super) fn length(x: &[f64]) -> f64 {
    norm::length(ArrayView1::from(x))
}

/// Asks the caller every few milliseconds whether to go on.
pub(super) struct Patience<F> {
    checkpoint: F,
    work: usize,
}

impl<F> Patience<F> {
    pub(super) fn new(checkpoint: F) -> Self {
        Patience { checkpoint, work: 0 }
    }

    /// To be told of so many multiplications.
    pub(super) fn after<E>(&mut self, multiplications: usize) -> std::result::Result<(), E>
    where
        F: FnMut() -> std::result::Result<(), E>,
    {
        const PATIENCE: usize = 10_000_000;
        self.work = self.work.saturating_add(multiplications);
        if self.work < PATIENCE {
            return Ok(());
        }
        self.work = 0;
        (self.checkpoint)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_to_four_digits() {
        for (value, text) in [
            (0.618034, "0.618"),
            (1e-10, "1e-10"),
            (2.0, "2"),
            (-0.0, "0"),
            (1234567.0, "1.235e6"),
            (0.333333, "0.3333"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
