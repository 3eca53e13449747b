//! Linear support vector classification (Cortes and Vapnik 1995, doi:10.1007/BF00994018), solved for the plane itself.
//!
//! With y = ±1 and z = w·x + b it minimises, for `intercept_scaling` σ,
//!
//! > P = ½‖w‖² + ½(b/σ)² + Σ cᵢ·max(0, 1 − yᵢzᵢ)²   (squared hinge), or with max(0, 1 − yᵢzᵢ) (hinge).
//!
//! The bias counts as the weight v = b/σ of one more feature, σ, and is penalised as such: LIBLINEAR's objective (Fan and others 2008,
//! JMLR 9, 1871). A dual point α gives D = Σα − ½‖Σ αᵢyᵢx̃ᵢ‖² (− Σα²/(4c) for the squared hinge) ≤ P: the *duality gap* P − D says how
//! far P is from its minimum at most, and √(2(P − D)) how far the weights are.
//!
//! `newton.rs` solves the squared hinge, `interior.rs` the hinge, both through second moments of the rows; `coordinate.rs`
//! solves either where features are too many for that.

mod coordinate;
mod interior;
mod margins;
mod newton;

use std::str::FromStr;

use ndarray::ArrayView2;

use self::margins::Margins;
use super::history::{Recorder, StopReason};
use super::plane::{Plane, positive_classes, signs};
use super::rows::Rows;
use super::targets::check_codes;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::random::Stream;

const FIT: &str = "LinearSVC.fit";

/// Up to so many unknowns their second moments are formed.
const MANY_UNKNOWNS: usize = 600;

/// A gap that rounding leaves is small if it is at most this share of P; beyond it, the search has failed.
const SMALL: f64 = 1e-6;

/// Sums of squares times prices up to this leave room for what is computed from them.
const LARGEST: f64 = 1e300;

/// What a row inside the margin costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SvmLoss {
    /// max(0, 1 − yz)²
    SquaredHinge,
    /// max(0, 1 − yz)
    Hinge,
}

impl FromStr for SvmLoss {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "squared_hinge" => Ok(SvmLoss::SquaredHinge),
            "hinge" => Ok(SvmLoss::Hinge),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "loss",
                value: name.into(),
                allowed: &["squared_hinge", "hinge"],
            }),
        }
    }
}

/// How a linear support vector classifier is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSvc {
    /// The price of a row inside the margin.
    pub c: f64,
    /// What such a row costs.
    pub loss: SvmLoss,
    /// Stop when the duality gap is at most `tol` times the objective.
    pub tol: f64,
    /// The largest number of steps (or epochs, for many features).
    pub max_iter: usize,
    /// The value σ of the constant feature whose weight makes the bias; None goes without a bias.
    pub intercept_scaling: Option<f64>,
    /// Keep the numbers of every step.
    pub keep_history: bool,
}

impl Default for LinearSvc {
    fn default() -> Self {
        LinearSvc {
            c: 1.0,
            loss: SvmLoss::SquaredHinge,
            tol: 1e-10,
            max_iter: 1000,
            intercept_scaling: Some(1.0),
            keep_history: true,
        }
    }
}

/// What was found besides a plane.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearSvcPlane {
    /// The plane. In its history `loss` is P, and `gradient_norm` the length of its gradient; for the hinge, which has none everywhere, and
    /// in coordinate descent it is √(2(P − D)), within which the weights are of the best ones. Rows of cost zero are not among the `errors`.
    pub plane: Plane,
    /// P at the end.
    pub objective: f64,
    /// P − D at the end.
    pub gap: f64,
    /// How many rows that count are inside the margin or wrong: yz < 1.
    pub inside: usize,
    /// `newton`, `interior point` or `coordinate descent`.
    pub solver: &'static str,
}

/// One two-class problem.
struct Problem<'a> {
    rows: &'a Rows<'a>,
    y: Vec<f64>,
    /// cᵢ.
    costs: Vec<f64>,
    loss: SvmLoss,
    /// σ, or 0 without a bias.
    scaling: f64,
    tol: f64,
    max_iter: usize,
}

/// How a search ended.
struct Ended {
    margins: Margins,
    steps: usize,
    stop: StopReason,
    gap: f64,
}

impl LinearSvc {
    /// Trains one plane for two classes (the second is +1), or one a class against the rest for more.
    ///
    /// `weights` multiply c row by row. `class_weights` have one factor a class; with more than two classes a plane heeds that of its own
    /// class alone, as LIBLINEAR does. `stream` shuffles the rows where coordinate descent is used. `checkpoint` is called
    /// every few milliseconds; what it returns ends the training.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::LinearSvc;
    /// use underhood::random::Stream;
    ///
    /// let x = array![[-1.0], [1.0]];
    /// let fit = LinearSvc::default().fit(x.view(), &[0, 1], 2, None, &[1.0, 1.0], &Stream::seeded(0), || Ok::<(), Error>(()))?;
    /// // ½w² + 2(1 − w)² is least at w = 4/5.
    /// assert!((fit[0].plane.weights[0] - 0.8).abs() < 1e-12);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, is empty, or its squares overflow; `codes` or the weights do not
    /// fit; there is one class only; what `checkpoint` returns.
    #[allow(clippy::too_many_arguments, reason = "data, their weights, and what every fit takes")]
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        class_weights: &[f64],
        stream: &Stream,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Vec<LinearSvcPlane>, E> {
        let mut caught = Caught::new(FIT);
        let mut check = || caught.catch(checkpoint());
        let found = self.train(x, codes, classes, weights, class_weights, stream, &mut check);
        caught.release(found)
    }

