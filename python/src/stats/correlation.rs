//! Binds covariance and correlation.

use numpy::ndarray::{Array2, ArrayView2};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyTuple};
use underhood::stats as core;
use underhood::stats::{Alternative, Correlation, CorrelationMethod, KendallVariant, NullMethod, PairGaps};

use super::{columns, divisor};
use crate::array;
use crate::error::Outcome;
use crate::runtime;

/// The matrix of covariances; `underhood.stats.cov` adds the names of a frame's columns.
#[pyfunction]
fn cov<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    ddof: &Bound<'py, PyAny>,
    nan_policy: &str,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let ddof = divisor("cov", Some(ddof))?;
    let gaps = PairGaps::named("cov", nan_policy)?;
    of_columns(py, "cov", x, y, |x, y| core::cov(x, y, ddof, gaps, runtime::check_signals))
}

/// The matrix of correlations; `underhood.stats.corr` adds the names of a frame's columns.
#[pyfunction]
fn corr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    method: &str,
    nan_policy: &str,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let (method, gaps) = (CorrelationMethod::named(method)?, PairGaps::named("corr", nan_policy)?);
    of_columns(py, "corr", x, y, |x, y| core::corr(x, y, method, gaps, runtime::check_signals))
}

fn of_columns<'py>(
    py: Python<'py>,
    function: &'static str,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    of: impl FnOnce(ArrayView2<'_, f64>, Option<ArrayView2<'_, f64>>) -> Outcome<Array2<f64>> + Send,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let x = array::array(function, "x", x)?;
    let y = y.map(|y| array::array(function, "y", y)).transpose()?;
    let (x, y) = (columns(function, "x", &x)?, y.as_ref().map(|y| columns(function, "y", y)).transpose()?);
    Ok(runtime::run(py, x.len(), || of(x, y))?.into_pyarray(py))
}

/// Pearson's r; `underhood.stats.pearsonr` makes a CorrelationResult of the numbers.
#[pyfunction]
fn pearsonr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "pearsonr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, alternative) = (x.view(), y.view(), Alternative::named(NAME, alternative)?);
    correlation(py, runtime::run(py, x.len(), || core::pearsonr(x, y, alternative, level))?)
}

/// Spearman's ρ; `underhood.stats.spearmanr` makes a CorrelationResult of the numbers.
#[pyfunction]
fn spearmanr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "spearmanr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (alternative, method) = (Alternative::named(NAME, alternative)?, NullMethod::named(NAME, method)?);
    let (x, y) = (x.view(), y.view());
    correlation(py, runtime::run(py, x.len(), || core::spearmanr(x, y, alternative, level, method))?)
}

/// Kendall's τ; `underhood.stats.kendalltau` makes a CorrelationResult of the numbers.
#[pyfunction]
fn kendalltau<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    variant: &str,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "kendalltau";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let variant = KendallVariant::named(variant)?;
    let (alternative, method) = (Alternative::named(NAME, alternative)?, NullMethod::named(NAME, method)?);
    let (x, y) = (x.view(), y.view());
    correlation(py, runtime::run(py, x.len(), || core::kendalltau(x, y, variant, alternative, level, method))?)
}

fn correlation(py: Python<'_>, found: Correlation) -> Outcome<Bound<'_, PyTuple>> {
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.n,
        found.confidence_interval,
        found.tied,
        found.skewness,
        found.exact,
    )
        .into_pyobject(py)?)
}

/// A partial correlation; `underhood.stats.partial_corr` makes a PartialCorrelationResult of the numbers.
#[pyfunction]
fn partial_corr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    covariates: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "partial_corr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let covariates = array::array(NAME, "covariates", covariates)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, covariates) = (x.view(), y.view(), columns(NAME, "covariates", &covariates)?);
    let alternative = Alternative::named(NAME, alternative)?;
    let found = runtime::run(py, covariates.len(), || core::partial_corr(x, y, covariates, alternative, level))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.n,
        found.covariates,
        found.confidence_interval,
        found.correlation,
        found.semipartial,
    )
        .into_pyobject(py)?)
}

/// Autocorrelation of a sequence: its correlation with itself some steps later.
///
/// rₖ = Σ(xₜ − x̄)(xₜ₊ₖ − x̄)/Σ(xₜ − x̄)², both sums of deviations from the mean of the whole sequence, as time series
/// textbooks and statsmodels' ``acf`` have it. pandas' ``Series.autocorr`` is Pearson's r of the two overlapping parts
/// instead, which differs for short sequences.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,)
///     The sequence, in equal steps of time.
/// lag : int or array_like of int, default 1
///     How many steps, from 0 to n − 1.
///
/// Returns
/// -------
/// float or ndarray
///     Between −1 and 1; an array if ``lag`` is one.
///
/// Raises
/// ------
/// ValueError
///     If there are fewer than two values, one is missing or infinite, all are the same, or a lag is negative or not
///     less than n.
///
/// See Also
/// --------
/// acf : All lags up to one, with bands and a plot.
///
/// References
/// ----------
/// G. E. P. Box, G. M. Jenkins (1970), Time Series Analysis, section 2.1.5.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.autocorr([1, 2, 3, 4, 5])
/// 0.4
/// >>> uh.stats.autocorr([1, 2, 3, 4, 5], [0, 1, 4])
/// array([ 1. ,  0.4, -0.4])
#[pyfunction]
#[pyo3(signature = (x, lag = None), text_signature = "(x, lag=1)")]
fn autocorr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    lag: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyAny>> {
    const NAME: &str = "autocorr";
    let x = array::vector(NAME, "x", x)?;
    let (lags, many) = match lag {
        None => (vec![1], false),
        Some(lag) => match lag.try_iter() {
            Ok(lags) if !lag.is_instance_of::<pyo3::types::PyString>() => {
                (lags.map(|lag| array::whole(NAME, "lag", &lag?)).collect::<Outcome<_>>()?, true)
            }
            _ => (vec![array::whole(NAME, "lag", lag)?], false),
        },
    };
    let view = x.view();
    let found = runtime::run(py, view.len().saturating_mul(lags.len()), || {
        core::autocorr(view, &lags, runtime::check_signals)
    })?;
    Ok(match found.first() {
        Some(&number) if !many => PyFloat::new(py, number).into_any(),
        _ => found.into_pyarray(py).into_any(),
    })
}

/// All autocorrelations up to a lag; `underhood.stats.acf` makes an AutocorrelationResult of the numbers.
#[pyfunction]
fn acf<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    nlags: Option<&Bound<'py, PyAny>>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "acf";
    let x = array::vector(NAME, "x", x)?;
    let view = x.view();
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let lags = match nlags {
        Some(nlags) => array::whole(NAME, "nlags", nlags)?,
        // Box and Jenkins's habit, and statsmodels': enough to see a pattern, few enough to trust.
        None => ((10.0 * (view.len() as f64).log10()) as usize).clamp(1, view.len().saturating_sub(1).max(1)),
    };
    let found =
        runtime::run(py, view.len().saturating_mul(lags), || core::acf(view, lags, level, runtime::check_signals))?;
    let (values, bands): (Bound<'py, PyArray1<f64>>, _) = (found.values.into_pyarray(py), found.bands.into_pyarray(py));
    Ok((found.statistic, found.p_value, values, bands, found.n).into_pyobject(py)?)
}

/// Correlation.
#[pymodule]
pub(crate) mod correlation {
    #[pymodule_export]
    use super::{acf, autocorr, corr, cov, kendalltau, partial_corr, pearsonr, spearmanr};
}
