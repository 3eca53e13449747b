//! Bayesian linear regression: how strongly to shrink, and how sure to be, is read off the data.
//!
//! Weights have the prior N(0, I/λ) and rows the noise N(0, 1/α). The posterior of the weights is normal with covariance
//! Σ = (αX̃ᵀX̃ + λI)⁻¹ and mean m = αΣX̃ᵀỹ: ridge regression at the price λ/α. What the data say of α and λ themselves is their evidence, the
//! density of y with the weights integrated out,
//!
//! > ln p(y | α, λ) = ½[k·ln λ + n·ln α − α‖ỹ − X̃m‖² − λ‖m‖² + ln det Σ − n·ln 2π],
//!
//! which is largest where λ = γ/‖m‖² and α = (n − γ)/‖ỹ − X̃m‖², with γ = Σ αeᵢ/(λ + αeᵢ) over the eigenvalues eᵢ of X̃ᵀX̃ the number of
//! weights that the data determine. These are iterated (D. J. C. MacKay, Neural Computation 4 (1992) 415, doi:10.1162/neco.1992.4.3.415), with
//! gamma priors on both that keep them finite (M. E. Tipping, J. Mach. Learn. Res. 1 (2001) 211, appendix A). In the eigenvectors' coordinates
//! an iteration costs a few numbers for each weight.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

use super::data::{Data, Moments, table};
use crate::check;
use crate::error::Error;
use crate::linalg::{self, Triangle};
use crate::models::history::StopReason;
use crate::models::rows::{BLOCK, Rows, same_features};
use crate::simd::dot;

const FIT: &str = "BayesianRidge.fit";

/// Eigenvalues of XᵀX that spread further than this are computed from X instead, whose own have twice the digits.
const SPREAD: f64 = 1e6;

/// Bayesian ridge regression.
#[derive(Debug, Clone, PartialEq)]
pub struct BayesianRidge {
    /// The largest number of iterations.
    pub max_iter: usize,
    /// Stop when α, λ and the weights as a whole change by less than this share of themselves.
    pub tol: f64,
    /// Shape and rate of the gamma prior on α.
    pub alpha_prior: (f64, f64),
    /// Shape and rate of the gamma prior on λ.
    pub lambda_prior: (f64, f64),
    /// Where α starts: at one over the variance of y, if not given.
    pub alpha_init: Option<f64>,
    /// Where λ starts: if not given, such that what the prior's weights predict varies as y does.
    pub lambda_init: Option<f64>,
    /// Whether a constant is fitted.
    pub fit_intercept: bool,
}

impl Default for BayesianRidge {
    fn default() -> Self {
        BayesianRidge {
            max_iter: 10_000,
            tol: 1e-9,
            alpha_prior: (1e-6, 1e-6),
            lambda_prior: (1e-6, 1e-6),
            alpha_init: None,
            lambda_init: None,
            fit_intercept: true,
        }
    }
}

/// The numbers of every iteration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvidenceHistory {
    /// Log evidence (with the priors of α and λ) at the α and λ that the iteration began with.
    pub evidence: Vec<f64>,
    /// α, likewise.
    pub alpha: Vec<f64>,
    /// λ, likewise.
    pub lambda: Vec<f64>,
    /// γ, the number of weights that the data determine.
    pub effective: Vec<f64>,
    /// The largest change of α, λ or the weights' length, relative to themselves.
    pub change: Vec<f64>,
}

/// A fitted Bayesian ridge regression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BayesianRidgeFit {
    /// Mean of the weights.
    pub weights: Vec<f64>,
    /// The intercept at the means.
    pub intercept: f64,
    /// Means of the columns, around which the posterior stands; zeros without an intercept.
    pub means: Vec<f64>,
    /// Precision of the noise.
    pub alpha: f64,
    /// Precision of the weights.
    pub lambda: f64,
    /// Covariance of the weights.
    pub covariance: Array2<f64>,
    /// γ at the end.
    pub effective: f64,
    /// Iterations that were made.
    pub iterations: usize,
    /// Why it ended.
    pub stop: StopReason,
    /// The numbers of every iteration, and last those of the final α and λ.
    pub history: EvidenceHistory,
}

impl BayesianRidge {
    fn checked(&self) -> Result<(), Error> {
        check::in_range(FIT, "max_iter", self.max_iter as f64, self.max_iter >= 1, "at least 1")?;
        check::in_range(FIT, "tol", self.tol, self.tol >= 0.0 && self.tol.is_finite(), "zero or positive, and finite")?;
        let ((a1, a2), (l1, l2)) = (self.alpha_prior, self.lambda_prior);
        for (name, value) in [("alpha_1", a1), ("alpha_2", a2), ("lambda_1", l1), ("lambda_2", l2)] {
            check::in_range(FIT, name, value, value >= 0.0 && value.is_finite(), "zero or positive, and finite")?;
        }
        for (name, value) in [("alpha_init", self.alpha_init), ("lambda_init", self.lambda_init)] {
            if let Some(value) = value {
                check::in_range(FIT, name, value, value > 0.0 && value.is_finite(), "positive and finite")?;
            }
        }
        Ok(())
    }

