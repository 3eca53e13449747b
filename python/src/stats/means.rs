//! Binds the tests of means.

use numpy::PyArray1;
use numpy::ndarray::ArrayView1;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, TTest};

use super::whole_numbers;
use crate::array::{self, Vector};
use crate::error::Outcome;
use crate::runtime;

/// Student's t test of one sample; `underhood.stats.ttest_1samp` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_1samp<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    popmean: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_1samp";
    let a = array::vector(NAME, "a", a)?;
    let popmean = array::number(NAME, "popmean", popmean)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, alternative) = (a.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_1samp(a, popmean, alternative, level))?)
}

/// Student's or Welch's t test of two samples; `underhood.stats.ttest_ind` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_ind<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    equal_var: bool,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_ind";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len() + b.len(), || core::ttest_ind(a, b, equal_var, alternative, level))?)
}

/// Student's t test of paired samples; `underhood.stats.ttest_rel` makes a TTestResult of the numbers.
#[pyfunction]
fn ttest_rel<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    alternative: &str,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "ttest_rel";
    let (a, b) = (array::vector(NAME, "a", a)?, array::vector(NAME, "b", b)?);
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let (a, b, alternative) = (a.view(), b.view(), Alternative::named(NAME, alternative)?);
    t_test(py, runtime::run(py, a.len(), || core::ttest_rel(a, b, alternative, level))?)
}

/// One-way analysis of variance; `underhood.stats.f_oneway` makes an AnovaResult of the numbers.
#[pyfunction]
fn f_oneway<'py>(py: Python<'py>, groups: Vec<Bound<'py, PyAny>>, equal_var: bool) -> Outcome<Bound<'py, PyTuple>> {
    let groups: Vec<Vector<'py>> =
        groups.iter().map(|group| array::vector("f_oneway", "groups", group)).collect::<Outcome<_>>()?;
    let views: Vec<ArrayView1<'_, f64>> = groups.iter().map(Vector::view).collect();
    let numbers = views.iter().map(|view| view.len()).sum();
    let found = runtime::run(py, numbers, || core::f_oneway(&views, equal_var))?;
    Ok((
        found.statistic,
        found.p_value,
        found.df_between,
        found.df_within,
        found.eta_squared,
        found.omega_squared,
        PyArray1::from_vec(py, found.means),
        whole_numbers(py, found.n.into_iter()),
        found.sum_of_squares_between,
        found.sum_of_squares_within,
    )
        .into_pyobject(py)?)
}

fn t_test(py: Python<'_>, test: TTest) -> Outcome<Bound<'_, PyTuple>> {
    Ok((
        test.statistic,
        test.p_value,
        test.df,
        test.estimate,
        test.standard_error,
        test.confidence_interval,
        test.effect_size,
        test.hedges_g,
        of_samples(py, test.means)?,
        of_samples(py, test.stds)?,
        of_samples(py, test.skewness)?,
        of_samples(py, test.n)?,
    )
        .into_pyobject(py)?)
}

/// A tuple of one or two: as many as there are samples.
fn of_samples<'py, T: IntoPyObject<'py> + Copy>(
    py: Python<'py>,
    (first, second): (T, Option<T>),
) -> Outcome<Bound<'py, PyTuple>> {
    Ok(match second {
        Some(second) => (first, second).into_pyobject(py)?,
        None => (first,).into_pyobject(py)?,
    })
}

/// Tests of means.
#[pymodule]
pub(crate) mod means {
    #[pymodule_export]
    use super::{f_oneway, ttest_1samp, ttest_ind, ttest_rel};
}
