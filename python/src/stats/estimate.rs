//! Binds confidence intervals.

use numpy::PyArray2;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Covered, Interval, IntervalSide, MeanDifference};

use crate::array;
use crate::error::Outcome;
use crate::option::optional_number;
use crate::probability::one;
use crate::runtime::{check_signals, run};

/// Interval of a mean; `underhood.stats.mean_confint` makes an IntervalResult of the numbers.
#[pyfunction]
#[pyo3(signature = (x, sigma, confidence_level, side))]
fn mean_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    sigma: Option<&Bound<'py, PyAny>>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "mean_confint";
    let (x, sigma) = (array::vector(NAME, "x", x)?, optional_number(NAME, "sigma", sigma)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, side) = (x.view(), IntervalSide::named(NAME, side)?);
    interval(py, run(py, x.len(), || core::mean_confint(x, sigma, level, side))?)
}

/// Interval of a difference of means; `underhood.stats.mean_difference_confint` makes an IntervalResult of the numbers.
#[pyfunction]
fn mean_difference_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    method: &str,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "mean_difference_confint";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (method, side) = (MeanDifference::named(NAME, method)?, IntervalSide::named(NAME, side)?);
    let (x, y) = (x.view(), y.view());
    interval(py, run(py, x.len() + y.len(), || core::mean_difference_confint(x, y, method, level, side))?)
}

/// Interval of a correlation; `underhood.stats.correlation_confint` makes an IntervalResult of the numbers.
#[pyfunction]
fn correlation_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "correlation_confint";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, side) = (x.view(), y.view(), IntervalSide::named(NAME, side)?);
    interval(py, run(py, x.len(), || core::correlation_confint(x, y, level, side))?)
}

/// Interval of a variance; `underhood.stats.variance_confint` makes an IntervalResult of the numbers.
#[pyfunction]
fn variance_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "variance_confint";
    let x = array::vector(NAME, "x", x)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, side) = (x.view(), IntervalSide::named(NAME, side)?);
    interval(py, run(py, x.len(), || core::variance_confint(x, level, side))?)
}

/// Interval of a standard deviation; `underhood.stats.std_confint` makes an IntervalResult of the numbers.
#[pyfunction]
fn std_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "std_confint";
    let x = array::vector(NAME, "x", x)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, side) = (x.view(), IntervalSide::named(NAME, side)?);
    interval(py, run(py, x.len(), || core::std_confint(x, level, side))?)
}

/// Interval of a ratio of variances; `underhood.stats.variance_ratio_confint` makes an IntervalResult of the numbers.
#[pyfunction]
fn variance_ratio_confint<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "variance_ratio_confint";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (x, y, side) = (x.view(), y.view(), IntervalSide::named(NAME, side)?);
    interval(py, run(py, x.len() + y.len(), || core::variance_ratio_confint(x, y, level, side))?)
}

/// Interval of a quantile; `underhood.stats.quantile_confint` and `median_confint` make an IntervalResult of the numbers.
#[pyfunction]
fn quantile_confint<'py>(
    py: Python<'py>,
    function: &str,
    x: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    side: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    let name = if function == "median_confint" { "median_confint" } else { "quantile_confint" };
    let (x, q) = (array::vector(name, "x", x)?, array::number(name, "q", q)?);
    let level = array::number(name, "confidence_level", confidence_level)?;
    let (x, side) = (x.view(), IntervalSide::named(name, side)?);
    let found = run(py, x.len(), || core::quantile_confint(name, x, q, level, side))?;
    Ok((found.estimate, found.low, found.high, found.ranks, found.coverage, found.n).into_pyobject(py)?)
}

/// Intervals of many samples; `underhood.stats.coverage` makes a CoverageResult of the numbers.
#[pyfunction]
#[pyo3(signature = (distribution, interval, n, repeats, confidence_level, rng, shown))]
#[expect(clippy::too_many_arguments, reason = "what is drawn, what is made of it, and how often")]
fn coverage<'py>(
    py: Python<'py>,
    distribution: &Bound<'py, PyAny>,
    interval: &str,
    n: &Bound<'py, PyAny>,
    repeats: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    rng: Option<&Bound<'py, PyAny>>,
    shown: usize,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "coverage";
    let distribution = one(NAME, distribution)?;
    let covered = Covered::named(interval)?;
    let (n, repeats) = (array::whole(NAME, "n", n)?, array::whole(NAME, "repeats", repeats)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let mut stream = crate::random::stream(NAME, "rng", rng)?;
    let simulated = || core::coverage(&*distribution, covered, n, repeats, level, &mut stream, shown, check_signals);
    let found = run(py, n.saturating_mul(repeats), simulated)?;
    let shown: Vec<Vec<f64>> = found.shown.iter().map(|interval| interval.to_vec()).collect();
    let (counts, shown) =
        ((found.hits, found.below, found.above), PyArray2::from_vec2(py, &shown).map_err(PyErr::from)?);
    Ok((found.true_value, counts, found.mean_width, shown).into_pyobject(py)?)
}

/// Estimate, ends, standard error, degrees of freedom, numbers of values, shape.
fn interval(py: Python<'_>, found: Interval) -> Outcome<Bound<'_, PyTuple>> {
    let n = match found.n {
        (n, None) => (n,).into_pyobject(py)?,
        (first, Some(second)) => (first, second).into_pyobject(py)?,
    };
    let shape = match found.shape {
        (shape, None) => (shape,).into_pyobject(py)?,
        (first, Some(second)) => (first, second).into_pyobject(py)?,
    };
    Ok((found.estimate, found.low, found.high, found.standard_error, found.df, n, shape).into_pyobject(py)?)
}

/// Intervals.
#[pymodule]
pub(crate) mod estimate {
    #[pymodule_export]
    use super::{
        correlation_confint, coverage, mean_confint, mean_difference_confint, quantile_confint, std_confint,
        variance_confint, variance_ratio_confint,
    };
}
