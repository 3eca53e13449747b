//! Adaline (Widrow and Hoff 1960, "Adaptive switching circuits"): the perceptron's plane, trained by least squares.
//!
//! Targets are y = ±1, the net input z = w·x + b is used as it stands, and training descends
//!
//! > L(w, b) = mean over the rows of (y − z)²
//!
//! by w ← w − η·∂L/∂w = w + 2η·mean((y − z)·x), likewise b; the stochastic rule does the same with one row at a time, mini-batches with some. The
//! minimum is where the equations of least squares hold, and these can be solved without descent too. A row with a weight counts that often in
//! the mean; in the steps of rows its gradient is multiplied by the weight.
//! L is a quadratic. Along the eigenvector of its Hessian with eigenvalue λ each batch step multiplies the distance to the
//! minimum by 1 − ηλ, so descent converges if and only if η < 2/λ for the largest λ: the *critical rate*. The
//! model computes that number from the data, and stops when the loss grows beyond all bounds.

mod exact;
mod mean_square;
mod stochastic;

use std::str::FromStr;

use ndarray::{ArrayView1, ArrayView2};

use self::mean_square::{At, Data, MeanSquare};
use self::stochastic::{Steps, Sweep};
use super::errors_by_epoch::errors_by_epoch;
use super::history::{Recorder, StopReason};
use super::perceptron::{initial_weights, presentation};
use super::plane::{Plane, check_planes, positive_classes, weighted_signs};
use super::rows::Rows;
use super::sample_weights::{check_values, check_weights};
use super::targets::{check_class_numbers, check_codes};
use crate::check;
use crate::error::Error;
use crate::random::Stream;

const FIT: &str = "Adaline.fit";
const PARTIAL_FIT: &str = "Adaline.partial_fit";

/// A loss so many times that of zero weights is not coming back.
const BEYOND_RETURN: f64 = 1e10;

/// The rules of rows compare the losses of at least so many epochs with those of as many before.
const PATIENCE: usize = 10;

/// How the steps are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdalineSolver {
    /// One step an epoch, along the gradient of the whole mean.
    Batch,
    /// One step a row, along that row's own gradient.
    Stochastic,
    /// One step for some rows at a time, along the mean of their gradients.
    MiniBatch,
    /// No steps: the equations of least squares are solved.
    Exact,
}

impl FromStr for AdalineSolver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "batch" => Ok(AdalineSolver::Batch),
            "stochastic" => Ok(AdalineSolver::Stochastic),
            "mini-batch" => Ok(AdalineSolver::MiniBatch),
            "exact" => Ok(AdalineSolver::Exact),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "solver",
                value: name.into(),
                allowed: &["batch", "stochastic", "mini-batch", "exact"],
            }),
        }
    }
}

/// How an Adaline is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Adaline {
    /// η. None chooses: for batch steps half the critical rate; for stochastic ones 0.1 over the mean of ‖(x, 1)‖², which costs
    /// ten per cent of excess loss (Widrow and Stearns 1985, *Adaptive Signal Processing*, chapter 6), or less if a single row would overshoot;
    /// for mini-batches of B rows B times that, or less if a batch would.
    pub learning_rate: Option<f64>,
    /// How the steps are made, if any.
    pub solver: AdalineSolver,
    /// How many rows a mini-batch has.
    pub batch_size: usize,
    /// The largest number of epochs.
    pub max_iter: usize,
    /// Stop when the gradient with respect to standardised columns is shorter than `tol` times that at zero weights. The rules of rows and of
    /// mini-batches stop too when over the last quarter of the epochs (and over ten at least) the loss is not on average `tol`²
    /// lower than over the quarter before, and say whether it hovers around its minimum or is still far above. None makes all `max_iter` epochs.
    pub tol: Option<f64>,
    /// Present the rows in a new random order in every epoch (stochastic rule and mini-batches).
    pub shuffle: bool,
    /// Whether there is a bias; without one the plane goes through the origin.
    pub fit_intercept: bool,
    /// Standard deviation of the normal draws with which the weights start; 0 starts from zero.
    pub init_scale: f64,
    /// Keep weights, loss, errors and gradient of every epoch.
    pub keep_history: bool,
}

impl Default for Adaline {
    fn default() -> Self {
        Adaline {
            learning_rate: None,
            solver: AdalineSolver::Batch,
            batch_size: 32,
            max_iter: 1000,
            tol: Some(1e-4),
            shuffle: true,
            fit_intercept: true,
            init_scale: 0.0,
            keep_history: true,
        }
    }
}

