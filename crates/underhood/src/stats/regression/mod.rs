//! Linear regression with inference: y = Z·β + e, where Z holds X's columns and a constant.
//!
//! # A short tour
//!
//! [`linear_regression`] finds the β that makes the sum of squared residuals smallest and says how uncertain each of its entries
//! is: standard errors, t statistics, p-values, intervals; R², F, likelihood and information criteria for the whole. Fields are named as in
//! statsmodels. [`Covariance`] chooses between the classical standard errors (errors of one variance) and those that hold when the variance
//! changes from row to row (HC0 to HC3). Rows may have weights. [`leverage`] says how much each row decides its own fitted value,
//! [`influence`] what would change without it, [`check_residuals`] and [`breusch_pagan`] whether the residuals look as the inference
//! assumes. [`polyfit`] fits a polynomial without forming powers, [`ridge_regression`] shrinks coefficients that single columns cannot
//! determine.
//!
//! Two solvers stand behind it. Well-conditioned columns take two passes over memory (`fast`); others are solved in doubled precision
//! (`accurate`), so that the certified reference sets of NIST are met to the last digits that the data allow. A check of the condition
//! number decides which.
//!
//! ```
//! use ndarray::array;
//! use underhood::stats::regression::{RegressionOptions, linear_regression};
//!
//! // Hours of study and marks.
//! let hours = array![[1.0], [2.0], [3.0], [4.0], [5.0]];
//! let marks = array![52.0, 57.0, 61.0, 68.0, 72.0];
//! let fit = linear_regression(hours.view(), marks.view(), &RegressionOptions::default())?;
//! assert!((fit.params[0] - 46.7).abs() < 1e-12 && (fit.params[1] - 5.1).abs() < 1e-12);
//! assert!(fit.rsquared > 0.99 && fit.pvalues[1] < 0.001);
//! # Ok::<(), underhood::Error>(())
//! ```

pub(in crate::stats) mod accurate;
mod checks;
pub(crate) mod coefficients;
pub(in crate::stats) mod design;
mod fast;
pub(in crate::stats) mod inference;
mod influence;
mod polynomial;
mod predict;
mod ridge;
mod rows;
pub(in crate::stats) mod solved;

use std::str::FromStr;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use crate::check;
use crate::distributions::Distribution;
use crate::error::{Error, Result};
pub use checks::{BreuschPagan, ResidualChecks, breusch_pagan, check_residuals};
pub use influence::{Influence, influence, variance_inflation};
pub use polynomial::{PolynomialBasis, PolynomialFit, polyfit};
pub use predict::{Interval, Prediction, predict};
pub use ridge::{RidgeRegression, ridge_regression};
use solved::Solved;

/// The name in every error of this module.
const FUNCTION: &str = "linear_regression";

/// How the uncertainty of the coefficients is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covariance {
    /// σ²·(ZᵀZ)⁻¹: the errors have one variance.
    #[default]
    Classical,
    /// The sandwich (ZᵀZ)⁻¹·Zᵀ·diag(eᵢ²)·Z·(ZᵀZ)⁻¹: variances may differ (White 1980, doi:10.2307/1912934).
    Hc0,
    /// HC0 times n/(n − k).
    Hc1,
    /// With eᵢ²/(1 − hᵢ), unbiased when the variances happen to be equal (hᵢ is the leverage).
    Hc2,
    /// With eᵢ²/(1 − hᵢ)², nearly the jackknife; the best of them in small samples (MacKinnon and White 1985,
    /// doi:10.1016/0304-4076(85)90158-7).
    Hc3,
}

impl FromStr for Covariance {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Covariance::named(FUNCTION, name)
    }
}

impl Covariance {
    /// Reads a name; `function` is who asks, for messages.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any but `classical` (also `nonrobust`) and `HC0` to `HC3`.
    pub fn named(function: &'static str, name: &str) -> Result<Self> {
        match name {
            "classical" | "nonrobust" => Ok(Covariance::Classical),
            "HC0" => Ok(Covariance::Hc0),
            "HC1" => Ok(Covariance::Hc1),
            "HC2" => Ok(Covariance::Hc2),
            "HC3" => Ok(Covariance::Hc3),
            _ => Err(Error::UnknownName {
                function,
                argument: "cov_type",
                value: name.into(),
                allowed: &["classical", "HC0", "HC1", "HC2", "HC3"],
            }),
        }
    }
}

/// What may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegressionOptions<'a> {
    /// Whether a constant is added before X's columns (default: yes).
    pub intercept: bool,
    /// X's column names, for messages.
    pub names: Option<&'a [String]>,
    /// A weight for each row, proportional to one over the variance of its error (default: all the same).
    pub weights: Option<ArrayView1<'a, f64>>,
    /// The kind of standard errors (default: classical).
    pub covariance: Covariance,
    /// The confidence level of the intervals (default: 0.95).
    pub confidence_level: f64,
}

