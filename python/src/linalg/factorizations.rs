//! Binds the factorisations by elimination and by reflections, and least squares.

use numpy::{PyArray1, PyArray2, PyArrayDyn, ToPyArray};
use pyo3::prelude::*;
use underhood::linalg as core;

use crate::array;
use crate::error::Outcome;
use crate::runtime::run;

/// Q and R, as a pair.
#[pyfunction]
#[pyo3(signature = (a, mode = "reduced"))]
#[expect(clippy::type_complexity, reason = "a pair of arrays, spelled out")]
pub(super) fn qr<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    mode: &str,
) -> Outcome<(Bound<'py, PyArray2<f64>>, Bound<'py, PyArray2<f64>>)> {
    let a = array::matrix("qr", "a", a)?;
    let a = a.view();
    let mode: core::QrMode = mode.parse()?;
    let factors = run(py, a.len(), || core::qr(a, mode))?;
    Ok((PyArray2::from_owned_array(py, factors.q), PyArray2::from_owned_array(py, factors.r)))
}

type FourParts<'py> = (Bound<'py, PyArrayDyn<f64>>, Bound<'py, PyArray1<f64>>, usize, Bound<'py, PyArray1<f64>>);

/// Solution, residuals, rank and singular values, as a tuple.
#[pyfunction]
#[pyo3(signature = (a, b, rcond = None))]
pub(super) fn lstsq<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    rcond: Option<f64>,
) -> Outcome<FourParts<'py>> {
    let (a, b) = (array::matrix("lstsq", "a", a)?, array::array("lstsq", "b", b)?);
    let (a, b) = (a.view(), b.view());
    let fit = run(py, a.len() + b.len(), || core::lstsq(a, b, rcond))?;
    let x = PyArrayDyn::from_owned_array(py, fit.x);
    Ok((x, fit.residuals.to_pyarray(py), fit.rank, fit.singular_values.to_pyarray(py)))
}
