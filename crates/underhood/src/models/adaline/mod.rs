//! Adaline (Widrow and Hoff 1960, "Adaptive switching circuits"): the perceptron's plane, trained by least squares.
//!
//! Targets are y = ±1, the net input z = w·x + b is used as it stands, and training descends
//!
//! > L(w, b) = mean over the rows of (y − z)²
//!
//! by w ← w − η·∂L/∂w = w + 2η·mean((y − z)·x), likewise b; the stochastic rule does the same with one row at a time.
//! L is a quadratic. Along the eigenvector of its Hessian with eigenvalue λ each batch step multiplies the distance to the
//! minimum by 1 − ηλ, so descent converges if and only if η < 2/λ for the largest λ: the *critical rate*. No row beyond
//! this is as instructive, which is why the model knows that number, and stops when the loss grows beyond all bounds.

mod mean_square;
mod stochastic;

use std::str::FromStr;

use ndarray::ArrayView2;

use self::mean_square::Data;
use self::stochastic::{Sweep, sweep};
use super::errors_by_epoch::errors_by_epoch;
use super::history::{Recorder, StopReason};
use super::perceptron::{initial_weights, presentation};
use super::plane::{Plane, positive_classes, signs};
use super::rows::Rows;
use super::targets::check_codes;
use crate::check;
use crate::error::Error;
use crate::random::Stream;

const FIT: &str = "Adaline.fit";

/// A loss so many times that of zero weights is not coming back.
const BEYOND_RETURN: f64 = 1e10;

/// The stochastic rule gives up after so many epochs without progress, as scikit-learn's does.
const PATIENCE: usize = 5;

/// How the steps are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdalineSolver {
    /// One step an epoch, along the gradient of the whole mean.
    Batch,
    /// One step a row, along that row's own gradient.
    Stochastic,
}

impl FromStr for AdalineSolver {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "batch" => Ok(AdalineSolver::Batch),
            "stochastic" => Ok(AdalineSolver::Stochastic),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "solver",
                value: name.into(),
                allowed: &["batch", "stochastic"],
            }),
        }
    }
}