impl Default for RegressionOptions<'_> {
    fn default() -> Self {
        RegressionOptions {
            intercept: true,
            names: None,
            weights: None,
            covariance: Covariance::Classical,
            confidence_level: 0.95,
        }
    }
}

/// A fitted regression. k counts the coefficients, the constant included; n counts the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRegression {
    /// The coefficients β, the constant first, if one was added.
    pub params: Array1<f64>,
    /// Their standard errors.
    pub bse: Array1<f64>,
    /// β divided by its standard error.
    pub tvalues: Array1<f64>,
    /// Two-sided p-values of the t statistics, with n − k degrees of freedom.
    pub pvalues: Array1<f64>,
    /// Lower and upper end of each coefficient's confidence interval.
    pub conf_int: Array2<f64>,
    /// The covariance matrix of the coefficients.
    pub cov_params: Array2<f64>,
    /// 1 − ssr / total: the part of y's variation (around its mean, or around zero without a constant) that is explained.
    pub rsquared: f64,
    /// R² corrected for the number of coefficients.
    pub rsquared_adj: f64,
    /// F statistic of the hypothesis that all coefficients but the constant are zero; NaN when there is no other.
    pub fvalue: f64,
    /// Its p-value.
    pub f_pvalue: f64,
    /// Residual variance ssr / (n − k), in y's unit squared.
    pub mse_resid: f64,
    /// Explained sum of squares for each of the model's degrees of freedom; NaN when it has none.
    pub mse_model: f64,
    /// Sum of squared residuals, each times its weight.
    pub ssr: f64,
    /// Explained sum of squares.
    pub ess: f64,
    /// n − k.
    pub df_resid: f64,
    /// k, less one when there is a constant.
    pub df_model: f64,
    /// y − Z·β, not weighted.
    pub resid: Array1<f64>,
    /// Z·β.
    pub fittedvalues: Array1<f64>,
    /// Log-likelihood under normal errors, at the maximum-likelihood variance ssr / n.
    pub llf: f64,
    /// Akaike's criterion −2·llf + 2·k.
    pub aic: f64,
    /// Schwarz's criterion −2·llf + k·ln n.
    pub bic: f64,
    /// n.
    pub nobs: usize,
    /// κ of Z with its columns scaled to one length (Belsley's): how nearly the columns depend on each other, whatever their units.
    pub scaled_condition_number: f64,
    /// Whether the residuals are no more than rounding, so that standard errors and p-values mean nothing.
    pub perfect_fit: bool,
    /// The kind of standard errors.
    pub covariance: Covariance,
    /// Which coefficient is the constant's: that of the added column, or of one of X's own; none if there is none, or several make it.
    pub constant: Option<usize>,
    /// R of Z = Q·R, which holds the geometry of the columns.
    root: Array2<f64>,
    /// C with cov β = C·Cᵀ.
    cov_root: Array2<f64>,
}

impl LinearRegression {
    /// κ₂ of Z as it stands, the ratio of its largest and smallest singular values; it depends on the columns' units.
    ///
    /// # Errors
    /// [`Error::NotConverged`] if the iteration for the singular values stalls, which no finite matrix is known to do.
    pub fn condition_number(&self) -> Result<f64> {
        condition_number(self.root.view())
    }

    /// C with cov β = C·Cᵀ, from which the error of every combination of coefficients follows: that of zᵀβ is ‖Cᵀz‖.
    pub fn cov_root(&self) -> ArrayView2<'_, f64> {
        self.cov_root.view()
    }

    /// R of Z = Q·R, upper triangular.
    pub fn root(&self) -> ArrayView2<'_, f64> {
        self.root.view()
    }
}

/// κ₂ of an upper triangle: the ratio of its largest and smallest singular values; infinite for a singular one.
///
/// # Errors
/// As [`lstsq`](crate::linalg::lstsq).
pub fn condition_number(root: ArrayView2<'_, f64>) -> Result<f64> {
    let zeros = Array1::zeros(root.nrows());
    let values = crate::linalg::lstsq(root, zeros.view(), None)?.singular_values;
    let (largest, smallest) = values.iter().fold((0.0_f64, f64::INFINITY), |(a, b), &v| (a.max(v), b.min(v)));
    Ok(if smallest == 0.0 { f64::INFINITY } else { largest / smallest })
}

/// Regresses y on the columns of X by least squares, with inference.
///
/// On NIST's certified data sets at least 13 digits of every coefficient and standard error agree, except where the rounding of the
/// inputs to doubles allows fewer (Filip, whose powers of x have been rounded: 7).
///
/// # Errors
/// [`Error::Shape`] when y is not as long as X has rows; [`Error::TooFew`] unless X has a column and more rows than coefficients;
/// [`Error::NotFinite`] for missing values, with their place; [`Error::Constant`] for a y that does not vary;
/// [`Error::Invalid`] for a column that is zero, or constant beside the intercept, and for numbers whose squares leave the range of doubles;
/// [`Error::RankDeficient`] when a column is a combination of others, which are named; [`Error::OutOfRange`] for the confidence level.
pub fn linear_regression(
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    options: &RegressionOptions<'_>,
) -> Result<LinearRegression> {
    interruptible_regression(x, y, options, &mut || Ok(()))
}

