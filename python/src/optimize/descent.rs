//! Binds gradient descent, and the curvature that tells its critical rate.

use numpy::ndarray::{Array1, Array2};
use numpy::{IntoPyArray, PyArray1, PyArrayMethods};
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use underhood::optimize::{self as core, Descent, Options, Pace, Step, Stop};

use super::pace::{Given, RuleParts, rule};
use crate::callee::{Callee, Probe, call};
use crate::error::Outcome;
use crate::{array, runtime};

/// What `underhood.optimize.DescentResult` is made of, in the order of its fields.
pub(super) type Parts<'py> = (
    (Bound<'py, PyAny>, f64, Bound<'py, PyAny>),
    (usize, usize, usize),
    (&'static str, String),
    (Option<Bound<'py, PyAny>>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>),
    (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>),
    Option<f64>,
    (&'static str, Vec<(&'static str, f64)>),
    &'static str,
);

/// Without a caller's callback, Ctrl-C is asked for every so many steps, and of small programs every so many.
const SIGNALS_EVERY: usize = 8;
const SIGNALS_EVERY_SMALL: usize = 256;

/// Gradient descent as a tuple; `underhood.optimize.gradient_descent` makes a `DescentResult` of it.
#[pyfunction]
#[pyo3(signature = (f, x0, gradient, learning_rate, rule_parts, max_iter, tol, keep_path, callback, critical_rate))]
#[expect(clippy::too_many_arguments, reason = "they are the public function's")]
pub(super) fn gradient_descent<'py>(
    f: &Bound<'py, PyAny>,
    x0: &Bound<'py, PyAny>,
    gradient: Option<&Bound<'py, PyAny>>,
    learning_rate: &Bound<'py, PyAny>,
    rule_parts: RuleParts<'py>,
    max_iter: &Bound<'py, PyAny>,
    tol: &Bound<'py, PyAny>,
    keep_path: bool,
    callback: Option<&Bound<'py, PyAny>>,
    critical_rate: Option<f64>,
) -> Outcome<Parts<'py>> {
    const NAME: &str = "gradient_descent";
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    let f = Callee::new(NAME, "f", f)?.of_shape(&shape);
    let gradient = gradient.map(|gradient| Callee::new(NAME, "gradient", gradient)).transpose()?;
    let gradient = gradient.map(|gradient| gradient.of_shape(&shape));
    let py = learning_rate.py();
    let (rule, max_iter) = (rule(NAME, &rule_parts)?, array::whole(NAME, "max_iter", max_iter)?);
    let tolerance = array::number(NAME, "tol", tol)?;
    let watch = |step: Step<'_>| watched(callback, &step, &shape, py);
    let exact = if gradient.is_none() { f.value_and_gradient()? } else { None };
    let watch_every = match &exact {
        _ if callback.is_some() => 1,
        Some(program) if program.is_small() => SIGNALS_EVERY_SMALL,
        _ => SIGNALS_EVERY,
    };
    let found = Given::read(NAME, learning_rate)?.run(|rate| {
        let options = Options { rate, rule, max_iter, tolerance, critical_rate, keep_path, watch_every };
        if let Some(exact) = &exact {
            return core::gradient_descent_program(exact, &start, &options, watch);
        }
        // The descent ends where f or its gradient raises: what was raised there, at a last call, is what the caller shall see.
        let probe = Probe::everywhere();
        let value = |x: &[f64]| Ok(probe.inside(f.value(x), py)?.unwrap_or(f64::NAN));
        let found = match &gradient {
            Some(gradient) => {
                let slopes = |x: &[f64], into: &mut [f64]| -> Outcome<()> {
                    if probe.inside(gradient.like(x, into), py)?.is_none() {
                        into.fill(f64::NAN);
                    }
                    Ok(())
                };
                core::gradient_descent(value, slopes, &start, &options, watch)
            }
            None => core::gradient_descent_numerical(value, &start, &options, watch),
        };
        probe.reraise(found.as_ref().map_or(true, |descent| descent.stop == Stop::Diverged))?;
        found
    })?;
    let method = match (&gradient, &exact) {
        (Some(_), _) => "given",
        (None, Some(_)) => "exact",
        (None, None) => "numerical",
    };
    parts(py, found, &shape, rule, method)
}

