//! Epoch after epoch: every row once, a batch at a time, and a step for each batch.

use ndarray::Array2;

use super::batches::{BLOCK, Chosen, Data, Gradient, Targets};
use super::descent::{Descent, DescentState, Lengths, Schedule};
use super::training::{NetworkHistory, NetworkTraining, TrainedNetwork, penalty};
use super::{Layer, Network, Output};
use crate::error::Error;
use crate::models::history::StopReason;
use crate::random::Stream;

/// Rows of a batch, unless the caller says otherwise.
const BATCH: usize = 200;
/// Multiplications between two looks at the keyboard: some milliseconds.
const CHECK_EVERY: usize = 50_000_000;
/// An adaptive rate is not lowered further.
const LEAST_RATE: f64 = 1e-6;

/// The rows that were set aside.
pub(super) struct Validation {
    pub(super) rows: Vec<u32>,
}

/// A way through the epochs.
pub(super) struct Course<'a> {
    pub(super) training: &'a NetworkTraining,
    pub(super) function: &'static str,
    pub(super) descent: Descent,
    pub(super) validation: Option<Validation>,
}

/// What one epoch showed.
#[derive(Default)]
struct Epoch {
    loss: f64,
    /// The loss of its first batch, before any step.
    begun: f64,
    gradient: f64,
    rate: f64,
    /// The summed lengths of each layer's steps.
    steps: Vec<f64>,
    batches: usize,
}

/// How long there was no progress.
struct Patience {
    best: f64,
    without: usize,
}

