//! Binds `underhood::distributions`.

use pyo3::prelude::*;

/// distributions
#[pymodule]
pub(crate) mod distributions {}