/// A trained Adaline.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AdalineFit {
    /// One plane for two classes, or one a class.
    pub planes: Vec<Plane>,
    /// The learning rate at and above which batch descent on this X diverges, 2/λ. The stochastic rule diverges there too, on average, and often below.
    pub critical_learning_rate: f64,
}

impl Adaline {
    /// Trains one plane for two classes (the second is +1), or one a class against the rest for more.
    ///
    /// `codes`, `classes`, `weights`, `stream` and `checkpoint` are as in [`Perceptron::fit`](super::Perceptron::fit). In the history, `loss`,
    /// `errors` (wrongly classified rows that count) and `gradient_norm` belong to the weights at the end of the epoch, all over all rows.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::Adaline;
    /// use underhood::random::Stream;
    ///
    /// let x = array![[-1.0], [1.0]];
    /// let fit = Adaline::default().fit(x.view(), &[0, 1], 2, None, &Stream::seeded(0), || Ok::<(), Error>(()))?;
    /// // L = (1 − w)² + b²: the Hessian is 2 in both directions, so rates up to 2/2 converge.
    /// assert_eq!(fit.critical_learning_rate, 1.0);
    /// assert!((fit.planes[0].weights[0] - 1.0).abs() < 1e-4);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, is empty, or its squares overflow; `codes` or `weights` do not fit; there is
    /// one class only, or one without a row that counts.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        stream: &Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<AdalineFit, E> {
        self.check(FIT)?;
        let rows = Rows::unchecked(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        check_weights(FIT, weights, codes, classes, &rows)?;
        let data = Data::new(FIT, &rows, (codes, classes), weights, self.fit_intercept)?;
        let order = self.order(FIT, &data)?;
        let planes = positive_classes(classes)
            .map(|class| {
                if self.solver == AdalineSolver::Exact {
                    return self.solve_plane(&data, class, &mut checkpoint);
                }
                let mut stream = stream.clone();
                let start = (initial_weights(rows.columns, self.init_scale, &mut stream), 0.0);
                self.train(&data, class, order.clone(), start, stream, &mut checkpoint)
            })
            .collect::<Result<_, E>>()?;
        Ok(AdalineFit { planes, critical_learning_rate: data.critical_rate })
    }

    /// One more epoch of the stochastic rule or of mini-batches for planes that exist, on rows that may be new: of each class there may be many, or none.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); the planes do not fit the rows or the classes, or hold a NaN or an infinity; the solver is another one.
    #[allow(clippy::too_many_arguments, reason = "what fit takes, and the planes")]
    pub fn partial_fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        (coef, bias): (ArrayView2<'_, f64>, ArrayView1<'_, f64>),
        stream: &Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<AdalineFit, E> {
        self.check(PARTIAL_FIT)?;
        if matches!(self.solver, AdalineSolver::Batch | AdalineSolver::Exact) {
            let problem = "needs all rows at once; rows that come bit by bit are for stochastic or mini-batch".into();
            return Err(Error::Invalid { function: PARTIAL_FIT, argument: "solver", problem }.into());
        }
        let rows = Rows::unchecked(PARTIAL_FIT, x)?;
        check_class_numbers(PARTIAL_FIT, codes, classes, &rows)?;
        if let Some(weights) = weights {
            check_values(PARTIAL_FIT, weights, &rows)?;
            check::in_range(PARTIAL_FIT, "sample_weight", 0.0, weights.iter().any(|&w| w > 0.0), "positive somewhere")?;
        }
        check_planes(PARTIAL_FIT, classes, &rows, coef, bias)?;
        let data = Data::new(PARTIAL_FIT, &rows, (codes, classes), weights, self.fit_intercept)?;
        let order = self.order(PARTIAL_FIT, &data)?;
        let once = Adaline { max_iter: 1, tol: None, ..self.clone() };
        let planes = positive_classes(classes)
            .zip(coef.outer_iter().zip(bias))
            .map(|(class, (coef, &bias))| {
                once.train(&data, class, order.clone(), (coef.to_vec(), bias), stream.clone(), &mut checkpoint)
            })
            .collect::<Result<_, E>>()?;
        Ok(AdalineFit { planes, critical_learning_rate: data.critical_rate })
    }