    /// Fits by evidence maximisation.
    ///
    /// ```
    /// use ndarray::{Array1, Array2};
    /// use underhood::Error;
    /// use underhood::models::BayesianRidge;
    ///
    /// let x = Array2::from_shape_fn((50, 1), |(i, _)| i as f64 / 10.0);
    /// let y = Array1::from_shape_fn(50, |i| 1.0 + 2.0 * x[(i, 0)] + if i % 2 == 0 { 0.1 } else { -0.1 });
    /// let fit = BayesianRidge::default().fit(x.view(), y.view(), None, || Ok::<(), Error>(()))?;
    /// // The noise has the variance 0.01, and one weight is determined.
    /// assert!((fit.alpha * 0.01 - 1.0).abs() < 0.05 && (fit.effective - 1.0).abs() < 1e-3);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place, [`Error::Shape`] for lengths that do not fit, [`Error::OutOfRange`] for the parameters,
    /// [`Error::Invalid`] for numbers that leave the range of doubles, and for a precision without bound where the priors set none; whatever
    /// the checkpoint refuses with.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        y: ArrayView1<'_, f64>,
        sample_weight: Option<ArrayView1<'_, f64>>,
        mut checkpoint: impl FnMut() -> Result<(), E>,
    ) -> Result<BayesianRidgeFit, E> {
        self.checked()?;
        let data = Data::new(FIT, x, y.insert_axis(Axis(1)), sample_weight, self.fit_intercept)?;
        check::room(FIT, "covariance of the weights", &[data.columns(), data.columns()])?;
        let spectrum = Spectrum::of(&data, &mut checkpoint)?;
        let (n, k) = (data.total, data.columns());
        let ((a1, a2), (l1, l2)) = (self.alpha_prior, self.lambda_prior);
        let variance = spectrum.square / n;
        // Where y does not vary any precision will do.
        let mut alpha = self.alpha_init.unwrap_or(if variance > 0.0 { 1.0 / variance } else { 1.0 / f64::EPSILON });
        // Weights of a size such that what they predict varies as y does, whatever the units: from a prior that is too narrow by orders of
        // magnitude, the search would end at weights of zero.
        let spread = spectrum.values.iter().sum::<f64>() / n;
        let mut lambda = self.lambda_init.unwrap_or(if spread > 0.0 { alpha * spread } else { 1.0 });
        (alpha, lambda) = (alpha.min(f64::MAX), lambda.clamp(f64::MIN_POSITIVE, f64::MAX));
        let mut history = EvidenceHistory::default();
        let (mut old, mut stop, mut iterations) = (Vec::new(), StopReason::MaxIter, 0);
        let evidence = |state: &State, alpha: f64, lambda: f64| {
            let pulled: f64 = spectrum.values.iter().map(|e| (lambda + alpha * e).ln()).sum();
            let rest = (k - spectrum.values.len()) as f64 * lambda.ln();
            // 0·ln of a flat prior is 0.
            let prior = l1 * lambda.ln() - l2 * lambda + a1 * alpha.ln() - a2 * alpha;
            prior
                + 0.5
                    * (k as f64 * lambda.ln() + n * alpha.ln()
                        - alpha * state.residual
                        - lambda * state.length
                        - pulled
                        - rest
                        - n * std::f64::consts::TAU.ln())
        };
        for iteration in 1..=self.max_iter {
            if iteration % 256 == 1 {
                checkpoint()?;
            }
            iterations = iteration;
            let state = spectrum.at(alpha, lambda);
            history.evidence.push(evidence(&state, alpha, lambda));
            history.alpha.push(alpha);
            history.lambda.push(lambda);
            history.effective.push(state.effective);
            let new_lambda = (state.effective + 2.0 * l1) / (state.length + 2.0 * l2);
            let new_alpha = ((n - state.effective).max(0.0) + 2.0 * a1) / (state.residual + 2.0 * a2);
            for (name, prior, value) in [("lambda_2", "lambda_1", new_lambda), ("alpha_2", "alpha_1", new_alpha)] {
                if !(value > 0.0 && value.is_finite()) {
                    let problem = format!(
                        "is too small for these data: a precision becomes {value}, since nothing is left to estimate it by; {prior} and {name} of 1e-6 bound it"
                    );
                    return Err(Error::Invalid { function: FIT, argument: name, problem }.into());
                }
            }
            let moved = (new_alpha / alpha - 1.0).abs().max((new_lambda / lambda - 1.0).abs());
            let length = dot(&state.weights, &state.weights).sqrt();
            let turned = if old.len() == state.weights.len() {
                let gone: f64 = state.weights.iter().zip(&old).map(|(a, b): (&f64, &f64)| (a - b).powi(2)).sum();
                if length > 0.0 { gone.sqrt() / length } else { 0.0 }
            } else {
                f64::INFINITY
            };
            let change = moved.max(turned);
            history.change.push(if change.is_finite() { change } else { moved });
            (alpha, lambda, old) = (new_alpha, new_lambda, state.weights);
            if change <= self.tol {
                stop = StopReason::Converged;
                break;
            }
            if change <= 4.0 * f64::EPSILON {
                stop = StopReason::Precision;
                break;
            }
        }
        let state = spectrum.at(alpha, lambda);
        history.evidence.push(evidence(&state, alpha, lambda));
        history.alpha.push(alpha);
        history.lambda.push(lambda);
        history.effective.push(state.effective);
        history.change.push(0.0);
        let weights = spectrum.turned(&state.weights);
        let intercept = if data.intercept { spectrum.y_mean - dot(&spectrum.means, &weights) } else { 0.0 };
        data.finite_result(&weights, intercept)?;
        let covariance = spectrum.covariance(alpha, lambda);
        if !covariance.iter().all(|v| v.is_finite()) {
            data.finite_result(&[f64::NAN], 0.0)?;
        }
        Ok(BayesianRidgeFit {
            intercept,
            weights,
            alpha,
            lambda,
            covariance,
            effective: state.effective,
            iterations,
            stop,
            history,
            means: spectrum.means,
        })
    }
}

