//! Binds the minimisers.

use pyo3::prelude::*;

/// Minimisers.
#[pymodule]
pub(crate) mod minimize {}
