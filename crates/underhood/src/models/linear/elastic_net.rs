//! Lasso and elastic net: least squares with a price on the weights' sizes, which makes many of them exactly zero.
//!
//! Sources: R. Tibshirani, J. R. Stat. Soc. B 58 (1996) 267 (the lasso); H. Zou, T. Hastie, J. R. Stat. Soc. B 67 (2005) 301,
//! doi:10.1111/j.1467-9868.2005.00503.x (the elastic net).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::coordinates::{Descent, End, Geometry, Problem, Sweep};
use super::data::{Data, Moments, table};
use super::nonnegative::nonnegative;
use super::ridge;
use crate::check;
use crate::error::Error;
use crate::models::history::StopReason;
use crate::simd::dot;

/// Up to so many columns XᵀX is formed whatever the number of rows.
const NARROW: usize = 64;
/// XᵀX of more columns than this is not formed.
const BROAD: usize = 2000;
/// For up to so many columns the history keeps the weights.
const SMALL: usize = 100;

/// The elastic net: minimise ‖y − Xw − b‖²/(2m) + λ₁‖w‖₁ + λ₂‖w‖²/2 with m the sum of the rows' weights, λ₁ = alpha·l1_ratio and
/// λ₂ = alpha·(1 − l1_ratio). With `l1_ratio` 1 it is the lasso.
#[derive(Debug, Clone, PartialEq)]
pub struct ElasticNet {
    /// Who asks, for messages: `ElasticNet.fit`, `Lasso.fit`.
    pub function: &'static str,
    /// The price as a whole.
    pub alpha: f64,
    /// The share of it that is on sizes; the rest is on squares.
    pub l1_ratio: f64,
    /// Whether a constant is fitted, which has no price.
    pub fit_intercept: bool,
    /// Whether no weight may be negative.
    pub positive: bool,
    /// The largest number of sweeps.
    pub max_iter: usize,
    /// Stop when the duality gap is at most `tol` times the objective of zero weights.
    pub tol: f64,
    /// Keep the numbers of every sweep.
    pub keep_history: bool,
}

impl Default for ElasticNet {
    fn default() -> Self {
        ElasticNet {
            function: "ElasticNet.fit",
            alpha: 1.0,
            l1_ratio: 0.5,
            fit_intercept: true,
            positive: false,
            max_iter: 10_000,
            tol: 1e-10,
            keep_history: true,
        }
    }
}

/// The numbers of every sweep.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweepHistory {
    /// The objective at the sweep's end.
    pub objective: Vec<f64>,
    /// How far it is from the minimum at most.
    pub duality_gap: Vec<f64>,
    /// How many weights are not zero.
    pub nonzero: Vec<usize>,
    /// The largest change of a weight.
    pub change: Vec<f64>,
    /// The weights, sweeps × columns; of more than a hundred columns none are kept.
    pub weights: Array2<f64>,
}

/// A fitted target.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ElasticNetFit {
    /// Weights, one a column.
    pub weights: Vec<f64>,
    /// The intercept.
    pub intercept: f64,
    /// The objective at these weights.
    pub objective: f64,
    /// How far it is from the minimum at most.
    pub duality_gap: f64,
    /// x̃ⱼᵀ(y − Xw − b)/m for each column around its mean: where it is smaller than λ₁, the weight stays zero.
    pub gradient: Vec<f64>,
    /// The smallest λ₁ at which all weights are zero: the largest |x̃ⱼᵀỹ|/m.
    pub largest_price: f64,
    /// Sweeps that were made; 0 where there is a closed form.
    pub sweeps: usize,
    /// Why it ended.
    pub stop: StopReason,
    /// The numbers of every sweep, if they were kept.
    pub history: Option<SweepHistory>,
}

/// Weights along falling prices.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ElasticNetPath {
    /// The prices, falling.
    pub alphas: Vec<f64>,
    /// Weights: columns × prices.
    pub weights: Array2<f64>,
    /// The intercept at each price.
    pub intercepts: Vec<f64>,
    /// The gap at each price.
    pub duality_gaps: Vec<f64>,
    /// Sweeps at each price.
    pub sweeps: Vec<usize>,
    /// Whether `max_iter` was enough at every price.
    pub converged: bool,
}

/// The prices of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Prices {
    /// These.
    Given(Vec<f64>),
    /// So many from the one at which all weights are zero down to `eps` times it, in equal ratios.
    Geometric {
        /// How many.
        count: usize,
        /// The last one over the first one.
        eps: f64,
    },
}