impl Course<'_> {
    pub(super) fn run<E: From<Error>>(
        &self,
        gradient: &mut Gradient<'_>,
        mut theta: Vec<f64>,
        mut state: DescentState,
        train: Option<Vec<u32>>,
        stream: &mut Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<TrainedNetwork, E> {
        let NetworkTraining { max_iter, shuffle, tol, keep_history, .. } = *self.training;
        let layers: Vec<Layer> = gradient.network().layers().collect();
        let count = train.as_ref().map_or(gradient.data().rows.count, Vec::len);
        let batch = self.training.batch_size.unwrap_or(BATCH).min(count);
        let all = match &train {
            Some(rows) => gradient.data().mass(Chosen::Some(rows)),
            None => gradient.data().mass(Chosen::Run(0, count)),
        };
        if all <= 0.0 {
            let problem = "is zero for every row that is left to train".into();
            return Err(Error::Invalid { function: self.function, argument: "sample_weight", problem }.into());
        }
        // An order of their own for the epochs of every call that goes on from an earlier one.
        let mut stream = Stream::seeded(stream.clone().bits().wrapping_add(state.epochs as u64));
        let mut order = match (train, shuffle) {
            (Some(rows), _) => Some(rows),
            (None, true) => Some((0..count as u32).collect()),
            (None, false) => None,
        };
        let mut found = TrainedNetwork {
            parameters: Vec::new(),
            state: DescentState::default(),
            iterations: 0,
            stop: StopReason::MaxIter,
            loss: f64::NAN,
            loss_curve: Vec::new(),
            validation_scores: Vec::new(),
            gradient_norm: f64::NAN,
            history: None,
        };
        let mut history = NetworkHistory::default();
        let mut ratios = Vec::new();
        let mut patience = Patience { best: f64::INFINITY, without: 0 };
        let mut best = self.validation.as_ref().map(|_| theta.clone());
        let first = theta.clone();
        let mut begun = f64::NAN;
        let mut last = theta.clone();
        let mut work = 0;
        while found.iterations < max_iter {
            last.copy_from_slice(&theta);
            if let (Some(order), true) = (&mut order, shuffle) {
                stream.shuffle(order);
            }
            let mut look = |rows: usize, checkpoint: &mut dyn FnMut() -> Result<(), E>| {
                work += 3 * rows * last.len();
                if work < CHECK_EVERY {
                    return Ok(());
                }
                work = 0;
                checkpoint()
            };
            let epoch =
                self.epoch(gradient, &mut theta, &mut state, order.as_deref(), (count, batch), &layers, &mut |rows| {
                    look(rows, checkpoint)
                })?;
            let Some(epoch) = epoch.filter(|_| theta.iter().all(|weight| weight.is_finite())) else {
                theta.copy_from_slice(&last);
                // What it remembers of these steps is no number any more.
                state = DescentState { seen: state.seen, epochs: state.epochs, ..DescentState::default() };
                found.stop = StopReason::Overflow;
                break;
            };
            if found.iterations == 0 {
                begun = epoch.begun;
            }
            found.iterations += 1;
            state.epochs += 1;
            state.seen += count;
            found.loss = epoch.loss;
            found.loss_curve.push(epoch.loss);
            found.gradient_norm = epoch.gradient;
            if keep_history {
                history.gradient_norm.push(epoch.gradient);
                history.step.push(epoch.rate);
                ratios.extend(layers.iter().zip(&epoch.steps).map(|(layer, steps)| {
                    ratio(steps / epoch.batches.max(1) as f64, length(&theta[layer.start..layer.end()]))
                }));
            }
            // What is to become smaller: the loss, or the score with its sign turned.
            let judged = match &self.validation {
                Some(validation) => {
                    let score = score(gradient, &theta, validation)?;
                    found.validation_scores.push(score);
                    -score
                }
                None => epoch.loss,
            };
            if judged < patience.best
                && let Some(best) = &mut best
            {
                best.copy_from_slice(&theta);
            }
            let stuck = patience.judge(judged, tol) > self.training.n_iter_no_change;
            if let Descent::Sgd { schedule, .. } = self.descent
                && let Some(rate) = schedule.after(self.training.learning_rate, state.seen)
            {
                state.rate = rate;
            }
            if self.training.one_epoch {
                break;
            }
            if stuck {
                let adaptive = matches!(self.descent, Descent::Sgd { schedule: Schedule::Adaptive, .. });
                if !adaptive || state.rate <= LEAST_RATE {
                    found.stop = StopReason::NoProgress;
                    break;
                }
                state.rate /= 5.0;
                patience.without = 0;
            }
        }
        if best.is_none() && !self.training.one_epoch && found.stop != StopReason::Overflow {
            self.judge(gradient, &first, patience.best.min(begun), &mut found)?;
        }
        if let Some(best) = best
            && !found.validation_scores.is_empty()
        {
            theta = best;
        }
        if found.loss_curve.is_empty() {
            self.nothing_finite(gradient, &theta, &mut found)?;
        }
        history.update_ratio = Array2::from_shape_vec((found.iterations, layers.len()), ratios).unwrap_or_default();
        Ok(TrainedNetwork { parameters: theta, state, history: keep_history.then_some(history), ..found })
    }

    /// One epoch; None if its numbers left the range of doubles.
    #[allow(clippy::too_many_arguments, reason = "the state of a run")]
    fn epoch<E: From<Error>>(
        &self,
        gradient: &mut Gradient<'_>,
        theta: &mut [f64],
        state: &mut DescentState,
        order: Option<&[u32]>,
        (count, batch): (usize, usize),
        layers: &[Layer],
        look: &mut dyn FnMut(usize) -> Result<(), E>,
    ) -> Result<Option<Epoch>, E> {
        let mut epoch = Epoch { steps: vec![0.0; layers.len()], ..Epoch::default() };
        let mut counted = 0;
        for first in (0..count).step_by(batch) {
            let rows = batch.min(count - first);
            look(rows)?;
            let chosen = match order {
                Some(order) => Chosen::Some(&order[first..first + rows]),
                None => Chosen::Run(first, rows),
            };
            let mass = gradient.data().mass(chosen);
            if mass == 0.0 {
                // Rows that do not count give no gradient.
                continue;
            }
            let found = gradient.at(theta, chosen, penalty(self.training.alpha, mass))?;
            let (loss, slope) = (found[0], &found[1..]);
            epoch.rate = state.next(self.descent);
            let mut whole = Lengths::default();
            for (layer, steps) in layers.iter().zip(&mut epoch.steps) {
                let span = layer.start..layer.end();
                let lengths = state.step(self.descent, epoch.rate, layer.start, &mut theta[span.clone()], &slope[span]);
                *steps += lengths.step.sqrt();
                whole.gradient += lengths.gradient;
                whole.step += lengths.step;
            }
            if !(loss.is_finite() && whole.gradient.is_finite() && whole.step.is_finite()) {
                return Ok(None);
            }
            if epoch.batches == 0 {
                epoch.begun = loss;
            }
            epoch.loss += loss * rows as f64;
            epoch.gradient += whole.gradient.sqrt();
            epoch.batches += 1;
            counted += rows;
        }
        epoch.loss /= counted as f64;
        epoch.gradient /= epoch.batches as f64;
        Ok(epoch.loss.is_finite().then_some(epoch))
    }

    /// A loss that stands still, or sinks, far above where it has been is not a place to rest: the steps were too long from the beginning. Where the loss is
    /// above twice the least of all epochs and of the very first batch, all rows are asked for the loss of the first weights: the batch may have been
    /// one of few rows, and the first epoch late already.
    fn judge(
        &self,
        gradient: &mut Gradient<'_>,
        first: &[f64],
        least: f64,
        found: &mut TrainedNetwork,
    ) -> Result<(), Error> {
        if found.loss > 2.0 * least + self.training.tol {
            let start = super::lbfgs::whole(gradient, first, self.training.alpha)?[0];
            let best = found.loss_curve.iter().copied().fold(start, f64::min);
            if found.loss > 2.0 * best + self.training.tol {
                found.stop = StopReason::Diverged;
            }
        }
        Ok(())
    }

    /// Not one epoch came through: J of the first weights is what there is to tell, if it is a number.
    fn nothing_finite(
        &self,
        gradient: &mut Gradient<'_>,
        theta: &[f64],
        found: &mut TrainedNetwork,
    ) -> Result<(), Error> {
        let whole = super::lbfgs::whole(gradient, theta, self.training.alpha)?;
        let norm = length(&whole[1..]);
        if !(whole[0].is_finite() && norm.is_finite()) {
            return Err(too_large(self.function));
        }
        (found.loss, found.gradient_norm) = (whole[0], norm);
        Ok(())
    }
}

