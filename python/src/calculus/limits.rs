//! Binds limits.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use underhood::calculus::{self as core, Approached, OneSided, Tendency};

use crate::array;
use crate::callee::{Callee, Probe};
use crate::error::Outcome;

/// Value, error, tendency, converged, steps, arguments, values.
pub(super) type SideParts<'py> =
    (f64, f64, &'static str, bool, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// Value, error, tendency, converged, message, evaluations, the left side and the right side.
pub(super) type LimitParts<'py> =
    (f64, f64, &'static str, bool, String, usize, Option<SideParts<'py>>, Option<SideParts<'py>>);

/// Limit of `f` at `a` as a tuple; `underhood.calculus.limit` makes a `Limit` of it.
#[pyfunction]
#[pyo3(signature = (f, a, side))]
pub(super) fn limit<'py>(f: &Bound<'py, PyAny>, a: &Bound<'py, PyAny>, side: &str) -> Outcome<LimitParts<'py>> {
    let (py, callee, probe) = (f.py(), Callee::new("limit", "f", f)?, Probe::everywhere());
    let a = array::number("limit", "a", a)?;
    let side = Approached::from_name("limit", side)?;
    let found = core::limit(|x| probe.caught(py, callee.number(x), || f64::NAN), a, side)?;
    probe.reraise(found.tendency == Tendency::Undefined)?;
    let message = found.to_string();
    let parts = |side: OneSided| {
        let arrays = [side.steps, side.arguments, side.values].map(|values| values.into_pyarray(py));
        let [steps, arguments, values] = arrays;
        (side.value, side.error, side.tendency.name(), side.converged, steps, arguments, values)
    };
    let (left, right) = (found.left.map(parts), found.right.map(parts));
    Ok((found.value, found.error, found.tendency.name(), found.converged, message, found.evaluations, left, right))
}
