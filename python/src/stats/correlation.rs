//! Binds covariance and correlation.

use numpy::{IntoPyArray, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, Correlation, CorrelationMethod};

use super::{columns, divisor};
use crate::array;
use crate::error::Outcome;
use crate::runtime;

/// Matrix of covariances Σ(xᵢ − x̄)(yᵢ − ȳ)/(n − ddof) of all pairs of columns.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,) or (n, p)
///     The variables, one a column; ``np.cov`` has them in rows unless ``rowvar=False``.
/// y : array_like, shape (n,) or (n, k), optional
///     More variables, which come after those of ``x``.
/// ddof : int, default 1
///     What is taken from n in the divisor.
///
/// Returns
/// -------
/// ndarray, shape (p + k, p + k)
///     Exactly symmetric, with the variances on the diagonal; of one vector of shape (1, 1).
///
/// Raises
/// ------
/// ValueError
///     If a value is missing or infinite, the numbers of rows differ, or there are not more rows than ``ddof``.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.cov([[1, 2], [2, 6], [3, 4]])
/// array([[1., 1.],
///        [1., 4.]])
/// >>> uh.stats.cov([1, 2, 3], [2, 6, 4])
/// array([[1., 1.],
///        [1., 4.]])
#[pyfunction]
#[pyo3(signature = (x, y = None, *, ddof = None), text_signature = "(x, y=None, *, ddof=1)")]
fn cov<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    ddof: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let ddof = divisor("cov", ddof)?;
    let x = array::array("cov", "x", x)?;
    let y = y.map(|y| array::array("cov", "y", y)).transpose()?;
    let (x, y) = (columns("cov", "x", &x)?, y.as_ref().map(|y| columns("cov", "y", y)).transpose()?);
    Ok(runtime::run(py, x.len(), || core::cov(x, y, ddof))?.into_pyarray(py))
}

/// Matrix of correlations of all pairs of columns, between −1 and 1.
///
/// Parameters
/// ----------
/// x : array_like, shape (n,) or (n, p)
///     The variables, one a column; ``np.corrcoef`` has them in rows unless ``rowvar=False``.
/// y : array_like, shape (n,) or (n, k), optional
///     More variables, which come after those of ``x``.
/// method : {"pearson", "spearman"}
///     Pearson's r measures how closely the points follow a straight line; Spearman's ρ, which is r of the ranks, how
///     closely they follow any rising or falling curve.
///
/// Returns
/// -------
/// ndarray, shape (p + k, p + k)
///     Exactly symmetric, with ones on the diagonal.
///
/// Raises
/// ------
/// ValueError
///     If a value is missing or infinite, a column is constant (it is correlated with nothing), the numbers of rows differ, or
///     there is one row only.
///
/// Examples
/// --------
/// >>> import underhood as uh
/// >>> uh.stats.corr([1, 2, 3, 4], [1, 8, 27, 64], method="spearman")
/// array([[1., 1.],
///        [1., 1.]])
#[pyfunction]
#[pyo3(signature = (x, y = None, *, method = "pearson"))]
fn corr<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: Option<&Bound<'py, PyAny>>,
    method: &str,
) -> Outcome<Bound<'py, PyArray2<f64>>> {
    let x = array::array("corr", "x", x)?;
    let y = y.map(|y| array::array("corr", "y", y)).transpose()?;
    let (x, y) = (columns("corr", "x", &x)?, y.as_ref().map(|y| columns("corr", "y", y)).transpose()?);
    let method = CorrelationMethod::named(method)?;
    Ok(runtime::run(py, x.len(), || core::corr(x, y, method))?.into_pyarray(py))
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
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "spearmanr";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let (x, y, alternative) = (x.view(), y.view(), Alternative::named(NAME, alternative)?);
    correlation(py, runtime::run(py, x.len(), || core::spearmanr(x, y, alternative))?)
}

fn correlation(py: Python<'_>, found: Correlation) -> Outcome<Bound<'_, PyTuple>> {
    Ok((found.statistic, found.p_value, found.df, found.n, found.confidence_interval).into_pyobject(py)?)
}

/// Correlation.
#[pymodule]
pub(crate) mod correlation {
    #[pymodule_export]
    use super::{corr, cov, pearsonr, spearmanr};
}
