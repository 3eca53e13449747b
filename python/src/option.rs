//! Reading options: flags, names, counts and tolerances beside the arrays.
//!
//! `PyO3` refuses a wrong type without a word on the function it was meant for. Options therefore come in as they are, and these readers
//! name function and argument when they refuse them.

use std::convert::Infallible;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use crate::array;
use crate::error::Outcome;

/// An option as the caller left it: not given, with its default, or any object, even None.
#[derive(Debug)]
pub(crate) enum Given<'a, 'py, T> {
    /// Not given.
    Default(T),
    /// Given; not read yet.
    Value(Borrowed<'a, 'py, PyAny>),
}

impl<'a, 'py, T> FromPyObject<'a, 'py> for Given<'a, 'py, T> {
    type Error = Infallible;

    fn extract(value: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Given::Value(value))
    }
}

/// Reads a flag: a bool of Python's or NumPy's, or one of the integers 0 and 1.
pub(crate) fn flag(function: &str, argument: &str, given: Given<'_, '_, bool>) -> Outcome<bool> {
    let value = match given {
        Given::Default(flag) => return Ok(flag),
        Given::Value(value) => value,
    };
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(flag.is_true());
    }
    if let Ok(flag) = value.extract::<bool>() {
        return Ok(flag); // NumPy's
    }
    let found = kind(&value);
    // A float or a string is no flag, though Python would call it true.
    match value.extract::<i64>() {
        Ok(whole @ (0 | 1)) => Ok(whole == 1),
        Ok(whole) if value.is_instance_of::<PyInt>() => {
            Err(PyTypeError::new_err(format!("{function}: {argument} is {whole}, but must be True or False")).into())
        }
        _ => {
            Err(PyTypeError::new_err(format!("{function}: {argument} is a {found}, but must be True or False")).into())
        }
    }
}

/// Reads a name, such as that of a method.
pub(crate) fn name(function: &str, argument: &str, given: Given<'_, '_, &'static str>) -> Outcome<String> {
    match given {
        Given::Default(name) => Ok(name.into()),
        Given::Value(value) => text(function, argument, &value),
    }
}

/// Reads a name that may be left out or None.
pub(crate) fn optional_name(
    function: &str,
    argument: &str,
    value: Option<&Bound<'_, PyAny>>,
) -> Outcome<Option<String>> {
    value.map(|value| text(function, argument, value)).transpose()
}

/// Reads a number that may be left out or None.
pub(crate) fn optional_number(
    function: &'static str,
    argument: &'static str,
    value: Option<&Bound<'_, PyAny>>,
) -> Outcome<Option<f64>> {
    value.map(|value| array::number(function, argument, value)).transpose()
}

/// Reads a number.
pub(crate) fn number(function: &'static str, argument: &'static str, given: Given<'_, '_, f64>) -> Outcome<f64> {
    match given {
        Given::Default(number) => Ok(number),
        Given::Value(value) => array::number(function, argument, &value),
    }
}

/// Reads a place that may be counted from either end: an axis, an offset.
pub(crate) fn place(function: &str, argument: &str, given: Given<'_, '_, isize>) -> Outcome<isize> {
    match given {
        Given::Default(place) => Ok(place),
        Given::Value(value) => {
            let whole = array::integer(function, argument, &value)?;
            Ok(isize::try_from(whole).unwrap_or(if whole < 0 { isize::MIN } else { isize::MAX }))
        }
    }
}

fn text(function: &str, argument: &str, value: &Bound<'_, PyAny>) -> Outcome<String> {
    match value.cast::<PyString>() {
        Ok(name) => Ok(name.to_cow()?.into_owned()),
        Err(_) => {
            Err(PyTypeError::new_err(format!("{function}: {argument} is a {}, but must be a string", kind(value)))
                .into())
        }
    }
}

fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "unknown type".into(), |name| name.to_string())
}
