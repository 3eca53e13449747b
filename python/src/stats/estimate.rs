//! Binds `underhood::stats`'s estimate.

use pyo3::prelude::*;

/// Intervals.
#[pymodule]
pub(crate) mod estimate {}
