//! Binds roots of equations.

use pyo3::prelude::*;

/// Roots of equations.
#[pymodule]
pub(crate) mod roots {}