/// The largest curvature of `f` at `x0`, nothing where it has none, and how often a function was called.
#[pyfunction]
#[pyo3(signature = (f, x0, gradient))]
pub(super) fn largest_curvature(
    f: &Bound<'_, PyAny>,
    x0: &Bound<'_, PyAny>,
    gradient: Option<&Bound<'_, PyAny>>,
) -> Outcome<(Option<f64>, usize)> {
    const NAME: &str = "gradient_descent";
    let py = x0.py();
    let x0 = array::array(NAME, "x0", x0)?;
    let (shape, start) = (x0.shape().to_vec(), x0.view().iter().copied().collect::<Vec<f64>>());
    if start.is_empty() || start.iter().any(|x| !x.is_finite()) {
        return Ok((None, 0)); // which the descent refuses
    }
    // Points beside x0 may lie outside the domain: then there is no curvature to tell, and nothing to raise.
    let probe = Probe::everywhere();
    let found = match gradient {
        Some(gradient) => {
            let gradient = Callee::new(NAME, "gradient", gradient)?.of_shape(&shape);
            let slopes = |x: &[f64], into: &mut [f64]| -> Outcome<()> {
                if probe.inside(gradient.like(x, into), py)?.is_none() {
                    into.fill(f64::NAN);
                }
                Ok(())
            };
            core::largest_curvature(slopes, &start)?
        }
        None => {
            let f = Callee::new(NAME, "f", f)?.of_shape(&shape);
            if let Some(product) = f.hessian_product()? {
                let times = |v: &[f64], into: &mut [f64]| product(&start, v, into);
                let found = core::largest_curvature_with(times, start.len())?;
                return Ok((found.largest, found.evaluations));
            }
            let value = |x: &[f64]| -> Outcome<f64> { Ok(probe.inside(f.value(x), py)?.unwrap_or(f64::NAN)) };
            core::largest_curvature_numerical(value, &start)?
        }
    };
    Ok((found.largest, found.evaluations))
}

/// The critical rate of a rule where the largest curvature is `curvature`, and its formula; nothing for rules that have none.
#[pyfunction]
#[pyo3(signature = (rule_parts, curvature))]
pub(super) fn critical_rate(rule_parts: RuleParts<'_>, curvature: f64) -> Outcome<Option<(f64, &'static str)>> {
    let rule = rule("gradient_descent", &rule_parts)?;
    Ok(rule.critical_rate(curvature).map(|rate| (rate, rule.critical_formula())))
}

/// Shows a step to the callback, which raises StopIteration to end the descent, and lets Ctrl-C through now and then.
pub(super) fn watched(
    callback: Option<&Bound<'_, PyAny>>,
    step: &Step<'_>,
    shape: &[usize],
    py: Python<'_>,
) -> Outcome<bool> {
    runtime::heed_signals()?;
    match callback.map(|callback| call(callback, step.x, shape)) {
        Some(Err(error)) if error.is_instance_of::<PyStopIteration>(py) => Ok(false),
        Some(Err(error)) => Err(error.into()),
        _ => Ok(true),
    }
}

/// A point in the caller's shape.
pub(super) fn point<'py>(py: Python<'py>, values: Array1<f64>, shape: &[usize]) -> Outcome<Bound<'py, PyAny>> {
    Ok(values.into_pyarray(py).reshape(shape.to_vec())?.into_any())
}

/// Many points in the caller's shape, along the first axis.
pub(super) fn points<'py>(py: Python<'py>, values: Array2<f64>, shape: &[usize]) -> Outcome<Bound<'py, PyAny>> {
    let shape = [&[values.nrows()], shape].concat();
    Ok(values.into_pyarray(py).reshape(shape)?.into_any())
}

fn parts<'py>(
    py: Python<'py>,
    found: Descent,
    shape: &[usize],
    rule: core::Rule,
    method: &'static str,
) -> Outcome<Parts<'py>> {
    let plain = |values: Array1<f64>| -> Bound<'py, PyArray1<f64>> { values.into_pyarray(py) };
    let kept = |values: Option<Array2<f64>>| values.map(|values| points(py, values, shape)).transpose();
    let (rates, lengths) = match found.pace {
        Pace::Even(_) => (None, None),
        Pace::Varied { rates, lengths } => (Some(plain(rates).into_any()), Some(plain(lengths).into_any())),
    };
    Ok((
        (point(py, found.x, shape)?, found.value, point(py, found.gradient, shape)?),
        (found.iterations, found.function_evaluations, found.gradient_evaluations),
        (found.stop.name(), found.message),
        (
            kept(found.path)?,
            plain(found.values).into_any(),
            kept(found.gradients)?,
            plain(found.gradient_norms).into_any(),
        ),
        (rates, lengths),
        found.curvature,
        (rule.name(), rule.parameters()),
        method,
    ))
}
