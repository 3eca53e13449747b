//! The one bridge from refusals in the core to Python's exceptions.

use pyo3::exceptions::{PyMemoryError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use underhood::Error;

pyo3::import_exception!(underhood._errors, LinAlgError);

/// What went wrong in a binding function: a refusal of the core, or an exception of Python's (a wrong type, Ctrl-C, or
/// whatever a caller's own function raised, which comes out as it went in).
#[derive(Debug)]
pub(crate) struct Failure(PyErr);

/// What a binding function returns.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Failure(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        let mut cause = error;
        while let Error::InStack { refusal, .. } = cause {
            cause = *refusal;
        }
        Failure(match cause {
            Error::Singular { .. } | Error::Defective { .. } | Error::NotPositiveDefinite { .. } => {
                LinAlgError::new_err(message)
            }
            Error::OutOfMemory { .. } => PyMemoryError::new_err(message),
            Error::NotConverged { .. } => PyRuntimeError::new_err(message),
            _ => PyValueError::new_err(message),
        })
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}
