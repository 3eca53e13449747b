//! Binds gradient descent.

use numpy::ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArrayMethods};
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use underhood::Error;
use underhood::optimize::{self as core, Descent, Options, Step, Stop};

use crate::callee::{Probe, answer, call, callable};
use crate::error::Outcome;
use crate::{array, runtime};

/// What `underhood.optimize.DescentResult` is made of, in the order of its fields.
pub(super) type Parts<'py> = (
    (Bound<'py, PyAny>, f64, Bound<'py, PyAny>),
    (usize, usize, usize),
    (&'static str, String),
    (Option<Bound<'py, PyAny>>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>),
    Option<f64>,
);

/// Gradient descent as a tuple; `underhood.optimize.gradient_descent` makes a `DescentResult` of it.
#[pyfunction]
#[pyo3(signature = (f, x0, gradient, learning_rate, momentum, max_iter, tol, keep_path, callback))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
pub(super) fn gradient_descent<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    gradient: Option<&Bound<'py, PyAny>>,
    learning_rate: &Bound<'py, PyAny>,
    momentum: &Bound<'py, PyAny>,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    keep_path: bool,
    callback: Option<&Bound<'py, PyAny>>,
) -> Outcome<Parts<'py>> {
    const NAME: &str = "gradient_descent";
    callable(NAME, "f", f)?;
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.view().shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    let options = Options {
        learning_rate: array::number(NAME, "learning_rate", learning_rate)?,
        momentum: array::number(NAME, "momentum", momentum)?,
        max_iter: array::whole(NAME, "max_iter", max_iter)?,
        tolerance: array::number(NAME, "tol", tol)?,
        keep_path,
    };
    let watch = |step: Step<'_>| watched(callback, &step, &shape, f.py());
    let found = match gradient {
        Some(gradient) => {
            callable(NAME, "gradient", gradient)?;
            let value = |x: &[f64]| answer(NAME, "f", &call(f, x, &shape)?);
            let slope = |x: &[f64], into: &mut [f64]| read_gradient(&call(gradient, x, &shape)?, into, &shape);
            core::gradient_descent(value, slope, &start, &options, watch)?
        }
        None => {
            // The descent ends where f raises: what it raised there, at a last call, is what the caller shall see.
            let probe = Probe::everywhere();
            let value = |x: &[f64]| probe.value(NAME, call(f, x, &shape), f.py());
            let found = core::gradient_descent_numerical(value, &start, &options, watch);
            probe.reraise(found.as_ref().map_or(true, |descent| descent.stop == Stop::Diverged))?;
            found?
        }
    };
    parts(f.py(), found, &shape)
}

/// Reads what a caller's gradient function gave: as many numbers as there are coordinates.
fn read_gradient(value: &Bound<'_, PyAny>, into: &mut [f64], shape: &[usize]) -> Outcome<()> {
    let (function, argument) = ("gradient_descent", "the value of gradient");
    let found = array::array(function, argument, value)?;
    let found = found.view();
    if found.shape() != shape && !(found.len() == 1 && into.len() == 1) {
        let expected = match shape {
            [n] => format!("x0 is a vector of {n}"),
            _ => format!("x0 has the shape {shape:?}"),
        };
        return Err(Error::Shape { function, argument, shape: found.shape().to_vec(), expected }.into());
    }
    into.iter_mut().zip(found.iter()).for_each(|(to, from)| *to = *from);
    Ok(())
}

/// Shows a step to the callback, which raises StopIteration to end the descent, and lets Ctrl-C through now and then.
fn watched(callback: Option<&Bound<'_, PyAny>>, step: &Step<'_>, shape: &[usize], py: Python<'_>) -> Outcome<bool> {
    if step.iteration.is_multiple_of(64) {
        runtime::check_signals()?;
    }
    match callback.map(|callback| call(callback, step.x, shape)) {
        Some(Err(error)) if error.is_instance_of::<PyStopIteration>(py) => Ok(false),
        Some(Err(error)) => Err(error.into()),
        _ => Ok(true),
    }
}

fn parts<'py>(py: Python<'py>, found: Descent, shape: &[usize]) -> Outcome<Parts<'py>> {
    let point = |values: Array1<f64>| values.into_pyarray(py).reshape(shape.to_vec()).map(Bound::into_any);
    let points = |values: Array2<f64>| {
        let shape = [&[values.nrows()], shape].concat();
        values.into_pyarray(py).reshape(shape).map(Bound::into_any)
    };
    let plain = |values: Array1<f64>| -> Bound<'py, PyArray1<f64>> { values.into_pyarray(py) };
    Ok((
        (point(found.x)?, found.value, point(found.gradient)?),
        (found.iterations, found.function_evaluations, found.gradient_evaluations),
        (found.stop.name(), found.message),
        (
            found.path.map(points).transpose()?,
            plain(found.values).into_any(),
            found.gradients.map(points).transpose()?,
            plain(found.gradient_norms).into_any(),
        ),
        found.curvature,
    ))
}
