//! Logistic regression: probabilities from planes, fitted by maximum likelihood with a penalty.
//!
//! For two classes y = ±1 the probability of the second is σ(z) = 1/(1 + e^(−z)) with z = w·x + b, for more classes those of the
//! softmax, e^(z_k)/Σe^(z_l), with one plane a class. Minimised is
//!
//! > J(w, b) = mean over the rows of −ln P(own class) + (ρ‖w‖₁ + (1 − ρ)‖w‖²/2)/(C·n)
//!
//! which is scikit-learn's objective divided by C·n, ρ being its `l1_ratio`; the bias is not penalised. Where rows have weights, the mean
//! is a weighted one and n the weights' sum. J is convex. With ρ = 0 it is smooth, so a gradient of zero is the one minimum: it is found by Newton's method
//! with backtracking, whose Hessian is kept as long as it serves (Shamanskii 1967, doi:10.1007/BF01139884) and amended by what the steps show, from a
//! start that a sixteenth of the rows gives when there are many; or, when there are too many unknowns for a Hessian, by L-BFGS (Nocedal
//! 1980, doi:10.1090/S0025-5718-1980-0572855-7). With ρ > 0 weights can be exactly zero, and proximal Newton steps find which. Inside, the
//! columns are shifted and scaled to be alike, which changes neither J nor its minimum, only the rounding.
//!
//! Without a penalty (C = ∞) classes that a plane separates have no best weights: ever larger ones fit ever better. That is
//! looked for at the end, and told as the reason for stopping.

mod active_set;
mod cholesky;
mod lbfgs;
mod newton;
mod objective;
mod proximal;
mod quadratic;
mod scaling;
mod search;
mod separation;
mod sigmoid;

use std::str::FromStr;

use ndarray::{Array2, Array3, ArrayView2};

use self::objective::{Examples, Objective, Penalty};
use self::scaling::Scaling;
use self::search::Search;
use super::history::StopReason;
use super::rows::Rows;
use super::sample_weights::check_weights;
use super::targets::check_codes;
use crate::check;
use crate::error::Error;

pub use self::sigmoid::{log_probabilities, probabilities};

const FIT: &str = "LogisticRegression.fit";

/// With more unknowns than this the Hessian is not formed.
const MANY_UNKNOWNS: usize = 600;

/// With more than this it is refused: the square of it already takes 800 MB.
const HESSIAN_LIMIT: usize = 10_000;

/// From so many rows on, a part of them gives the start.
const MANY_ROWS: usize = 4096;

/// One row in so many gives the start.
const PART: usize = 16;

/// So many rows of that part there must be for each unknown.
const ROWS_PER_UNKNOWN: usize = 8;

/// How the minimum is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogisticSolver {
    /// Proximal Newton where absolute values are penalised; else Newton's method up to 600 unknowns, L-BFGS beyond.
    Auto,
    /// Newton's method with a Cholesky factorisation of the Hessian.
    Newton,
    /// Limited-memory BFGS.
    Lbfgs,
    /// Newton's method with the kinks of absolute values left in; it is the one for them.
    Proximal,
}

impl LogisticSolver {
    /// scikit-learn's name, where it has one.
    pub fn name(self) -> &'static str {
        match self {
            LogisticSolver::Auto => "auto",
            LogisticSolver::Newton => "newton-cholesky",
            LogisticSolver::Lbfgs => "lbfgs",
            LogisticSolver::Proximal => "proximal-newton",
        }
    }
}

impl FromStr for LogisticSolver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "auto" => Ok(LogisticSolver::Auto),
            "newton-cholesky" => Ok(LogisticSolver::Newton),
            "lbfgs" => Ok(LogisticSolver::Lbfgs),
            "proximal-newton" => Ok(LogisticSolver::Proximal),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "solver",
                value: name.into(),
                allowed: &["auto", "newton-cholesky", "lbfgs", "proximal-newton"],
            }),
        }
    }
}

