//! k-means: k centres, each the mean of the rows that are nearest to it.
//!
//! Minimised is the inertia, Σ wᵢ·‖xᵢ − c(xᵢ)‖² over the rows with c(x) the centre nearest to x, by Lloyd's two steps in turn (Lloyd
//! 1982, doi:10.1109/TIT.1982.1056489): give each row to its nearest centre, move each centre to the mean of its rows. Neither
//! step can raise the inertia, so that it falls until nothing changes; where that is depends on the start (`seeding`), and the best of
//! several starts is kept. All distances are summed from differences (`tiles`) in a frame near the data ([`Frame`](super::frame::Frame)).

mod assignment;
mod data;
mod lloyd;
mod seeding;

use ndarray::{Array2, ArrayView2};

use self::assignment::{assign, check_weights};
use self::data::Data;
use super::frame::{Frame, Survey};
use super::rows::Rows;
use crate::check;
use crate::error::Error;
use crate::random::Stream;

pub use self::assignment::{centre_distances, nearest_centres};

const FIT: &str = "KMeans.fit";

/// Centres of no more numbers than this are kept in the history.
const FEW_NUMBERS: usize = 256;

/// Where the centres start.
#[derive(Debug, Clone, PartialEq)]
pub enum KMeansInit {
    /// Rows far from one another: k-means++ with greedy draws.
    PlusPlus,
    /// Different rows at random.
    Random,
    /// These points, clusters × features.
    Centres(Array2<f64>),
}

/// How k-means is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    /// How many clusters.
    pub clusters: usize,
    /// Where the centres start.
    pub init: KMeansInit,
    /// How many starts are tried; the best result is kept. Given centres start once.
    pub restarts: usize,
    /// The largest number of iterations of each start.
    pub max_iter: usize,
    /// Stop when the sum of the centres' squared shifts is at most `tol` times the mean variance of the columns.
    pub tol: f64,
    /// Keep the numbers of every iteration.
    pub keep_history: bool,
}

impl Default for KMeans {
    fn default() -> Self {
        KMeans { clusters: 8, init: KMeansInit::PlusPlus, restarts: 1, max_iter: 300, tol: 1e-4, keep_history: true }
    }
}

/// Why Lloyd's steps ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KMeansStop {
    /// No row changed its cluster: further steps would change nothing.
    SameLabels,
    /// The centres moved less than the tolerance.
    SmallShift,
    /// The allowed iterations are used up.
    MaxIter,
}

impl KMeansStop {
    /// A word for programs: `same_labels`, `small_shift` or `max_iter`.
    pub fn name(self) -> &'static str {
        match self {
            KMeansStop::SameLabels => "same_labels",
            KMeansStop::SmallShift => "small_shift",
            KMeansStop::MaxIter => "max_iter",
        }
    }
}

/// One entry an iteration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KMeansHistory {
    /// The inertia of the rows beside the centres that the iteration began with.
    pub inertia: Vec<f64>,
    /// √Σ‖Δc‖²: how far the centres moved.
    pub shift: Vec<f64>,
    /// How many rows changed their cluster; all in the first iteration.
    pub changed: Vec<usize>,
    /// The centres that the iteration began with; none if they are many numbers.
    pub centres: Vec<Array2<f64>>,
}

/// Fitted clusters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KMeansFit {
    /// The centres: clusters × features.
    pub centres: Array2<f64>,
    /// The number of each row's nearest centre.
    pub labels: Vec<usize>,
    /// Σ wᵢ·‖xᵢ − c(xᵢ)‖².
    pub inertia: f64,
    /// How many iterations the start made that was kept.
    pub iterations: usize,
    /// Why it stopped.
    pub stop: KMeansStop,
    /// How many clusters have a row.
    pub distinct: usize,
    /// The numbers of every iteration, if they were kept.
    pub history: Option<KMeansHistory>,
}

