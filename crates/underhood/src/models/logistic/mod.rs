//! Logistic regression: probabilities from planes, fitted by maximum likelihood with an L2 penalty.
//!
//! For two classes y = ±1 the probability of the second is σ(z) = 1/(1 + e^(−z)) with z = w·x + b, for more classes those of the
//! softmax, e^(z_k)/Σe^(z_l), with one plane a class. Minimised is
//!
//! > J(w, b) = mean over the rows of −ln P(own class) + ‖w‖²/(2·C·n)
//!
//! which is scikit-learn's objective divided by C·n; the bias is not penalised. J is convex and smooth, so a gradient of zero is
//! the one minimum. It is found by Newton's method with backtracking, whose Hessian is kept as long as it serves (Shamanskii
//! 1967, doi:10.1007/BF01139884), from a start that a sixteenth of the rows gives when there are many; or, when there are
//! too many unknowns for a Hessian, by L-BFGS (Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7). Inside, the columns are
//! shifted and scaled to be alike, which changes neither J nor its minimum, only the rounding.

mod cholesky;
mod lbfgs;
mod newton;
mod objective;
mod sigmoid;

use std::str::FromStr;

use ndarray::{Array2, ArrayView2};

use self::objective::{Objective, Scaling};
use super::history::StopReason;
use super::rows::Rows;
use super::targets::check_codes;
use crate::check;
use crate::error::Error;

pub use self::sigmoid::probabilities;

const FIT: &str = "LogisticRegression.fit";

/// With more unknowns than this the Hessian is not formed.
const MANY_UNKNOWNS: usize = 600;

/// With more than this it is refused: the square of it already takes 800 MB.
const HESSIAN_LIMIT: usize = 10_000;

/// From so many rows on, a part of them gives the start.
const MANY_ROWS: usize = 8192;

/// One row in so many gives the start.
const PART: usize = 16;

/// How the minimum is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogisticSolver {
    /// Newton's method up to 600 unknowns, L-BFGS beyond.
    Auto,
    /// Newton's method with a Cholesky factorisation of the Hessian.
    Newton,
    /// Limited-memory BFGS.
    Lbfgs,
}

impl FromStr for LogisticSolver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "auto" => Ok(LogisticSolver::Auto),
            "newton-cholesky" => Ok(LogisticSolver::Newton),
            "lbfgs" => Ok(LogisticSolver::Lbfgs),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "solver",
                value: name.into(),
                allowed: &["auto", "newton-cholesky", "lbfgs"],
            }),
        }
    }
}

/// How a logistic regression is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    /// The inverse of the penalty's strength, as in scikit-learn: small C, small weights.
    pub c: f64,
    /// Stop when every component of J's gradient, in units of its column's standard deviation, is at most `tol`.
    pub tol: f64,
    /// The largest number of steps.
    pub max_iter: usize,
    /// How the minimum is sought.
    pub solver: LogisticSolver,
    /// Keep the numbers of every step.
    pub keep_history: bool,
}

impl Default for LogisticRegression {
    fn default() -> Self {
        LogisticRegression { c: 1.0, tol: 1e-12, max_iter: 1000, solver: LogisticSolver::Auto, keep_history: true }
    }
}

/// The numbers of every step, the start included as the first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogisticHistory {
    /// J.
    pub loss: Vec<f64>,
    /// How many rows were classified wrongly.
    pub errors: Vec<usize>,
    /// Largest component of J's gradient, in units of the columns' standard deviations: what `tol` is compared with.
    pub gradient_norm: Vec<f64>,
    /// The share of the full step that was taken; 0 for the start.
    pub step: Vec<f64>,
    /// The weights of each state: one matrix of planes × features a step.
    pub weights: Vec<Array2<f64>>,
    /// The biases of each state.
    pub bias: Vec<Vec<f64>>,
}

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LogisticFit {
    /// The weights: one plane for two classes, one a class for more.
    pub weights: Array2<f64>,
    /// The biases; with more than two classes they sum to zero.
    pub bias: Vec<f64>,
    /// How many steps were made.
    pub iterations: usize,
    /// Why the search stopped.
    pub stop: StopReason,
    /// J at the end.
    pub loss: f64,
    /// The largest component of J's gradient at the end, in units of the columns' standard deviations.
    pub gradient_norm: f64,
    /// `newton-cholesky` or `lbfgs`.
    pub solver: &'static str,
    /// The numbers of every step, if they were kept.
    pub history: Option<LogisticHistory>,
}

