//! The perceptron (Rosenblatt 1958, doi:10.1037/h0042519): learn from mistakes, and from nothing else.
//!
//! For a row x of class y = ±1 the net input is z = w·x + b. A row is wrong when y·z ≤ 0; then, and only then,
//! w ← w + η·y·x and b ← b + η·y. That is a step of stochastic descent on max(0, −y·z). If a plane separates the classes with
//! margin γ among rows no longer than R (bias included), at most (R/γ)² updates are ever made (Novikoff 1962). A row with a weight s moves
//! w and b s times as far.

use ndarray::{ArrayView1, ArrayView2};

use super::history::{Recorder, StopReason};
use super::neuron::{InMemory, InRegisters, MOST, Neuron, prefetch};
use super::plane::{Plane, check_planes, positive_classes, weighted_signs};
use super::rows::Rows;
use super::sample_weights::{check_values, check_weights, total};
use super::targets::{check_class_numbers, check_codes};
use crate::check;
use crate::error::Error;
use crate::panel::LANES;
use crate::random::Stream;
use crate::simd::{mul_add, wide_kernel};

const FIT: &str = "Perceptron.fit";
const PARTIAL_FIT: &str = "Perceptron.partial_fit";

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
    /// Whether there is a bias; without one the plane goes through the origin.
    pub fit_intercept: bool,
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
            fit_intercept: true,
            init_scale: 0.0,
            keep_history: true,
        }
    }
}