/// How a logistic regression is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    /// The inverse of the penalty's strength, as in scikit-learn: small C, small weights; infinity for no penalty.
    pub c: f64,
    /// ρ, the part of the penalty that is on absolute values: 0 for squares alone (L2), 1 for absolute values alone (L1).
    pub l1_ratio: f64,
    /// Whether there is a bias; without one every plane goes through the origin.
    pub fit_intercept: bool,
    /// Stop when every component of J's gradient, in units of its column's standard deviation (of one row in sixteen where there are many), is
    /// at most `tol`; where a weight is zero and its absolute value has a price, the part of the component that is beyond the price.
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
        LogisticRegression {
            c: 1.0,
            l1_ratio: 0.0,
            fit_intercept: true,
            tol: 1e-12,
            max_iter: 1000,
            solver: LogisticSolver::Auto,
            keep_history: true,
        }
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
    /// The weights of each state: steps × planes × features.
    pub weights: Array3<f64>,
    /// The biases of each state: steps × planes.
    pub bias: Array2<f64>,
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
    /// How the minimum was sought.
    pub solver: LogisticSolver,
    /// The numbers of every step, if they were kept.
    pub history: Option<LogisticHistory>,
}

impl LogisticRegression {
    /// Fits the planes. `codes`, `classes`, `weights` and `checkpoint` are as in [`Perceptron::fit`](super::Perceptron::fit).
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::LogisticRegression;
    ///
    /// let x = array![[-1.0], [1.0], [-1.0], [1.0]];
    /// let model = LogisticRegression { c: 1e6, ..LogisticRegression::default() };
    /// // At each x there is one row of either class, so every probability is one half.
    /// let fit = model.fit(x.view(), &[0, 0, 1, 1], 2, None, || Ok::<(), Error>(()))?;
    /// assert!(fit.weights[(0, 0)].abs() < 1e-12 && fit.bias[0].abs() < 1e-12);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range, or the solver cannot do what is asked; `x` holds a NaN or an infinity, is empty, or its squares
    /// overflow; `codes` or `weights` do not fit; there is one class only, or one without a row that counts.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<LogisticFit, E> {
        self.check()?;
        let rows = Rows::unchecked(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        check_weights(FIT, weights, codes, classes, &rows)?;
        let examples = Examples { rows: &rows, codes, classes, weights };
        let price = 1.0 / (self.c * examples.total());
        let penalty = Penalty { absolute: self.l1_ratio * price, quadratic: (1.0 - self.l1_ratio) * price };
        let unknowns = (rows.columns + 1) * examples.planes();
        let solver = self.choose(unknowns)?;

        // The part's spreads are near enough to those of all rows, if every column varies in it, and all numbers are finite: otherwise
        // J is not.
        let part = Part::of(examples);
        let rough = part.as_ref().and_then(|part| Scaling::of(FIT, &part.rows, self.fit_intercept).ok());
        if let Some(scaling) = rough.filter(|scaling| scaling.inverse.iter().all(|&inverse| inverse > 0.0)) {
            let found = self.fit_scaled(solver, examples, part.as_ref(), &scaling, penalty, &mut checkpoint)?;
            if found.loss.is_finite() && found.gradient_norm.is_finite() {
                return Ok(found);
            }
        }
        let scaling = Scaling::of(FIT, &rows, self.fit_intercept)?;
        self.fit_scaled(solver, examples, part.as_ref(), &scaling, penalty, &mut checkpoint)
    }

