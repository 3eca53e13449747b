//! Binds `underhood::stats`: one file a room of it, and here what they share.

pub(crate) mod averages;
pub(crate) mod correlation;
pub(crate) mod counts;
pub(crate) mod describe;
pub(crate) mod estimate;
pub(crate) mod frequencies;
pub(crate) mod glm;
pub(crate) mod goodness;
pub(crate) mod means;
pub(crate) mod power;
pub(crate) mod ranks;
pub(crate) mod regression;
pub(crate) mod resampling;
pub(crate) mod shape;
pub(crate) mod spread;

use numpy::ndarray::{ArrayD, ArrayView2, ArrayViewD, Axis};
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyFloat;
use underhood::Error;
use underhood::stats::NanPolicy;

use crate::array::{self, Array};
use crate::error::Outcome;
use crate::option::{self, Given};

pub(super) fn whole_numbers<'py>(
    py: Python<'py>,
    numbers: impl ExactSizeIterator<Item = usize>,
) -> Bound<'py, PyArray1<i64>> {
    PyArray1::from_iter(py, numbers.map(|n| n as i64))
}

/// A matrix as it is, a vector as a matrix of one column.
pub(super) fn columns<'a>(
    function: &'static str,
    argument: &'static str,
    array: &'a Array<'_>,
) -> Outcome<ArrayView2<'a, f64>> {
    let view: ArrayViewD<'a, f64> = array.view();
    let shape = view.shape().to_vec();
    let matrix = if view.ndim() == 1 { view.insert_axis(Axis(1)) } else { view };
    matrix.into_dimensionality().map_err(|_| {
        let expected = "a vector or a matrix with one variable a column is needed".into();
        Error::Shape { function, argument, shape, expected }.into()
    })
}

/// What is taken from n in a divisor, 1 unless the caller says otherwise.
pub(super) fn divisor(function: &'static str, ddof: Option<&Bound<'_, PyAny>>) -> Outcome<usize> {
    ddof.map_or(Ok(1), |ddof| array::whole(function, "ddof", ddof))
}

/// What to do about missing values.
pub(super) fn policy(function: &'static str, given: Given<'_, '_, &'static str>) -> Outcome<NanPolicy> {
    Ok(match given {
        Given::Default(_) => NanPolicy::Propagate,
        given => NanPolicy::named(function, &option::name(function, "nan_policy", given)?)?,
    })
}

/// An axis counted from the front; Python counts negative ones from the end.
pub(super) fn from_the_end(
    function: &'static str,
    axis: Option<&Bound<'_, PyAny>>,
    axes: usize,
) -> Outcome<Option<usize>> {
    let Some(axis) = axis.map(|axis| array::integer(function, "axis", axis)).transpose()? else { return Ok(None) };
    let counted = if axis < 0 { axis.saturating_add_unsigned(axes as u64) } else { axis };
    usize::try_from(counted).map(Some).map_err(|_| {
        let expected = format!("at least -{axes}, since a has {axes} axes");
        Error::OutOfRange { function, argument: "axis", value: axis as f64, expected }.into()
    })
}

pub(super) fn number_or_array(py: Python<'_>, found: ArrayD<f64>) -> Outcome<Bound<'_, PyAny>> {
    match (found.ndim(), found.first()) {
        (0, Some(&number)) => Ok(PyFloat::new(py, number).into_any()),
        _ => Ok(found.into_pyarray(py).into_any()),
    }
}
