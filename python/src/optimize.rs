//! Binds `underhood::optimize`.

use pyo3::prelude::*;

/// optimize
#[pymodule]
pub(crate) mod optimize {}
