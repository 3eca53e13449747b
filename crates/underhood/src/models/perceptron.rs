//! The perceptron (Rosenblatt 1958, doi:10.1037/h0042519): learn from mistakes, and from nothing else.
//!
//! For a row x of class y = ±1 the net input is z = w·x + b. A row is wrong when y·z ≤ 0; then, and only then,
//! w ← w + η·y·x and b ← b + η·y. That is a step of stochastic descent on max(0, −y·z). If a plane separates the classes with
//! margin γ among rows no longer than R (bias included), at most (R/γ)² updates are ever made (Novikoff 1962).

use ndarray::ArrayView2;

use super::history::{Recorder, StopReason};
use super::plane::{Plane, positive_classes, signs};
use super::rows::{Neuron, Rows, prefetch};
use super::targets::check_codes;
use crate::check;
use crate::error::Error;
use crate::random::Stream;
use crate::simd::wide_kernel;

const FIT: &str = "Perceptron.fit";

/// How a perceptron is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Perceptron {
    /// η, the share of a wrong row that is added to the weights. From zero weights it scales weights and bias alike and changes no prediction.
    pub learning_rate: f64,
    /// The largest number of epochs (passes over all rows).
    pub max_iter: usize,
    /// Stop when so many epochs in a row made no fewer updates than the best one before them.
    pub n_iter_no_change: Option<usize>,
    /// Present the rows in a new random order in every epoch.
    pub shuffle: bool,
    /// Standard deviation of the normal draws with which the weights start; 0 starts from zero.
    pub init_scale: f64,
    /// Keep weights, loss and updates of every epoch.
    pub keep_history: bool,
}

impl Default for Perceptron {
    fn default() -> Self {
        Perceptron {
            learning_rate: 1.0,
            max_iter: 1000,
            n_iter_no_change: Some(20),
            shuffle: true,
            init_scale: 0.0,
            keep_history: true,
        }
    }
}

