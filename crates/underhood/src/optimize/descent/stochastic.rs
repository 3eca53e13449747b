//! Descent on a few rows at a time.
//!
//! H. Robbins and S. Monro (1951), <https://doi.org/10.1214/aoms/1177729586>; L. Bottou, F. E. Curtis, J. Nocedal (2018), "Optimization
//! methods for large-scale machine learning", <https://doi.org/10.1137/16M1080173>. The mean of the later points: B. T. Polyak and A. B.
//! Juditsky (1992), <https://doi.org/10.1137/0330046>; A. Rakhlin, O. Shamir, K. Sridharan (2012), <https://arxiv.org/abs/1109.5647>,
//! for leaving out the first half.

use ndarray::{Array1, Array2};

use super::options::Rate;
use super::record::Rows;
use super::rule::{Rule, Stepper};
use super::walk::{GROWN, Step, start_is_finite};
use crate::check;
use crate::error::{Error, Result as CoreResult};
use crate::optimize::lengths::{distance, length as norm};
use crate::optimize::numbers::brief;
use crate::random::Stream;

const NAME: &str = "stochastic_gradient_descent";

/// How a stochastic descent is to be run.
#[derive(Debug, Clone, Copy)]
pub struct StochasticOptions<'a> {
    /// How long the steps are; no line search, which would fit the length to a single batch.
    pub rate: Rate<'a>,
    /// How a gradient becomes a step.
    pub rule: Rule,
    /// How often all rows are gone through; at least 1.
    pub epochs: usize,
    /// Rows of a batch, at least 1; the last batch of an epoch has those that are left.
    pub batch_size: usize,
    /// Whether each epoch has the rows in a new random order.
    pub shuffle: bool,
    /// Whether the result is the mean of the points of the second half of all steps, rather than the last point.
    pub averaging: bool,
    /// Whether to keep every point.
    pub keep_path: bool,
    /// The watcher is shown every so-manieth step; at least 1.
    pub watch_every: usize,
}

impl Default for StochasticOptions<'_> {
    fn default() -> Self {
        StochasticOptions {
            rate: Rate::Constant(0.01),
            rule: Rule::Plain,
            epochs: 10,
            batch_size: 32,
            shuffle: true,
            averaging: false,
            keep_path: true,
            watch_every: 1,
        }
    }
}

/// Why a stochastic descent ended. It has no test of convergence: batches never agree on where the slope is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StochasticStop {
    /// All epochs are made.
    Epochs,
    /// Point, loss or gradient grew without bound or became infinite or NaN; the result holds the last finite point.
    Diverged,
    /// The watcher asked to stop.
    Asked,
}

impl StochasticStop {
    /// Its name: `epochs`, `diverged` or `callback`.
    pub fn name(self) -> &'static str {
        match self {
            StochasticStop::Epochs => "epochs",
            StochasticStop::Diverged => "diverged",
            StochasticStop::Asked => "callback",
        }
    }
}

/// A whole stochastic descent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StochasticDescent {
    /// The last finite point, or the mean of the later ones.
    pub x: Array1<f64>,
    /// The loss of all rows there.
    pub value: f64,
    /// Steps made.
    pub iterations: usize,
    /// Whole epochs made.
    pub epochs: usize,
    /// Why it ended.
    pub stop: StochasticStop,
    /// The same in words.
    pub message: String,
    /// The points, one a row, the start first; `None` if they were not kept.
    pub path: Option<Array2<f64>>,
    /// The loss of each step's batch where the step begins.
    pub batch_values: Array1<f64>,
    /// The Euclidean lengths of the batches' gradients there.
    pub gradient_norms: Array1<f64>,
    /// The Euclidean lengths of the steps.
    pub step_lengths: Array1<f64>,
    /// The rates of the steps.
    pub rates: Array1<f64>,
    /// The loss of all rows at the start and at the end of each whole epoch.
    pub epoch_values: Array1<f64>,
}

