//! Binds derivatives and gradients of functions that can only be called.

use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::prelude::*;
use underhood::calculus::{self as core, Doubt, Method, Options};

use crate::array;
use crate::callee::{Callee, Probe};
use crate::error::Outcome;

/// Value, error, evaluations, converged, method, and what is wrong.
pub(super) type Parts = (f64, f64, usize, bool, &'static str, Option<String>);

/// Entries, their errors, evaluations, converged, methods, and what is wrong with the first entry that is not to be trusted.
pub(super) type GradientParts<'py> =
    (Bound<'py, PyAny>, Bound<'py, PyAny>, usize, bool, Vec<&'static str>, Option<(usize, String)>);

/// Derivative of `f` at `x` as a tuple; `underhood.calculus.derivative` makes an `Estimate` of it.
#[pyfunction]
#[pyo3(signature = (f, x, order, method, step))]
pub(super) fn derivative(
    f: &Bound<'_, PyAny>,
    x: &Bound<'_, PyAny>,
    order: &Bound<'_, PyAny>,
    method: &str,
    step: Option<&Bound<'_, PyAny>>,
) -> Outcome<Parts> {
    let (py, callee, probe) = (f.py(), Callee::new("derivative", "f", f)?, Probe::default());
    let x = array::number("derivative", "x", x)?;
    let options = options("derivative", Some(order), method, step)?;
    let called = |argument: f64| probe.caught(py, callee.number(argument), || f64::NAN);
    let found = core::derivative(called, x, &options)?;
    probe.reraise(found.doubt == Some(Doubt::NoNeighbours))?;
    let doubt = found.doubt.map(|doubt| doubt.to_string());
    Ok((found.value, found.error, found.evaluations, found.converged, found.method.name(), doubt))
}

/// Gradient of `f` at `x` as a tuple; `underhood.calculus.gradient` makes an array or a `Gradient` of it.
#[pyfunction]
#[pyo3(signature = (f, x, order, method, step))]
pub(super) fn gradient<'py>(
    f: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    order: &Bound<'py, PyAny>,
    method: &str,
    step: Option<&Bound<'py, PyAny>>,
) -> Outcome<GradientParts<'py>> {
    let x = array::array("gradient", "x", x)?;
    let (py, probe) = (f.py(), Probe::default());
    let options = options("gradient", Some(order), method, step)?;
    let (shape, flat) = (x.shape().to_vec(), x.view().iter().copied().collect::<Vec<f64>>());
    let callee = Callee::new("gradient", "f", f)?.of_shape(&shape);
    let called = |point: &[f64]| probe.caught(py, callee.value(point), || f64::NAN);
    let found = core::gradient(called, &flat, &options)?;
    probe.reraise(found.partials.iter().any(|partial| partial.doubt == Some(Doubt::NoNeighbours)))?;
    let doubts = found.partials.iter().enumerate();
    let doubt = doubts.filter_map(|(i, partial)| Some((i, partial.doubt?.to_string()))).next();
    let methods = found.partials.iter().map(|partial| partial.method.name()).collect();
    let shaped = |values: numpy::ndarray::Array1<f64>| values.into_pyarray(f.py()).reshape(shape.clone());
    let (values, errors) = (shaped(found.values)?.into_any(), shaped(found.errors)?.into_any());
    Ok((values, errors, found.evaluations, found.converged, methods, doubt))
}

/// A point (or a direction, or an end of a box) as an array of its own.
#[pyfunction]
#[pyo3(signature = (argument, x))]
pub(super) fn point<'py>(argument: &str, x: &Bound<'py, PyAny>) -> Outcome<Bound<'py, PyAny>> {
    let argument = match argument {
        "v" => "v",
        "box" => "box",
        _ => "x",
    };
    let read = array::array("gradient", argument, x)?;
    Ok(read.view().to_owned().into_pyarray(x.py()).into_any())
}

/// A point that is one number.
#[pyfunction]
#[pyo3(signature = (argument, x))]
pub(super) fn number(argument: &str, x: &Bound<'_, PyAny>) -> Outcome<f64> {
    array::number("derivative", if argument == "a" { "a" } else { "x" }, x)
}

/// Reads the options; the first derivative where no order can be given.
pub(super) fn options(
    function: &'static str,
    order: Option<&Bound<'_, PyAny>>,
    method: &str,
    step: Option<&Bound<'_, PyAny>>,
) -> Outcome<Options> {
    let order = order.map(|order| array::whole(function, "order", order)).transpose()?.unwrap_or(1);
    let step = step.map(|step| array::number(function, "step", step)).transpose()?;
    Ok(Options { order, method: Method::from_name(function, method)?, step })
}
