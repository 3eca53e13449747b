//! Binds `underhood::stats`'s resampling.

use std::sync::{Mutex, PoisonError};

use numpy::ndarray::{Array2, ArrayView1};
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use underhood::stats as core;
use underhood::stats::{Alternative, BootstrapMethod, BootstrapOptions, PermutationType, Statistic};

use crate::array::{self, Vector};
use crate::error::Outcome;
use crate::runtime::{self, check_signals};

/// The samples of `data`, and how many values they hold.
fn samples<'py>(function: &'static str, data: &[Bound<'py, PyAny>]) -> Outcome<Vec<Vector<'py>>> {
    data.iter().map(|sample| array::vector(function, "data", sample)).collect()
}

fn views<'a>(samples: &'a [Vector<'_>]) -> Vec<ArrayView1<'a, f64>> {
    samples.iter().map(Vector::view).collect()
}

/// How many numbers so many resamples hold: enough to let the interpreter go, or not.
fn numbers(views: &[ArrayView1<'_, f64>], resamples: usize) -> usize {
    views.iter().map(ArrayView1::len).sum::<usize>().saturating_mul(resamples)
}

/// The statistic of a name, and its parameter if there is one.
type Named<'py> = (String, Option<Bound<'py, PyAny>>);

fn statistic(function: &'static str, (name, parameter): &Named<'_>) -> Outcome<Statistic> {
    let parameter = parameter.as_ref().map(|value| array::number(function, "statistic", value)).transpose()?;
    Ok(Statistic::named(function, name, parameter)?)
}

fn bootstrap_result<'py>(py: Python<'py>, found: core::Bootstrap) -> Outcome<Bound<'py, PyTuple>> {
    Ok((
        found.estimate,
        found.standard_error,
        found.bias,
        found.confidence_interval,
        found.probabilities,
        found.correction,
        PyArray1::from_vec(py, found.distribution),
        found.undefined,
    )
        .into_pyobject(py)?)
}

fn options(
    n_resamples: usize,
    confidence_level: &Bound<'_, PyAny>,
    alternative: &str,
    method: &str,
    paired: bool,
) -> Outcome<BootstrapOptions> {
    Ok(BootstrapOptions {
        n_resamples,
        confidence_level: array::number("bootstrap", "confidence_level", confidence_level)?,
        alternative: Alternative::named("bootstrap", alternative)?,
        method: BootstrapMethod::named(method)?,
        paired,
    })
}

/// The bootstrap of a named statistic; `underhood.stats.bootstrap` makes a result of the numbers.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn bootstrap<'py>(
    py: Python<'py>,
    data: Vec<Bound<'py, PyAny>>,
    named: Named<'py>,
    n_resamples: &Bound<'py, PyAny>,
    confidence_level: &Bound<'py, PyAny>,
    alternative: &str,
    method: &str,
    paired: bool,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "bootstrap";
    let statistic = statistic(NAME, &named)?;
    let n_resamples = array::whole(NAME, "n_resamples", n_resamples)?;
    let options = options(n_resamples, confidence_level, alternative, method, paired)?;
    let samples = samples(NAME, &data)?;
    let views = views(&samples);
    let mut stream = crate::random::stream(NAME, "rng", rng)?;
    let work = || core::bootstrap(&views, statistic, options, &mut stream, check_signals);
    bootstrap_result(py, runtime::run(py, numbers(&views, n_resamples), work)?)
}

/// What a bootstrap distribution says that Python drew.
#[pyfunction]
fn bootstrap_of<'py>(
    py: Python<'py>,
    estimate: f64,
    distribution: Vec<f64>,
    left_out: Vec<Vec<f64>>,
    confidence_level: &Bound<'py, PyAny>,
    alternative: &str,
    method: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    let options = options(distribution.len(), confidence_level, alternative, method, false)?;
    bootstrap_result(py, core::Bootstrap::of(estimate, distribution, &left_out, options)?)
}

/// The jackknife of a named statistic: (estimate, bias, standard error, interval, values).
#[pyfunction]
fn jackknife<'py>(
    py: Python<'py>,
    data: Vec<Bound<'py, PyAny>>,
    named: Named<'py>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "jackknife";
    let statistic = statistic(NAME, &named)?;
    let level = array::number(NAME, "confidence_level", confidence_level)?;
    let samples = samples(NAME, &data)?;
    let views = views(&samples);
    jackknife_result(py, runtime::run(py, numbers(&views, 1), || core::jackknife(&views, statistic, level))?)
}

/// What a jackknife says whose statistics Python computed.
#[pyfunction]
fn jackknife_of<'py>(
    py: Python<'py>,
    estimate: f64,
    values: Vec<f64>,
    confidence_level: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyTuple>> {
    let level = array::number("jackknife", "confidence_level", confidence_level)?;
    jackknife_result(py, core::Jackknife::of(estimate, values, level)?)
}

