//! Binds `underhood::stats::regression`.

use pyo3::prelude::*;

/// Regression with inference.
#[pymodule]
pub(crate) mod regression {}