/// [`linear_regression`], asking `checkpoint` now and then whether to go on: hundreds of nearly dependent columns take seconds.
///
/// # Errors
/// As [`linear_regression`], and whatever the checkpoint refuses with.
pub fn interruptible_regression<E: From<Error>>(
    x: ArrayView2<'_, f64>,
    y: ArrayView1<'_, f64>,
    options: &RegressionOptions<'_>,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<LinearRegression, E> {
    let roots = checked(x, y, options)?;
    let solved = Solved::of(x, y, &roots, options, checkpoint)?;
    Ok(inference::infer(FUNCTION, y, &roots, solved, options)?)
}

/// Looks the arguments over; the roots of the weights.
fn checked(x: ArrayView2<'_, f64>, y: ArrayView1<'_, f64>, options: &RegressionOptions<'_>) -> Result<Vec<f64>> {
    check::same_length(FUNCTION, ("y", y.len()), ("X", x.shape()))?;
    if let Some(names) = options.names
        && names.len() != x.ncols()
        && x.ncols() > 0
    {
        let problem = format!("has {} names, but X has {} columns", names.len(), x.ncols());
        return Err(Error::Invalid { function: FUNCTION, argument: "names", problem });
    }
    let level = options.confidence_level;
    check::in_range(FUNCTION, "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    roots_of(FUNCTION, options.weights, x)
}

/// The Wald test that L·β = 0: F = (Lβ)ᵀ(L·cov·Lᵀ)⁻¹(Lβ)/q for the q rows of L, and its p-value with (q, ν) degrees of freedom.
///
/// # Errors
/// [`Error::Shape`] unless L has a row and a column for each parameter, [`Error::NotFinite`], [`Error::OutOfRange`] for ν.
pub fn wald_test(
    params: ArrayView1<'_, f64>,
    cov: ArrayView2<'_, f64>,
    restrictions: ArrayView2<'_, f64>,
    df_resid: f64,
) -> Result<(f64, f64)> {
    const FUNCTION: &str = "wald_test";
    let k = params.len();
    if cov.dim() != (k, k) || restrictions.ncols() != k || restrictions.nrows() == 0 {
        let expected = format!("a row for each hypothesis and {k} columns are needed");
        let shape = restrictions.shape().to_vec();
        return Err(Error::Shape { function: FUNCTION, argument: "restrictions", shape, expected });
    }
    check::finite_vector(FUNCTION, "params", params)?;
    check::finite_matrix(FUNCTION, "cov", cov)?;
    check::finite_matrix(FUNCTION, "restrictions", restrictions)?;
    let q = restrictions.nrows() as f64;
    let statistic = inference::wald_statistic(params, cov, restrictions)? / q;
    Ok((statistic, crate::distributions::F::new(q, df_resid)?.sf(statistic)))
}

/// Roots of the weights, which must be positive; none for none.
fn roots_of(function: &'static str, weights: Option<ArrayView1<'_, f64>>, x: ArrayView2<'_, f64>) -> Result<Vec<f64>> {
    let Some(weights) = weights else { return Ok(Vec::new()) };
    check::same_length(function, ("weights", weights.len()), ("X", x.shape()))?;
    check::finite_vector(function, "weights", weights)?;
    if let Some(i) = weights.iter().position(|&w| w <= 0.0) {
        let problem = format!("holds {} at index {i}, but weights must be positive; leave such rows out", weights[i]);
        return Err(Error::Invalid { function, argument: "weights", problem });
    }
    Ok(weights.iter().map(|w| w.sqrt()).collect())
}

/// The leverages hᵢ, the diagonal of Z·(ZᵀZ)⁻¹·Zᵀ: how far each row decides its own fitted value. Between 0 and 1, k in sum.
///
/// # Errors
/// As [`linear_regression`], for what concerns X.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::regression::leverage;
///
/// // With a constant, hᵢ = 1/n + (xᵢ − x̄)²/Σ(xⱼ − x̄)²: the far point holds the line.
/// let h = leverage(array![[0.0], [1.0], [2.0], [9.0]].view(), None, true)?;
/// assert!((h[3] - (0.25 + 36.0 / 50.0)).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn leverage(x: ArrayView2<'_, f64>, weights: Option<ArrayView1<'_, f64>>, intercept: bool) -> Result<Array1<f64>> {
    let q = solved::orthonormal(x, &roots_of("leverage", weights, x)?, intercept)?;
    Ok(solved::row_lengths(&q, x.nrows()).into())
}
