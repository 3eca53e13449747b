//! How a descent is to be run.

use std::fmt;

use super::rule::Rule;
use super::schedule::Schedule;
use crate::check;
use crate::error::{Error, Result};

/// How long the steps are.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Rate<'a> {
    /// The same rate at every step; positive.
    Constant(f64),
    /// A rate that changes by a formula.
    Schedule(Schedule),
    /// A rate for each step, counted from 0; at least 0 and finite.
    Function(&'a dyn Fn(usize) -> f64),
    /// Armijo's condition: a rate is halved until the value falls by a quarter of what the slope promises,
    /// f(x − η g) ≤ f(x) − η |g|²/4. The first is tried at 1, every other at twice the last.
    /// For the plain rule alone.
    Backtracking,
    /// The rate that goes to the lowest point along the line. For the plain rule alone.
    Exact,
}

impl Rate<'_> {
    /// The rate of a step that follows a schedule; a line search has none before it has searched.
    pub(super) fn at(&self, function: &'static str, k: usize) -> Result<f64> {
        match *self {
            Rate::Constant(rate) => Ok(rate),
            Rate::Schedule(schedule) => Ok(schedule.at(k)),
            Rate::Function(rates) => {
                let rate = rates(k);
                if rate >= 0.0 && rate.is_finite() {
                    return Ok(rate);
                }
                let problem = format!("gives {rate} for step {k}, but rates must be at least 0 and finite");
                Err(Error::Invalid { function, argument: "learning_rate", problem })
            }
            Rate::Backtracking | Rate::Exact => Ok(f64::NAN),
        }
    }

    /// Whether the rate is searched for along the line.
    pub(super) fn searches(&self) -> bool {
        matches!(self, Rate::Backtracking | Rate::Exact)
    }

    pub(super) fn checked(&self, function: &'static str, rule: Rule) -> Result<()> {
        match *self {
            Rate::Constant(rate) => {
                let positive = rate > 0.0 && rate.is_finite();
                check::in_range(function, "learning_rate", rate, positive, "positive and finite")
            }
            Rate::Schedule(schedule) => schedule.checked(function),
            Rate::Function(_) => Ok(()),
            Rate::Backtracking | Rate::Exact if rule != Rule::Plain => {
                let problem = format!(
                    "is a line search, which goes straight down the gradient, but method {:?} does not; give a number or a schedule",
                    rule.name()
                );
                Err(Error::Invalid { function, argument: "learning_rate", problem })
            }
            Rate::Backtracking | Rate::Exact => Ok(()),
        }
    }
}

impl fmt::Debug for Rate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rate::Constant(rate) => f.debug_tuple("Constant").field(rate).finish(),
            Rate::Schedule(schedule) => f.debug_tuple("Schedule").field(schedule).finish(),
            Rate::Function(_) => f.write_str("Function(…)"),
            Rate::Backtracking => f.write_str("Backtracking"),
            Rate::Exact => f.write_str("Exact"),
        }
    }
}

/// How a descent is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// How long the steps are.
    pub rate: Rate<'a>,
    /// How a gradient becomes a step.
    pub rule: Rule,
    /// Most steps that are made.
    pub max_iter: usize,
    /// The descent has converged when the Euclidean length of the gradient is no more than this.
    pub tolerance: f64,
    /// The critical rate by the largest curvature at the start, if it was looked for: for the advice after a divergence.
    pub critical_rate: Option<f64>,
    /// Whether to keep every point and gradient (2 n numbers a step). Values, rates and lengths are kept in any case.
    pub keep_path: bool,
    /// The watcher is shown every so-manieth step; at least 1.
    pub watch_every: usize,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            rate: Rate::Constant(0.01),
            rule: Rule::Plain,
            max_iter: 1000,
            tolerance: 1e-8,
            critical_rate: None,
            keep_path: true,
            watch_every: 1,
        }
    }
}

impl Options<'_> {
    pub(super) fn checked(&self, function: &'static str, x0: &[f64]) -> Result<()> {
        check::at_least(function, "x0", "values", x0.len(), 1)?;
        check::finite_vector(function, "x0", x0.into())?;
        self.rule.checked(function)?;
        self.rate.checked(function, self.rule)?;
        let tolerance = self.tolerance;
        check::in_range(function, "tol", tolerance, tolerance >= 0.0 && tolerance.is_finite(), "at least 0 and finite")
    }
}
