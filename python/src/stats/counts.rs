//! Binds the tests of counts.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, ProportionInterval};

use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};
use crate::runtime;

/// Chi-square test of expected counts; `underhood.stats.chisquare` makes a ChiSquareResult of the numbers.
#[pyfunction]
fn chisquare<'py>(
    py: Python<'py>,
    f_obs: &Bound<'py, PyAny>,
    f_exp: Option<&Bound<'py, PyAny>>,
    ddof: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "chisquare";
    let f_obs = array::vector(NAME, "f_obs", f_obs)?;
    let f_exp = f_exp.map(|f_exp| array::vector(NAME, "f_exp", f_exp)).transpose()?;
    let ddof = array::whole(NAME, "ddof", ddof)?;
    let (f_obs, f_exp) = (f_obs.view(), f_exp.as_ref().map(array::Vector::view));
    let found = runtime::run(py, f_obs.len(), || core::chisquare(f_obs, f_exp, ddof))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.effect_size,
        found.expected.into_pyarray(py),
        found.residuals.into_pyarray(py),
        found.total,
    )
        .into_pyobject(py)?)
}

/// Chi-square test of independence; `underhood.stats.chi2_contingency` makes a ContingencyResult of the numbers.
#[pyfunction]
fn chi2_contingency<'py>(
    py: Python<'py>,
    observed: &Bound<'py, PyAny>,
    correction: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "chi2_contingency";
    let observed = array::matrix(NAME, "observed", observed)?;
    let correction = flag(NAME, "correction", correction)?;
    let observed = observed.view();
    let found = runtime::run(py, observed.len(), || core::chi2_contingency(observed, correction))?;
    Ok((
        found.statistic,
        found.p_value,
        found.dof,
        found.expected.into_pyarray(py),
        found.cramers_v,
        found.residuals.into_pyarray(py),
        found.total,
        found.corrected,
    )
        .into_pyobject(py)?)
}

/// Fisher's exact test; `underhood.stats.fisher_exact` makes a FisherExactResult of the numbers.
#[pyfunction]
fn fisher_exact<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "fisher_exact";
    let table = array::matrix(NAME, "table", table)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let found = core::fisher_exact(table.view(), Alternative::named(NAME, alternative)?, level)?;
    Ok((
        found.statistic,
        found.p_value,
        found.odds_ratio,
        found.confidence_interval,
        found.shares,
        found.cohens_h,
        found.total,
    )
        .into_pyobject(py)?)
}

/// McNemar's test; `underhood.stats.mcnemar` makes a McNemarResult of the numbers.
#[pyfunction]
fn mcnemar<'py>(
    py: Python<'py>,
    table: &Bound<'py, PyAny>,
    exact: &Bound<'py, PyAny>,
    correction: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "mcnemar";
    let table = array::matrix(NAME, "table", table)?;
    let (exact, correction) = (flag(NAME, "exact", exact)?, flag(NAME, "correction", correction)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let found = core::mcnemar(table.view(), exact, correction, level)?;
    Ok((found.statistic, found.p_value, found.odds_ratio, found.confidence_interval, found.changes)
        .into_pyobject(py)?)
}

/// The exact test of a share; `underhood.stats.binomtest` makes a BinomTestResult of the numbers.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the function's arguments")]
fn binomtest<'py>(
    py: Python<'py>,
    k: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    p: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
    method: &str,
    function: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    // The interval of a result is asked for under its own name.
    let name = if function == "proportion_ci" { "proportion_ci" } else { "binomtest" };
    let (k, n) = (array::number(name, "k", k)?, array::number(name, "n", n)?);
    let p = array::number(name, "p", p)?;
    let level = array::number(name, "confidence_level", confidence_level)?;
    let alternative = Alternative::named(name, alternative)?;
    let found = core::binomtest(k, n, p, alternative, level, ProportionInterval::named(name, method)?)?;
    Ok((found.statistic, found.p_value, found.effect_size, found.confidence_interval, k, n, p).into_pyobject(py)?)
}

/// An interval for a share; `underhood.stats.proportion_confint` names its ends.
#[pyfunction]
fn proportion_confint(
    count: &Bound<'_, PyAny>,
    nobs: &Bound<'_, PyAny>,
    confidence_level: &Bound<'_, PyAny>,
    method: &str,
) -> Outcome<(f64, f64)> {
    const NAME: &str = "proportion_confint";
    let (count, nobs) = (array::number(NAME, "count", count)?, array::number(NAME, "nobs", nobs)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    Ok(core::proportion_confint(count, nobs, level, ProportionInterval::named(NAME, method)?)?)
}

/// The test of shares; `underhood.stats.proportions_test` makes a ProportionsTestResult of the numbers.
#[pyfunction]
fn proportions_test<'py>(
    py: Python<'py>,
    count: &Bound<'py, PyAny>,
    nobs: &Bound<'py, PyAny>,
    value: Option<&Bound<'py, PyAny>>,
    prop_var: Option<&Bound<'py, PyAny>>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "proportions_test";
    let (count, nobs) = (shares("count", count)?, shares("nobs", nobs)?);
    let value = option::optional_number(NAME, "value", value)?;
    let prop_var = option::optional_number(NAME, "prop_var", prop_var)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let alternative = Alternative::named(NAME, alternative)?;
    let found = core::proportions_test((&count).into(), (&nobs).into(), value, prop_var, alternative, level)?;
    Ok((
        found.statistic,
        found.p_value,
        found.df,
        found.estimate,
        found.confidence_interval,
        found.effect_size,
        PyArray1::from_vec(py, found.proportions),
        found.least_expected,
        PyArray1::from_vec(py, count),
        PyArray1::from_vec(py, nobs),
    )
        .into_pyobject(py)?)
}

/// One number, or a vector of them.
fn shares(argument: &'static str, value: &Bound<'_, PyAny>) -> Outcome<Vec<f64>> {
    const NAME: &str = "proportions_test";
    if array::is_number(value) {
        return Ok(vec![array::number(NAME, argument, value)?]);
    }
    let array = array::array(NAME, argument, value)?;
    if array.shape().len() > 1 {
        array::vector(NAME, argument, value)?;
    }
    Ok(array.view().iter().copied().collect())
}

fn flag(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> Outcome<bool> {
    option::flag(function, argument, Given::Value(value.as_borrowed()))
}

/// Tests of counts.
#[pymodule]
pub(crate) mod counts {
    #[pymodule_export]
    use super::{binomtest, chi2_contingency, chisquare, fisher_exact, mcnemar, proportion_confint, proportions_test};
}
