//! Distributions made from data or from other distributions, by the names of their classes.

use std::sync::Arc;

use pyo3::PyTypeCheck;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use underhood::Error;
use underhood::distributions::{Bandwidth, Continuous, Discrete, Empirical, KernelDensity, Mixture, Truncated};

use super::families::Names;
use super::families::names;
use super::members::Members;
use super::univariate::{ContinuousDistribution, DiscreteDistribution};
use crate::array;
use crate::error::Outcome;

static MIXTURE: &Names = names!("Mixture", "pdf", "logpdf");
static MIXTURE_OF_COUNTS: &Names = names!("Mixture", "pmf", "logpmf");
static TRUNCATED: &Names = names!("Truncated", "pdf", "logpdf");
static TRUNCATED_COUNTS: &Names = names!("Truncated", "pmf", "logpmf");
static KERNEL_DENSITY: &Names = names!("KernelDensity", "pdf", "logpdf");
static EMPIRICAL: &Names = names!("Empirical", "pmf", "logpmf");

/// The continuous distribution that a class makes of these arguments; None if it is a family of numbers.
pub(super) fn continuous(class: &str, given: &Bound<'_, PyTuple>) -> Outcome<Option<Members<dyn Continuous>>> {
    Ok(Some(match class {
        "Truncated" => {
            let (parent, low, high) = bounded(given)?;
            let parent =
                one(TRUNCATED, "distribution", &parent, |d: &Bound<'_, ContinuousDistribution>| d.get().0.alone())?;
            Members::composed(TRUNCATED, Arc::new(Truncated::continuous(parent, low, high)?))
        }
        "Mixture" => {
            let (components, weights) = parts(given)?;
            let components = components
                .iter()
                .map(|part| one(MIXTURE, "components", part, |d: &Bound<'_, ContinuousDistribution>| d.get().0.alone()))
                .collect::<Outcome<Vec<_>>>()?;
            Members::composed(MIXTURE, Arc::new(Mixture::continuous(components, &weights)?))
        }
        "KernelDensity" => {
            let data = array::vector(KERNEL_DENSITY.class, "data", &given.get_item(0)?)?;
            let bandwidth = bandwidth(&given.get_item(1)?)?;
            Members::composed(KERNEL_DENSITY, Arc::new(KernelDensity::new(data.view(), bandwidth)?))
        }
        _ => return Ok(None),
    }))
}

/// The same for distributions of separate values.
pub(super) fn discrete(class: &str, given: &Bound<'_, PyTuple>) -> Outcome<Option<Members<dyn Discrete>>> {
    Ok(Some(match class {
        "Truncated" => {
            let (parent, low, high) = bounded(given)?;
            let parent = one(TRUNCATED_COUNTS, "distribution", &parent, |d: &Bound<'_, DiscreteDistribution>| {
                d.get().0.alone()
            })?;
            Members::composed(TRUNCATED_COUNTS, Arc::new(Truncated::discrete(parent, low, high)?))
        }
        "Mixture" => {
            let (components, weights) = parts(given)?;
            let components = components
                .iter()
                .map(|part| {
                    one(MIXTURE_OF_COUNTS, "components", part, |d: &Bound<'_, DiscreteDistribution>| d.get().0.alone())
                })
                .collect::<Outcome<Vec<_>>>()?;
            Members::composed(MIXTURE_OF_COUNTS, Arc::new(Mixture::discrete(components, &weights)?))
        }
        "Empirical" => {
            let data = array::vector(EMPIRICAL.class, "data", &given.get_item(0)?)?;
            Members::composed(EMPIRICAL, Arc::new(Empirical::new(data.view())?))
        }
        _ => return Ok(None),
    }))
}

/// A distribution and two bounds.
fn bounded<'py>(given: &Bound<'py, PyTuple>) -> Outcome<(Bound<'py, PyAny>, f64, f64)> {
    let low = array::number("Truncated", "low", &given.get_item(1)?)?;
    Ok((given.get_item(0)?, low, array::number("Truncated", "high", &given.get_item(2)?)?))
}

/// A sequence of distributions and their weights.
fn parts<'py>(given: &Bound<'py, PyTuple>) -> Outcome<(Vec<Bound<'py, PyAny>>, Vec<f64>)> {
    let components = given.get_item(0)?.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    let weights = array::vector("Mixture", "weights", &given.get_item(1)?)?;
    Ok((components, weights.view().to_vec()))
}

/// The one distribution of the core that an argument stands for.
fn one<'py, C: PyTypeCheck + 'py, D: ?Sized>(
    names: &'static Names,
    argument: &'static str,
    value: &Bound<'py, PyAny>,
    of: impl Fn(&Bound<'py, C>) -> Option<Arc<D>>,
) -> Outcome<Arc<D>> {
    if let Some(distribution) = value.cast::<C>().ok().and_then(of) {
        return Ok(distribution);
    }
    let (class, kind) = (names.class, value.get_type().name()?);
    let alike = if names.density.ends_with("pdf") { "continuous" } else { "discrete" };
    let several = if value.hasattr("rvs")? { " (perhaps an array of them)" } else { "" };
    let message = format!("{class}: {argument}: found a {kind}{several}, but one {alike} distribution is needed");
    Err(PyTypeError::new_err(message).into())
}

fn bandwidth(value: &Bound<'_, PyAny>) -> Outcome<Bandwidth> {
    let Ok(name) = value.cast::<PyString>() else {
        return Ok(Bandwidth::Width(array::number("KernelDensity", "bandwidth", value)?));
    };
    match name.to_cow()?.as_ref() {
        "scott" => Ok(Bandwidth::Scott),
        "silverman" => Ok(Bandwidth::Silverman),
        other => Err(Error::UnknownName {
            function: "KernelDensity",
            argument: "bandwidth",
            value: other.into(),
            allowed: &["scott", "silverman"],
        }
        .into()),
    }
}