impl LogisticRegression {
    /// Fits the planes. `codes`, `classes` and `checkpoint` are as in [`Perceptron::fit`](super::Perceptron::fit).
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::LogisticRegression;
    ///
    /// let x = array![[-1.0], [1.0], [-1.0], [1.0]];
    /// let model = LogisticRegression { c: 1e6, ..LogisticRegression::default() };
    /// // At each x there is one row of either class, so every probability is one half.
    /// let fit = model.fit(x.view(), &[0, 0, 1, 1], 2, || Ok::<(), Error>(()))?;
    /// assert!(fit.weights[(0, 0)].abs() < 1e-12 && fit.bias[0].abs() < 1e-12);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, is empty, or its squares overflow; `codes` do not fit; there is one class only.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<LogisticFit, E> {
        self.check()?;
        let rows = Rows::new(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        let scaling = Scaling::of(FIT, &rows)?;
        let unknowns = (rows.columns + 1) * if classes == 2 { 1 } else { classes };
        let newton = match self.solver {
            LogisticSolver::Auto => unknowns <= MANY_UNKNOWNS,
            LogisticSolver::Newton => true,
            LogisticSolver::Lbfgs => false,
        };
        if newton && unknowns > HESSIAN_LIMIT {
            let problem =
                format!("is newton-cholesky, but a Hessian of {unknowns} unknowns would not fit memory; use lbfgs");
            return Err(Error::Invalid { function: FIT, argument: "solver", problem }.into());
        }
        let penalty = 1.0 / (self.c * rows.count as f64);
        let mut start = vec![0.0; unknowns];
        if rows.count >= MANY_ROWS {
            self.improve_start(&rows, codes, classes, &scaling, penalty, newton, &mut start, &mut checkpoint)?;
        }
        let mut objective = Objective::new(&rows, codes, classes, &scaling, penalty);
        let found = self.search(newton, self.tol, &mut objective, start, self.keep_history, &mut checkpoint)?;
        let (weights, bias) = objective.planes(&found.theta);
        let history = self.keep_history.then(|| found.history(&objective));
        Ok(LogisticFit {
            weights,
            bias,
            iterations: found.iterations,
            stop: found.stop,
            loss: found.loss,
            gradient_norm: found.gradient_norm,
            solver: if newton { "newton-cholesky" } else { "lbfgs" },
            history,
        })
    }

    fn check(&self) -> Result<(), Error> {
        check::in_range(FIT, "C", self.c, self.c > 0.0 && self.c.is_finite(), "positive and finite")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")
    }

    /// Moves the start to the minimum for one row in sixteen, if all classes are among them.
    #[allow(clippy::too_many_arguments, reason = "it continues `fit` with all that was prepared there")]
    fn improve_start<E: From<Error>>(
        &self,
        rows: &Rows<'_>,
        codes: &[usize],
        classes: usize,
        scaling: &Scaling,
        penalty: f64,
        newton: bool,
        start: &mut Vec<f64>,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let part = rows.every(PART);
        let part_codes: Vec<usize> = codes.iter().copied().step_by(PART).collect();
        if check_codes(FIT, &part_codes, classes, &part).is_err() {
            return Ok(());
        }
        let mut objective = Objective::new(&part, &part_codes, classes, scaling, penalty);
        // The part differs from the whole by its chance, which is far more than this tolerance.
        let found = self.search(newton, 1e-4, &mut objective, std::mem::take(start), false, checkpoint)?;
        *start = found.theta;
        Ok(())
    }

