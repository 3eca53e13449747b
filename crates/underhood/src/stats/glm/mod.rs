//! Generalised linear models with inference: logistic and Poisson regression by maximum likelihood.
//!
//! # A short tour
//!
//! [`logistic_regression`] describes the odds of a yes beside a no, [`poisson_regression`] the mean of a count; in both the logarithm of that is
//! Z·β, where Z holds X's columns and a constant. β maximises the likelihood, without a penalty; each coefficient comes with its standard
//! error, z statistic, p-value and interval, the whole with its deviance, information criteria and the likelihood-ratio
//! test against the null model. [`predict`] gives means of new rows with their intervals, [`residuals`] what the fit leaves.
//!
//! The columns are first brought into a well-conditioned basis (`basis`), so that neither offsets nor units of X cost digits; Newton's method
//! (`iterate`) then reaches a score of zero to within rounding. Data for which the likelihood has no maximum are refused
//! by the name of the column that separates them (`separation`).
//!
//! ```
//! use ndarray::array;
//! use underhood::Error;
//! use underhood::stats::glm::{GlmOptions, logistic_regression};
//!
//! // Hours of study, and who passed.
//! let hours = array![[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]];
//! let passed = array![0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
//! let fit = logistic_regression(hours.view(), passed.view(), &GlmOptions::default(), &mut || Ok::<(), Error>(()))?;
//! assert!(fit.params[1] > 0.0 && fit.llf > fit.llnull);
//! # Ok::<(), Error>(())
//! ```

mod basis;
mod family;
mod inference;
mod information;
mod iterate;
mod predict;
mod separation;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use crate::check;
use crate::error::Error;
use basis::Basis;
pub use family::{Family, Residual, residuals};
use iterate::{Problem, Search};
pub use predict::predict;

/// How the uncertainty of the coefficients is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covariance {
    /// The inverse of the information ZᵀWZ: y has the variance that its family says.
    #[default]
    Classical,
    /// The sandwich H⁻¹·Zᵀ·diag((yᵢ − μᵢ)²)·Z·H⁻¹ with H the information: variances may be others (Huber 1967; White 1982, doi:10.2307/1912526).
    Hc0,
    /// HC0 times n/(n − k).
    Hc1,
}

impl Covariance {
    /// The kind of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any but `classical` (also `nonrobust`), `HC0` and `HC1`.
    pub fn named(function: &'static str, name: &str) -> Result<Self, Error> {
        match name {
            "classical" | "nonrobust" => Ok(Covariance::Classical),
            "HC0" => Ok(Covariance::Hc0),
            "HC1" => Ok(Covariance::Hc1),
            _ => Err(Error::UnknownName {
                function,
                argument: "cov_type",
                value: name.into(),
                allowed: &["classical", "HC0", "HC1"],
            }),
        }
    }
}

/// What may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlmOptions<'a> {
    /// Whether a constant is added before X's columns (default: yes).
    pub intercept: bool,
    /// X's column names, for messages.
    pub names: Option<&'a [String]>,
    /// What y = 0 and y = 1 are called, for messages.
    pub levels: [&'a str; 2],
    /// The kind of standard errors (default: classical).
    pub covariance: Covariance,
    /// The confidence level of the intervals (default: 0.95).
    pub confidence_level: f64,
    /// The largest number of Newton steps (default: 100; some six are usual).
    pub max_iter: usize,
}

impl Default for GlmOptions<'_> {
    fn default() -> Self {
        GlmOptions {
            intercept: true,
            names: None,
            levels: ["0", "1"],
            covariance: Covariance::Classical,
            confidence_level: 0.95,
            max_iter: 100,
        }
    }
}

