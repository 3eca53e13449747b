//! Mixtures of normal distributions, fitted by expectation and maximisation.
//!
//! The density is p(x) = Σ π_k·N(x; μ_k, Σ_k). Each iteration gives every row its responsibilities r_k = π_k·N(x; μ_k, Σ_k)/p(x)
//! and takes from them the weights, means and covariances that they stand for (Dempster, Laird and Rubin 1977, JRSS B 39, 1–38), which
//! never lowers the likelihood (but for what `reg_covar` adds to the variances). One pass over the data makes an iteration: blocks of
//! rows are judged (`density`) and gathered at once (`gather`), so that no responsibilities are kept. Moments are taken about the
//! previous means, and distances are summed from differences, in a frame near the data.

mod density;
mod gather;
mod sample;
mod shape;

use ndarray::{Array2, ArrayView2};

use self::density::{Densities, normalise};
use self::gather::Gathered;
use super::frame::Frame;
use super::kmeans::KMeans;
use super::rows::{BLOCK, CHECK_EVERY, Rows};
use crate::check;
use crate::error::Error;
use crate::random::Stream;

pub use self::density::MixtureModel;
pub use self::shape::CovarianceType;

const FIT: &str = "GaussianMixture.fit";

/// Means of no more numbers than this are kept in the history.
const FEW_NUMBERS: usize = 256;

/// Where the responsibilities of the start come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixtureInit {
    /// The clusters of k-means: 1 for the own one, 0 for the others.
    KMeans,
    /// Uniform draws, divided by their sum.
    Random,
}

impl std::str::FromStr for MixtureInit {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "kmeans" => Ok(MixtureInit::KMeans),
            "random" => Ok(MixtureInit::Random),
            _ => Err(Error::UnknownName {
                function: FIT,
                argument: "init_params",
                value: name.into(),
                allowed: &["kmeans", "random"],
            }),
        }
    }
}

/// How a mixture is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianMixture {
    /// How many normal distributions.
    pub components: usize,
    /// What shape their covariances have.
    pub covariance_type: CovarianceType,
    /// Stop when the mean log-likelihood of a row changes by less than this.
    pub tol: f64,
    /// What is added to all variances, so that no component can shrink to a point.
    pub reg_covar: f64,
    /// The largest number of iterations of each start.
    pub max_iter: usize,
    /// How many starts are tried; the likeliest result is kept.
    pub restarts: usize,
    /// Where the start comes from.
    pub init: MixtureInit,
    /// Weights to start with.
    pub weights: Option<Vec<f64>>,
    /// Means to start with: components × features.
    pub means: Option<Array2<f64>>,
    /// Inverses of the covariances to start with, laid out like [`MixtureFit::covariances`].
    pub precisions: Option<Vec<f64>>,
    /// Keep the numbers of every iteration.
    pub keep_history: bool,
}

impl Default for GaussianMixture {
    fn default() -> Self {
        GaussianMixture {
            components: 1,
            covariance_type: CovarianceType::Full,
            tol: 1e-6,
            reg_covar: 1e-6,
            max_iter: 1000,
            restarts: 1,
            init: MixtureInit::KMeans,
            weights: None,
            means: None,
            precisions: None,
            keep_history: true,
        }
    }
}

/// The states before the first iteration and after each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MixtureHistory {
    /// Mean log-likelihood of a row.
    pub log_likelihood: Vec<f64>,
    /// The weights.
    pub weights: Vec<Vec<f64>>,
    /// The means; none if they are many numbers.
    pub means: Vec<Array2<f64>>,
}

/// A fitted mixture.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MixtureFit {
    /// Weight of each component; they sum to 1.
    pub weights: Vec<f64>,
    /// Means: components × features.
    pub means: Array2<f64>,
    /// Covariances, laid out as [`CovarianceType`] says.
    pub covariances: Vec<f64>,
    /// Inverses of the covariances.
    pub precisions: Vec<f64>,
    /// Upper triangular W with W·Wᵀ the inverse; 1/σ for diagonals.
    pub precision_roots: Vec<f64>,
    /// Mean log-likelihood of a row.
    pub log_likelihood: f64,
    /// How many iterations the start made that was kept.
    pub iterations: usize,
    /// Whether the last change was below the tolerance.
    pub converged: bool,
    /// The most probable component of each row.
    pub labels: Vec<usize>,
    /// The numbers of every iteration, if they were kept.
    pub history: Option<MixtureHistory>,
}