/// Says that there is no finite loss to begin with.
pub(super) fn too_large(function: &'static str) -> Error {
    let problem = "is so large that the loss of the first weights, or its gradient, is beyond the range of doubles; \
                   standardise the columns first (StandardScaler), and y if it is large"
        .into();
    Error::Invalid { function, argument: "X", problem }
}

impl Patience {
    /// Counts an epoch; gives the number of epochs in a row without progress.
    fn judge(&mut self, judged: f64, tol: f64) -> usize {
        self.without = if judged > self.best - tol { self.without + 1 } else { 0 };
        self.best = self.best.min(judged);
        self.without
    }
}

pub(super) fn length(x: &[f64]) -> f64 {
    crate::simd::dot(x, x).sqrt()
}

/// A step beside what it changes; 0 where there is nothing yet.
pub(super) fn ratio(step: f64, whole: f64) -> f64 {
    if whole > 0.0 { step / whole } else { 0.0 }
}

/// Accuracy, or R² (of several targets the mean), on the rows that were set aside.
fn score(gradient: &Gradient<'_>, theta: &[f64], validation: &Validation) -> Result<f64, Error> {
    let (network, data) = (gradient.network(), gradient.data());
    let mut z = vec![0.0; validation.rows.len() * network.outputs()];
    network.through(theta, data.rows, Chosen::Some(&validation.rows), |first, block| {
        let first = first * network.outputs();
        z[first..first + block.len()].copy_from_slice(block);
    })?;
    Ok(match data.targets {
        Targets::Codes(codes) => accuracy(data, &validation.rows, codes, &z, network.outputs()),
        Targets::Values(values) => explained(network, data, &validation.rows, values, &z),
    })
}

/// The class of a row's net inputs.
pub(super) fn class_of(z: &[f64]) -> usize {
    match z {
        [z] => usize::from(*z > 0.0),
        several => {
            let most = |best: (usize, f64), (class, z): (usize, &f64)| if *z > best.1 { (class, *z) } else { best };
            several.iter().enumerate().fold((0, f64::NEG_INFINITY), most).0
        }
    }
}

fn accuracy(data: &Data<'_>, rows: &[u32], codes: &[usize], z: &[f64], outputs: usize) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for (row, z) in rows.iter().zip(z.chunks_exact(outputs)) {
        let weight = data.weight(*row as usize);
        all += weight;
        right += if class_of(z) == codes[*row as usize] { weight } else { 0.0 };
    }
    if all > 0.0 { right / all } else { 0.0 }
}

fn explained(network: &Network, data: &Data<'_>, rows: &[u32], values: &[f64], z: &[f64]) -> f64 {
    let outputs = network.outputs();
    let each = |output: usize| {
        let weight = |row: &u32| data.weight(*row as usize);
        let value = |row: &u32| values[*row as usize * outputs + output];
        let all: f64 = rows.iter().map(weight).sum();
        let mean = rows.iter().map(|row| weight(row) * value(row)).sum::<f64>() / all;
        let (mut left, mut spread) = (0.0, 0.0);
        for (row, z) in rows.iter().zip(z.chunks_exact(outputs)) {
            let fitted = if network.output() == Output::Exponential { libm::exp(z[output]) } else { z[output] };
            left += weight(row) * (value(row) - fitted).powi(2);
            spread += weight(row) * (value(row) - mean).powi(2);
        }
        match (spread > 0.0, left > 0.0 || all <= 0.0) {
            (true, _) => 1.0 - left / spread,
            (false, true) => 0.0,
            (false, false) => 1.0,
        }
    };
    (0..outputs).map(each).sum::<f64>() / outputs as f64
}

/// Blocks of all rows.
pub(super) fn blocks(count: usize) -> impl Iterator<Item = Chosen<'static>> {
    (0..count).step_by(BLOCK).map(move |first| Chosen::Run(first, BLOCK.min(count - first)))
}