    fn fit_scaled<E: From<Error>>(
        &self,
        solver: LogisticSolver,
        examples: Examples<'_>,
        part: Option<&Part>,
        scaling: &Scaling,
        penalty: Penalty,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<LogisticFit, E> {
        let unknowns = (examples.rows.columns + 1) * examples.planes();
        let mut objective = Objective::new(examples, scaling, penalty);
        let mut found = if solver == LogisticSolver::Proximal && unknowns > MANY_UNKNOWNS {
            let (tol, most, keep) = (self.tol, self.max_iter, self.keep_history);
            proximal::minimise_wide(examples, scaling, penalty, tol, most, keep, checkpoint)?
        } else {
            let start = self.start(solver, part, unknowns, scaling, penalty, checkpoint)?;
            self.search(solver, self.tol, &mut objective, start, self.keep_history, checkpoint)?
        };
        let free = penalty.absolute == 0.0 && penalty.quadratic == 0.0;
        if free && objective.separated(&found.theta, &found.last, unknowns <= MANY_UNKNOWNS) {
            found.stop = StopReason::Separated;
        }
        let (weights, bias) = objective.planes(&found.theta);
        if let Some(column) = weights.columns().into_iter().position(|own| own.iter().any(|w| !w.is_finite())) {
            let problem = format!(
                "holds values so small (column {column}) that their weights are beyond the range of doubles; multiply it by a scale first"
            );
            return Err(Error::Invalid { function: FIT, argument: "X", problem }.into());
        }
        let history = self.keep_history.then(|| found.history(&objective));
        Ok(LogisticFit {
            weights,
            bias,
            iterations: found.iterations,
            stop: found.stop,
            loss: found.loss,
            gradient_norm: found.gradient_norm,
            solver,
            history,
        })
    }

    fn check(&self) -> Result<(), Error> {
        check::in_range(FIT, "C", self.c, self.c > 0.0, "positive")?;
        let share = (0.0..=1.0).contains(&self.l1_ratio);
        check::in_range(FIT, "l1_ratio", self.l1_ratio, share, "between 0 and 1")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")
    }

    /// The solver for so many unknowns.
    fn choose(&self, unknowns: usize) -> Result<LogisticSolver, Error> {
        let kinks = self.l1_ratio > 0.0 && self.c < f64::INFINITY;
        let refuse = |problem: String| Err(Error::Invalid { function: FIT, argument: "solver", problem });
        match self.solver {
            LogisticSolver::Auto | LogisticSolver::Proximal if kinks => Ok(LogisticSolver::Proximal),
            _ if kinks => refuse(format!(
                "is {}, which cannot follow the kinks of absolute values (l1_ratio is {}); take auto or proximal-newton",
                self.solver.name(),
                self.l1_ratio
            )),
            LogisticSolver::Auto if unknowns > MANY_UNKNOWNS => Ok(LogisticSolver::Lbfgs),
            LogisticSolver::Lbfgs => Ok(LogisticSolver::Lbfgs),
            _ if unknowns <= HESSIAN_LIMIT => Ok(LogisticSolver::Newton),
            _ => refuse(format!(
                "is {}, but a Hessian of {unknowns} unknowns would not fit memory; use lbfgs",
                self.solver.name()
            )),
        }
    }

    /// Where the search begins: at the minimum for a part of the rows, if there is one; else at zero.
    fn start<E: From<Error>>(
        &self,
        solver: LogisticSolver,
        part: Option<&Part>,
        unknowns: usize,
        scaling: &Scaling,
        penalty: Penalty,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<f64>, E> {
        /// The part differs from the whole by its chance, which is more than this tolerance.
        const ROUGH: f64 = 1e-3;
        let Some(part) = part else { return Ok(vec![0.0; unknowns]) };
        let examples = part.examples();
        let start = self.start(solver, Part::of(examples).as_ref(), unknowns, scaling, penalty, checkpoint)?;
        let mut objective = Objective::new(examples, scaling, penalty);
        Ok(self.search(solver, ROUGH, &mut objective, start, false, checkpoint)?.theta)
    }

    fn search<E: From<Error>>(
        &self,
        solver: LogisticSolver,
        tol: f64,
        objective: &mut Objective<'_>,
        start: Vec<f64>,
        keep: bool,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Search, E> {
        match solver {
            LogisticSolver::Lbfgs => lbfgs::minimise(objective, start, tol, self.max_iter, keep, checkpoint),
            LogisticSolver::Proximal => proximal::minimise(objective, start, tol, self.max_iter, keep, checkpoint),
            _ => newton::minimise(objective, start, tol, self.max_iter, keep, checkpoint),
        }
    }
}

/// One row in sixteen, copied.
struct Part {
    rows: Rows<'static>,
    codes: Vec<usize>,
    classes: usize,
    weights: Option<Vec<f64>>,
}

impl Part {
    /// The part, if there are enough rows and all classes are in it.
    fn of(whole: Examples<'_>) -> Option<Self> {
        let unknowns = (whole.rows.columns + 1) * whole.planes();
        let count = whole.rows.count;
        if count < MANY_ROWS || count / PART < ROWS_PER_UNKNOWN * unknowns {
            return None;
        }
        let part = Part {
            rows: whole.rows.every(PART),
            codes: whole.codes.iter().copied().step_by(PART).collect(),
            classes: whole.classes,
            weights: whole.weights.map(|all| all.iter().copied().step_by(PART).collect()),
        };
        let examples = part.examples();
        check_codes(FIT, examples.codes, examples.classes, examples.rows).ok()?;
        check_weights(FIT, examples.weights, examples.codes, examples.classes, examples.rows).ok()?;
        Some(part)
    }

    fn examples(&self) -> Examples<'_> {
        Examples { rows: &self.rows, codes: &self.codes, classes: self.classes, weights: self.weights.as_deref() }
    }
}

#[cfg(test)]
mod tests;