/// What the sweeps need, whichever form the data are in.
struct Gathered {
    moments: Option<Moments>,
    columns: Vec<f64>,
    means: Vec<f64>,
}

impl Gathered {
    fn of<E: From<Error>>(data: &Data<'_>, checkpoint: &mut dyn FnMut() -> Result<(), E>) -> Result<Self, E> {
        let (n, k) = (data.count(), data.columns());
        if k <= NARROW || (k <= BROAD && 4 * k <= n) {
            let moments = Moments::of(data, checkpoint)?;
            return Ok(Gathered { moments: Some(moments), columns: Vec::new(), means: Vec::new() });
        }
        let (columns, means) = data.centred_columns()?;
        Ok(Gathered { moments: None, columns, means })
    }

    /// The problem of one target, and that target's mean.
    fn problem(&self, data: &Data<'_>, t: usize, positive: bool) -> Result<(Problem<'_>, f64), Error> {
        let (n, k) = (data.count(), data.columns());
        let (geometry, lengths, products, target, square, mean);
        if let Some(moments) = &self.moments {
            geometry = Geometry::Gram(&moments.gram);
            lengths = (0..k).map(|j| moments.gram[j * k + j]).collect::<Vec<f64>>();
            products = moments.products[t].clone();
            (target, square, mean) = (Vec::new(), moments.squares[t], moments.y_mean[t]);
        } else {
            let (mut centred, of_y) = data.centred_target(t);
            if centred.iter().all(|e| e.abs() <= 10.0 * f64::EPSILON * of_y.abs() * data.total.sqrt())
                && data.roots.is_empty()
            {
                centred.fill(0.0);
            }
            geometry = Geometry::Columns(&self.columns);
            lengths = self.columns.chunks_exact(n).map(|column| dot(column, column)).collect();
            products = self.columns.chunks_exact(n).map(|column| dot(column, &centred)).collect();
            (square, mean, target) = (dot(&centred, &centred), of_y, centred);
        }
        // Half the range is left for sums.
        if let Some(j) = lengths.iter().position(|&length| !(length < 1e300)) {
            return Err(data.too_large("X", j));
        }
        if !(square < 1e300) {
            return Err(data.too_large("y", t));
        }
        let problem = Problem { geometry, lengths, products, target, square, total: data.total, positive };
        Ok((problem, mean))
    }

    fn intercept(&self, data: &Data<'_>, weights: &[f64], y_mean: f64) -> f64 {
        let means = self.moments.as_ref().map_or(&self.means, |moments| &moments.x_mean);
        if data.intercept { y_mean - dot(means, weights) } else { 0.0 }
    }
}

impl ElasticNet {
    fn checked(&self) -> Result<(), Error> {
        let function = self.function;
        let possible = |v: f64| v >= 0.0 && v.is_finite();
        check::in_range(function, "alpha", self.alpha, possible(self.alpha), "zero or positive, and finite")?;
        let share = (0.0..=1.0).contains(&self.l1_ratio);
        check::in_range(function, "l1_ratio", self.l1_ratio, share, "between 0 and 1")?;
        check::in_range(function, "tol", self.tol, possible(self.tol), "zero or positive, and finite")?;
        check::in_range(function, "max_iter", self.max_iter as f64, self.max_iter >= 1, "at least 1")
    }

    /// λ₁ and λ₂.
    fn prices(&self) -> (f64, f64) {
        (self.alpha * self.l1_ratio, self.alpha * (1.0 - self.l1_ratio))
    }