/// The posterior at one pair of precisions, in the eigenvectors' coordinates.
struct State {
    weights: Vec<f64>,
    /// ‖m‖².
    length: f64,
    /// ‖ỹ − X̃m‖².
    residual: f64,
    /// γ.
    effective: f64,
}

/// X̃ᵀX̃ = V·E·Vᵀ, and what y is in these coordinates.
struct Spectrum {
    /// Eigenvalues that are not known to be zero.
    values: Vec<f64>,
    /// Their eigenvectors: columns × eigenvalues.
    vectors: Array2<f64>,
    /// Σ over rows of y times uᵢ = X̃vᵢ/√eᵢ.
    parts: Vec<f64>,
    /// What of ỹ lies outside all of them: the squares that no weights explain.
    outside: f64,
    square: f64,
    means: Vec<f64>,
    y_mean: f64,
}

impl Spectrum {
    fn of<E: From<Error>>(data: &Data<'_>, checkpoint: &mut dyn FnMut() -> Result<(), E>) -> Result<Self, E> {
        let k = data.columns();
        if k <= data.count() {
            let moments = Moments::of(data, checkpoint)?;
            let matrix = table(k, k, moments.gram.clone());
            let parts = linalg::eigh(matrix.view(), Triangle::Lower)?;
            let (least, most) = (parts.values[0], parts.values[k - 1]);
            if least > most / SPREAD {
                let values = parts.values.to_vec();
                let products = parts.vectors.t().dot(&ArrayView1::from(&moments.products[0]));
                let parts_of_y: Vec<f64> = products.iter().zip(&values).map(|(p, e)| p / e.sqrt()).collect();
                let square = moments.squares[0];
                let mut outside = (square - dot(&parts_of_y, &parts_of_y)).max(0.0);
                if outside < 1e-8 * square {
                    // So near to a perfect fit the difference has few digits: the residuals themselves have more.
                    let full: Vec<f64> = parts_of_y.iter().zip(&values).map(|(p, e)| p / e.sqrt()).collect();
                    let weights = parts.vectors.dot(&ArrayView1::from(&full)).to_vec();
                    outside = moments.residual_products(data, 0, &weights, checkpoint)?.1;
                }
                let (means, y_mean) = (moments.x_mean, moments.y_mean[0]);
                return Ok(Spectrum {
                    values,
                    vectors: parts.vectors,
                    parts: parts_of_y,
                    outside,
                    square,
                    means,
                    y_mean,
                });
            }
        }
        checkpoint()?;
        let (columns, means) = data.centred_columns()?;
        let n = data.count();
        let largest = columns.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        if !(largest * (columns.len() as f64).sqrt() < 1e150) {
            return Err(data.too_large("X", 0).into());
        }
        let parts = linalg::svd(table(k, n, columns).t(), false, false)?;
        let (target, y_mean) = data.centred_target(0);
        let square = dot(&target, &target);
        if !square.is_finite() {
            return Err(data.too_large("y", 0).into());
        }
        let noise = parts.s.first().map_or(0.0, |s| s * f64::EPSILON * n.max(k) as f64);
        let rank = parts.s.iter().filter(|&&s| s > noise && s * s > 0.0).count();
        let u = parts.u.slice(s![.., ..rank]);
        let projected = u.t().dot(&ArrayView1::from(&target));
        let left = &ArrayView1::from(&target) - &u.dot(&projected);
        Ok(Spectrum {
            values: parts.s.iter().take(rank).map(|s| s * s).collect(),
            vectors: parts.vh.slice(s![..rank, ..]).t().to_owned(),
            parts: projected.to_vec(),
            outside: left.dot(&left),
            square,
            means,
            y_mean,
        })
    }

