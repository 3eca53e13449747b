//! Binds differential equations.

use pyo3::prelude::*;

/// Differential equations.
#[pymodule]
pub(crate) mod equations {}
