//! Binds matrices of derivatives, and derivatives along a direction.

use std::cell::{Cell, RefCell};

use numpy::{IntoPyArray, PyArray2};
use pyo3::prelude::*;
use underhood::calculus::{self as core, Doubt, Matrix, Options};

use super::derivative::{Parts, options};
use crate::array;
use crate::callee::{Callee, Probe};
use crate::error::Outcome;

/// Entries, their errors, evaluations, converged, and row, column and trouble of the first that is not to be trusted.
pub(super) type MatrixParts<'py> =
    (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray2<f64>>, usize, bool, Option<(usize, usize, String)>);

/// Jacobian of `f` at `x` and the shape of f(x).
#[pyfunction]
#[pyo3(signature = (f, x, method, step))]
pub(super) fn jacobian<'py>(
    f: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    method: &str,
    step: Option<&Bound<'py, PyAny>>,
) -> Outcome<(MatrixParts<'py>, Vec<usize>)> {
    let x = array::array("jacobian", "x", x)?;
    let callee = Callee::new("jacobian", "f", f)?.of_shape(x.shape());
    let options = options("jacobian", None, method, step)?;
    let (py, probe, shape) = (f.py(), Probe::default(), RefCell::new(None));
    let flat: Vec<f64> = x.view().iter().copied().collect();
    let rows = Cell::new(0);
    let called = |point: &[f64]| {
        let found = callee.values(point).map(|(found, values)| {
            shape.borrow_mut().get_or_insert(found);
            rows.set(values.len());
            values
        });
        probe.caught(py, found, || vec![f64::NAN; rows.get()])
    };
    let found = core::jacobian(called, &flat, &options)?;
    probe.reraise(matches!(found.doubt, Some((.., Doubt::NoNeighbours))))?;
    Ok((parts(py, found), shape.into_inner().unwrap_or_default()))
}

/// Hessian of `f` at `x`.
#[pyfunction]
#[pyo3(signature = (f, x, step))]
pub(super) fn hessian<'py>(
    f: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    step: Option<&Bound<'py, PyAny>>,
) -> Outcome<MatrixParts<'py>> {
    let x = array::array("hessian", "x", x)?;
    let callee = Callee::new("hessian", "f", f)?.of_shape(x.shape());
    let step = step.map(|step| array::number("hessian", "step", step)).transpose()?;
    let (py, probe) = (f.py(), Probe::default());
    let flat: Vec<f64> = x.view().iter().copied().collect();
    let found = core::hessian(|point| probe.caught(py, callee.value(point), || f64::NAN), &flat, step)?;
    probe.reraise(matches!(found.doubt, Some((.., Doubt::NoNeighbours))))?;
    Ok(parts(py, found))
}

/// Derivative of `f` at `x` along `v`.
#[pyfunction]
#[pyo3(signature = (f, x, v, order, method, step))]
pub(super) fn directional_derivative<'py>(
    f: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    v: &Bound<'py, PyAny>,
    order: &Bound<'py, PyAny>,
    method: &str,
    step: Option<&Bound<'py, PyAny>>,
) -> Outcome<Parts> {
    const NAME: &str = "directional_derivative";
    let (x, v) = (array::array(NAME, "x", x)?, array::array(NAME, "v", v)?);
    let callee = Callee::new(NAME, "f", f)?.of_shape(x.shape());
    let options: Options = options(NAME, Some(order), method, step)?;
    let (py, probe) = (f.py(), Probe::default());
    let [flat, along] = [&x, &v].map(|array| array.view().iter().copied().collect::<Vec<f64>>());
    let called = |point: &[f64]| probe.caught(py, callee.value(point), || f64::NAN);
    let found = core::directional_derivative(called, &flat, &along, &options)?;
    probe.reraise(found.doubt == Some(Doubt::NoNeighbours))?;
    let doubt = found.doubt.map(|doubt| doubt.to_string());
    Ok((found.value, found.error, found.evaluations, found.converged, found.method.name(), doubt))
}

fn parts(py: Python<'_>, found: Matrix) -> MatrixParts<'_> {
    let doubt = found.doubt.map(|(row, column, doubt)| (row, column, doubt.to_string()));
    (found.values.into_pyarray(py), found.errors.into_pyarray(py), found.evaluations, found.converged, doubt)
}
