//! Where a caller's function has no value.

use std::cell::RefCell;

use pyo3::exceptions::{PyArithmeticError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::error::Outcome;

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

    /// What a call gave, nothing outside the domain.
    pub(crate) fn inside<T>(&self, found: Outcome<T>, py: Python<'_>) -> Outcome<Option<T>> {
        let first = !self.called.replace(true);
        let error = match found {
            Ok(value) => {
                self.left.replace(None);
                return Ok(Some(value));
            }
            Err(failure) => PyErr::from(failure),
        };
        let left_domain = error.is_instance_of::<PyValueError>(py)
            || error.is_instance_of::<PyArithmeticError>(py)
            // A power of a negative float is complex in Python: `(-2.0) ** 0.5`.
            || error.is_instance_of::<PyTypeError>(py) && error.value(py).to_string().contains("returned a complex");
        if first || !left_domain {
            return Err(error.into());
        }
        self.left.replace(Some(error));
        Ok(None)
    }

    /// What a call gave; `outside` where it left the domain.
    pub(crate) fn caught<T>(&self, py: Python<'_>, found: Outcome<T>, outside: impl FnOnce() -> T) -> Outcome<T> {
        Ok(self.inside(found, py)?.unwrap_or_else(outside))
    }

    /// Raises what the last call raised, if nothing came of the computation.
    pub(crate) fn reraise(&self, in_vain: bool) -> PyResult<()> {
        match self.left.take() {
            Some(error) if in_vain => Err(error),
            _ => Ok(()),
        }
    }
}
