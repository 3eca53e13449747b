//! Binds Taylor's coefficients and critical points.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use underhood::calculus as core;

use crate::array;
use crate::callee::{Callee, Probe};
use crate::error::Outcome;

/// Coefficients, their errors, evaluations, and the first that is not to be trusted.
pub(super) type TaylorParts<'py> =
    (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, usize, Option<(usize, String)>);

/// Place, its error, value, kind, second derivative, and whether it is a corner.
pub(super) type PointParts = (f64, f64, f64, &'static str, f64, bool);

/// Place, value, kind, eigenvalues of the Hessian, and how many starts led there.
pub(super) type StationaryParts<'py> = (Bound<'py, PyArray1<f64>>, f64, &'static str, Bound<'py, PyArray1<f64>>, usize);

/// Points, flat stretches, whether all was resolved, evaluations.
type FoundParts = (Vec<PointParts>, Vec<(f64, f64)>, bool, usize);

/// Coefficients of the Taylor polynomial of `f` at `a`.
#[pyfunction]
#[pyo3(signature = (f, a, n))]
pub(super) fn taylor<'py>(
    f: &Bound<'py, PyAny>,
    a: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
) -> Outcome<TaylorParts<'py>> {
    let (py, callee, probe) = (f.py(), Callee::new("taylor", "f", f)?, Probe::default());
    let (a, n) = (array::number("taylor", "a", a)?, array::whole("taylor", "n", n)?);
    let found = core::taylor(|x| probe.caught(py, callee.number(x), || f64::NAN), a, n)?;
    let doubt = found.doubt.map(|(k, doubt)| (k, doubt.to_string()));
    Ok((found.coefficients.into_pyarray(py), found.errors.into_pyarray(py), found.evaluations, doubt))
}

/// Critical points of `f` between `a` and `b`, flat stretches, resolved, evaluations.
#[pyfunction]
#[pyo3(signature = (f, a, b))]
pub(super) fn critical_points(f: &Bound<'_, PyAny>, a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> Outcome<FoundParts> {
    const NAME: &str = "critical_points";
    let (py, callee, probe) = (f.py(), Callee::new(NAME, "f", f)?, Probe::everywhere());
    let (a, b) = (array::number(NAME, "a", a)?, array::number(NAME, "b", b)?);
    let value = |x| probe.caught(py, callee.number(x), || f64::NAN);
    let found = match callee.slopes()? {
        Some(slopes) => core::critical_points_with(value, |x, order| slopes.at(x, order), a, b)?,
        None => core::critical_points(value, a, b)?,
    };
    probe.reraise(found.points.is_empty() && found.flat.is_empty() && !found.seen)?;
    let parts = |p: &core::CriticalPoint| (p.x, p.error, p.value, p.kind.name(), p.curvature, p.corner);
    Ok((found.points.iter().map(parts).collect(), found.flat, found.resolved, found.evaluations))
}

/// What is found in a box: points, starts, those that arrived, those on a plateau, evaluations.
type StationaryFound<'py> = (Vec<StationaryParts<'py>>, usize, usize, usize, usize);

/// Stationary points of `f`, a function of an array, in a box; starts, arrivals, starts on a plateau, evaluations.
#[pyfunction]
#[pyo3(signature = (f, low, high, starts))]
pub(super) fn stationary_points<'py>(
    f: &Bound<'py, PyAny>,
    low: &Bound<'py, PyAny>,
    high: &Bound<'py, PyAny>,
    starts: &Bound<'py, PyAny>,
) -> Outcome<StationaryFound<'py>> {
    const NAME: &str = "critical_points";
    let (low, high) = (array::vector(NAME, "box", low)?, array::vector(NAME, "box", high)?);
    let sides: Vec<(f64, f64)> = low.view().iter().copied().zip(high.view().iter().copied()).collect();
    let (py, probe) = (f.py(), Probe::everywhere());
    let callee = Callee::new(NAME, "f", f)?.of_shape(&[sides.len()]);
    let starts = array::whole(NAME, "starts", starts)?;
    let found = core::stationary_points(|x| probe.caught(py, callee.value(x), || f64::NAN), &sides, starts)?;
    probe.reraise(found.points.is_empty() && found.level == 0)?;
    let parts = |p: core::StationaryPoint| {
        (p.x.into_pyarray(py), p.value, p.kind.name(), p.curvatures.into_pyarray(py), p.found)
    };
    Ok((found.points.into_iter().map(parts).collect(), found.starts, found.arrived, found.level, found.evaluations))
}