/// Goes downhill on the loss of a few rows at a time.
///
/// `batch` gives the loss of some rows at a point and writes its gradient, `full` the loss of all rows. `rows` is how many there are,
/// `stream` deals them. `watch` is shown the steps (with the batch's loss and gradient where the step began) and answers whether to
/// go on.
///
/// # Errors
/// [`Error::TooFew`] for an empty `x0` or no rows, [`Error::NotFinite`] for NaN or infinity in `x0`, [`Error::Invalid`] if the loss or its
/// gradient are not finite there, [`Error::OutOfRange`] for an option; whatever the closures return as their error.
pub fn stochastic_gradient_descent<E: From<Error>>(
    mut batch: impl FnMut(&[f64], &[usize], &mut [f64]) -> Result<f64, E>,
    mut full: impl FnMut(&[f64]) -> Result<f64, E>,
    x0: &[f64],
    rows: usize,
    options: &StochasticOptions<'_>,
    stream: &mut Stream,
    mut watch: impl FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<StochasticDescent, E> {
    checked(x0, rows, options)?;
    stochastic(&mut batch, &mut full, x0, rows, options, stream, &mut watch)
}

/// A batch's loss, its gradient written, at a point.
type Batch<'a, E> = dyn FnMut(&[f64], &[usize], &mut [f64]) -> Result<f64, E> + 'a;

fn stochastic<E: From<Error>>(
    batch: &mut Batch<'_, E>,
    full: &mut dyn FnMut(&[f64]) -> Result<f64, E>,
    x0: &[f64],
    rows: usize,
    options: &StochasticOptions<'_>,
    stream: &mut Stream,
    watch: &mut dyn FnMut(Step<'_>) -> Result<bool, E>,
) -> Result<StochasticDescent, E> {
    let size = options.batch_size.min(rows);
    let most = rows.div_ceil(size).saturating_mul(options.epochs);
    let mut points = Rows::new(x0.len(), options.keep_path, most.saturating_add(1));
    points.row_mut(0).copy_from_slice(x0);
    let mut beside = Rows::new(BESIDE, true, most);
    let mut gradient = vec![0.0; x0.len()];
    let mut stepper = Stepper::new(options.rule, x0.len());
    let mut mean = Mean { from: most / 2, count: 0, sum: vec![0.0; x0.len()] };
    let mut order: Vec<usize> = (0..rows).collect();

    let first = full(x0)?;
    start_is_finite(NAME, first, &gradient)?;
    let mut epoch_values = vec![first];
    let (mut hopeless, every, mut k) = (f64::INFINITY, options.watch_every.max(1), 0);
    let stop = 'descent: loop {
        if epoch_values.len() > options.epochs {
            break StochasticStop::Epochs;
        }
        if options.shuffle {
            stream.shuffle(&mut order);
        }
        for chosen in order.chunks(size) {
            let (x, next) = points.here_and_next(k);
            let value = batch(x, chosen, &mut gradient)?;
            if k == 0 {
                start_is_finite(NAME, value, &gradient)?;
            }
            let slope = norm(&gradient);
            if !(value.is_finite() && slope.is_finite()) || (slope > hopeless && value > first) {
                break 'descent StochasticStop::Diverged;
            }
            if hopeless.is_infinite() && slope > 0.0 {
                hopeless = GROWN * slope;
            }
            let rate = options.rate.at(NAME, k)?;
            stepper.step(x, &gradient, rate, next);
            let length = distance(x, next);
            if !length.is_finite() {
                break 'descent StochasticStop::Diverged;
            }
            beside.here_and_next(k).1.copy_from_slice(&[value, slope, length, rate]);
            k += 1;
            mean.add(k, next);
            if k.is_multiple_of(every) && !watch(Step { iteration: k, x: next, value, gradient: &gradient })? {
                break 'descent StochasticStop::Asked;
            }
        }
        let value = full(points.row(k))?;
        if !value.is_finite() {
            break StochasticStop::Diverged;
        }
        epoch_values.push(value);
    };
    let x = match mean.of() {
        Some(mean) if options.averaging => mean,
        _ => points.row(k).to_vec(),
    };
    let value = if options.averaging || stop != StochasticStop::Epochs {
        full(&x)?
    } else {
        epoch_values[epoch_values.len() - 1]
    };
    let message = message(stop, k, (first, value), &epoch_values, options);
    let column = |i: usize| (1..=k).map(|k| beside.row(k)[i]).collect::<Array1<f64>>();
    Ok(StochasticDescent {
        value,
        iterations: k,
        epochs: epoch_values.len() - 1,
        stop,
        message,
        batch_values: column(0),
        gradient_norms: column(1),
        step_lengths: column(2),
        rates: column(3),
        path: points.into_kept(k + 1).and_then(|flat| Array2::from_shape_vec((k + 1, x0.len()), flat).ok()),
        epoch_values: epoch_values.into(),
        x: x.into(),
    })
}

/// Numbers of a step beside its point.
const BESIDE: usize = 4;

/// The mean of the points from a step on.
#[derive(Debug)]
struct Mean {
    from: usize,
    count: usize,
    sum: Vec<f64>,
}

impl Mean {
    fn add(&mut self, step: usize, x: &[f64]) {
        if step > self.from {
            self.count += 1;
            self.sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
        }
    }

    fn of(&self) -> Option<Vec<f64>> {
        (self.count > 0).then(|| self.sum.iter().map(|sum| sum / self.count as f64).collect())
    }
}

fn checked(x0: &[f64], rows: usize, options: &StochasticOptions<'_>) -> CoreResult<()> {
    check::at_least(NAME, "x0", "values", x0.len(), 1)?;
    check::finite_vector(NAME, "x0", x0.into())?;
    check::at_least(NAME, "data", "rows", rows, 1)?;
    let some = |name, count: usize| check::in_range(NAME, name, count as f64, count > 0, "at least 1");
    some("batch_size", options.batch_size)?;
    some("epochs", options.epochs)?;
    options.rule.checked(NAME)?;
    if options.rate.searches() {
        let problem = "is a line search, which would fit the step to a single batch; give a number or a schedule";
        return Err(Error::Invalid { function: NAME, argument: "learning_rate", problem: problem.into() });
    }
    options.rate.checked(NAME, options.rule)
}

fn message(
    stop: StochasticStop,
    steps: usize,
    (first, last): (f64, f64),
    epochs: &[f64],
    options: &StochasticOptions<'_>,
) -> String {
    let course = format!("the loss of all rows went from {} to {}", brief(first, 6), brief(last, 6));
    match stop {
        StochasticStop::Epochs => format!(
            "all {} epochs are made ({steps} steps): {course}; batches differ, so there is no test of convergence",
            options.epochs
        ),
        StochasticStop::Asked => {
            format!("stopped by the callback after {steps} steps, {} whole epochs: {course}", epochs.len() - 1)
        }
        StochasticStop::Diverged => {
            let rate = options.rate.at(NAME, steps).unwrap_or(f64::NAN);
            format!(
                "diverged after {steps} steps: {course}. learning_rate = {rate} is too large here, or the loss is undefined where a step leads; try a tenth of it"
            )
        }
    }
}