impl KMeans {
    /// Finds the clusters. `weight` says how much each row counts; `checkpoint` is called every few milliseconds and may stop the run.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::KMeans;
    /// use underhood::random::Stream;
    ///
    /// let x = array![[1.0], [2.0], [11.0], [12.0]];
    /// let model = KMeans { clusters: 2, ..KMeans::default() };
    /// let fit = model.fit(x.view(), None, &mut Stream::seeded(0), || Ok::<(), Error>(()))?;
    /// assert_eq!(fit.inertia, 1.0);
    /// assert_eq!(fit.centres[(fit.labels[3], 0)], 11.5);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; there are fewer rows than clusters; `x` holds a NaN or an infinity, or values so far apart that their
    /// differences, or the inertia, overflow; the given centres or weights do not fit; what `checkpoint` returns.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        weight: Option<&[f64]>,
        stream: &mut Stream,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<KMeansFit, E> {
        let rows = Rows::new(FIT, x)?;
        self.check(&rows, weight)?;
        let (frame, survey) = Frame::of(FIT, &rows)?;
        let data = Data::new(&rows, frame, weight);
        let tolerance = self.tol * survey.variance.iter().sum::<f64>() / rows.columns as f64;
        let restarts = if matches!(self.init, KMeansInit::Centres(_)) { 1 } else { self.restarts };
        let mut best: Option<lloyd::Run> = None;
        for _ in 0..restarts {
            let start = self.start(&data, stream, &mut checkpoint)?;
            let run = lloyd::run(self, &data, start, tolerance, &mut checkpoint)?;
            if best.as_ref().is_none_or(|best| run.inertia < best.inertia) {
                best = Some(run);
            }
        }
        match best {
            Some(run) => self.finish(&data, run, &survey, &mut checkpoint),
            None => {
                Err(Error::TooFew { function: FIT, argument: "n_init", what: "starts", found: 0, needed: 1 }.into())
            }
        }
    }

    fn check(&self, rows: &Rows<'_>, weight: Option<&[f64]>) -> Result<(), Error> {
        check::in_range(FIT, "n_clusters", self.clusters as f64, self.clusters > 0, "at least 1")?;
        check::in_range(FIT, "n_init", self.restarts as f64, self.restarts > 0, "at least 1")?;
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter > 0, "at least 1")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0, "zero or positive")?;
        if self.clusters > rows.count {
            let problem = format!("is {}, but X has {} rows (n_samples={})", self.clusters, rows.count, rows.count);
            return Err(Error::Invalid { function: FIT, argument: "n_clusters", problem });
        }
        if let KMeansInit::Centres(centres) = &self.init {
            check::finite_matrix(FIT, "init", centres.view())?;
            if centres.dim() != (self.clusters, rows.columns) {
                let expected = format!(
                    "{} centres of {} features are needed (n_clusters × columns of X)",
                    self.clusters, rows.columns
                );
                return Err(Error::Shape {
                    function: FIT,
                    argument: "init",
                    shape: centres.shape().to_vec(),
                    expected,
                });
            }
        }
        check_weights(FIT, weight, rows)
    }

    /// The centres to start with, in the frame, one after another.
    fn start<E: From<Error>>(
        &self,
        data: &Data<'_>,
        stream: &mut Stream,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<f64>, E> {
        let chosen = match &self.init {
            KMeansInit::Centres(centres) => {
                return Ok(centres.outer_iter().flat_map(|c| data.frame.seen(&c.to_vec())).collect());
            }
            KMeansInit::PlusPlus => seeding::plus_plus(data, self.clusters, stream, checkpoint)?,
            KMeansInit::Random => seeding::random(data, self.clusters, stream)?,
        };
        Ok(chosen.into_iter().flat_map(|i| data.seen(i)).collect())
    }

    /// Labels and inertia once more, from the centres as the caller gets them: what `predict` will say of the same rows.
    fn finish<E: From<Error>>(
        &self,
        data: &Data<'_>,
        run: lloyd::Run,
        survey: &Survey,
        checkpoint: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<KMeansFit, E> {
        let columns = data.frame.columns;
        let mut centres: Vec<f64> = run.centres.chunks_exact(columns).flat_map(|c| data.frame.back(c)).collect();
        // A centre of equal numbers is that number, to the last bit.
        let constant = |j: usize| survey.variance[j] == 0.0;
        for (k, value) in centres.iter_mut().enumerate() {
            if constant(k % columns) {
                *value = data.rows.row(0)[k % columns];
            }
        }
        let centres = Array2::from_shape_vec((self.clusters, columns), centres).unwrap_or_default();
        let (labels, inertia) = assign(data.rows, centres.view(), data.weight, checkpoint)?;
        if !inertia.is_finite() {
            let problem = "holds values so large that the inertia overflows; divide it by its scale first".into();
            return Err(Error::Invalid { function: FIT, argument: "X", problem }.into());
        }
        let mut seen = vec![false; self.clusters];
        labels.iter().for_each(|&label| seen[label] = true);
        let history = self.keep_history.then(|| run.history(&data.frame));
        Ok(KMeansFit {
            centres,
            labels,
            inertia,
            iterations: run.iterations,
            stop: run.stop,
            distinct: seen.iter().filter(|s| **s).count(),
            history,
        })
    }
}

#[cfg(test)]
mod tests;
