//! Binds `underhood::calculus`.

use std::cell::RefCell;

use numpy::{IntoPyArray, PyArray1, PyArrayMethods};
use pyo3::exceptions::{PyArithmeticError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyString};
use underhood::calculus::{self as core, Doubt, Method, Options};

use crate::array;
use crate::error::Outcome;

/// Value, error, evaluations, converged, method, and what is wrong.
type Parts = (f64, f64, usize, bool, &'static str, Option<String>);

/// Entries, their errors, evaluations, converged, methods, and what is wrong with the first entry that is not to be trusted.
type GradientParts<'py> =
    (Bound<'py, PyAny>, Bound<'py, PyAny>, usize, bool, Vec<&'static str>, Option<(usize, String)>);

/// Derivative of `f` at `x` as a tuple; `underhood.calculus.derivative` makes an `Estimate` of it.
#[pyfunction]
#[pyo3(signature = (f, x, order, method, step))]
fn derivative(
    f: &Bound<'_, PyAny>,
    x: &Bound<'_, PyAny>,
    order: &Bound<'_, PyAny>,
    method: &str,
    step: Option<&Bound<'_, PyAny>>,
) -> Outcome<Parts> {
    callable("derivative", "f", f)?;
    let x = array::number("derivative", "x", x)?;
    let options = options("derivative", order, method, step)?;
    let probe = Probe::default();
    let called = |argument: f64| {
        let found = f.call1((PyFloat::new(f.py(), argument),));
        probe.value("derivative", found, f.py())
    };
    let found = core::derivative(called, x, &options)?;
    probe.reraise(found.doubt == Some(Doubt::NoNeighbours))?;
    let doubt = found.doubt.map(|doubt| doubt.to_string());
    Ok((found.value, found.error, found.evaluations, found.converged, found.method.name(), doubt))
}

/// Gradient of `f` at `x` as a tuple; `underhood.calculus.gradient` makes an array or a `Gradient` of it.
#[pyfunction]
#[pyo3(signature = (f, x, order, method, step))]
fn gradient<'py>(
    f: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    order: &Bound<'py, PyAny>,
    method: &str,
    step: Option<&Bound<'py, PyAny>>,
) -> Outcome<GradientParts<'py>> {
    callable("gradient", "f", f)?;
    let x = array::array("gradient", "x", x)?;
    let options = options("gradient", order, method, step)?;
    let (shape, flat) = (x.view().shape().to_vec(), x.view().iter().copied().collect::<Vec<f64>>());
    let probe = Probe::default();
    let called = |point: &[f64]| probe.value("gradient", call(f, point, &shape), f.py());
    let found = core::gradient(called, &flat, &options)?;
    probe.reraise(found.partials.iter().any(|partial| partial.doubt == Some(Doubt::NoNeighbours)))?;
    let doubts = found.partials.iter().enumerate();
    let doubt = doubts.filter_map(|(i, partial)| Some((i, partial.doubt?.to_string()))).next();
    let methods = found.partials.iter().map(|partial| partial.method.name()).collect();
    let shaped = |values: numpy::ndarray::Array1<f64>| values.into_pyarray(f.py()).reshape(shape.clone());
    let (values, errors) = (shaped(found.values)?.into_any(), shaped(found.errors)?.into_any());
    Ok((values, errors, found.evaluations, found.converged, methods, doubt))
}

fn options(
    function: &'static str,
    order: &Bound<'_, PyAny>,
    method: &str,
    step: Option<&Bound<'_, PyAny>>,
) -> Outcome<Options> {
    let order = array::whole(function, "order", order)?;
    let step = step.map(|step| array::number(function, "step", step)).transpose()?;
    Ok(Options { order, method: Method::from_name(function, method)?, step })
}

/// Refuses what cannot be called.
pub(crate) fn callable(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_callable() {
        return Ok(());
    }
    let found = value.get_type().name()?;
    Err(PyTypeError::new_err(format!("{function}: {argument} is a {found}, but must be a function that can be called")))
}

/// Calls a caller's function with an array of its own, of the shape that it knows.
pub(crate) fn call<'py>(f: &Bound<'py, PyAny>, point: &[f64], shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let point = PyArray1::from_slice(f.py(), point);
    if shape.len() == 1 { f.call1((point,)) } else { f.call1((point.reshape(shape.to_vec())?,)) }
}

/// Reads the one number that a caller's function gave.
pub(crate) fn answer(function: &'static str, value: &Bound<'_, PyAny>) -> Outcome<f64> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(float.value());
    }
    let wrong = |found: String| {
        PyTypeError::new_err(format!("{function}: f returned {found}, but must return one real number"))
    };
    if value.is_none() || value.is_instance_of::<PyString>() || value.is_instance_of::<PyComplex>() {
        let hint = if value.is_none() { " (is a return missing?)" } else { "" };
        return Err(wrong(format!("a {}{hint}", value.get_type().name()?)).into());
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(f64::from(u8::from(value.is_truthy()?)));
    }
    let array = array::array(function, "the value of f", value)?;
    match array.view().len() {
        1 => Ok(array.view().iter().next().copied().unwrap_or(f64::NAN)),
        _ => Err(wrong(format!("an array of shape {:?}", array.view().shape())).into()),
    }
}

/// Calls near a point may leave the domain of a function, which Python says by a ValueError (`math.sqrt(-1)`) or an
/// ArithmeticError (`1 / 0`): there the function has no value. At the point itself, which is called first, both are errors.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    called: RefCell<bool>,
    /// The last call's exception, if it was taken for the end of the domain.
    left: RefCell<Option<PyErr>>,
}

impl Probe {
    /// A probe of a function whose first call is one like the others.
    pub(crate) fn everywhere() -> Self {
        Probe { called: RefCell::new(true), ..Probe::default() }
    }

    /// The value that a call gave, NaN outside the domain.
    pub(crate) fn value(
        &self,
        function: &'static str,
        found: PyResult<Bound<'_, PyAny>>,
        py: Python<'_>,
    ) -> Outcome<f64> {
        let first = !self.called.replace(true);
        let left_domain =
            |error: &PyErr| error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyArithmeticError>(py);
        match found {
            Err(error) if !first && left_domain(&error) => {
                self.left.replace(Some(error));
                Ok(f64::NAN)
            }
            found => {
                self.left.replace(None);
                answer(function, &found?)
            }
        }
    }

    /// Raises what the last call raised, if nothing came of the computation.
    pub(crate) fn reraise(&self, in_vain: bool) -> PyResult<()> {
        match self.left.take() {
            Some(error) if in_vain => Err(error),
            _ => Ok(()),
        }
    }
}

/// Derivatives of functions that can only be called.
#[pymodule]
pub(crate) mod calculus {
    #[pymodule_export]
    use super::{derivative, gradient};
}
