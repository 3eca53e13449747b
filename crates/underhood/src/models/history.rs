//! What a training run leaves behind: the numbers of every epoch, and the reason why it stopped.

use ndarray::Array2;

/// Why a training run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// A whole epoch passed without an update: a plane separates the classes (perceptron). In a logistic regression without a penalty:
    /// planes separate the classes, so that no finite weights are best.
    Separated,
    /// The gradient, or the progress, is smaller than the tolerance.
    Converged,
    /// No smaller gradient can be reached with doubles: rounding is all that is left.
    Precision,
    /// So many epochs passed without progress that more of them promise nothing.
    NoProgress,
    /// Steps of a constant rate that take rows one by one, or some by some, have come as near to the minimum as they come, and hover around it.
    Hovers,
    /// The allowed epochs are used up.
    MaxIter,
    /// The loss grew beyond all bounds: the learning rate is too large.
    Diverged,
    /// The numbers left the range of doubles; the weights are the last finite ones.
    Overflow,
}

impl StopReason {
    /// A word for programs: `separated`, `converged`, `precision`, `no_progress`, `hovers`, `max_iter`, `diverged` or `overflow`.
    pub fn name(self) -> &'static str {
        match self {
            StopReason::Separated => "separated",
            StopReason::Converged => "converged",
            StopReason::Precision => "precision",
            StopReason::NoProgress => "no_progress",
            StopReason::Hovers => "hovers",
            StopReason::MaxIter => "max_iter",
            StopReason::Diverged => "diverged",
            StopReason::Overflow => "overflow",
        }
    }
}

/// One entry an epoch; the states are those at the epoch's end.
///
/// What `loss`, `errors` and `gradient_norm` mean exactly is said by each model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The weights before the first epoch.
    pub initial_weights: Vec<f64>,
    /// The bias before the first epoch.
    pub initial_bias: f64,
    /// The weights at the end of each epoch: epochs × features.
    pub weights: Array2<f64>,
    /// The bias at the end of each epoch.
    pub bias: Vec<f64>,
    /// The loss, a mean over the rows.
    pub loss: Vec<f64>,
    /// How many rows were classified wrongly.
    pub errors: Vec<usize>,
    /// Euclidean length of the loss's gradient with respect to weights and bias.
    pub gradient_norm: Vec<f64>,
}

/// Collects a history while a model trains; nothing is kept when it is switched off.
pub(super) struct Recorder {
    keep: bool,
    history: History,
    weights: Vec<f64>,
}

impl Recorder {
    pub(super) fn new(keep: bool, weights: &[f64], bias: f64) -> Self {
        let history = History { initial_weights: weights.to_vec(), initial_bias: bias, ..History::default() };
        Recorder { keep, history, weights: Vec::new() }
    }

    pub(super) fn record(&mut self, weights: &[f64], bias: f64, loss: f64, gradient_norm: f64) {
        if self.keep {
            self.weights.extend_from_slice(weights);
            self.history.bias.push(bias);
            self.history.loss.push(loss);
            self.history.gradient_norm.push(gradient_norm);
        }
    }

    pub(super) fn record_errors(&mut self, errors: usize) {
        if self.keep {
            self.history.errors.push(errors);
        }
    }

    pub(super) fn finish(self) -> Option<History> {
        let columns = self.history.initial_weights.len();
        let weights = Array2::from_shape_vec((self.history.bias.len(), columns), self.weights);
        // The shape fits by construction: every record adds one row of weights and one bias.
        (self.keep).then(|| History { weights: weights.unwrap_or_default(), ..self.history })
    }
}
