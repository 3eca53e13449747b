//! Binds the tests of a distribution's shape.

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, AndersonDistribution, KolmogorovMethod, KolmogorovSmirnov};

use crate::array;
use crate::error::{Failure, Outcome};
use crate::runtime::{self, check_signals};

/// Kolmogorov's and Smirnov's test of one sample and its probabilities; `underhood.stats.kstest` and `ks_1samp` make a
/// KsResult of the numbers.
#[pyfunction]
fn ks_uniform<'py>(
    py: Python<'py>,
    function: &str,
    x: &Bound<'py, PyAny>,
    cdf: &Bound<'py, PyAny>,
    alternative: &str,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    let name = named(function);
    let (x, probabilities) = (array::vector(name, "x", x)?, array::vector(name, "cdf", cdf)?);
    let (alternative, method) = (Alternative::named(name, alternative)?, KolmogorovMethod::named(name, method)?);
    let (x, probabilities) = (x.view(), probabilities.view());
    underhood::check::finite_vector(name, "x", x)?;
    // The exact distribution takes longer than reading the values.
    let work = x.len().saturating_mul(x.len());
    let found = runtime::run(py, work, || core::ks_uniform(name, x, probabilities, alternative, method))?;
    distance(py, &found)
}

/// Kolmogorov's and Smirnov's test of two samples; `underhood.stats.ks_2samp` makes a KsResult of the numbers.
#[pyfunction]
fn ks_2samp<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    alternative: &str,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ks_2samp";
    let (x, y) = (array::vector(NAME, "x", x)?, array::vector(NAME, "y", y)?);
    let (alternative, method) = (Alternative::named(NAME, alternative)?, KolmogorovMethod::named(NAME, method)?);
    let (x, y) = (x.view(), y.view());
    // The exact distribution takes longer than reading the values.
    let work = x.len().saturating_mul(y.len());
    let found = runtime::run(py, work, || core::ks_2samp::<Failure>(x, y, alternative, method, &mut check_signals))?;
    distance(py, &found)
}

/// Shapiro's and Wilk's test; `underhood.stats.shapiro` makes a ShapiroResult of the numbers.
#[pyfunction]
fn shapiro<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<(f64, f64, usize)> {
    let x = array::vector("shapiro", "x", x)?;
    let x = x.view();
    let found = runtime::run(py, x.len(), || core::shapiro(x))?;
    Ok((found.statistic, found.p_value, found.n))
}

/// D'Agostino's and Pearson's test; `underhood.stats.normaltest` makes a NormalTestResult of the numbers.
#[pyfunction]
fn normaltest<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyTuple>> {
    let x = array::vector("normaltest", "x", x)?;
    let x = x.view();
    let found = runtime::run(py, x.len(), || core::normaltest(x))?;
    let (skew, kurt) = (found.skewness_test, found.kurtosis_test);
    Ok((found.statistic, found.p_value, found.skewness, found.kurtosis, skew.0, skew.1, kurt.0, kurt.1, found.n)
        .into_pyobject(py)?)
}

/// Jarque's and Bera's test; `underhood.stats.jarque_bera` makes a JarqueBeraResult of the numbers.
#[pyfunction]
fn jarque_bera<'py>(py: Python<'py>, x: &Bound<'py, PyAny>) -> Outcome<(f64, f64, f64, f64, usize)> {
    let x = array::vector("jarque_bera", "x", x)?;
    let x = x.view();
    let found = runtime::run(py, x.len(), || core::jarque_bera(x))?;
    Ok((found.statistic, found.p_value, found.skewness, found.kurtosis, found.n))
}

/// Anderson's and Darling's test; `underhood.stats.anderson` makes an AndersonResult of the numbers.
#[pyfunction]
fn anderson<'py>(py: Python<'py>, x: &Bound<'py, PyAny>, dist: &str) -> Outcome<Bound<'py, PyTuple>> {
    let x = array::vector("anderson", "x", x)?;
    let (x, family) = (x.view(), AndersonDistribution::named(dist)?);
    let found = runtime::run(py, x.len(), || core::anderson(x, family))?;
    Ok((
        found.statistic,
        found.p_value,
        PyArray1::from_vec(py, found.critical_values),
        PyArray1::from_vec(py, found.significance_levels),
        found.parameters,
        found.n,
    )
        .into_pyobject(py)?)
}

/// The name that a refusal begins with.
fn named(function: &str) -> &'static str {
    if function == "ks_1samp" { "ks_1samp" } else { "kstest" }
}

fn distance<'py>(py: Python<'py>, found: &KolmogorovSmirnov) -> Outcome<Bound<'py, PyTuple>> {
    let sign = if found.above { 1 } else { -1 };
    Ok((found.statistic, found.p_value, found.location, sign, found.exact, found.tied).into_pyobject(py)?)
}

/// Tests of the shape of a distribution.
#[pymodule]
pub(crate) mod goodness {
    #[pymodule_export]
    use super::{anderson, jarque_bera, ks_2samp, ks_uniform, normaltest, shapiro};
}