/// Weights, means (in the frame, lines of a panel's width) and covariances.
#[derive(Debug, Clone)]
struct Parameters {
    weights: Vec<f64>,
    means: Vec<f64>,
    covariances: Vec<f64>,
}

/// What came of one start.
struct Run {
    parameters: Parameters,
    log_likelihood: f64,
    iterations: usize,
    converged: bool,
    labels: Vec<usize>,
    states: Vec<(f64, Vec<f64>, Vec<f64>)>,
}

/// The rows and how they are looked at.
struct Data<'a> {
    rows: &'a Rows<'a>,
    frame: Frame,
}

impl GaussianMixture {
    /// Fits the mixture. `checkpoint` is called every few milliseconds and may stop the run.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::GaussianMixture;
    /// use underhood::random::Stream;
    ///
    /// let x = array![[-6.0], [-4.0], [14.0], [16.0]];
    /// let model = GaussianMixture { components: 2, ..GaussianMixture::default() };
    /// let fit = model.fit(x.view(), &mut Stream::seeded(0), || Ok::<(), Error>(()))?;
    /// let low = fit.labels[0];
    /// assert!((fit.means[(low, 0)] + 5.0).abs() < 1e-9 && (fit.weights[low] - 0.5).abs() < 1e-9);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; there are fewer rows than components; `x` holds a NaN or an infinity, or values whose squares overflow
    /// or vanish; what the start is given does not fit; a component's covariance is singular; what `checkpoint` returns.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        stream: &mut Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<MixtureFit, E> {
        let rows = Rows::new(FIT, x)?;
        self.check(&rows)?;
        let (frame, _) = Frame::of(FIT, &rows)?;
        if frame.unit() != 1.0 {
            let (size, what) = if frame.unit() > 1.0 { ("large", "overflow") } else { ("small", "vanish") };
            let problem = format!("holds values so {size} that their squares {what}; change its unit");
            return Err(Error::Invalid { function: FIT, argument: "X", problem }.into());
        }
        let data = Data { rows: &rows, frame };
        let given = self.weights.is_some() && self.means.is_some() && self.precisions.is_some();
        let mut best: Option<Run> = None;
        for _ in 0..if given { 1 } else { self.restarts } {
            let start = self.start(&data, stream, &mut checkpoint)?;
            let run = self.run(&data, start, &mut checkpoint)?;
            if best.as_ref().is_none_or(|best| run.log_likelihood > best.log_likelihood) {
                best = Some(run);
            }
        }
        match best {
            Some(run) => Ok(self.finish(&data, run)?),
            None => {
                Err(Error::TooFew { function: FIT, argument: "n_init", what: "starts", found: 0, needed: 1 }.into())
            }
        }
    }

    fn check(&self, rows: &Rows<'_>) -> Result<(), Error> {
        let k = self.components;
        check::in_range(FIT, "n_components", k as f64, k > 0, "at least 1")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        let holds = self.reg_covar >= 0.0 && self.reg_covar.is_finite();
        check::in_range(FIT, "reg_covar", self.reg_covar, holds, "zero or positive, and finite")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        check::in_range(FIT, "n_init", self.restarts as f64, self.restarts > 0, "at least 1")?;
        if rows.count < 2 {
            let problem = "has 1 row (n_samples = 1), but a variance needs at least 2".into();
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        if k > rows.count {
            let problem = format!("is {k}, but X has {} rows (n_samples={})", rows.count, rows.count);
            return Err(Error::Invalid { function: FIT, argument: "n_components", problem });
        }
        if let Some(weights) = &self.weights {
            check::finite_vector(FIT, "weights_init", weights.as_slice().into())?;
            let sum: f64 = weights.iter().sum();
            if weights.len() != k || weights.iter().any(|w| !(*w > 0.0)) || (sum - 1.0).abs() > 1e-8 {
                let problem =
                    format!("must be {k} positive numbers that sum to 1, but has {} with the sum {sum}", weights.len());
                return Err(Error::Invalid { function: FIT, argument: "weights_init", problem });
            }
        }
        if let Some(means) = &self.means {
            check::finite_matrix(FIT, "means_init", means.view())?;
            if means.dim() != (k, rows.columns) {
                let expected = format!("{k} means of {} features are needed", rows.columns);
                return Err(Error::Shape {
                    function: FIT,
                    argument: "means_init",
                    shape: means.shape().to_vec(),
                    expected,
                });
            }
        }
        if let Some(precisions) = &self.precisions {
            check::finite_vector(FIT, "precisions_init", precisions.as_slice().into())?;
            let needed = self.covariance_type.numbers(k, rows.columns);
            check::same_length(FIT, ("precisions_init", precisions.len()), ("its layout", &[needed]))?;
        }
        let numbers = self.covariance_type.numbers(k, rows.columns.next_multiple_of(crate::panel::LANES));
        check::room(FIT, "covariances", &[3, numbers])
    }

    /// The parameters to start with: those that are given, the others from the first responsibilities.
    fn start<E: From<Error>>(
        &self,
        data: &Data<'_>,
        stream: &mut Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Parameters, E> {
        let (k, width) = (self.components, data.frame.width);
        let means = self.means.as_ref().map(|means| {
            let mut lines = vec![0.0; k * width];
            for (line, mean) in lines.chunks_exact_mut(width).zip(means.outer_iter()) {
                line[..data.frame.columns].copy_from_slice(&data.frame.seen(&mean.to_vec()));
            }
            lines
        });
        let covariances =
            self.precisions.as_ref().map(|p| shape::inverted(self.covariance_type, k, data.frame.columns, p));
        let covariances = covariances.transpose()?;
        if let (Some(weights), Some(means), Some(covariances)) = (&self.weights, &means, &covariances) {
            return Ok(Parameters { weights: weights.clone(), means: means.clone(), covariances: covariances.clone() });
        }
        let found = self.first(data, stream, checkpoint)?;
        Ok(Parameters {
            weights: self.weights.clone().unwrap_or(found.weights),
            means: means.unwrap_or(found.means),
            covariances: covariances.unwrap_or(found.covariances),
        })
    }

    /// What the first responsibilities stand for.
    fn first<E: From<Error>>(
        &self,
        data: &Data<'_>,
        stream: &mut Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Parameters, E> {
        let (k, width) = (self.components, data.frame.width);
        let mut centres = vec![0.0; k * width];
        let mut labels = Vec::new();
        if self.init == MixtureInit::KMeans {
            let model = KMeans { clusters: k, keep_history: false, ..KMeans::default() };
            let x = ArrayView2::from_shape((data.rows.count, data.rows.columns), data.rows.values());
            let x = x.map_err(|_| Error::Interrupted { function: FIT })?;
            let found = model.fit(x, None, stream, &mut *checkpoint)?;
            for (line, centre) in centres.chunks_exact_mut(width).zip(found.centres.outer_iter()) {
                line[..data.frame.columns].copy_from_slice(&data.frame.seen(&centre.to_vec()));
            }
            labels = found.labels;
        }
        let mut gathered = Gathered::about(self.covariance_type, k, data.frame.columns, centres);
        let mut lines = vec![0.0; k * BLOCK];
        data.sweep(gathered.cost(), checkpoint, |first, panel, count| {
            for r in 0..count {
                match labels.get(first + r) {
                    Some(&label) => (0..k).for_each(|c| lines[c * BLOCK + r] = f64::from(u8::from(c == label))),
                    None => {
                        (0..k).for_each(|c| lines[c * BLOCK + r] = 1.0 - stream.uniform());
                        let sum: f64 = (0..k).map(|c| lines[c * BLOCK + r]).sum();
                        (0..k).for_each(|c| lines[c * BLOCK + r] /= sum);
                    }
                }
            }
            gathered.add(panel, count, &lines);
        })?;
        Ok(gathered.parameters(data.rows.count, self.reg_covar))
    }

    /// Iterates until the likelihood stands still.
    fn run<E: From<Error>>(
        &self,
        data: &Data<'_>,
        mut parameters: Parameters,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Run, E> {
        let (k, columns) = (self.components, data.frame.columns);
        let n = data.rows.count as f64;
        let mut lines = vec![0.0; k * BLOCK];
        let mut own = [0.0; BLOCK];
        let mut states = Vec::new();
        let mut labels = Vec::with_capacity(data.rows.count);
        let (mut before, mut iterations, mut converged) = (f64::NEG_INFINITY, 0, false);
        let mut last = false;
        loop {
            let roots = shape::roots(self.covariance_type, k, columns, &parameters.covariances, Some((FIT, "X")))?;
            let mut densities =
                Densities::new(self.covariance_type, columns, &parameters.weights, parameters.means.clone(), &roots);
            let mut gathered = Gathered::about(self.covariance_type, k, columns, parameters.means.clone());
            let mut sum = 0.0;
            data.sweep(gathered.cost() + densities.cost(), checkpoint, |_, panel, count| {
                densities.log_joint(panel, count, &mut lines);
                normalise(&mut lines, count, &mut own);
                sum += own[..count].iter().sum::<f64>();
                if last {
                    labels.extend((0..count).map(|r| most_probable(&lines, k, r)));
                } else {
                    gathered.add(panel, count, &lines);
                }
            })?;
            let log_likelihood = sum / n;
            if !log_likelihood.is_finite() || log_likelihood < -1e290 {
                let problem = "holds rows so far from every component that their density vanishes; scale the columns, or start elsewhere".into();
                return Err(Error::Invalid { function: FIT, argument: "X", problem }.into());
            }
            if self.keep_history {
                let few = parameters.means.len() <= FEW_NUMBERS;
                states.push((
                    log_likelihood,
                    parameters.weights.clone(),
                    if few { parameters.means.clone() } else { Vec::new() },
                ));
            }
            if last {
                return Ok(Run { parameters, log_likelihood, iterations, converged, labels, states });
            }
            iterations += 1;
            parameters = gathered.parameters(data.rows.count, self.reg_covar);
            converged = (log_likelihood - before).abs() < self.tol;
            last = converged || iterations == self.max_iter;
            before = log_likelihood;
        }
    }

    fn finish(&self, data: &Data<'_>, run: Run) -> Result<MixtureFit, Error> {
        let (k, columns, width) = (self.components, data.frame.columns, data.frame.width);
        let means = |lines: &[f64]| {
            let values = lines.chunks_exact(width).flat_map(|line| data.frame.back(&line[..columns])).collect();
            Array2::from_shape_vec((k, columns), values).unwrap_or_default()
        };
        let roots = shape::roots(self.covariance_type, k, columns, &run.parameters.covariances, Some((FIT, "X")))?;
        let history = self.keep_history.then(|| MixtureHistory {
            log_likelihood: run.states.iter().map(|state| state.0).collect(),
            weights: run.states.iter().map(|state| state.1.clone()).collect(),
            means: run.states.iter().filter(|state| !state.2.is_empty()).map(|state| means(&state.2)).collect(),
        });
        Ok(MixtureFit {
            weights: run.parameters.weights,
            means: means(&run.parameters.means),
            precisions: shape::squares(self.covariance_type, columns, &roots),
            covariances: run.parameters.covariances,
            precision_roots: roots,
            log_likelihood: run.log_likelihood,
            iterations: run.iterations,
            converged: run.converged,
            labels: run.labels,
            history,
        })
    }
}

/// The component whose line is largest for a row of a block; the first of equals.
fn most_probable(lines: &[f64], components: usize, row: usize) -> usize {
    (0..components).fold(0, |best, k| if lines[k * BLOCK + row] > lines[best * BLOCK + row] { k } else { best })
}

impl Data<'_> {
    /// Shows `look` each block in the frame, with the number of its first row and how many it has; each row costs so many multiplications.
    fn sweep<E: From<Error>>(
        &self,
        cost: usize,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
        mut look: impl FnMut(usize, &[f64], usize),
    ) -> Result<(), E> {
        let mut panel = self.frame.panel();
        let mut work = 0;
        for (b, block) in self.rows.blocks().enumerate() {
            let count = block.len() / self.frame.columns;
            self.frame.look(block, &mut panel);
            look(b * BLOCK, &panel, count);
            work += count * cost;
            if work > 8 * CHECK_EVERY {
                work = 0;
                checkpoint()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