/// A fitted generalised linear model. k counts the coefficients, the constant included; n counts the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneralisedLinearModel {
    /// The coefficients β, the constant first, if one was added.
    pub params: Array1<f64>,
    /// Their standard errors.
    pub bse: Array1<f64>,
    /// β divided by its standard error.
    pub zvalues: Array1<f64>,
    /// Two-sided p-values of the z statistics (Wald's test), from the normal distribution.
    pub pvalues: Array1<f64>,
    /// Lower and upper end of each coefficient's confidence interval.
    pub conf_int: Array2<f64>,
    /// The covariance matrix of the coefficients.
    pub cov_params: Array2<f64>,
    /// C with cov β = C·Cᵀ.
    pub cov_root: Array2<f64>,
    /// η = Z·β plus the offset, for each row.
    pub linear_predictor: Array1<f64>,
    /// The log-likelihood.
    pub llf: f64,
    /// That of the null model: a constant only, or, where there is none, nothing but the offset.
    pub llnull: f64,
    /// McFadden's 1 − llf/llnull.
    pub prsquared: f64,
    /// The likelihood-ratio statistic 2·(llf − llnull) against the null model.
    pub llr: f64,
    /// Its p-value, from the chi-squared distribution with `df_model` degrees of freedom; NaN when there are none.
    pub llr_pvalue: f64,
    /// Twice what the log-likelihood falls short of a perfect fit's.
    pub deviance: f64,
    /// The null model's deviance.
    pub null_deviance: f64,
    /// Σ (y − μ)²/V(μ).
    pub pearson_chi2: f64,
    /// Akaike's criterion −2·llf + 2·k.
    pub aic: f64,
    /// Schwarz's criterion −2·llf + k·ln n.
    pub bic: f64,
    /// n.
    pub nobs: usize,
    /// n − k.
    pub df_resid: f64,
    /// k, less one when there is a constant.
    pub df_model: f64,
    /// κ of Z with its columns scaled to one length: how nearly the columns depend on each other, whatever their units.
    pub scaled_condition_number: f64,
    /// How many Newton steps were made.
    pub iterations: usize,
    /// Whether the score is zero to within rounding.
    pub converged: bool,
    /// The family.
    pub family: Family,
}

/// Regresses the log odds of y = 1 on the columns of X: ln(P(y = 1)/P(y = 0)) = Z·β.
///
/// `checkpoint` is called before every step; its error ends the fit.
///
/// # Errors
/// [`Error::Shape`] when y is not as long as X has rows; [`Error::TooFew`] unless X has a column and more rows than coefficients;
/// [`Error::NotFinite`] for missing values, with their place; [`Error::Constant`] when y does not vary;
/// [`Error::Invalid`] for a y that is neither 0 nor 1, for numbers so extreme that rounding stops the iteration, for a column that is zero, or constant beside the intercept, and for columns that separate the
/// classes, which are named; [`Error::RankDeficient`] when a column is a combination of others; [`Error::OutOfRange`] for the confidence
/// level.
pub fn logistic_regression<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    options: &GlmOptions<'_>,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<GeneralisedLinearModel, E> {
    const FUNCTION: &str = "logistic_regression";
    check::same_length(FUNCTION, ("y", y.len()), ("X", x.shape()))?;
    check::at_least(FUNCTION, "X", "rows", x.nrows(), 2)?;
    check::finite_vector(FUNCTION, "y", y)?;
    if let Some(i) = y.iter().position(|&v| v != 0.0 && v != 1.0) {
        let problem = format!("holds {} at index {i}, but each value must be 0 or 1", y[i]);
        return Err(Error::Invalid { function: FUNCTION, argument: "y", problem }.into());
    }
    if y.iter().all(|&v| v == y[0]) {
        let consequence = "there is nothing to tell apart";
        return Err(Error::Constant { function: FUNCTION, argument: "y", value: y[0], consequence }.into());
    }
    stoppable(checkpoint, &mut |goes_on| fit(FUNCTION, Family::Binomial, x, y, None, options, goes_on))
}

/// Regresses the logarithm of the mean of counts y on the columns of X: ln E y = Z·β + offset + ln exposure.
///
/// An exposure is what a count is proportional to, such as time or population; the coefficients then describe the rate, the count per unit of it.
///
/// # Errors
/// As [`logistic_regression`]; [`Error::Invalid`] for a y that holds no counts; [`Error::OutOfRange`] for an exposure that is not positive.
pub fn poisson_regression<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    offset: Option<ArrayView1<'_, f64>>,
    exposure: Option<ArrayView1<'_, f64>>,
    options: &GlmOptions<'_>,
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
) -> Result<GeneralisedLinearModel, E> {
    const FUNCTION: &str = "poisson_regression";
    check::same_length(FUNCTION, ("y", y.len()), ("X", x.shape()))?;
    check::at_least(FUNCTION, "X", "rows", x.nrows(), 2)?;
    check::finite_vector(FUNCTION, "y", y)?;
    if let Some(i) = y.iter().position(|&v| v < 0.0 || v != v.trunc()) {
        let problem = format!(
            "holds {} at index {i}, but counts are whole numbers from 0 on; of rates, pass the counts as y and what they are \
             relative to as exposure",
            y[i]
        );
        return Err(Error::Invalid { function: FUNCTION, argument: "y", problem }.into());
    }
    if y.iter().all(|&v| v == y[0]) && (y[0] == 0.0 || offset.is_none() && exposure.is_none()) {
        let consequence = "there is no variation to explain";
        return Err(Error::Constant { function: FUNCTION, argument: "y", value: y[0], consequence }.into());
    }
    let offset = total_offset(FUNCTION, x.nrows(), offset, exposure)?;
    stoppable(checkpoint, &mut |goes_on| fit(FUNCTION, Family::Poisson, x, y, offset.as_deref(), options, goes_on))
}