impl Perceptron {
    /// Trains one plane for two classes (the second is positive), or one a class against the rest for more.
    ///
    /// `codes[i]` is the class of row i, from 0 to `classes` − 1; `weights` says how much each row counts, if not all alike. Every plane
    /// sees the rows in the same order, drawn from a copy of `stream`. `checkpoint` is called every few milliseconds; its error ends the training.
    ///
    /// In the history, `errors` are the updates of an epoch, `loss` is the mean over the rows (by their weights) of max(0, −y·z), each row judged by
    /// the weights as they stood when it was presented, and `gradient_norm` is the length of the epoch's change of (w, b)
    /// divided by η times the sum of the rows' weights.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Perceptron, StopReason};
    /// use underhood::random::Stream;
    ///
    /// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    /// let y = [0, 0, 0, 1];
    /// let planes = Perceptron::default().fit(x.view(), &y, 2, None, &Stream::seeded(1), || Ok::<(), Error>(()))?;
    /// assert_eq!(planes[0].stop, StopReason::Separated); // a plane can tell AND
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, or is empty; `codes` or `weights` do not fit; there is one class only,
    /// or one without a row that counts.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        stream: &Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<Plane>, E> {
        self.check(FIT)?;
        // The first epoch sees every row that counts, and so whether its numbers are finite.
        let rows = if weights.is_none() { Rows::unchecked(FIT, x)? } else { Rows::new(FIT, x)? };
        check_codes(FIT, codes, classes, &rows)?;
        check_weights(FIT, weights, codes, classes, &rows)?;
        let order = presentation(FIT, &rows, weights)?;
        positive_classes(classes)
            .map(|class| {
                let mut stream = stream.clone();
                let start = (initial_weights(rows.columns, self.init_scale, &mut stream), 0.0);
                let signs = weighted_signs(codes, class, weights);
                self.train(&rows, &signs, total(weights, &rows), order.clone(), start, stream, &mut checkpoint)
            })
            .collect()
    }

    /// One more epoch for planes that exist, on rows that may be new: of each class there may be many, or none.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); the planes do not fit the rows or the classes, or hold a NaN or an infinity.
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
    ) -> Result<Vec<Plane>, E> {
        self.check(PARTIAL_FIT)?;
        let rows = Rows::new(PARTIAL_FIT, x)?;
        check_class_numbers(PARTIAL_FIT, codes, classes, &rows)?;
        if let Some(weights) = weights {
            check_values(PARTIAL_FIT, weights, &rows)?;
            check::in_range(PARTIAL_FIT, "sample_weight", 0.0, weights.iter().any(|&w| w > 0.0), "positive somewhere")?;
        }
        check_planes(PARTIAL_FIT, classes, &rows, coef, bias)?;
        let order = presentation(PARTIAL_FIT, &rows, weights)?;
        let once = Perceptron { max_iter: 1, n_iter_no_change: None, ..self.clone() };
        let starts = coef.outer_iter().zip(bias);
        positive_classes(classes)
            .zip(starts)
            .map(|(class, (coef, &bias))| {
                let (signs, start) = (weighted_signs(codes, class, weights), (coef.to_vec(), bias));
                let count = total(weights, &rows);
                once.train(&rows, &signs, count, order.clone(), start, stream.clone(), &mut checkpoint)
            })
            .collect()
    }

    fn check(&self, function: &'static str) -> Result<(), Error> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        check::in_range(
            function,
            "learning_rate",
            self.learning_rate,
            positive(self.learning_rate),
            "positive and finite",
        )?;
        let scale_fits = self.init_scale >= 0.0 && self.init_scale.is_finite();
        check::in_range(function, "init_scale", self.init_scale, scale_fits, "zero or positive, and finite")?;
        check::in_range(function, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        let patience = self.n_iter_no_change.unwrap_or(1);
        check::in_range(function, "n_iter_no_change", patience as f64, patience > 0, "at least 1")
    }

    #[allow(clippy::too_many_arguments, reason = "what a run is made of")]
    fn train<E: From<Error>>(
        &self,
        rows: &Rows<'_>,
        signs: &[f64],
        total: f64,
        mut order: Vec<u32>,
        (mut weights, mut bias): (Vec<f64>, f64),
        mut stream: Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Plane, E> {
        let mut recorder = Recorder::new(self.keep_history, &weights, bias);
        let (mut stop, mut epochs) = (StopReason::MaxIter, 0);
        let (mut fewest, mut without_progress) = (usize::MAX, 0);
        let share = f64::from(u8::from(self.fit_intercept));
        let mut before = weights.clone();

        while epochs < self.max_iter {
            if epochs % rows.sweeps_between_checks() == 0 {
                checkpoint()?;
            }
            if self.shuffle {
                stream.shuffle(&mut order);
            }
            before.copy_from_slice(&weights);
            let bias_before = bias;
            let epoch = sweep(rows.values(), &order, signs, self.learning_rate, share, &mut weights, &mut bias);
            if epochs == 0 && !epoch.finite {
                rows.refuse_non_finite(FIT)?;
            }
            let loss = epoch.loss / total;
            let change = weights.iter().zip(&before).map(|(new, old)| new - old).chain([bias - bias_before]);
            let norm = change.map(|d| d * d).sum::<f64>().sqrt() / (self.learning_rate * total);
            if !(loss.is_finite() && norm.is_finite()) {
                (weights, bias) = (before, bias_before);
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

/// The numbers of the rows that count, in the order of the data: four bytes a row are half the memory traffic of eight.
pub(super) fn presentation(
    function: &'static str,
    rows: &Rows<'_>,
    weights: Option<&[f64]>,
) -> Result<Vec<u32>, Error> {
    let Ok(count) = u32::try_from(rows.count) else {
        let problem = format!("has {} rows, but at most {} can be put in order", rows.count, u32::MAX);
        return Err(Error::Invalid { function, argument: "X", problem });
    };
    Ok(match weights {
        None => (0..count).collect(),
        Some(weights) => (0..count).zip(weights).filter(|(_, weight)| **weight > 0.0).map(|(i, _)| i).collect(),
    })
}

/// What one pass over the rows counted.
struct Epoch {
    updates: usize,
    loss: f64,
    /// Whether all net inputs were finite.
    finite: bool,
}

wide_kernel! {
    /// One pass over the rows in the given order; `signs` are y times the row's weight, `share` is 1 with a bias and 0 without.
    fn sweep(
        x: &[f64], order: &[u32], signs: &[f64], rate: f64, share: f64, weights: &mut [f64], bias: &mut f64,
    ) -> Epoch = sweep_body
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a kernel takes what its body takes")]
fn sweep_body<const FMA: bool>(
    x: &[f64],
    order: &[u32],
    signs: &[f64],
    rate: f64,
    share: f64,
    weights: &mut [f64],
    bias: &mut f64,
) -> Epoch {
    let columns = weights.len();
    let presented = Presented { x, order, signs, columns };
    macro_rules! with {
        ($neuron:ty) => {{
            let mut neuron = <$neuron>::new(weights, *bias, share);
            let epoch = present::<FMA, $neuron>(&presented, rate, &mut neuron);
            *bias = neuron.finish();
            epoch
        }};
    }
    match columns.div_ceil(LANES) {
        1 => with!(InRegisters<'_, 1>),
        2 => with!(InRegisters<'_, 2>),
        3 => with!(InRegisters<'_, 3>),
        MOST => with!(InRegisters<'_, MOST>),
        _ => with!(InMemory<'_>),
    }
}

/// The rows of an epoch.
struct Presented<'a> {
    x: &'a [f64],
    order: &'a [u32],
    signs: &'a [f64],
    columns: usize,
}

#[inline(always)]
fn present<'a, const FMA: bool, N: Neuron<'a>>(rows: &Presented<'_>, rate: f64, neuron: &mut N) -> Epoch {
    /// How many rows ahead the memory is asked.
    const AHEAD: usize = 16;
    let (mut epoch, mut watch) = (Epoch { updates: 0, loss: 0.0, finite: true }, 0.0);
    for (k, &i) in rows.order.iter().enumerate() {
        if let Some(&next) = rows.order.get(k + AHEAD) {
            prefetch(rows.x, next as usize * rows.columns, rows.columns);
        }
        let (start, sign) = (i as usize * rows.columns, rows.signs[i as usize]);
        let margin = sign * neuron.net_input::<FMA>(rows.x, start);
        // An infinity times zero is NaN, and so is every sum with one.
        watch = mul_add::<FMA>(margin, 0.0, watch);
        // A NaN margin counts as wrong, so that an overflow shows in the weights.
        if !(margin > 0.0) {
            neuron.learn::<FMA>(rate * sign, rows.x, start);
            epoch.updates += 1;
            epoch.loss -= margin;
        }
    }
    epoch.finite = watch == 0.0;
    epoch
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, array};

    use super::*;

    fn go() -> Result<(), Error> {
        Ok(())
    }

    #[test]
    fn epochs_one_by_one_are_those_of_a_fit_for_every_width() {
        for columns in [1, 2, 7, 8, 9, 20, 32, 33, 40] {
            let mut stream = Stream::seeded(7);
            let x = Array2::from_shape_fn((30, columns), |_| stream.normal());
            let codes: Vec<usize> = (0..30).map(|i| i % 3).collect();
            let weights: Vec<f64> = (0..30).map(|i| f64::from(i % 4)).collect();
            let model = Perceptron { shuffle: false, max_iter: 3, n_iter_no_change: None, ..Perceptron::default() };
            let whole = model.fit(x.view(), &codes, 3, Some(&weights), &stream, go).unwrap();
            let (mut coef, mut bias) = (Array2::zeros((3, columns)), Array1::zeros(3));
            for _ in 0..3 {
                let start = (coef.view(), bias.view());
                let planes = model.partial_fit(x.view(), &codes, 3, Some(&weights), start, &stream, go).unwrap();
                coef = Array2::from_shape_fn((3, columns), |(k, j)| planes[k].weights[j]);
                bias = planes.iter().map(|plane| plane.bias).collect();
            }
            for (k, plane) in whole.iter().enumerate() {
                assert_eq!(plane.weights, coef.row(k).to_vec());
                assert_eq!(plane.bias, bias[k]);
            }
        }
    }

    #[test]
    fn planes_that_do_not_fit_are_refused() {
        let x = array![[1.0, 2.0], [3.0, 4.0]];
        let model = Perceptron::default();
        let says = |coef: Array2<f64>, bias: Array1<f64>, codes: &[usize], weights: Option<&[f64]>, text: &str| {
            let start = (coef.view(), bias.view());
            let error = model.partial_fit(x.view(), codes, 2, weights, start, &Stream::seeded(0), go).unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        };
        says(array![[1.0]], array![0.0], &[0, 1], None, "X has 2 columns, but the model was trained on 1");
        says(array![[1.0, 2.0], [1.0, 2.0]], array![0.0, 0.0], &[0, 1], None, "2 classes need 1 planes");
        says(array![[1.0, f64::NAN]], array![0.0], &[0, 1], None, "coef holds NaN");
        says(array![[1.0, 2.0]], array![0.0], &[0, 2], None, "class number 2");
        says(array![[1.0, 2.0]], array![0.0], &[0, 0], Some(&[0.0, 0.0]), "positive somewhere");
        says(array![[1.0, 2.0]], array![0.0], &[0, 0], Some(&[1.0, -1.0]), "cannot be negative");
    }

    #[test]
    fn without_a_bias_it_stays_zero() {
        let x = array![[1.0, 2.0], [2.0, 1.0], [3.0, 1.0]];
        let model = Perceptron { fit_intercept: false, ..Perceptron::default() };
        let plane = model.fit(x.view(), &[0, 1, 1], 2, None, &Stream::seeded(0), go).unwrap().remove(0);
        assert_eq!(plane.bias, 0.0);
        assert_eq!(plane.stop, StopReason::Separated);
    }
}
