//! What was found, between the steps too, and why the integration ended.

use std::fmt;

use super::Method;
use super::dense::nested;
use crate::error::{Error, Result};

/// Why an integration ended.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Stop {
    /// The end of the interval was reached.
    Finished,
    /// The event with this number ended it.
    Event(usize),
    /// The steps are used up.
    TooManySteps {
        /// How far it came.
        t: f64,
        /// Whether they are short because the equation is stiff for the method.
        stiff: bool,
    },
    /// The solution grows without bound at a finite time.
    BlowUp {
        /// The last time before.
        t: f64,
        /// The largest component there.
        size: f64,
    },
    /// The solution is larger than doubles can be.
    Overflow {
        /// The last time at which it is not.
        t: f64,
    },
    /// The steps shrank to nothing.
    StepTooSmall {
        /// Where.
        t: f64,
        /// The length of the last one.
        h: f64,
    },
    /// The equation's right-hand side is NaN or infinite.
    NotFinite {
        /// The last time at which it is finite, or the start.
        t: f64,
        /// The first such component.
        component: usize,
        /// NaN or an infinity.
        value: f64,
    },
}

impl Stop {
    /// Whether the end or a terminal event was reached.
    pub fn success(self) -> bool {
        matches!(self, Stop::Finished | Stop::Event(_))
    }

    /// SciPy's number: 0 at the end, 1 at an event, -1 for failures.
    pub fn status(self) -> i32 {
        match self {
            Stop::Finished => 0,
            Stop::Event(_) => 1,
            _ => -1,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Stop::Finished => f.write_str("reached the end of t_span"),
            Stop::Event(event) => write!(f, "ended by event {event}"),
            Stop::TooManySteps { t, stiff } => {
                write!(f, "max_steps are used up at t = {t:.6}")?;
                if stiff { f.write_str(": the equation is stiff, use method=\"Radau\" or \"auto\"") } else { Ok(()) }
            }
            Stop::BlowUp { t, size } => write!(
                f,
                "the solution grows without bound as t approaches {t:.10} (its largest component is {size:.1e} there)"
            ),
            Stop::Overflow { t } => write!(f, "the solution is larger than doubles can be beyond t = {t:.6}"),
            Stop::StepTooSmall { t, h } => write!(
                f,
                "the steps shrank to nothing (h = {h:.1e}) at t = {t:.10}: f jumps or has a singularity there, or is \
                 noisier than the tolerances"
            ),
            Stop::NotFinite { t, value, .. } => {
                write!(f, "f is {} at or beyond t = {t:.10}", if value.is_nan() { "nan" } else { "infinite" })
            }
        }
    }
}

/// From where on which method was used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    /// The time of the method's first step.
    pub from: f64,
    /// The method.
    pub method: Method,
}

/// The solution of an initial value problem.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Solution {
    /// The number of components, n.
    pub dimension: usize,
    /// The times that were asked for, or the ends of the steps.
    pub times: Vec<f64>,
    /// The solution there: n numbers for each time, one time after the other.
    pub values: Vec<f64>,
    /// The solution between the steps, if it was asked for.
    pub dense: Option<Dense>,
    /// The times of each event.
    pub event_times: Vec<Vec<f64>>,
    /// The solution there: n numbers for each time.
    pub event_values: Vec<Vec<f64>>,
    /// Steps made.
    pub steps: usize,
    /// How often f was evaluated, for the Jacobian's differences too.
    pub function_evaluations: usize,
    /// How many Jacobian matrices were asked for.
    pub jacobian_evaluations: usize,
    /// How many matrices were factored.
    pub factorizations: usize,
    /// The methods, in the order of their use.
    pub phases: Vec<Phase>,
    /// How far it came.
    pub end: f64,
    /// Why it ended there.
    pub stop: Stop,
}

impl Solution {
    /// The solution at the last of its times; empty if there is none.
    pub fn last(&self) -> &[f64] {
        &self.values[self.values.len().saturating_sub(self.dimension)..]
    }
}

/// A solution as a function of time, piece by piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    dimension: usize,
    times: Vec<f64>,
    points: Vec<f64>,
    widths: Vec<f64>,
    coefficients: Vec<f64>,
}

/// Coefficients of a piece; methods that need fewer leave the rest zero.
const COUNT: usize = 7;

impl Dense {
    pub(super) fn new(t: f64, y: &[f64]) -> Self {
        Dense { dimension: y.len(), times: vec![t], points: y.to_vec(), widths: vec![], coefficients: vec![] }
    }

    pub(super) fn push(&mut self, width: f64, coefficients: &[f64], t: f64, y: &[f64]) {
        self.widths.push(width);
        self.coefficients.extend_from_slice(coefficients);
        self.coefficients.resize(self.widths.len() * COUNT * self.dimension, 0.0);
        self.times.push(t);
        self.points.extend_from_slice(y);
    }

    /// The ends of the pieces, one more than there are pieces.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The solution at those times, n numbers for each.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// The lengths of the steps that the pieces belong to (an event may have cut the last one short).
    pub fn widths(&self) -> &[f64] {
        &self.widths
    }

    /// Seven times n coefficients for each piece: with θ = (s − t) / width, it is y + θ (c₀ + (1 − θ) (c₁ + θ (c₂ + …))).
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The solution at a time of the interval.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a time outside.
    pub fn at(&self, t: f64) -> Result<Vec<f64>> {
        let n = self.dimension;
        let (first, last) = (self.times[0], self.times[self.times.len() - 1]);
        let forward = last >= first;
        if !(first.min(last)..=first.max(last)).contains(&t) {
            let expected = format!("between {first} and {last}");
            return Err(Error::OutOfRange { function: "solution", argument: "t", value: t, expected });
        }
        if t == last {
            return Ok(self.points[self.points.len() - n..].to_vec());
        }
        let piece = self.times.partition_point(|&end| if forward { end <= t } else { end >= t });
        let piece = piece.clamp(1, self.widths.len()) - 1;
        let mut value = vec![0.0; n];
        let coefficients = &self.coefficients[piece * COUNT * n..(piece + 1) * COUNT * n];
        let theta = (t - self.times[piece]) / self.widths[piece];
        nested(&self.points[piece * n..(piece + 1) * n], coefficients, theta, &mut value);
        Ok(value)
    }
}