    fn at(&self, alpha: f64, lambda: f64) -> State {
        let (mut weights, mut length, mut residual, mut effective) =
            (Vec::with_capacity(self.parts.len()), 0.0, self.outside, 0.0);
        for (&e, &part) in self.values.iter().zip(&self.parts) {
            let kept = alpha * e / (lambda + alpha * e);
            let weight = part / e.sqrt() * kept;
            let left = part * (lambda / (lambda + alpha * e));
            length += weight * weight;
            residual += left * left;
            effective += kept;
            weights.push(weight);
        }
        State { weights, length, residual, effective }
    }

    /// From the eigenvectors' coordinates to the columns'.
    fn turned(&self, weights: &[f64]) -> Vec<f64> {
        self.vectors.dot(&ArrayView1::from(weights)).to_vec()
    }

    /// Σ = V·diag(1/(λ + αe))·Vᵀ, and 1/λ where no eigenvalue is known.
    fn covariance(&self, alpha: f64, lambda: f64) -> Array2<f64> {
        let k = self.vectors.nrows();
        let whole = self.values.len() == k;
        let base = if whole { 0.0 } else { 1.0 / lambda };
        let factors: Array1<f64> = self.values.iter().map(|e| 1.0 / (lambda + alpha * e) - base).collect();
        let mut covariance = (&self.vectors * &factors).dot(&self.vectors.t());
        // One rounding for both triangles.
        for i in 0..k {
            covariance[(i, i)] += base;
            for j in 0..i {
                covariance[(j, i)] = covariance[(i, j)];
            }
        }
        covariance
    }
}

/// Standard deviations of what a fitted regression predicts for one new row each: √(1/α + (x − x̄)ᵀΣ(x − x̄)).
///
/// # Errors
/// [`Error::NotFinite`] and [`Error::Invalid`] for rows that do not fit the model, [`Error::Shape`] for parts of it that do not fit each other,
/// [`Error::OutOfRange`] unless α is positive.
pub fn predictive_deviation(
    x: ArrayView2<'_, f64>,
    means: ArrayView1<'_, f64>,
    covariance: ArrayView2<'_, f64>,
    alpha: f64,
) -> Result<Vec<f64>, Error> {
    const FUNCTION: &str = "predict";
    let rows = Rows::new(FUNCTION, x)?;
    let k = means.len();
    same_features(FUNCTION, rows.columns, k)?;
    if covariance.dim() != (k, k) {
        let (shape, expected) = (covariance.shape().to_vec(), format!("there are {k} columns"));
        return Err(Error::Shape { function: FUNCTION, argument: "sigma", shape, expected });
    }
    check::in_range(FUNCTION, "alpha", alpha, alpha > 0.0, "positive")?;
    let mut found = Vec::with_capacity(rows.count);
    for first in (0..rows.count).step_by(BLOCK) {
        let last = rows.count.min(first + BLOCK);
        let block = &x.slice(s![first..last, ..]) - &means;
        let turned = block.dot(&covariance);
        for ((turned, row), i) in turned.outer_iter().zip(block.outer_iter()).zip(first..) {
            let form = turned.dot(&row);
            let mut deviation = form.max(0.0).sqrt();
            if !(form < 1e300) {
                // In units of its largest entry the row's squares stay in range.
                let unit = row.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
                let row = row.mapv(|d| d / unit);
                let form = row.dot(&covariance.dot(&row));
                deviation = unit * if form < 0.0 { 0.0 } else { form.sqrt() };
            }
            let total = deviation.hypot((1.0 / alpha).sqrt());
            if !total.is_finite() {
                let problem = format!("is so far from the rows of the fit in row {i} that its deviation overflows");
                return Err(Error::Invalid { function: FUNCTION, argument: "X", problem });
            }
            found.push(total);
        }
    }
    Ok(found)
}