/// How an Adaline is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Adaline {
    /// η. None chooses: for batch steps half the critical rate; for stochastic ones 0.1 over the mean of ‖(x, 1)‖², which costs
    /// ten per cent of excess loss (Widrow and Stearns 1985, *Adaptive Signal Processing*, chapter 6), or less if a single row would overshoot.
    pub learning_rate: Option<f64>,
    /// Batch or stochastic steps.
    pub solver: AdalineSolver,
    /// The largest number of epochs.
    pub max_iter: usize,
    /// Stop when the gradient is shorter than `tol` times the gradient at zero weights. The stochastic rule stops too when the loss has
    /// not fallen by `tol` below its best in five epochs. None makes all `max_iter` epochs.
    pub tol: Option<f64>,
    /// Present the rows in a new random order in every epoch (stochastic rule).
    pub shuffle: bool,
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
            max_iter: 1000,
            tol: Some(1e-4),
            shuffle: true,
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
    /// `codes`, `classes`, `stream` and `checkpoint` are as in [`Perceptron::fit`](super::Perceptron::fit). In the history, `loss`,
    /// `errors` (wrongly classified rows) and `gradient_norm` belong to the weights at the end of the epoch, all over all rows.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::Adaline;
    /// use underhood::random::Stream;
    ///
    /// let x = array![[-1.0], [1.0]];
    /// let fit = Adaline::default().fit(x.view(), &[0, 1], 2, &Stream::seeded(0), || Ok::<(), Error>(()))?;
    /// // L = (1 − w)² + b²: the Hessian is 2 in both directions, so rates up to 2/2 converge.
    /// assert_eq!(fit.critical_learning_rate, 1.0);
    /// assert!((fit.planes[0].weights[0] - 1.0).abs() < 1e-4);
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
        stream: &Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<AdalineFit, E> {
        self.check()?;
        let rows = Rows::new(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        let data = Data::new(FIT, &rows, codes, classes)?;
        let planes = positive_classes(classes)
            .map(|class| self.fit_plane(&data, class, stream.clone(), &mut checkpoint))
            .collect::<Result<_, E>>()?;
        Ok(AdalineFit { planes, critical_learning_rate: data.critical_rate })
    }

    fn check(&self) -> Result<(), Error> {
        let rate = self.learning_rate.unwrap_or(1.0);
        check::in_range(
            FIT,
            "learning_rate",
            rate,
            rate > 0.0 && rate.is_finite(),
            "\"auto\", or positive and finite",
        )?;
        let scale_fits = self.init_scale >= 0.0 && self.init_scale.is_finite();
        check::in_range(FIT, "init_scale", self.init_scale, scale_fits, "zero or positive, and finite")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        let tol = self.tol.unwrap_or(0.0);
        check::in_range(FIT, "tol", tol, tol >= 0.0, "None, zero or positive")
    }

    fn rate(&self, data: &Data<'_>) -> f64 {
        match (self.learning_rate, self.solver) {
            (Some(rate), _) => rate,
            (None, AdalineSolver::Batch) => data.critical_rate / 2.0,
            (None, AdalineSolver::Stochastic) => {
                // A step multiplies the row's own error by 1 − 2η‖(x, 1)‖²: at half of 1/‖(x, 1)‖² it vanishes, beyond it overshoots.
                let longest = (0..data.rows.count)
                    .map(|i| data.rows.row(i).iter().map(|x| x * x).sum::<f64>() + 1.0)
                    .fold(1.0, f64::max);
                (0.1 / data.mean_square_length).min(0.5 / longest)
            }
        }
    }

    fn fit_plane<E: From<Error>>(
        &self,
        data: &Data<'_>,
        class: usize,
        mut stream: Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Plane, E> {
        let rows = data.rows;
        let signs = signs(data.codes, class);
        let mut loss = data.loss(class, &signs);
        let rate = self.rate(data);
        let mut gradient = vec![0.0; rows.columns + 1];

        let mut weights = vec![0.0; rows.columns];
        loss.evaluate(&weights, 0.0, &mut gradient);
        let small = self.tol.map(|tol| tol * length(&gradient));

        weights = initial_weights(rows.columns, self.init_scale, &mut stream);
        let mut bias = 0.0;
        let mut recorder = Recorder::new(self.keep_history, &weights, bias);
        let start = loss.evaluate(&weights, bias, &mut gradient).max(1.0);
        let mut steps = match self.solver {
            AdalineSolver::Batch => Steps::Batch,
            AdalineSolver::Stochastic => {
                Steps::Stochastic { order: presentation(FIT, rows.count)?, stream: self.shuffle.then_some(stream) }
            }
        };
        let (mut stop, mut epochs) = (StopReason::MaxIter, 0);
        let (mut best, mut without_progress) = (f64::INFINITY, 0);

        while epochs < self.max_iter {
            if epochs % rows.sweeps_between_checks() == 0 {
                checkpoint()?;
            }
            let before = (weights.clone(), bias);
            let finite = steps.epoch(rows, &signs, rate, &gradient, &mut weights, &mut bias);
            let value = loss.evaluate(&weights, bias, &mut gradient);
            let norm = length(&gradient);
            if !(value.is_finite() && norm.is_finite()) {
                // The stochastic rule has its own last finite weights from within the epoch.
                if finite {
                    (weights, bias) = before;
                }
                stop = StopReason::Overflow;
                break;
            }
            epochs += 1;
            recorder.record(&weights, bias, value, norm);
            if !finite {
                stop = StopReason::Overflow;
                break;
            }
            if value > BEYOND_RETURN * start {
                stop = StopReason::Diverged;
                break;
            }
            if small.is_some_and(|small| norm <= small) {
                stop = StopReason::Converged;
                break;
            }
            if let (Steps::Stochastic { .. }, Some(tol)) = (&steps, self.tol) {
                without_progress = if value < best - tol { 0 } else { without_progress + 1 };
                best = best.min(value);
                if without_progress == PATIENCE {
                    stop = StopReason::NoProgress;
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

/// The two ways through an epoch.
enum Steps {
    Batch,
    Stochastic { order: Vec<u32>, stream: Option<Stream> },
}

impl Steps {
    /// Moves weights and bias; false if the numbers overflowed on the way, with the weights being the last finite ones.
    fn epoch(
        &mut self,
        rows: &Rows<'_>,
        signs: &[f64],
        rate: f64,
        gradient: &[f64],
        weights: &mut [f64],
        bias: &mut f64,
    ) -> bool {
        match self {
            Steps::Batch => {
                weights.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * g);
                *bias -= rate * gradient[weights.len()];
                true
            }
            Steps::Stochastic { order, stream } => {
                if let Some(stream) = stream {
                    stream.shuffle(order);
                }
                sweep(rows, order, signs, rate, weights, bias) == Sweep::Finite
            }
        }
    }
}

fn length(v: &[f64]) -> f64 {
    crate::simd::dot(v, v).sqrt()
}

#[cfg(test)]
mod tests;
