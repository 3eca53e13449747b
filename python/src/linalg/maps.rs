//! Reads what the Python-side maps and pictures are made of, by the rules that hold for every argument.

use numpy::{PyArrayDyn, ToPyArray};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use underhood::Error;

use crate::array;
use crate::error::Outcome;
use crate::option::{self, Given};

/// The functions and arguments that may ask.
const NAMES: [&str; 25] = [
    "LinearMap",
    "LinearMap.apply",
    "LinearMap.rotation",
    "LinearMap.reflection",
    "LinearMap.shear",
    "LinearMap.scaling",
    "LinearMap.projection",
    "LinearMap.isclose",
    "tol",
    "vectors",
    "sets",
    "spans",
    "subspaces",
    "svd",
    "matrix",
    "x",
    "y",
    "axis",
    "angle",
    "normal",
    "line",
    "onto",
    "factors",
    "a",
    "origin",
];

fn known(name: &str) -> PyResult<&'static str> {
    let found = NAMES.into_iter().find(|known| *known == name);
    found.ok_or_else(|| PyValueError::new_err(format!("no function or argument of the maps is called {name}")))
}

/// Finite doubles of any number of axes, as a copy.
#[pyfunction]
pub(super) fn read_numbers<'py>(
    py: Python<'py>,
    function: &str,
    argument: &str,
    value: &Bound<'py, PyAny>,
) -> Outcome<Bound<'py, PyArrayDyn<f64>>> {
    let (function, argument) = (known(function)?, known(argument)?);
    let array = array::array(function, argument, value)?;
    let view = array.view();
    match view.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(view.to_pyarray(py)),
        Some((index, &value)) => {
            let index = numpy::ndarray::Dimension::as_array_view(&index).to_vec();
            Err(Error::NotFinite { function, argument, value, index }.into())
        }
    }
}

/// Read a flag of a function that is written in Python; refused by name if it is none.
#[pyfunction]
pub(super) fn read_flag(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> Outcome<bool> {
    option::flag(function, argument, Given::Value(value.as_borrowed()))
}
