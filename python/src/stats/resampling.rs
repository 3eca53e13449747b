//! Binds `underhood::stats`'s resampling.

use pyo3::prelude::*;

/// Resampling.
#[pymodule]
pub(crate) mod resampling {}
