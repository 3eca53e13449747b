//! Binds `underhood::stats`.

use pyo3::prelude::*;

/// stats
#[pymodule]
pub(crate) mod stats {}
