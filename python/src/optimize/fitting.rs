//! Binds least squares.

use pyo3::prelude::*;

/// Least squares that are not linear.
#[pymodule]
pub(crate) mod fitting {}