    /// Fits each column of y. The sweeps begin at `start` (targets × columns), at zero if there is none.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::ElasticNet;
    ///
    /// // One column with mean square 2/3 around its mean, and slope 1: a lasso of price 0.5 takes 0.5/(2/3) off the slope.
    /// let (x, y) = (array![[-1.0], [0.0], [1.0]], array![[1.0], [2.0], [3.0]]);
    /// let lasso = ElasticNet { alpha: 0.5, l1_ratio: 1.0, ..ElasticNet::default() };
    /// let fit = lasso.fit(x.view(), y.view(), None, None, || Ok::<(), Error>(()))?;
    /// assert!((fit[0].weights[0] - 0.25).abs() < 1e-15 && fit[0].duality_gap < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place, [`Error::Shape`] for lengths that do not fit, [`Error::OutOfRange`] for the parameters,
    /// [`Error::Invalid`] for negative weights of rows and for numbers whose squares leave the range of doubles; whatever the
    /// checkpoint refuses with.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        sample_weight: Option<ArrayView1<'_, f64>>,
        start: Option<ArrayView2<'_, f64>>,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<Vec<ElasticNetFit>, E> {
        self.checked()?;
        let data = Data::new(self.function, x, y, sample_weight, self.fit_intercept)?;
        if let Some(start) = start {
            if start.dim() != (data.targets, data.columns()) {
                let expected =
                    format!("a weight for each of {} targets and {} columns is needed", data.targets, data.columns());
                let shape = start.shape().to_vec();
                return Err(Error::Shape { function: self.function, argument: "start", shape, expected }.into());
            }
            check::finite_matrix(self.function, "start", start)?;
        }
        let (lasso, ridge_price) = self.prices();
        if lasso == 0.0 && !self.positive {
            return self.without_lasso(&data, ridge_price, &mut checkpoint);
        }
        let gathered = Gathered::of(&data, &mut checkpoint)?;
        (0..data.targets)
            .map(|t| {
                let from = start.map_or_else(|| vec![0.0; data.columns()], |start| start.row(t).to_vec());
                self.fit_target(&data, &gathered, t, from, &mut checkpoint)
            })
            .collect()
    }

    fn fit_target<E: From<Error>>(
        &self,
        data: &Data<'_>,
        gathered: &Gathered,
        t: usize,
        start: Vec<f64>,
        checkpoint: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<ElasticNetFit, E> {
        let (problem, mean) = gathered.problem(data, t, self.positive)?;
        let prices = self.prices();
        if prices.0 == 0.0 {
            return self.without_lasso_or_sign(data, t, checkpoint);
        }
        let mut kept = SweepHistory::default();
        let (columns, mut weights) = (data.columns(), Vec::new());
        let keep = self.keep_history;
        let mut record = |sweep: Sweep, now: &[f64]| {
            if keep {
                kept.objective.push(sweep.objective);
                kept.duality_gap.push(sweep.gap);
                kept.nonzero.push(sweep.nonzero);
                kept.change.push(sweep.change);
                if columns <= SMALL {
                    weights.extend_from_slice(now);
                }
            }
        };
        let mut objective = 0.0;
        let mut descent = Descent::new(&problem, prices, start);
        let (sweeps, gap, end) = descent.run(
            self.tol,
            self.max_iter,
            &mut |sweep, now| {
                objective = sweep.objective;
                record(sweep, now);
            },
            checkpoint,
        )?;
        kept.weights = table(if columns <= SMALL { kept.objective.len() } else { 0 }, columns, weights);
        let intercept = gathered.intercept(data, &descent.weights, mean);
        data.finite_result(&descent.weights, intercept)?;
        Ok(ElasticNetFit {
            intercept,
            objective,
            duality_gap: gap,
            gradient: descent.whole_gradient().iter().map(|g| g / data.total).collect(),
            largest_price: largest(&problem) / data.total,
            weights: descent.weights,
            sweeps,
            stop: match end {
                End::Converged => StopReason::Converged,
                End::Precision => StopReason::Precision,
                End::MaxIter => StopReason::MaxIter,
            },
            history: keep.then_some(kept),
        })
    }

    /// Without a price on sizes there is a closed form: ridge regression, or least squares.
    fn without_lasso<E: From<Error>>(
        &self,
        data: &Data<'_>,
        price: f64,
        checkpoint: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<Vec<ElasticNetFit>, E> {
        let solved = ridge::solve(data, price * data.total, false, checkpoint)?;
        (0..data.targets)
            .map(|t| self.closed(data, t, solved.weights.row(t).to_vec(), solved.intercepts[t], checkpoint))
            .collect()
    }

    /// With no price on sizes, but none below zero allowed.
    fn without_lasso_or_sign<E: From<Error>>(
        &self,
        data: &Data<'_>,
        t: usize,
        checkpoint: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<ElasticNetFit, E> {
        let moments = Moments::of(data, checkpoint)?;
        let weights =
            nonnegative(self.function, &moments, &moments.products[t], self.prices().1 * data.total, checkpoint)?;
        let intercept = moments.intercept(&weights, t);
        data.finite_result(&weights, intercept)?;
        self.closed(data, t, weights, intercept, checkpoint)
    }

    fn closed<E: From<Error>>(
        &self,
        data: &Data<'_>,
        t: usize,
        weights: Vec<f64>,
        intercept: f64,
        checkpoint: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<ElasticNetFit, E> {
        checkpoint()?;
        let y = data.target(t);
        let mut gradient = vec![0.0; data.columns()];
        let mut squares = 0.0;
        // The residuals sum to zero where there is an intercept: columns may be seen from their first number, and lose no digits to offsets.
        let origin = if data.intercept { data.rows.row(0).to_vec() } else { vec![0.0; data.columns()] };
        for (i, (row, y)) in data.rows.values().chunks_exact(data.columns()).zip(y.iter()).enumerate() {
            let residual = (y - intercept - dot(row, &weights)) * data.root(i).powi(2);
            squares += residual * (y - intercept - dot(row, &weights));
            for ((g, x), origin) in gradient.iter_mut().zip(row).zip(&origin) {
                *g += (x - origin) * residual / data.total;
            }
        }
        let objective = 0.5 * squares / data.total + 0.5 * self.prices().1 * dot(&weights, &weights);
        Ok(ElasticNetFit {
            weights,
            intercept,
            objective,
            duality_gap: 0.0,
            gradient,
            largest_price: 0.0,
            sweeps: 0,
            stop: StopReason::Converged,
            history: self.keep_history.then(SweepHistory::default),
        })
    }

    /// Weights of one target along falling prices, each descent beginning where the last one ended; `alpha` is not looked at.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::OutOfRange`] for prices or a share on sizes that are not positive, [`Error::TooFew`] for no price.
    pub fn path<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView1<'_, f64>,
        prices: &Prices,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<ElasticNetPath, E> {
        self.checked()?;
        let function = self.function;
        check::in_range(function, "l1_ratio", self.l1_ratio, self.l1_ratio > 0.0, "above 0 and at most 1")?;
        let data = Data::new(function, x, y.insert_axis(ndarray::Axis(1)), None, self.fit_intercept)?;
        let gathered = Gathered::of(&data, &mut checkpoint)?;
        let (problem, mean) = gathered.problem(&data, 0, self.positive)?;
        let alphas = match prices {
            Prices::Given(given) => {
                check::at_least(function, "alphas", "values", given.len(), 1)?;
                if let Some(&bad) = given.iter().find(|a| !(**a > 0.0 && a.is_finite())) {
                    check::in_range(function, "alphas", bad, false, "positive and finite")?;
                }
                let mut sorted = given.clone();
                sorted.sort_by(|a, b| b.total_cmp(a));
                sorted
            }
            Prices::Geometric { count, eps } => {
                check::in_range(function, "alphas", *count as f64, *count >= 1, "at least 1")?;
                check::in_range(function, "eps", *eps, *eps > 0.0 && *eps < 1.0, "between 0 and 1")?;
                check::room(function, "coefficients", &[data.columns(), *count])?;
                let first = largest(&problem) / (data.total * self.l1_ratio);
                // Where nothing can be explained every price does.
                let first = if first > 0.0 { first } else { 1.0 };
                let last = (*count).max(2) as f64 - 1.0;
                (0..*count).map(|i| first * (eps.ln() * i as f64 / last).exp()).collect()
            }
        };
        check::room(function, "coefficients", &[data.columns(), alphas.len()])?;
        let mut found = ElasticNetPath {
            weights: Array2::zeros((data.columns(), alphas.len())),
            intercepts: Vec::new(),
            duality_gaps: Vec::new(),
            sweeps: Vec::new(),
            converged: true,
            alphas,
        };
        let mut weights = vec![0.0; data.columns()];
        for (i, &alpha) in found.alphas.iter().enumerate() {
            checkpoint()?;
            let mut descent = Descent::new(&problem, (alpha * self.l1_ratio, alpha * (1.0 - self.l1_ratio)), weights);
            let (sweeps, gap, end) = descent.run(self.tol, self.max_iter, &mut |_, _| (), &mut checkpoint)?;
            weights = descent.weights;
            found.converged &= end != End::MaxIter;
            let intercept = gathered.intercept(&data, &weights, mean);
            data.finite_result(&weights, intercept)?;
            found.weights.column_mut(i).assign(&Array1::from_iter(weights.iter().copied()));
            found.intercepts.push(intercept);
            found.duality_gaps.push(gap);
            found.sweeps.push(sweeps);
        }
        Ok(found)
    }
}

/// max |xⱼᵀy|, of xⱼᵀy where no weight may be negative: at this mλ₁ all weights are zero.
fn largest(problem: &Problem<'_>) -> f64 {
    problem.products.iter().fold(0.0_f64, |most, p| most.max(if problem.positive { *p } else { p.abs() }))
}