    fn check(&self, function: &'static str) -> Result<(), Error> {
        let rate = self.learning_rate.unwrap_or(1.0);
        check::in_range(
            function,
            "learning_rate",
            rate,
            rate > 0.0 && rate.is_finite(),
            "\"auto\", or positive and finite",
        )?;
        let scale_fits = self.init_scale >= 0.0 && self.init_scale.is_finite();
        check::in_range(function, "init_scale", self.init_scale, scale_fits, "zero or positive, and finite")?;
        check::in_range(function, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        check::in_range(function, "batch_size", self.batch_size as f64, self.batch_size > 0, "at least 1")?;
        let tol = self.tol.unwrap_or(0.0);
        check::in_range(function, "tol", tol, tol >= 0.0, "None, zero or positive")
    }

    /// The rows' numbers, for the rules that present them one by one or some by some.
    fn order(&self, function: &'static str, data: &Data<'_>) -> Result<Vec<u32>, Error> {
        match self.solver {
            AdalineSolver::Batch | AdalineSolver::Exact => Ok(Vec::new()),
            _ => presentation(function, data.rows, data.weights),
        }
    }

    fn rate(&self, data: &Data<'_>, rows: usize) -> f64 {
        match (self.learning_rate, self.solver) {
            (Some(rate), _) => rate,
            (None, AdalineSolver::Batch | AdalineSolver::Exact) => data.critical_rate / 2.0,
            (None, solver) => {
                // A step multiplies the row's own error by 1 − 2η‖(x, 1)‖²: at half of 1/‖(x, 1)‖² it vanishes, beyond it overshoots. In
                // a batch of B, a row has the share 1/B of that, and the others that of the mean.
                let batch = if solver == AdalineSolver::MiniBatch { self.batch_size.min(rows) as f64 } else { 1.0 };
                let weight = |i: usize| data.weights.map_or(1.0, |weights| weights[i]);
                let share = f64::from(u8::from(self.fit_intercept));
                let longest = (0..data.rows.count)
                    .map(|i| weight(i) * (data.rows.row(i).iter().map(|x| x * x).sum::<f64>() + share))
                    .fold(0.0, f64::max);
                // The steps of rows take the weights as they are, not as shares of their sum.
                let mean = data.total / rows as f64;
                let overshoot = (1.0 - 1.0 / batch) * mean / data.critical_rate + longest / batch;
                (0.1 * batch / (mean * data.mean_square_length)).min(0.5 / overshoot)
            }
        }
    }

    /// The share by which the loss may hover above its minimum: the misadjustment η·tr R of a rate η (Widrow and Stearns 1985), R
    /// being the mean of (x, 1)(x, 1)ᵀ, and as much more as rates near the largest ones make of it.
    fn excess(&self, data: &Data<'_>, rate: f64, rows: usize) -> f64 {
        let batch = if self.solver == AdalineSolver::MiniBatch { self.batch_size.min(rows) } else { 1 };
        let misadjustment = rate / batch as f64 * data.mean_square_length * data.total / rows as f64;
        misadjustment / (1.0 - misadjustment.min(0.9))
    }

    /// The least loss that a plane can have; None where columns are so many that this would cost more than the training.
    fn least_loss<E: From<Error>>(
        &self,
        data: &Data<'_>,
        signs: &[f64],
        loss: &mut MeanSquare<'_>,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Option<f64>, E> {
        if !data.has_moments() {
            return Ok(None);
        }
        let (weights, bias) = exact::solve(data.rows, signs, data.weights, self.fit_intercept, checkpoint)?;
        Ok(Some(loss.evaluate(&weights, bias, &mut vec![0.0; weights.len() + 1]).loss))
    }

    /// The plane with the least loss.
    fn solve_plane<E: From<Error>>(
        &self,
        data: &Data<'_>,
        class: usize,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Plane, E> {
        let signs = weighted_signs(data.codes, class, data.weights);
        let (weights, bias) = exact::solve(data.rows, &signs, data.weights, self.fit_intercept, checkpoint)?;
        let mut gradient = vec![0.0; weights.len() + 1];
        let mut recorder = Recorder::new(self.keep_history, &vec![0.0; weights.len()], 0.0);
        let at = data.loss(class, &signs).evaluate(&weights, bias, &mut gradient);
        recorder.record(&weights, bias, at.loss, length(&gradient));
        let mut history = recorder.finish();
        if let Some(history) = &mut history {
            history.errors = errors_by_epoch(data.rows, &signs, history.weights.view(), &history.bias, checkpoint)?;
        }
        Ok(Plane { weights, bias, epochs: 1, stop: StopReason::Converged, learning_rate: 0.0, history })
    }

    fn train<E: From<Error>>(
        &self,
        data: &Data<'_>,
        class: usize,
        mut order: Vec<u32>,
        (mut weights, mut bias): (Vec<f64>, f64),
        mut stream: Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Plane, E> {
        let rows = data.rows;
        let signs = weighted_signs(data.codes, class, data.weights);
        let mut loss = data.loss(class, &signs);
        let rate = self.rate(data, if order.is_empty() { rows.count } else { order.len() });
        let share = f64::from(u8::from(self.fit_intercept));
        let steps = Steps { rows, signs: &signs, rate, share };
        let mut gradient = vec![0.0; rows.columns + 1];
        let mut before = vec![0.0; rows.columns];
        let small = self.tol.map(|tol| tol * loss.evaluate(&before, 0.0, &mut gradient).left);

        let mut recorder = Recorder::new(self.keep_history, &weights, bias);
        let start = loss.evaluate(&weights, bias, &mut gradient).loss.max(1.0);
        let (mut stop, mut epochs) = (StopReason::MaxIter, 0);
        let mut losses = Losses::default();

        while epochs < self.max_iter {
            if epochs % rows.sweeps_between_checks() == 0 {
                checkpoint()?;
            }
            before.copy_from_slice(&weights);
            let bias_before = bias;
            if self.shuffle {
                stream.shuffle(&mut order);
            }
            let end = match self.solver {
                AdalineSolver::Stochastic => steps.one_by_one(&order, &mut weights, &mut bias),
                AdalineSolver::MiniBatch => steps.some_by_some(&order, self.batch_size, &mut weights, &mut bias),
                AdalineSolver::Batch | AdalineSolver::Exact => {
                    weights.iter_mut().zip(&gradient).for_each(|(w, g)| *w -= rate * g);
                    bias -= rate * gradient[weights.len()];
                    Sweep::Finite
                }
            };
            let At { loss: value, left } = loss.evaluate(&weights, bias, &mut gradient);
            let norm = length(&gradient);
            if !(value.is_finite() && norm.is_finite()) {
                // The rules of rows have their own last finite weights from within the epoch.
                if end == Sweep::Finite {
                    (weights, bias) = (before, bias_before);
                }
                stop = StopReason::Overflow;
                break;
            }
            epochs += 1;
            recorder.record(&weights, bias, value, norm);
            if end == Sweep::Overflow {
                stop = StopReason::Overflow;
                break;
            }
            if value > BEYOND_RETURN * start {
                stop = StopReason::Diverged;
                break;
            }
            if small.is_some_and(|small| left <= small) {
                stop = StopReason::Converged;
                break;
            }
            if let (false, Some(tol)) = (self.solver == AdalineSolver::Batch, self.tol) {
                losses.push(value);
                // Near the minimum the loss goes with the square of the gradient.
                if losses.level(tol * tol) {
                    let excess = self.excess(data, rate, order.len());
                    let least = self.least_loss(data, &signs, &mut loss, checkpoint)?;
                    let near = least.is_none_or(|least| value <= least * (1.0 + excess) + tol * tol);
                    stop = if near { StopReason::Hovers } else { StopReason::NoProgress };
                    break;
                }
            }
        }
        let mut history = recorder.finish();
        if let Some(history) = &mut history {
            history.errors = errors_by_epoch(rows, &signs, history.weights.view(), &history.bias, checkpoint)?;
        }
        Ok(Plane { weights, bias, epochs, stop, learning_rate: rate, history })
    }
}

/// The losses at the epochs' ends, summed up. At a constant rate the rules of rows do not come to rest: they hover around the minimum, and on
/// the way to it the loss rises now and then. So the mean over the last quarter of all epochs is held against that over the quarter before.
#[derive(Default)]
struct Losses(Vec<f64>);

impl Losses {
    fn push(&mut self, loss: f64) {
        self.0.push(self.0.last().unwrap_or(&0.0) + loss);
    }

    /// Whether the loss has not fallen by `least`, and training may stop: not where the loss is high by chance.
    fn level(&self, least: f64) -> bool {
        let epochs = self.0.len();
        let some = (epochs / 4).max(PATIENCE);
        if epochs < 2 * some {
            return false;
        }
        let until = |epochs: usize| if epochs == 0 { 0.0 } else { self.0[epochs - 1] };
        let (last, before) = (until(epochs) - until(epochs - some), until(epochs - some) - until(epochs - 2 * some));
        let now = (until(epochs) - until(epochs - 1)) * some as f64;
        last >= before - least * some as f64 && now <= last.min(before)
    }
}

fn length(v: &[f64]) -> f64 {
    crate::simd::dot(v, v).sqrt()
}

#[cfg(test)]
mod tests;