impl Perceptron {
    /// Trains one plane for two classes (the second is positive), or one a class against the rest for more.
    ///
    /// `codes[i]` is the class of row i, from 0 to `classes` − 1. Every plane sees the rows in the same order, drawn from a
    /// copy of `stream`. `checkpoint` is called every few milliseconds; its error ends the training.
    ///
    /// In the history, `errors` are the updates of an epoch, `loss` is the mean over the rows of max(0, −y·z), each row judged by
    /// the weights as they stood when it was presented, and `gradient_norm` is the length of the epoch's change of (w, b)
    /// divided by η times the number of rows.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Perceptron, StopReason};
    /// use underhood::random::Stream;
    ///
    /// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    /// let planes = Perceptron::default().fit(x.view(), &[0, 0, 0, 1], 2, &Stream::seeded(1), || Ok::<(), Error>(()))?;
    /// assert_eq!(planes[0].stop, StopReason::Separated); // a plane can tell AND
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, or is empty; `codes` do not fit; there is one class only.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        stream: &Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<Plane>, E> {
        self.check()?;
        let rows = Rows::new(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        positive_classes(classes)
            .map(|class| self.fit_plane(&rows, &signs(codes, class), stream.clone(), &mut checkpoint))
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        check::in_range(FIT, "learning_rate", self.learning_rate, positive(self.learning_rate), "positive and finite")?;
        let scale_fits = self.init_scale >= 0.0 && self.init_scale.is_finite();
        check::in_range(FIT, "init_scale", self.init_scale, scale_fits, "zero or positive, and finite")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        let patience = self.n_iter_no_change.unwrap_or(1);
        check::in_range(FIT, "n_iter_no_change", patience as f64, patience > 0, "at least 1")
    }

    fn fit_plane<E: From<Error>>(
        &self,
        rows: &Rows<'_>,
        signs: &[f64],
        mut stream: Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Plane, E> {
        let mut weights = initial_weights(rows.columns, self.init_scale, &mut stream);
        let mut bias = 0.0;
        let mut order: Vec<u32> = presentation(FIT, rows.count)?;
        let mut recorder = Recorder::new(self.keep_history, &weights, bias);
        let (mut stop, mut epochs) = (StopReason::MaxIter, 0);
        let (mut fewest, mut without_progress) = (usize::MAX, 0);

        while epochs < self.max_iter {
            if epochs % rows.sweeps_between_checks() == 0 {
                checkpoint()?;
            }
            if self.shuffle {
                stream.shuffle(&mut order);
            }
            let before = (weights.clone(), bias);
            let epoch = sweep(rows.values(), &order, signs, self.learning_rate, &mut weights, &mut bias);
            let loss = epoch.loss / rows.count as f64;
            let change = weights.iter().zip(&before.0).map(|(new, old)| new - old).chain([bias - before.1]);
            let norm = change.map(|d| d * d).sum::<f64>().sqrt() / (self.learning_rate * rows.count as f64);
            if !(loss.is_finite() && norm.is_finite()) {
                (weights, bias) = before;
                stop = StopReason::Overflow;
                break;
            }
            epochs += 1;
            recorder.record(&weights, bias, loss, norm);
            recorder.record_errors(epoch.updates);
            if epoch.updates == 0 {
                stop = StopReason::Separated;
                break;
            }
            without_progress = if epoch.updates < fewest { 0 } else { without_progress + 1 };
            fewest = fewest.min(epoch.updates);
            if self.n_iter_no_change == Some(without_progress) {
                stop = StopReason::NoProgress;
                break;
            }
        }
        Ok(Plane { weights, bias, epochs, stop, learning_rate: self.learning_rate, history: recorder.finish() })
    }
}

/// The weights before the first epoch: zeros, or normal draws around zero.
pub(super) fn initial_weights(columns: usize, scale: f64, stream: &mut Stream) -> Vec<f64> {
    (0..columns).map(|_| if scale > 0.0 { scale * stream.normal() } else { 0.0 }).collect()
}

/// The rows' numbers in the order of the data: four bytes a row are half the memory traffic of eight.
pub(super) fn presentation(function: &'static str, rows: usize) -> Result<Vec<u32>, Error> {
    let Ok(count) = u32::try_from(rows) else {
        let problem = format!("has {rows} rows, but at most {} can be put in order", u32::MAX);
        return Err(Error::Invalid { function, argument: "X", problem });
    };
    Ok((0..count).collect())
}

/// What one pass over the rows counted.
struct Epoch {
    updates: usize,
    loss: f64,
}

wide_kernel! {
    /// One pass over the rows in the given order.
    fn sweep(x: &[f64], order: &[u32], signs: &[f64], rate: f64, weights: &mut [f64], bias: &mut f64) -> Epoch = sweep_body
}

#[inline(always)]
fn sweep_body<const FMA: bool>(
    x: &[f64],
    order: &[u32],
    signs: &[f64],
    rate: f64,
    weights: &mut [f64],
    bias: &mut f64,
) -> Epoch {
    /// How many rows ahead the memory is asked.
    const AHEAD: usize = 8;
    let columns = weights.len();
    let mut neuron = Neuron::new(weights, *bias);
    let mut epoch = Epoch { updates: 0, loss: 0.0 };
    for (k, &i) in order.iter().enumerate() {
        if let Some(&next) = order.get(k + AHEAD) {
            prefetch(x, next as usize * columns, columns);
        }
        let i = i as usize;
        let row = &x[i * columns..(i + 1) * columns];
        let margin = signs[i] * neuron.net_input::<FMA>(row);
        // A NaN margin counts as wrong, so that an overflow shows in the weights.
        if !(margin > 0.0) {
            neuron.learn::<FMA>(rate * signs[i], row);
            epoch.updates += 1;
            epoch.loss -= margin;
        }
    }
    *bias = neuron.finish();
    epoch
}