fn jackknife_result<'py>(py: Python<'py>, found: core::Jackknife) -> Outcome<Bound<'py, PyTuple>> {
    let values = PyArray1::from_vec(py, found.values);
    Ok((found.estimate, found.bias, found.standard_error, found.confidence_interval, values).into_pyobject(py)?)
}

fn permutation_result<'py>(py: Python<'py>, found: core::Permutation) -> Outcome<Bound<'py, PyTuple>> {
    let null = PyArray1::from_vec(py, found.null_distribution);
    Ok((found.statistic, found.p_value, null, found.exact).into_pyobject(py)?)
}

/// The permutation test of a named statistic; `underhood.stats.permutation_test` makes a result of the numbers.
#[pyfunction]
fn permutation_test<'py>(
    py: Python<'py>,
    data: Vec<Bound<'py, PyAny>>,
    named: Named<'py>,
    permutation_type: &str,
    n_resamples: &Bound<'py, PyAny>,
    alternative: &str,
    rng: Option<&Bound<'py, PyAny>>,
) -> Outcome<Bound<'py, PyTuple>> {
    const NAME: &str = "permutation_test";
    let (statistic, kind) = (statistic(NAME, &named)?, PermutationType::named(permutation_type)?);
    let n_resamples = array::whole(NAME, "n_resamples", n_resamples)?;
    let alternative = Alternative::named(NAME, alternative)?;
    let samples = samples(NAME, &data)?;
    let views = views(&samples);
    let mut stream = crate::random::stream(NAME, "rng", rng)?;
    let work = || core::permutation_test(&views, statistic, kind, n_resamples, alternative, &mut stream, check_signals);
    permutation_result(py, runtime::run(py, numbers(&views, n_resamples), work)?)
}

/// What a null distribution says that Python computed.
#[pyfunction]
fn permutation_of<'py>(
    py: Python<'py>,
    statistic: f64,
    null: Vec<f64>,
    exact: bool,
    alternative: &str,
) -> Outcome<Bound<'py, PyTuple>> {
    let alternative = Alternative::named("permutation_test", alternative)?;
    permutation_result(py, core::Permutation::of(statistic, null, exact, alternative)?)
}

/// Draws resamples for a statistic of Python's.
#[pyclass(frozen)]
struct Resampler(Mutex<core::Resampler>);

#[pymethods]
impl Resampler {
    #[new]
    fn new(lengths: Vec<usize>, paired: bool, rng: Option<&Bound<'_, PyAny>>) -> Outcome<Resampler> {
        let mut stream = crate::random::stream("bootstrap", "rng", rng)?;
        Ok(Resampler(Mutex::new(core::Resampler::new(&lengths, paired, &mut stream)?)))
    }

    /// The next `count` resamples of each sample, one a row.
    fn next<'py>(
        &self,
        py: Python<'py>,
        data: Vec<Bound<'py, PyAny>>,
        count: usize,
    ) -> Outcome<Vec<Bound<'py, PyArray2<f64>>>> {
        let samples = samples("bootstrap", &data)?;
        let drawn = self.0.lock().unwrap_or_else(PoisonError::into_inner).next(&views(&samples), count)?;
        Ok(drawn.into_iter().map(|drawn| drawn.into_pyarray(py)).collect())
    }
}

/// Hands out rearrangements for a statistic of Python's.
#[pyclass(frozen)]
struct Arranger(Mutex<core::Arranger>);

#[pymethods]
impl Arranger {
    #[new]
    fn new(
        permutation_type: &str,
        lengths: Vec<usize>,
        n_resamples: &Bound<'_, PyAny>,
        rng: Option<&Bound<'_, PyAny>>,
    ) -> Outcome<Arranger> {
        let kind = PermutationType::named(permutation_type)?;
        let n_resamples = array::whole("permutation_test", "n_resamples", n_resamples)?;
        let mut stream = crate::random::stream("permutation_test", "rng", rng)?;
        Ok(Arranger(Mutex::new(core::Arranger::new(kind, &lengths, n_resamples, &mut stream)?)))
    }

    /// Whether it hands out all rearrangements, and how many are left.
    fn state(&self) -> (bool, usize) {
        let arranger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (arranger.exact(), arranger.left())
    }

    /// The next rearrangements, at most `count`, as places in the samples laid end to end; one a row.
    fn next<'py>(&self, py: Python<'py>, count: usize) -> Outcome<Bound<'py, PyArray2<i64>>> {
        let mut arranger = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = count.min(arranger.left());
        let mut places = Array2::zeros((count, arranger.places()));
        for mut row in places.rows_mut() {
            if let Some(found) = arranger.next() {
                row.iter_mut().zip(found).for_each(|(to, &place)| *to = place as i64);
            }
        }
        Ok(places.into_pyarray(py))
    }
}

/// Resampling.
#[pymodule]
pub(crate) mod resampling {
    #[pymodule_export]
    use super::{
        Arranger, Resampler, bootstrap, bootstrap_of, jackknife, jackknife_of, permutation_of, permutation_test,
    };
}