/// The offset and the logarithm of the exposure together.
fn total_offset(
    function: &'static str,
    rows: usize,
    offset: Option<ArrayView1<'_, f64>>,
    exposure: Option<ArrayView1<'_, f64>>,
) -> Result<Option<Vec<f64>>, Error> {
    for (argument, given) in [("offset", offset), ("exposure", exposure)] {
        if let Some(given) = given {
            check::same_length(function, (argument, given.len()), ("y", &[rows]))?;
            check::finite_vector(function, argument, given)?;
        }
    }
    if let Some(&value) = exposure.iter().flatten().find(|&&v| v <= 0.0) {
        return Err(Error::OutOfRange { function, argument: "exposure", value, expected: "positive".into() });
    }
    Ok(match (offset, exposure) {
        (None, None) => None,
        (Some(offset), None) => Some(offset.to_vec()),
        (None, Some(exposure)) => Some(exposure.iter().map(|&v| libm::log(v)).collect()),
        (Some(offset), Some(exposure)) => Some(offset.iter().zip(exposure).map(|(o, &v)| o + libm::log(v)).collect()),
    })
}

/// Newton steps in which every fit is done that rounding does not keep from it.
const ENOUGH: usize = 50;

/// A fit that asks whether to go on.
type Fit<'f> = &'f mut dyn FnMut(&mut dyn FnMut() -> bool) -> Result<GeneralisedLinearModel, Error>;

/// Runs a fit that is asked to stop by an error of whatever type: the only part that is compiled anew for each.
fn stoppable<E: From<Error>>(
    checkpoint: &mut dyn FnMut() -> Result<(), E>,
    fit: Fit<'_>,
) -> Result<GeneralisedLinearModel, E> {
    let mut stop = Ok(());
    let found = fit(&mut || {
        stop = checkpoint();
        stop.is_ok()
    });
    stop?;
    found.map_err(E::from)
}

fn fit(
    function: &'static str,
    family: Family,
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    offset: Option<&[f64]>,
    options: &GlmOptions<'_>,
    goes_on: &mut dyn FnMut() -> bool,
) -> Result<GeneralisedLinearModel, Error> {
    let level = options.confidence_level;
    check::in_range(function, "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    check::in_range(function, "max_iter", options.max_iter as f64, options.max_iter > 0, "at least 1")?;
    if let Some(names) = options.names
        && names.len() != x.ncols()
    {
        let problem = format!("has {} names, but X has {} columns", names.len(), x.ncols());
        return Err(Error::Invalid { function, argument: "names", problem });
    }
    let basis = Basis::of(function, x, options.intercept, options.names)?;
    let values: std::borrow::Cow<'_, [f64]> = y.to_slice().map_or_else(|| y.to_vec().into(), Into::into);
    let problem = Problem { basis: &basis, family, y: &values, offset };
    match problem.maximise(options.max_iter, goes_on) {
        // The caller's own reason takes this one's place.
        Search::Stopped => Err(inference::not_converged(function, x)),
        Search::Found(optimum) if optimum.converged => inference::infer(function, &problem, optimum, options),
        Search::Found(optimum) => {
            let direction = &optimum.theta;
            let speaker = (function, options.intercept, options.names);
            match separation::refusal(speaker, options.levels, &problem, x, direction) {
                Some(refusal) => Err(refusal),
                // An iteration that had every chance to end.
                None => match (optimum.iterations >= ENOUGH).then(|| inference::outlier(function, x)).flatten() {
                    Some(error) => Err(error),
                    None => inference::infer(function, &problem, optimum, options),
                },
            }
        }
        Search::Running { direction } => {
            let speaker = (function, options.intercept, options.names);
            let refusal = separation::refusal(speaker, options.levels, &problem, x, &direction);
            Err(refusal.unwrap_or_else(|| inference::not_converged(function, x)))
        }
    }
}

#[cfg(test)]
mod tests;