    #[allow(clippy::too_many_arguments, reason = "as fit")]
    fn train(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        class_weights: &[f64],
        stream: &Stream,
        checkpoint: &mut dyn FnMut() -> Result<()>,
    ) -> Result<Vec<LinearSvcPlane>> {
        self.check()?;
        let rows = Rows::new(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        check_weights("class_weight", class_weights, classes)?;
        if let Some(weights) = weights {
            check_weights("sample_weight", weights, rows.count)?;
        }
        let longest = (0..rows.count).map(|i| crate::simd::dot(rows.row(i), rows.row(i))).fold(0.0, f64::max);
        if !(longest * (rows.count as f64) < LARGEST) {
            let problem = "holds values so large that their squares overflow; divide such columns by their scale first";
            return Err(Error::Invalid { function: FIT, argument: "X", problem: problem.into() });
        }
        let most = |weights: &[f64]| weights.iter().fold(1.0_f64, |most, &w| most.max(w));
        let (by_row, by_class) = (weights.map_or(1.0, most), most(class_weights));
        let squares = longest + self.intercept_scaling.map_or(1.0, |scaling| scaling * scaling + 1.0);
        if !(squares * self.c * by_row * by_class * (rows.count as f64) < LARGEST) {
            let weighty = by_row.max(by_class) > self.c;
            let argument = if !weighty {
                "C"
            } else if by_row > by_class {
                "sample_weight"
            } else {
                "class_weight"
            };
            let problem = "makes the price of a row inside the margin so large that the objective overflows".into();
            return Err(Error::Invalid { function: FIT, argument, problem });
        }
        let factor = |i: usize, class: usize| {
            let of_class = match (classes, codes[i] == class) {
                (2, _) => class_weights[codes[i]],
                (_, true) => class_weights[class],
                (_, false) => 1.0,
            };
            self.c * of_class * weights.map_or(1.0, |weights| weights[i])
        };
        positive_classes(classes)
            .map(|class| {
                let problem = Problem {
                    rows: &rows,
                    y: signs(codes, class),
                    costs: (0..rows.count).map(|i| factor(i, class)).collect(),
                    loss: self.loss,
                    scaling: self.intercept_scaling.unwrap_or(0.0),
                    tol: self.tol,
                    max_iter: self.max_iter,
                };
                self.fit_plane(&problem, stream.clone(), checkpoint)
            })
            .collect()
    }

    fn fit_plane(
        &self,
        problem: &Problem<'_>,
        stream: Stream,
        checkpoint: &mut dyn FnMut() -> Result<()>,
    ) -> Result<LinearSvcPlane> {
        let columns = problem.rows.columns;
        let mut log = Recorder::new(self.keep_history, &vec![0.0; columns], 0.0);
        let (ended, solver) = match self.loss {
            _ if columns + 1 > MANY_UNKNOWNS => {
                (coordinate::solve(problem, stream, &mut log, checkpoint)?, "coordinate descent")
            }
            SvmLoss::SquaredHinge => (newton::solve(problem, &mut log, checkpoint)?, "newton"),
            SvmLoss::Hinge => (interior::solve(problem, &mut log, checkpoint)?, "interior point"),
        };
        let margins = &ended.margins;
        if ended.gap.is_nan() {
            let problem =
                "holds values so large that the objective overflows; divide such columns by their scale first";
            return Err(Error::Invalid { function: FIT, argument: "X", problem: problem.into() });
        }
        Ok(LinearSvcPlane {
            objective: problem.primal(margins),
            gap: ended.gap.max(0.0),
            inside: problem.rows_that_count().filter(|&i| margins.z[i] * problem.y[i] < 1.0).count(),
            solver,
            plane: Plane {
                weights: margins.weights[..columns].to_vec(),
                bias: margins.weights[columns] * problem.scaling,
                epochs: ended.steps,
                stop: ended.stop,
                learning_rate: 1.0,
                history: log.finish(),
            },
        })
    }

    fn check(&self) -> Result<()> {
        check::in_range(FIT, "C", self.c, self.c > 0.0 && self.c.is_finite(), "positive and finite")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        let scaling = self.intercept_scaling.unwrap_or(1.0);
        let fits = scaling > 0.0 && scaling.is_finite();
        check::in_range(FIT, "intercept_scaling", scaling, fits, "positive and finite")
    }
}

fn check_weights(argument: &'static str, weights: &[f64], count: usize) -> Result<()> {
    check::same_length(FIT, (argument, weights.len()), ("the number wanted", &[count]))?;
    check::finite_vector(FIT, argument, weights.into())?;
    let least = weights.iter().copied().fold(f64::INFINITY, f64::min);
    check::in_range(FIT, argument, least, least >= 0.0, "zero or positive")
}

#[cfg(test)]
mod tests;
