//! Binds `underhood::models`.

use pyo3::prelude::*;

/// models
#[pymodule]
pub(crate) mod models {}