    fn search<E: From<Error>>(
        &self,
        newton: bool,
        tol: f64,
        objective: &mut Objective<'_>,
        start: Vec<f64>,
        keep: bool,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Search, E> {
        if newton {
            newton::minimise(objective, start, tol, self.max_iter, keep, checkpoint)
        } else {
            lbfgs::minimise(objective, start, tol, self.max_iter, keep, checkpoint)
        }
    }
}

/// Where a search is, and how it came there.
struct Search {
    theta: Vec<f64>,
    gradient: Vec<f64>,
    loss: f64,
    gradient_norm: f64,
    errors: usize,
    iterations: usize,
    stop: StopReason,
    keep: bool,
    states: Vec<State>,
}

/// A state of the search, for the history.
struct State {
    theta: Vec<f64>,
    loss: f64,
    gradient_norm: f64,
    errors: usize,
    step: f64,
}

impl Search {
    fn start(objective: &mut Objective<'_>, theta: Vec<f64>, keep: bool) -> Self {
        let mut gradient = vec![0.0; theta.len()];
        let (loss, errors) = objective.evaluate(&theta, &mut gradient);
        let gradient_norm = largest(&gradient);
        let stop = StopReason::MaxIter;
        let mut search =
            Search { theta, gradient, loss, gradient_norm, errors, iterations: 0, stop, keep, states: Vec::new() };
        search.record(0.0);
        search
    }

    fn record(&mut self, step: f64) {
        if self.keep {
            let (loss, gradient_norm, errors) = (self.loss, self.gradient_norm, self.errors);
            self.states.push(State { theta: self.theta.clone(), loss, gradient_norm, errors, step });
        }
    }

    /// Goes along `direction` as far as J falls enough (Armijo's rule, halving the step); where J no longer tells two states apart,
    /// the gradient must shrink. False if no step does.
    fn advance(&mut self, objective: &mut Objective<'_>, direction: &[f64]) -> bool {
        /// The share of the promised decrease that is asked for.
        const ENOUGH: f64 = 1e-4;
        /// Decreases below this share of J are rounding.
        const NOISE: f64 = 1e-13;
        let slope = crate::simd::dot(&self.gradient, direction);
        if !(slope < 0.0) {
            return false;
        }
        let mut gradient = vec![0.0; self.theta.len()];
        let mut step = 1.0;
        for _ in 0..40 {
            let theta: Vec<f64> = self.theta.iter().zip(direction).map(|(t, d)| t + step * d).collect();
            let (loss, errors) = objective.evaluate(&theta, &mut gradient);
            let norm = largest(&gradient);
            let falls = loss <= self.loss + ENOUGH * step * slope;
            let noise = (loss - self.loss).abs() <= NOISE * self.loss.abs();
            if norm.is_finite() && (falls && !noise || noise && norm < self.gradient_norm) {
                (self.theta, self.gradient, self.loss) = (theta, gradient, loss);
                (self.gradient_norm, self.errors) = (norm, errors);
                self.iterations += 1;
                self.record(step);
                return true;
            }
            step /= 2.0;
            if noise && step < 0.2 {
                return false;
            }
        }
        false
    }

    /// The reason to give when no step helps any more: with a gradient this small it is rounding.
    fn stuck(&self) -> StopReason {
        if self.gradient_norm <= 1e-6 { StopReason::Precision } else { StopReason::NoProgress }
    }

    fn history(&self, objective: &Objective<'_>) -> LogisticHistory {
        let mut history = LogisticHistory::default();
        for state in &self.states {
            let (weights, bias) = objective.planes(&state.theta);
            history.loss.push(state.loss);
            history.errors.push(state.errors);
            history.gradient_norm.push(state.gradient_norm);
            history.step.push(state.step);
            history.weights.push(weights);
            history.bias.push(bias);
        }
        history
    }
}

fn largest(gradient: &[f64]) -> f64 {
    // A NaN must not hide behind a maximum, nor a number behind a NaN.
    gradient.iter().fold(0.0, |most: f64, g| if most.is_nan() || g.abs() <= most { most } else { g.abs() })
}

#[cfg(test)]
mod tests;
